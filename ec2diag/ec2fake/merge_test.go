package ec2fake_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// merge asks one account everything and tells the answers to another.
func merge(t *testing.T, to, from *ec2fake.Client, ctx context.Context) {
	t.Helper()
	tell := func(in, out any, err error) {
		require.NoError(t, err)
		require.True(t, to.Merge(in, out), "%T", out)
	}
	vpcs, err := from.DescribeVpcs(ctx, nil)
	tell(nil, vpcs, err)
	subnets, err := from.DescribeSubnets(ctx, nil)
	tell(nil, subnets, err)
	groups, err := from.DescribeSecurityGroups(ctx, nil)
	tell(nil, groups, err)
	faces, err := from.DescribeNetworkInterfaces(ctx, nil)
	tell(nil, faces, err)
	tables, err := from.DescribeRouteTables(ctx, nil)
	tell(nil, tables, err)
	acls, err := from.DescribeNetworkAcls(ctx, nil)
	tell(nil, acls, err)
	nats, err := from.DescribeNatGateways(ctx, nil)
	tell(nil, nats, err)
	endpoints, err := from.DescribeVpcEndpoints(ctx, nil)
	tell(nil, endpoints, err)
	instances, err := from.DescribeInstances(ctx, nil)
	tell(nil, instances, err)
	statuses, err := from.DescribeInstanceStatus(ctx, nil)
	tell(nil, statuses, err)
	in := &ec2.GetManagedPrefixListEntriesInput{PrefixListId: aws.String(ec2fake.OfficeList)}
	entries, err := from.GetManagedPrefixListEntries(ctx, in)
	tell(in, entries, err)
	for _, name := range []types.VpcAttributeName{types.VpcAttributeNameEnableDnsSupport,
		types.VpcAttributeNameEnableDnsHostnames} {
		attribute, err := from.DescribeVpcAttribute(
			ctx,
			&ec2.DescribeVpcAttributeInput{VpcId: aws.String(ec2fake.VPC), Attribute: name},
		)
		tell(nil, attribute, err)
	}
}
