package ec2diag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

const (
	farVPC, farSubnet, farGroup, farTable = "vpc-0far", "subnet-0far", "sg-0far", "rtb-0far"
	peering                               = "pcx-0a1"
	farAccount                            = "444455556666"
)

// peers makes two accounts whose VPCs are peered: the healthy one, and one with a database at 10.9.0.0/24.
func peers() (near, far *ec2fake.Client) {
	near = ec2fake.Healthy()
	private := table(near, ec2fake.PrivateTable)
	private.Routes = append(private.Routes, ec2fake.Route("10.9.0.0/16", peering))
	far = &ec2fake.Client{
		Subnets: []types.Subnet{{SubnetId: aws.String(farSubnet), VpcId: aws.String(farVPC),
			CidrBlock: aws.String("10.9.0.0/24")}},
		SecurityGroups: []types.SecurityGroup{{GroupId: aws.String(farGroup), VpcId: aws.String(farVPC),
			OwnerId:          aws.String(farAccount),
			SecurityGroupArn: aws.String("arn:aws:ec2:eu-west-1:" + farAccount + ":security-group/" + farGroup),
			IpPermissions:    []types.IpPermission{ec2fake.TCP(ec2fake.DatabasePort, ec2fake.FromGroup(ec2fake.TaskGroup))}}},
		RouteTables: []types.RouteTable{{RouteTableId: aws.String(farTable), VpcId: aws.String(farVPC),
			OwnerId:      aws.String(farAccount),
			Associations: []types.RouteTableAssociation{{Main: aws.Bool(true)}},
			Routes:       []types.Route{ec2fake.Route("10.9.0.0/16", "local"), ec2fake.Route("10.0.0.0/16", peering)}}},
		NetworkACLs: []types.NetworkAcl{{NetworkAclId: aws.String("acl-0far"), VpcId: aws.String(farVPC),
			OwnerId: aws.String(farAccount),
			Entries: ec2fake.OpenACL(), Associations: []types.NetworkAclAssociation{{SubnetId: aws.String(farSubnet)}}}},
	}
	return near, far
}

// crossing makes the way from a task to the database of the other account.
func crossing(near, far *ec2fake.Client) *ec2diag.Path {
	network := ec2diag.NewNetwork(near, window)
	network.Beside(network, ec2diag.NewNetwork(far, window))
	database := ec2diag.EndIn(diag.ResourceOf("AWS::RDS::DBInstance", "far-db", "").In(farAccount, "eu-west-1"),
		ec2diag.Location{VPC: farVPC, Subnets: []string{farSubnet}, Groups: []string{farGroup}})
	return ec2diag.NewPath(network, ec2diag.SubnetEnd(ec2fake.PrivateA, ec2fake.TaskGroup), database, ec2diag.TCP,
		ec2fake.DatabasePort)
}

func TestPathIntoAnotherAccount(t *testing.T) {
	near, far := peers()
	report := diagtest.Run(t, crossing(near, far), ec2diag.PathChecks()...)
	require.NoError(t, report.Err())
	assert.Less(t, report.Worst(), diag.SeverityWarning, "%v", report.Findings)
	assert.LessOrEqual(t, len(near.Calls())+len(far.Calls()), 14)
	f := diagtest.Only(t, report, "ec2.path-beyond-sight")
	assert.Contains(t, f.Summary, "is assumed to pass there: there by rtb-0private, ")
	assert.Contains(t, f.Summary, "; back by "+farTable+", 10.0.0.0/16 to pcx-")
	assert.Len(t, f.Related, 2, "the route table of each side")
	for _, c := range far.Calls() {
		assert.Contains(t, []string{"ec2:DescribeRouteTables", "ec2:DescribeNetworkAcls", "ec2:DescribeSecurityGroups",
			"ec2:DescribeSubnets", "ec2:DescribeNatGateways"}, c.Action)
	}
}

func TestBlockedInAnotherAccount(t *testing.T) {
	near, far := peers()
	far.SecurityGroups[0].IpPermissions = nil
	report := diagtest.Run(t, crossing(near, far), ec2diag.PathChecks()...)
	found := diagtest.Only(t, report, "ec2.security-group-blocks-ingress")
	assert.Equal(t, farGroup, found.Resource.ID)
	assert.Equal(t, farAccount, found.Resource.Account)
}

func TestNoWayBackFromAnotherAccount(t *testing.T) {
	near, far := peers()
	far.RouteTables[0].Routes = far.RouteTables[0].Routes[:1]
	report := diagtest.Run(t, crossing(near, far), ec2diag.PathChecks()...)
	found := diagtest.Only(t, report, "ec2.route-missing")
	assert.Equal(t, farTable, found.Resource.ID)
	assert.Equal(t, farAccount, found.Resource.Account)
}

// TestAnotherAccountRefuses says what could not be seen, and judges nothing by it.
func TestAnotherAccountRefuses(t *testing.T) {
	near, far := peers()
	far.Deny("ec2:DescribeRouteTables")
	report := diagtest.Run(t, crossing(near, far), ec2diag.PathChecks()...)
	assert.Error(t, report.Err())
	assert.Empty(t, report.Findings)
}
