package ec2diag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

var database = diag.ResourceOf("AWS::RDS::DBInstance", "shop-db", "")

func subnetGroup(change func(*ec2fake.Client), named bool, ids ...string) diagtest.World[*ec2diag.SubnetGroup] {
	return func() (*ec2diag.SubnetGroup, []diagfake.Fake) {
		c := edit(change)
		return ec2diag.NewSubnetGroup(ec2diag.NewNetwork(c, window), c, database, ec2fake.VPC, named, ids...),
			[]diagfake.Fake{c}
	}
}

func names(support, hostnames bool) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) {
		c.VPCAttributes = []ec2fake.VPCAttributes{{VPC: ec2fake.VPC, DNSSupport: support, DNSHostnames: hostnames}}
	}
}

func TestConformSubnetGroup(t *testing.T) {
	healthy := subnetGroup(names(true, true), true, ec2fake.PrivateA, ec2fake.PrivateB)
	diagtest.Conform(t, ec2diag.SubnetsGone, diagtest.Worlds[*ec2diag.SubnetGroup]{Healthy: healthy,
		Broken: subnetGroup(nil, true, ec2fake.PrivateA, "subnet-0gone")})
	diagtest.Conform(t, ec2diag.VPCNamesOff, diagtest.Worlds[*ec2diag.SubnetGroup]{Healthy: healthy,
		Broken: subnetGroup(names(true, false), true, ec2fake.PrivateA)})
}

// TestSubnetGroup says which subnets are gone and which names are off, and asks for names only where one is needed.
func TestSubnetGroup(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*ec2fake.Client)
		named  bool
		ids    []string
		want   []string
	}{
		{"as it should be", names(true, true), true, []string{ec2fake.PrivateA, ec2fake.PrivateB}, nil},
		{"one is gone", nil, false, []string{ec2fake.PrivateA, "subnet-0gone"},
			[]string{"of the 2 subnets of dbinstance shop-db, subnet-0gone does not exist in " + ec2fake.VPC}},
		{"all are gone", nil, false, []string{"subnet-0a", "subnet-0b"},
			[]string{"of the 2 subnets of dbinstance shop-db, subnet-0a, subnet-0b do not exist in " + ec2fake.VPC}},
		{"no names, none needed", names(false, false), false, []string{ec2fake.PrivateA}, nil},
		{"no names", names(false, false), true, []string{ec2fake.PrivateA},
			[]string{ec2fake.VPC +
				" has enableDnsSupport and enableDnsHostnames off, which dbinstance shop-db needs for its public name"}},
		{"addresses used up", func(c *ec2fake.Client) {
			for i := range c.Subnets {
				c.Subnets[i].AvailableIpAddressCount = aws.Int32(0)
			}
		}, false, []string{ec2fake.PrivateA}, []string{"has 0 free addresses"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			group, fakes := subnetGroup(c.change, c.named, c.ids...)()
			plan := diag.On(group, ec2diag.SubnetGroupChecks()...)
			for _, s := range group.Subnets() {
				plan = diag.Join(plan, diag.On(s, ec2diag.SubnetChecks()...))
			}
			report := diag.Run(t.Context(), plan)
			require.NoError(t, report.Err())
			require.Len(t, report.Findings, len(c.want))
			for i, want := range c.want {
				assert.Contains(t, report.Findings[i].Summary, want)
			}
			calls := 1
			if c.named {
				calls = 3
			}
			assert.Len(t, fakes[0].(*ec2fake.Client).Calls(), calls)
		})
	}
	nowhere := ec2diag.NewSubnetGroup(ec2diag.NewNetwork(edit(nil), window), edit(nil), database, "", true,
		ec2fake.PrivateA)
	report := diag.Run(t.Context(), diag.On(nowhere, ec2diag.SubnetGroupChecks()...))
	assert.NoError(t, report.Err())
	assert.Empty(t, report.Findings, "without a VPC nothing can be told")
}
