package ssmfake

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// Merge adds a recorded answer to the world and reports whether it knew what to do with it. in and out are the SDK's
// input and output pointers. What is there already under the same id is replaced.
func (c *Client) Merge(in, out any) bool {
	switch out := out.(type) {
	case *ssm.DescribeInstanceInformationOutput:
		for _, n := range out.InstanceInformationList {
			c.Nodes = put(c.Nodes, n, func(n types.InstanceInformation) string { return aws.ToString(n.InstanceId) })
		}
	case *ssm.GetConnectionStatusOutput:
		c.Connections = made(c.Connections)
		c.Connections[aws.ToString(out.Target)] = out.Status
	case *ssm.DescribeInstanceAssociationsStatusOutput:
		c.Associations = made(c.Associations)
		for _, a := range out.InstanceAssociationStatusInfos {
			id := aws.ToString(a.InstanceId)
			c.Associations[id] = put(c.Associations[id], a,
				func(a types.InstanceAssociationStatusInfo) string { return aws.ToString(a.AssociationId) })
		}
	case *ssm.DescribeParametersOutput:
		for _, p := range out.Parameters {
			c.Parameters = put(c.Parameters, p, func(p types.ParameterMetadata) string { return aws.ToString(p.Name) })
		}
	case *ssm.GetDocumentOutput:
		c.Documents = made(c.Documents)
		c.Documents[aws.ToString(out.Name)] = aws.ToString(out.Content)
	case *ssm.GetServiceSettingOutput:
		if out.ServiceSetting == nil {
			return false
		}
		c.Settings = made(c.Settings)
		c.Settings[aws.ToString(out.ServiceSetting.SettingId)] = aws.ToString(out.ServiceSetting.SettingValue)
	case *ssm.ListCommandInvocationsOutput:
		for _, i := range out.CommandInvocations {
			c.invocationOf(i.CommandId, i.InstanceId).CommandInvocation = i
			c.merged(i.CommandId, i.InstanceId, i.Status, i.StatusDetails)
		}
	case *ssm.GetCommandInvocationOutput:
		c.invocationOf(out.CommandId, out.InstanceId).Output = *out
		p := c.merged(out.CommandId, out.InstanceId, out.Status, out.StatusDetails)
		p.Stdout, p.Stderr = aws.ToString(out.StandardOutputContent), aws.ToString(out.StandardErrorContent)
		p.Exit = max(out.ResponseCode, 0)
	default:
		return false
	}
	return true
}

// merged returns the run of a command on a node, as it was recorded.
func (c *Client) merged(id, node *string, status types.CommandInvocationStatus, detail *string) *Printed {
	c.runs.mu.Lock()
	defer c.runs.mu.Unlock()
	c.runs.commands = made(c.runs.commands)
	r := c.runs.commands[aws.ToString(id)]
	if r == nil {
		r = &run{ends: map[string]*Printed{}}
		c.runs.commands[aws.ToString(id)] = r
	}
	p := r.ends[aws.ToString(node)]
	if p == nil {
		p = new(Printed)
		r.nodes, r.ends[aws.ToString(node)] = append(r.nodes, aws.ToString(node)), p
	}
	switch status {
	case types.CommandInvocationStatusSuccess:
	case types.CommandInvocationStatusFailed:
		if p.Exit = max(p.Exit, 1); aws.ToString(detail) != "Failed" {
			p.Detail = aws.ToString(detail) // "Undeliverable", "Terminated"
		}
	default:
		p.Detail = cmp.Or(aws.ToString(detail), string(status))
	}
	return p
}

func put[T any](items []T, item T, id func(T) string) []T {
	if i := slices.IndexFunc(items, func(o T) bool { return id(o) == id(item) }); i >= 0 {
		items[i] = item
		return items
	}
	return append(items, item)
}

func made[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return m
}
