package ec2diag_test

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// A path is judged by one check for each layer; here the database's security group lost its rule.
func ExamplePath() {
	client := ec2fake.Healthy()
	group(client, ec2fake.DatabaseGroup).IpPermissions = nil

	network := ec2diag.NewNetwork(client, window)
	path := ec2diag.NewPath(network,
		ec2diag.InstanceEnd(ec2fake.InstanceA), ec2diag.InterfaceEnd(ec2fake.Database), ec2diag.TCP, 5432)
	report := diag.Run(context.Background(), diag.On(path, ec2diag.PathChecks()...))
	for _, f := range report.Findings {
		fmt.Println(f.Code, ec2diag.ReachabilityCode(f.Code))
		fmt.Println(f.Summary)
		fmt.Println(f.NextSteps[1].Command)
	}
	// Output:
	// ec2.security-group-blocks-ingress ENI_SG_RULES_MISMATCH
	// security group sg-0db (web-db) of network interface eni-0db lets no tcp 5432 in from instance i-0hostA (sg-0task): no ingress rule at all
	// aws ec2 authorize-security-group-ingress --group-id sg-0db --ip-permissions 'IpProtocol=tcp,FromPort=5432,ToPort=5432,UserIdGroupPairs=[{GroupId=sg-0task}]'
}

// The same gather also answers what does pass.
func ExamplePath_Passes() {
	network := ec2diag.NewNetwork(ec2fake.Healthy(), window)
	path := ec2diag.NewPath(network,
		ec2diag.InterfaceEnd(ec2fake.BalancerA), ec2diag.InterfaceEnd(ec2fake.TaskA), ec2diag.TCP, 443)
	traffic, err := path.Passes(context.Background())
	fmt.Println(traffic, err)
	// Output:
	// [tcp 8080] <nil>
}

// Five services are out of reach for one cause, so there is one finding.
func ExampleEgress() {
	client := ec2fake.Healthy()
	routeTo(client, ec2fake.PrivateTable, "0.0.0.0/0").State = types.RouteStateBlackhole
	client.NATGateways[0].State = types.NatGatewayStateDeleted

	needs := append(ec2diag.ImageServices(), ec2diag.SSM, ec2diag.Logs)
	egress := ec2diag.NewEgress(ec2diag.NewNetwork(client, window), client,
		ec2diag.SubnetEnd(ec2fake.PrivateA, ec2fake.TaskGroup), "eu-west-1", needs...)
	for _, f := range diag.Run(context.Background(), egress.Plan()).Findings {
		fmt.Println(f.Code, f.Resource.ID)
		fmt.Println(f.Summary)
	}
	// Output:
	// ec2.route-blackhole rtb-0private
	// route table rtb-0private sends 0.0.0.0/0 into a blackhole: nat-0a1 is deleted, so tcp 443 from subnet-0a1priv to internet cannot pass
}
