package ec2diag

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// VolumeStatuses returns the status checks and events of the volumes that are attached to the instance.
func (i *Instance) VolumeStatuses(ctx context.Context) ([]types.VolumeStatusItem, error) {
	return i.volumes.Get(ctx, func(ctx context.Context) ([]types.VolumeStatusItem, error) {
		d, err := i.Describe(ctx)
		ids := volumes(d)
		if err != nil || len(ids) == 0 {
			return nil, err
		}
		p := ec2.NewDescribeVolumeStatusPaginator(i.api, &ec2.DescribeVolumeStatusInput{VolumeIds: ids})
		list, err := collect(ctx, p,
			func(o *ec2.DescribeVolumeStatusOutput) []types.VolumeStatusItem { return o.VolumeStatuses })
		if err != nil {
			return list, fmt.Errorf("describing the status of the volumes of instance %s: %w", i.id, err)
		}
		return list, nil
	})
}

// Type returns what EC2 says of the type of the instance, zero where it says nothing. Instances of a list share it.
func (i *Instance) Type(ctx context.Context) (types.InstanceTypeInfo, error) {
	d, err := i.Describe(ctx)
	if err != nil || d.InstanceType == "" {
		return types.InstanceTypeInfo{}, err
	}
	return i.statuses.types.Get(ctx, d.InstanceType, func(ctx context.Context) (types.InstanceTypeInfo, error) {
		out, err := i.api.DescribeInstanceTypes(ctx, &ec2.DescribeInstanceTypesInput{
			InstanceTypes: []types.InstanceType{d.InstanceType},
		})
		switch {
		case err != nil:
			return types.InstanceTypeInfo{}, fmt.Errorf("describing instance type %s: %w", d.InstanceType, err)
		case len(out.InstanceTypes) == 0:
			return types.InstanceTypeInfo{}, nil
		}
		return out.InstanceTypes[0], nil
	})
}

// ProfileAssociations returns the associations of the instance with instance profiles: none, or one, or the one that
// goes beside the one that comes.
func (i *Instance) ProfileAssociations(ctx context.Context) ([]types.IamInstanceProfileAssociation, error) {
	return i.profiles.Get(ctx, func(ctx context.Context) ([]types.IamInstanceProfileAssociation, error) {
		p := ec2.NewDescribeIamInstanceProfileAssociationsPaginator(i.api, &ec2.DescribeIamInstanceProfileAssociationsInput{
			Filters: []types.Filter{filter("instance-id", i.id)},
		})
		list, err := collect(ctx, p,
			func(o *ec2.DescribeIamInstanceProfileAssociationsOutput) []types.IamInstanceProfileAssociation {
				return o.IamInstanceProfileAssociations
			})
		if err != nil {
			return list, fmt.Errorf("describing the instance profile of instance %s: %w", i.id, err)
		}
		return list, nil
	})
}

// runs reports an instance that is up.
func runs(d types.Instance) bool {
	return d.State != nil && d.State.Name == types.InstanceStateNameRunning
}

// impairedVolume is what is wrong with one volume.
type impairedVolume struct {
	id, text string
	evidence []diag.Evidence
	steps    []diag.Step
}

const sourceVolumeStatus = "ec2:DescribeVolumeStatus"

// impairedVolumes judges the statuses: impaired, or with I/O turned off. A volume whose status is "warning" is slower
// than it should be, which its metrics tell; one with "insufficient-data" is not known.
func impairedVolumes(list []types.VolumeStatusItem) []impairedVolume {
	var found []impairedVolume
	for _, s := range list {
		if s.VolumeStatus == nil || s.VolumeStatus.Status != types.VolumeStatusInfoStatusImpaired {
			continue
		}
		v := impairedVolume{id: aws.ToString(s.VolumeId), text: "is impaired"}
		v.evidence = []diag.Evidence{{Source: sourceVolumeStatus, Field: v.id + ".VolumeStatus.Status", Value: "impaired"}}
		for _, e := range s.Events {
			v.evidence = append(v.evidence, diag.Evidence{Source: sourceVolumeStatus, Field: v.id + ".Events[].EventType",
				Value: aws.ToString(e.EventType) + ": " + aws.ToString(e.Description), At: aws.ToTime(e.NotBefore)})
		}
		v.steps = []diag.Step{{Text: "See what EBS says of the volume.",
			Command: "aws ec2 describe-volume-status --volume-ids " + v.id}}
		for _, d := range s.VolumeStatus.Details {
			if d.Name == types.VolumeStatusNameIoEnabled && aws.ToString(d.Status) == "failed" {
				v.text = "has its I/O turned off, because its data may be inconsistent"
				v.evidence = append(v.evidence, diag.Evidence{Source: sourceVolumeStatus, Field: v.id + ".Details[io-enabled]",
					Value: "failed"})
				v.steps = append(v.steps, diag.Step{Text: "Turn I/O on again, then check the file system.", Changes: true,
					Command: "aws ec2 enable-volume-io --volume-id " + v.id,
					Doc:     "https://docs.aws.amazon.com/ebs/latest/userguide/work_volumes_impaired.html"})
			}
		}
		found = append(found, v)
	}
	return found
}
