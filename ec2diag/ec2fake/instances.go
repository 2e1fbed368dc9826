package ec2fake

import (
	"context"
	"encoding/base64"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// ConsoleOutput is what an instance wrote to its console, as plain text, and when it was last posted.
type ConsoleOutput struct {
	Text string
	At   time.Time
}

// DescribeInstances answers ec2:DescribeInstances, one reservation for each instance.
func (c *Client) DescribeInstances(
	ctx context.Context,
	in *ec2.DescribeInstancesInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeInstancesOutput, error) {
	const action = "ec2:DescribeInstances"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *ec2.DescribeInstancesInput) (*ec2.DescribeInstancesOutput, error) {
			list, next, err := find(c, action, instances, c.Instances, in.InstanceIds, in.Filters, in.NextToken, in.MaxResults)
			out := &ec2.DescribeInstancesOutput{NextToken: next}
			for _, i := range list {
				out.Reservations = append(out.Reservations, types.Reservation{Instances: []types.Instance{i}})
			}
			return out, err
		},
	)
}

// maxStatusIDs is EC2's limit (API_DescribeInstanceStatus, InstanceId.N).
const maxStatusIDs = 100

// DescribeInstanceStatus answers ec2:DescribeInstanceStatus. Without IncludeAllInstances it leaves out what does not
// run.
func (c *Client) DescribeInstanceStatus(
	ctx context.Context,
	in *ec2.DescribeInstanceStatusInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeInstanceStatusOutput, error) {
	const action = "ec2:DescribeInstanceStatus"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *ec2.DescribeInstanceStatusInput) (*ec2.DescribeInstanceStatusOutput, error) {
			if len(in.InstanceIds) > maxStatusIDs {
				return nil, diagfake.APIError("InvalidParameterValue", "more than 100 instance IDs")
			}
			if _, err := instances.pick(c.Instances, in.InstanceIds, nil); err != nil {
				return nil, err
			}
			list := slices.Clone(c.InstanceStatuses)
			list = slices.DeleteFunc(list, func(s types.InstanceStatus) bool {
				asked := len(in.InstanceIds) == 0 || slices.Contains(in.InstanceIds, aws.ToString(s.InstanceId))
				runs := s.InstanceState != nil && s.InstanceState.Name == types.InstanceStateNameRunning
				return !asked || !(runs || aws.ToBool(in.IncludeAllInstances))
			})
			list, next, err := find(c, action, instanceStatuses, list, nil, in.Filters, in.NextToken, in.MaxResults)
			return &ec2.DescribeInstanceStatusOutput{InstanceStatuses: list, NextToken: next}, err
		},
	)
}

// GetConsoleOutput answers ec2:GetConsoleOutput, base64-encoded as EC2 does.
func (c *Client) GetConsoleOutput(
	ctx context.Context,
	in *ec2.GetConsoleOutputInput,
	_ ...func(*ec2.Options),
) (*ec2.GetConsoleOutputOutput, error) {
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		"ec2:GetConsoleOutput",
		in,
		func(in *ec2.GetConsoleOutputInput) (*ec2.GetConsoleOutputOutput, error) {
			if _, err := instances.pick(c.Instances, []string{aws.ToString(in.InstanceId)}, nil); err != nil {
				return nil, err
			}
			out := &ec2.GetConsoleOutputOutput{InstanceId: in.InstanceId}
			if o, ok := c.ConsoleOutputs[aws.ToString(in.InstanceId)]; ok {
				out.Output = aws.String(base64.StdEncoding.EncodeToString([]byte(o.Text)))
				out.Timestamp = aws.Time(o.At)
			}
			return out, nil
		},
	)
}

// DescribeInstanceAttribute answers ec2:DescribeInstanceAttribute for user data, base64-encoded as EC2 does.
func (c *Client) DescribeInstanceAttribute(
	ctx context.Context,
	in *ec2.DescribeInstanceAttributeInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeInstanceAttributeOutput, error) {
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		"ec2:DescribeInstanceAttribute",
		in,
		func(in *ec2.DescribeInstanceAttributeInput) (*ec2.DescribeInstanceAttributeOutput, error) {
			if _, err := instances.pick(c.Instances, []string{aws.ToString(in.InstanceId)}, nil); err != nil {
				return nil, err
			}
			if in.Attribute != types.InstanceAttributeNameUserData {
				return nil, diagfake.APIError("InvalidParameterCombination", "only user data is held here")
			}
			out := &ec2.DescribeInstanceAttributeOutput{InstanceId: in.InstanceId, UserData: &types.AttributeValue{}}
			if text, ok := c.UserData[aws.ToString(in.InstanceId)]; ok {
				out.UserData.Value = aws.String(base64.StdEncoding.EncodeToString([]byte(text)))
			}
			return out, nil
		},
	)
}
