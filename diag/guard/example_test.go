package guard_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/guard"
)

func ExampleGuard_Config() {
	cfg := aws.Config{Region: "eu-central-1"} // in earnest: config.LoadDefaultConfig
	g, err := guard.New(guard.Options{Reason: "INC-4711: shop answers 503", Budget: 500})
	if err != nil {
		fmt.Println(err)
		return
	}
	client := ec2.NewFromConfig(g.Config(cfg, "111122223333"))

	_, err = client.TerminateInstances(context.Background(), &ec2.TerminateInstancesInput{InstanceIds: []string{"i-1"}})
	var refused *guard.RefusedError
	fmt.Println(errors.As(err, &refused), diag.KindOf(err), g.Calls())
	fmt.Println(refused)
	// Output:
	// true denied 0
	// guard refused ec2:TerminateInstances: it is not among the reads that this module declares, nor in Options.Allow
}
