package ssmfake

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// Invocation is a command of the past on one node: how it ended, and what it printed.
type Invocation struct {
	types.CommandInvocation
	// Output is empty where nobody asks for it.
	Output ssm.GetCommandInvocationOutput
}

// Ran makes an invocation of AWS-RunShellScript that ended with an exit status and what it printed as errors.
func Ran(id, node, comment string, at time.Time, exit int32, stderr string) Invocation {
	status, detail := types.CommandInvocationStatusSuccess, "Success"
	if exit != 0 {
		status, detail = types.CommandInvocationStatusFailed, "Failed"
	}
	document := aws.String("AWS-RunShellScript")
	return Invocation{
		CommandInvocation: types.CommandInvocation{CommandId: aws.String(id), InstanceId: aws.String(node),
			Comment: aws.String(comment), DocumentName: document, RequestedDateTime: aws.Time(at), Status: status,
			StatusDetails: aws.String(detail)},
		Output: ssm.GetCommandInvocationOutput{CommandId: aws.String(id), InstanceId: aws.String(node),
			Comment: aws.String(comment), DocumentName: document, Status: status, StatusDetails: aws.String(detail),
			ResponseCode: exit, StandardErrorContent: aws.String(stderr)},
	}
}

// invocation returns the place of a command on a node, -1 if there is none.
func (c *Client) invocation(id, node string) int {
	return slices.IndexFunc(c.Invocations, func(i Invocation) bool {
		return aws.ToString(i.CommandId) == id && aws.ToString(i.InstanceId) == node
	})
}

// invocationOf returns a command on a node to merge into.
func (c *Client) invocationOf(id, node *string) *Invocation {
	i := c.invocation(aws.ToString(id), aws.ToString(node))
	if i < 0 {
		i = len(c.Invocations)
		c.Invocations = append(c.Invocations, Invocation{})
		c.Invocations[i].CommandId, c.Invocations[i].InstanceId = id, node
	}
	return &c.Invocations[i]
}

// invoked returns the commands of a node, or of all, that the filters leave.
func (c *Client) invoked(in *ssm.ListCommandInvocationsInput) []types.CommandInvocation {
	var list []types.CommandInvocation
	for _, i := range c.Invocations {
		if in.InstanceId != nil && aws.ToString(i.InstanceId) != *in.InstanceId || !passes(i.CommandInvocation, in.Filters) {
			continue
		}
		list = append(list, i.CommandInvocation)
	}
	return list
}

// passes applies the filters that callers use, of those in the API reference of CommandFilter.
func passes(i types.CommandInvocation, filters []types.CommandFilter) bool {
	for _, f := range filters {
		after, err := time.Parse(time.RFC3339, aws.ToString(f.Value))
		if f.Key == types.CommandFilterKeyInvokedAfter && err == nil && !aws.ToTime(i.RequestedDateTime).After(after) {
			return false
		}
	}
	return true
}
