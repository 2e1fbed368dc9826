package ec2fake

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

var (
	volumeStatuses = kind[types.VolumeStatusItem]{
		func(s types.VolumeStatusItem) *string { return s.VolumeId }, "InvalidVolume.NotFound",
		filters[types.VolumeStatusItem]{},
	}
	instanceTypes = kind[types.InstanceTypeInfo]{
		func(t types.InstanceTypeInfo) *string { return aws.String(string(t.InstanceType)) }, "InvalidInstanceType",
		filters[types.InstanceTypeInfo]{
			"instance-type": func(t types.InstanceTypeInfo) []string { return []string{string(t.InstanceType)} },
		},
	}
	profileAssociations = kind[types.IamInstanceProfileAssociation]{
		func(a types.IamInstanceProfileAssociation) *string { return a.AssociationId }, "InvalidAssociationID.NotFound",
		filters[types.IamInstanceProfileAssociation]{
			"instance-id": one(func(a types.IamInstanceProfileAssociation) *string { return a.InstanceId }),
			"state":       func(a types.IamInstanceProfileAssociation) []string { return []string{string(a.State)} },
		},
	}
)

// DescribeVolumeStatus answers ec2:DescribeVolumeStatus. A volume of an instance that has no status here has none yet,
// and is left out.
func (c *Client) DescribeVolumeStatus(ctx context.Context, in *ec2.DescribeVolumeStatusInput,
	_ ...func(*ec2.Options)) (*ec2.DescribeVolumeStatusOutput, error) {
	const action = "ec2:DescribeVolumeStatus"
	return diagfake.Serve(ctx, &c.Recorder, action, in,
		func(in *ec2.DescribeVolumeStatusInput) (*ec2.DescribeVolumeStatusOutput, error) {
			ids, none := c.knownVolumes(in.VolumeIds)
			if none {
				return &ec2.DescribeVolumeStatusOutput{}, nil
			}
			list, next, err := find(c, action, volumeStatuses, c.VolumeStatuses, ids, in.Filters, in.NextToken, in.MaxResults)
			return &ec2.DescribeVolumeStatusOutput{VolumeStatuses: list, NextToken: next}, err
		})
}

// knownVolumes leaves out the volumes that are attached somewhere but have no status, and says whether none is left of
// some.
func (c *Client) knownVolumes(asked []string) (ids []string, none bool) {
	attached, known := map[string]bool{}, map[string]bool{}
	for _, i := range c.Instances {
		for _, b := range i.BlockDeviceMappings {
			if b.Ebs != nil {
				attached[aws.ToString(b.Ebs.VolumeId)] = true
			}
		}
	}
	for _, s := range c.VolumeStatuses {
		known[aws.ToString(s.VolumeId)] = true
	}
	for _, id := range asked {
		if known[id] || !attached[id] {
			ids = append(ids, id)
		}
	}
	return ids, len(asked) > 0 && len(ids) == 0
}

// DescribeInstanceTypes answers ec2:DescribeInstanceTypes. A world that holds no types knows nothing of any.
func (c *Client) DescribeInstanceTypes(ctx context.Context, in *ec2.DescribeInstanceTypesInput,
	_ ...func(*ec2.Options)) (*ec2.DescribeInstanceTypesOutput, error) {
	const action = "ec2:DescribeInstanceTypes"
	return diagfake.Serve(ctx, &c.Recorder, action, in,
		func(in *ec2.DescribeInstanceTypesInput) (*ec2.DescribeInstanceTypesOutput, error) {
			if len(c.InstanceTypes) == 0 {
				return &ec2.DescribeInstanceTypesOutput{}, nil
			}
			var names []string
			for _, t := range in.InstanceTypes {
				names = append(names, string(t))
			}
			list, next, err := find(c, action, instanceTypes, c.InstanceTypes, names, in.Filters, in.NextToken, in.MaxResults)
			return &ec2.DescribeInstanceTypesOutput{InstanceTypes: list, NextToken: next}, err
		})
}

// DescribeIamInstanceProfileAssociations answers ec2:DescribeIamInstanceProfileAssociations.
func (c *Client) DescribeIamInstanceProfileAssociations(ctx context.Context,
	in *ec2.DescribeIamInstanceProfileAssociationsInput,
	_ ...func(*ec2.Options)) (*ec2.DescribeIamInstanceProfileAssociationsOutput, error) {
	const action = "ec2:DescribeIamInstanceProfileAssociations"
	return diagfake.Serve(ctx, &c.Recorder, action, in,
		func(in *ec2.DescribeIamInstanceProfileAssociationsInput) (*ec2.DescribeIamInstanceProfileAssociationsOutput, error) {
			list, next, err := find(c, action, profileAssociations, c.ProfileAssociations, in.AssociationIds, in.Filters,
				in.NextToken, in.MaxResults)
			return &ec2.DescribeIamInstanceProfileAssociationsOutput{IamInstanceProfileAssociations: list, NextToken: next}, err
		})
}
