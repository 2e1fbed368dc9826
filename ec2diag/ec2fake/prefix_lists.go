package ec2fake

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// DescribePrefixLists answers ec2:DescribePrefixLists. Worlds saved with the CLI hold the prefix lists of AWS in this
// form; GetManagedPrefixListEntries answers from the same lists.
func (c *Client) DescribePrefixLists(
	ctx context.Context,
	in *ec2.DescribePrefixListsInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribePrefixListsOutput, error) {
	const action = "ec2:DescribePrefixLists"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *ec2.DescribePrefixListsInput) (*ec2.DescribePrefixListsOutput, error) {
			var lists []types.PrefixList
			for _, l := range c.PrefixLists {
				if len(in.PrefixListIds) > 0 && !slices.Contains(in.PrefixListIds, l.ID) {
					continue
				}
				list := types.PrefixList{PrefixListId: aws.String(l.ID), PrefixListName: aws.String(l.Name)}
				for _, e := range l.Entries {
					list.Cidrs = append(list.Cidrs, aws.ToString(e.Cidr))
				}
				lists = append(lists, list)
			}
			page, next, err := diagfake.Page(&c.Recorder, action, lists, in.NextToken, int(aws.ToInt32(in.MaxResults)))
			return &ec2.DescribePrefixListsOutput{PrefixLists: page, NextToken: next}, err
		},
	)
}
