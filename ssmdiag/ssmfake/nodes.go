package ssmfake

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Now is the time in the worlds that the functions of this package make.
var Now = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// Node returns a healthy node: an EC2 instance with a current agent that called in a minute before [Now].
func Node(id string) types.InstanceInformation {
	return types.InstanceInformation{
		InstanceId: aws.String(
			id,
		), PingStatus: types.PingStatusOnline, LastPingDateTime: aws.Time(Now.Add(-time.Minute)),
		AgentVersion: aws.String("3.3.2299.0"), IsLatestVersion: aws.Bool(true),
		PlatformType: types.PlatformTypeLinux, PlatformName: aws.String("Amazon Linux"), PlatformVersion: aws.String("2023"),
		ResourceType: types.ResourceTypeEc2Instance, SourceType: types.SourceTypeAwsEc2Instance, SourceId: aws.String(id),
		AssociationStatus: aws.String("Success"), LastAssociationExecutionDate: aws.Time(Now.Add(-20 * time.Minute)),
	}
}

// limits of DescribeInstanceInformation (its API reference).
const (
	minPage, maxPage = 5, 50
	maxFilterValues  = 100
)

var nodeID = regexp.MustCompile(`^(i-[0-9a-f]{8}|i-[0-9a-f]{17}|mi-[0-9a-f]{17})$`)

func (c *Client) describeInstanceInformation(
	in *ssm.DescribeInstanceInformationInput,
) (*ssm.DescribeInstanceInformationOutput, error) {
	limit := 10 // AWS's default
	if in.MaxResults != nil {
		if limit = int(*in.MaxResults); limit < minPage || limit > maxPage {
			return nil, diagfake.APIError(
				"ValidationException",
				fmt.Sprintf("maxResults %d is not in [%d, %d]", limit, minPage, maxPage),
			)
		}
	}
	nodes := c.Nodes
	for _, f := range in.Filters {
		if len(f.Values) == 0 || len(f.Values) > maxFilterValues {
			return nil, diagfake.APIError("ValidationException", "a filter has 1 to 100 values")
		}
		value, ok := nodeFilters[aws.ToString(f.Key)]
		if !ok {
			return nil, diagfake.APIError("InvalidFilterKey", aws.ToString(f.Key))
		}
		if aws.ToString(f.Key) == "InstanceIds" {
			for _, id := range f.Values {
				if !nodeID.MatchString(id) {
					return nil, diagfake.APIError("InvalidInstanceInformationFilterValue", "Invalid instance ID: "+id)
				}
			}
		}
		nodes = slices.DeleteFunc(slices.Clone(nodes), func(n types.InstanceInformation) bool {
			return !slices.Contains(f.Values, value(n))
		})
	}
	page, next, err := diagfake.Page(&c.Recorder, "ssm:DescribeInstanceInformation", nodes, in.NextToken, limit)
	return &ssm.DescribeInstanceInformationOutput{InstanceInformationList: page, NextToken: next}, err
}

var nodeFilters = map[string]func(types.InstanceInformation) string{
	"InstanceIds":       func(n types.InstanceInformation) string { return aws.ToString(n.InstanceId) },
	"PingStatus":        func(n types.InstanceInformation) string { return string(n.PingStatus) },
	"PlatformTypes":     func(n types.InstanceInformation) string { return string(n.PlatformType) },
	"ResourceType":      func(n types.InstanceInformation) string { return string(n.ResourceType) },
	"AgentVersion":      func(n types.InstanceInformation) string { return aws.ToString(n.AgentVersion) },
	"AssociationStatus": func(n types.InstanceInformation) string { return aws.ToString(n.AssociationStatus) },
}

func (c *Client) node(id string) (types.InstanceInformation, bool) {
	i := slices.IndexFunc(c.Nodes, func(n types.InstanceInformation) bool { return aws.ToString(n.InstanceId) == id })
	if i < 0 {
		return types.InstanceInformation{}, false
	}
	return c.Nodes[i], true
}

func (c *Client) getConnectionStatus(in *ssm.GetConnectionStatusInput) (*ssm.GetConnectionStatusOutput, error) {
	id := aws.ToString(in.Target)
	status, ok := c.Connections[id]
	if !ok {
		status = types.ConnectionStatusNotConnected
		if n, known := c.node(id); known && n.PingStatus == types.PingStatusOnline {
			status = types.ConnectionStatusConnected
		}
	}
	return &ssm.GetConnectionStatusOutput{Target: in.Target, Status: status}, nil
}

func (c *Client) describeInstanceAssociationsStatus(
	in *ssm.DescribeInstanceAssociationsStatusInput,
) (*ssm.DescribeInstanceAssociationsStatusOutput, error) {
	id := aws.ToString(in.InstanceId)
	if _, ok := c.node(id); !ok {
		return nil, diagfake.APIError("InvalidInstanceId", "Instance "+id+" is not in a valid state")
	}
	page, next, err := diagfake.Page(
		&c.Recorder,
		"ssm:DescribeInstanceAssociationsStatus",
		c.Associations[id],
		in.NextToken,
		maxPage,
	)
	return &ssm.DescribeInstanceAssociationsStatusOutput{InstanceAssociationStatusInfos: page, NextToken: next}, err
}
