package ssmdiag_test

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

func ExampleNewManagedNode() {
	fake := &ssmfake.Client{Nodes: []types.InstanceInformation{ssmfake.Node("i-0123456789abcdef0")}}
	fake.Nodes[0].PingStatus = types.PingStatusConnectionLost
	fake.Nodes[0].LastPingDateTime = aws.Time(ssmfake.Now.Add(-20 * time.Minute))

	node := ssmdiag.NewManagedNode(fake, "i-0123456789abcdef0", diag.Last(time.Hour, ssmfake.Now))
	report := diag.Run(context.Background(), diag.On(node, ssmdiag.NodeChecks()...))
	for _, f := range report.Findings {
		fmt.Println(f.Severity, f.Code)
		fmt.Println(f.Summary)
	}
	// Output:
	// error ssm.node-connection-lost
	// the SSM agent of i-0123456789abcdef0 is ConnectionLost: it last called in at 2026-03-02T09:40:00Z, 20 min ago
}

func ExampleNodeServices() {
	fmt.Println(ssmdiag.NodeServices("3.3.2299.0"))
	fmt.Println(ssmdiag.NodeServices("3.1.1732.0"))
	// Output:
	// [ssm ssmmessages]
	// [ssm ssmmessages ec2messages]
}

func ExampleParseStatus() {
	fmt.Println(ssmdiag.ParseStatus("An error occurred (TargetNotConnected) when calling the StartSession operation"))
	fmt.Println(ssmdiag.ParseStatus("Delivery Timed Out"))
	// Output:
	// target-not-connected
	// delivery-timed-out
}
