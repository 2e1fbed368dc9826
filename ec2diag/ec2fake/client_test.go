package ec2fake_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

var (
	_ diagfake.Fake           = (*ec2fake.Client)(nil)
	_ ec2diag.NetworkAPI      = (*ec2fake.Client)(nil)
	_ ec2diag.InstanceAPI     = (*ec2fake.Client)(nil)
	_ ec2diag.VPCAttributeAPI = (*ec2fake.Client)(nil)
	_ ec2diag.ResolverAPI     = (*ec2fake.Client)(nil)
)

// code returns the error code that the service answered with.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// TestWhatDoesNotExist is that every id that does not exist gets EC2's own code, also in an empty account.
func TestWhatDoesNotExist(t *testing.T) {
	c, ctx := &ec2fake.Client{}, t.Context()
	for want, call := range map[string]func() error{
		"InvalidGroup.NotFound": func() error {
			_, err := c.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{"sg-0"}})
			return err
		},
		"InvalidSubnetID.NotFound": func() error {
			_, err := c.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{SubnetIds: []string{"subnet-0"}})
			return err
		},
		"InvalidInstanceID.NotFound": func() error {
			_, err := c.DescribeInstances(ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{"i-0"}})
			return err
		},
		"InvalidRouteTableID.NotFound": func() error {
			_, err := c.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{"rtb-0"}})
			return err
		},
		"NatGatewayNotFound": func() error {
			_, err := c.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{"nat-0"}})
			return err
		},
		"InvalidVpcID.NotFound": func() error {
			_, err := c.DescribeVpcAttribute(ctx, &ec2.DescribeVpcAttributeInput{VpcId: aws.String("vpc-0")})
			return err
		},
		"InvalidPrefixListID.NotFound": func() error {
			_, err := c.GetManagedPrefixListEntries(ctx, &ec2.GetManagedPrefixListEntriesInput{PrefixListId: aws.String("pl-0")})
			return err
		},
	} {
		assert.Equal(t, want, code(call()))
	}
}

func TestFilters(t *testing.T) {
	c, ctx := ec2fake.Healthy(), t.Context()
	faces := func(name string, values ...string) ([]types.NetworkInterface, error) {
		out, err := c.DescribeNetworkInterfaces(
			ctx,
			&ec2.DescribeNetworkInterfacesInput{Filters: []types.Filter{{Name: aws.String(name), Values: values}}},
		)
		if err != nil {
			return nil, err
		}
		return out.NetworkInterfaces, nil
	}
	for _, test := range []struct {
		name   string
		values []string
		want   int
	}{
		{"vpc-id", []string{ec2fake.VPC}, 7},
		{"vpc-id", []string{"vpc-0none"}, 0},
		{"addresses.private-ip-address", []string{"10.0.10.20", "10.0.11.20", "10.9.9.9"}, 2},
		{"attachment.instance-id", []string{ec2fake.InstanceA}, 1},
		{"description", []string{"ELB app/web/*"}, 2},
		{"description", []string{"ELB app/web/?0dc6c495c0c9188"}, 2},
		{"group-id", []string{ec2fake.TaskGroup}, 3},
	} {
		found, err := faces(test.name, test.values...)
		require.NoError(t, err)
		assert.Len(t, found, test.want, "%s %v", test.name, test.values)
	}
	_, err := faces("private-dns-name", "x")
	assert.Equal(
		t,
		"InvalidParameterValue",
		code(err),
		"a filter that the fake does not know must not pass for one without matches",
	)
	many := make([]string, 201)
	_, err = faces("vpc-id", many...)
	assert.Equal(t, "FilterLimitExceeded", code(err))
}

func TestPages(t *testing.T) {
	c := ec2fake.Healthy()
	c.PageSize(1)
	p := ec2.NewDescribeSubnetsPaginator(c, &ec2.DescribeSubnetsInput{})
	pages, subnets := 0, 0
	for p.HasMorePages() {
		out, err := p.NextPage(t.Context())
		require.NoError(t, err)
		pages, subnets = pages+1, subnets+len(out.Subnets)
	}
	assert.Equal(t, []int{4, 4}, []int{pages, subnets})
}

// TestMerge is that a world rebuilt from its own answers, twice over, is the same world.
func TestMerge(t *testing.T) {
	from, to, ctx := ec2fake.Healthy(), &ec2fake.Client{}, t.Context()
	for range 2 {
		merge(t, to, from, ctx)
	}
	assert.Equal(t, from.SecurityGroups, to.SecurityGroups)
	assert.Equal(t, from.RouteTables, to.RouteTables)
	assert.Equal(t, from.Instances, to.Instances)
	assert.Equal(t, from.VPCAttributes, to.VPCAttributes)
	assert.Equal(t, []ec2fake.PrefixList{{ID: ec2fake.OfficeList, Entries: from.PrefixLists[0].Entries}}, to.PrefixLists)
	assert.False(t, to.Merge(nil, &ec2.DescribeKeyPairsOutput{}))
	require.True(
		t,
		to.Merge(nil, &ec2.GetConsoleOutputOutput{InstanceId: aws.String("i-1"), Output: aws.String("plain text")}),
	)
	assert.Equal(t, "plain text", to.ConsoleOutputs["i-1"].Text)
}

func TestStatusOfWhatDoesNotRun(t *testing.T) {
	c := ec2fake.Healthy()
	c.InstanceStatuses[0].InstanceState.Name = types.InstanceStateNameStopped
	out, err := c.DescribeInstanceStatus(t.Context(), &ec2.DescribeInstanceStatusInput{})
	require.NoError(t, err)
	assert.Empty(t, out.InstanceStatuses, "only running instances unless all are asked for")
	out, err = c.DescribeInstanceStatus(t.Context(), &ec2.DescribeInstanceStatusInput{IncludeAllInstances: aws.Bool(true)})
	require.NoError(t, err)
	assert.Len(t, out.InstanceStatuses, 1)
}
