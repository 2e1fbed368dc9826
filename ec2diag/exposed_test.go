package ec2diag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// TestInternetRoutes tells public subnets from private ones by their routes, and a gateway from one that is gone.
func TestInternetRoutes(t *testing.T) {
	subnets := []string{ec2fake.PublicA, ec2fake.PrivateA}
	for _, c := range []struct {
		name   string
		change func(*ec2fake.Client)
		public bool
	}{
		{"as it should be", nil, true},
		{"gateway gone", func(c *ec2fake.Client) {
			routeTo(c, ec2fake.PublicTable, "0.0.0.0/0").State = types.RouteStateBlackhole
		}, false},
	} {
		leads, err := ec2diag.NewNetwork(edit(c.change), window).InternetRoutes(t.Context(), ec2fake.VPC, subnets...)
		require.NoError(t, err, c.name)
		assert.Equal(t, map[string]bool{ec2fake.PublicA: c.public, ec2fake.PrivateA: false}, leads, c.name)
	}
	denied := edit(func(c *ec2fake.Client) { c.Deny("ec2:DescribeRouteTables") })
	leads, err := ec2diag.NewNetwork(denied, window).InternetRoutes(t.Context(), ec2fake.VPC, subnets...)
	assert.Empty(t, leads, "what is not known is no all-clear")
	assert.Equal(t, diag.KindDenied, diag.KindOf(err))
}

func TestLetEverybodyIn(t *testing.T) {
	all := ec2fake.TCP(0, ec2fake.FromCIDR("0.0.0.0/0"))
	all.IpProtocol, all.FromPort, all.ToPort = aws.String("-1"), nil, nil
	for _, c := range []struct {
		name string
		rule types.IpPermission
		open bool
	}{
		{"the port", ec2fake.TCP(5432, ec2fake.FromCIDR("0.0.0.0/0")), true},
		{"another port", ec2fake.TCP(443, ec2fake.FromCIDR("0.0.0.0/0")), false},
		{"an office", ec2fake.TCP(5432, ec2fake.FromCIDR("198.51.100.0/24")), false},
		{"everything", all, true},
	} {
		world := edit(func(w *ec2fake.Client) { group(w, ec2fake.TaskGroup).IpPermissions = []types.IpPermission{c.rule} })
		open, err := ec2diag.NewNetwork(world, window).LetEverybodyIn(t.Context(), ec2fake.VPC, []string{ec2fake.TaskGroup},
			ec2diag.TCP, 5432)
		require.NoError(t, err, c.name)
		assert.Equal(t, c.open, len(open) == 1, c.name)
	}
	_, err := ec2diag.NewNetwork(edit(nil), window).LetEverybodyIn(t.Context(), ec2fake.VPC, []string{"sg-gone"},
		ec2diag.TCP, 5432)
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
}
