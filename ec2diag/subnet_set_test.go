package ec2diag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

func TestSubnetSet(t *testing.T) {
	service := diag.ResourceOf("AWS::ECS::Service", "prod/web", "")
	world := func(ids ...string) diagtest.World[*ec2diag.SubnetSet] {
		return func() (*ec2diag.SubnetSet, []diagfake.Fake) {
			c := ec2fake.Healthy()
			return ec2diag.NewSubnetSet(ec2diag.NewNetwork(c, window), service, ids...), []diagfake.Fake{c}
		}
	}
	diagtest.Conform(t, ec2diag.SubnetsInOneZone, diagtest.Worlds[*ec2diag.SubnetSet]{
		Healthy: world(ec2fake.PrivateA, ec2fake.PrivateB), Broken: world(ec2fake.PrivateA, ec2fake.PublicA),
	})
	set, fakes := world(ec2fake.PrivateA, ec2fake.PublicA)()
	fakes[0].(*ec2fake.Client).Subnets[2].AvailableIpAddressCount = aws.Int32(0)
	plan := diag.On(set, ec2diag.SubnetSetChecks()...)
	for _, s := range set.Subnets() {
		plan = diag.Join(plan, diag.On(s, ec2diag.SubnetChecks()...))
	}
	report := diag.Run(t.Context(), plan)
	diagtest.Want(t, report, "ec2.subnet-out-of-addresses", "ec2.subnets-in-one-zone")
	assert.Equal(t, "all subnets of service prod/web lie in eu-west-1a: subnet-0a1priv, subnet-0a1pub",
		diagtest.Only(t, report, "ec2.subnets-in-one-zone").Summary)
	assert.Len(t, fakes[0].Calls(), 1, "the subnets share a call")
}
