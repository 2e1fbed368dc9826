package ssmfake

import (
	"cmp"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Printed is what a node did with a script.
type Printed struct {
	Stdout, Stderr string
	Exit           int32
	// Detail is how it ended, if not by its exit code: "DeliveryTimedOut", "Undeliverable".
	Detail string
	// Looks is how often a caller looks before it has ended.
	Looks int
}

// runs are the commands that were sent.
type runs struct {
	mu       sync.Mutex
	commands map[string]*run
}

type run struct {
	in    ssm.SendCommandInput
	nodes []string
	ends  map[string]*Printed
}

// limits of SendCommand (its API reference).
const (
	maxCommandNodes   = 50
	maxCommandTargets = 5
	maxCommandComment = 100
	minCommandTimeout = 30
	maxStdout         = 24000
	maxStderr         = 8000
)

func (c *Client) sendCommand(in *ssm.SendCommandInput) (*ssm.SendCommandOutput, error) {
	if err := checkCommand(in); err != nil {
		return nil, err
	}
	nodes, err := c.nodesOf(in)
	if err != nil {
		return nil, err
	}
	c.runs.mu.Lock()
	defer c.runs.mu.Unlock()
	c.runs.commands = made(c.runs.commands)
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", len(c.runs.commands)+1)
	r := &run{in: *in, nodes: nodes, ends: map[string]*Printed{}}
	for _, n := range nodes {
		printed := Printed{}
		if known, _ := c.node(n); known.PingStatus != types.PingStatusOnline {
			printed.Detail = "Undeliverable"
		} else if c.Shell != nil {
			printed = c.Shell(n, strings.Join(in.Parameters["commands"], "\n"))
		}
		r.ends[n] = &printed
	}
	c.runs.commands[id] = r
	return &ssm.SendCommandOutput{Command: &types.Command{CommandId: aws.String(id), DocumentName: in.DocumentName,
		Comment: in.Comment, InstanceIds: in.InstanceIds, Targets: in.Targets, Status: types.CommandStatusPending,
		StatusDetails: aws.String("Pending")}}, nil
}

func checkCommand(in *ssm.SendCommandInput) error {
	invalid := func(text string) error { return diagfake.APIError("ValidationException", text) }
	switch name := aws.ToString(in.DocumentName); {
	case name != "AWS-RunShellScript" && name != "AWS-RunPowerShellScript":
		return diagfake.APIError("InvalidDocument", "Document with name "+name+" does not exist.")
	case len(in.InstanceIds) > maxCommandNodes:
		return invalid("instanceIds holds more than 50 items")
	case len(in.Targets) > maxCommandTargets:
		return invalid("targets holds more than 5 items")
	case (len(in.InstanceIds) == 0) == (len(in.Targets) == 0):
		return invalid("exactly one of instanceIds and targets is needed")
	case utf8.RuneCountInString(aws.ToString(in.Comment)) > maxCommandComment:
		return invalid("comment is longer than 100 characters")
	case in.TimeoutSeconds != nil && *in.TimeoutSeconds < minCommandTimeout:
		return invalid("timeoutSeconds is less than 30")
	case len(in.Parameters["commands"]) == 0:
		return diagfake.APIError("InvalidParameters", "the parameter commands is missing")
	case strings.Contains(strings.Join(in.Parameters["commands"], "\n"), "{{"):
		return diagfake.APIError("InvalidParameters", "the fake resolves no references to parameters")
	}
	return nil
}

// nodesOf returns the nodes that are asked for by id, or that targets by tag select: all that are known.
func (c *Client) nodesOf(in *ssm.SendCommandInput) ([]string, error) {
	seen := map[string]bool{}
	for _, id := range in.InstanceIds {
		if seen[id] {
			return nil, diagfake.APIError("DuplicateInstanceId", id)
		}
		seen[id] = true
		if _, ok := c.node(id); !ok {
			return nil, diagfake.APIError(
				"InvalidInstanceId",
				fmt.Sprintf("Instances [[%s]] not in a valid state for account 111122223333", id),
			)
		}
	}
	if len(in.Targets) == 0 {
		return in.InstanceIds, nil
	}
	var nodes []string
	for _, n := range c.Nodes {
		nodes = append(nodes, aws.ToString(n.InstanceId))
	}
	return nodes, nil
}

// state returns how a node's run stands.
func (p *Printed) state() (types.CommandInvocationStatus, string) {
	switch {
	case p.Looks > 0:
		return types.CommandInvocationStatusInProgress, "InProgress"
	case p.Detail == "Cancelled":
		return types.CommandInvocationStatusCancelled, p.Detail
	case strings.HasSuffix(p.Detail, "TimedOut"):
		return types.CommandInvocationStatusTimedOut, p.Detail
	case p.Detail != "" || p.Exit != 0:
		return types.CommandInvocationStatusFailed, cmp.Or(p.Detail, "Failed")
	}
	return types.CommandInvocationStatusSuccess, "Success"
}

func (c *Client) listCommandInvocations(
	in *ssm.ListCommandInvocationsInput,
) (*ssm.ListCommandInvocationsOutput, error) {
	c.runs.mu.Lock()
	defer c.runs.mu.Unlock()
	id := aws.ToString(in.CommandId)
	r, ok := c.runs.commands[id]
	if !ok && id == "" {
		list := c.invoked(in)
		page, next, err := diagfake.Page(&c.Recorder, "ssm:ListCommandInvocations", list, in.NextToken, maxPage)
		return &ssm.ListCommandInvocationsOutput{CommandInvocations: page, NextToken: next}, err
	}
	if !ok {
		return nil, diagfake.APIError("InvalidCommandId", id)
	}
	var list []types.CommandInvocation
	for _, n := range r.nodes {
		status, detail := r.ends[n].state()
		if in.NextToken == nil && r.ends[n].Looks > 0 {
			r.ends[n].Looks--
		}
		list = append(
			list,
			types.CommandInvocation{CommandId: aws.String(id), InstanceId: aws.String(n), Status: status,
				StatusDetails: aws.String(detail), Comment: r.in.Comment, DocumentName: r.in.DocumentName},
		)
	}
	page, next, err := diagfake.Page(&c.Recorder, "ssm:ListCommandInvocations", list, in.NextToken, maxPage)
	return &ssm.ListCommandInvocationsOutput{CommandInvocations: page, NextToken: next}, err
}

func (c *Client) getCommandInvocation(in *ssm.GetCommandInvocationInput) (*ssm.GetCommandInvocationOutput, error) {
	c.runs.mu.Lock()
	defer c.runs.mu.Unlock()
	id, node := aws.ToString(in.CommandId), aws.ToString(in.InstanceId)
	if i := c.invocation(id, node); i >= 0 && c.Invocations[i].Output.CommandId != nil {
		out := c.Invocations[i].Output
		return &out, nil
	}
	r, ok := c.runs.commands[id]
	if !ok || r.ends[node] == nil {
		return nil, diagfake.APIError("InvocationDoesNotExist", "")
	}
	p := r.ends[node]
	status, detail := p.state()
	out := &ssm.GetCommandInvocationOutput{CommandId: in.CommandId, InstanceId: in.InstanceId, Status: status,
		StatusDetails: aws.String(detail), ResponseCode: -1, DocumentName: r.in.DocumentName, Comment: r.in.Comment}
	if p.Looks == 0 && p.Detail == "" {
		out.ResponseCode = p.Exit
		out.StandardOutputContent, out.StandardErrorContent = aws.String(
			cut(p.Stdout, maxStdout),
		), aws.String(
			cut(p.Stderr, maxStderr),
		)
		out.ExecutionStartDateTime, out.ExecutionEndDateTime = aws.String(
			"2026-03-02T10:00:00.000Z",
		), aws.String(
			"2026-03-02T10:00:01.000Z",
		)
		if bucket := aws.ToString(r.in.OutputS3BucketName); bucket != "" {
			out.StandardOutputUrl = aws.String(
				fmt.Sprintf(
					"https://s3.eu-west-1.amazonaws.com/%s/%s/%s/%s/awsrunShellScript/0.awsrunShellScript/stdout",
					bucket,
					aws.ToString(r.in.OutputS3KeyPrefix),
					id,
					node,
				),
			)
		}
	}
	return out, nil
}

func cut(text string, limit int) string {
	r := []rune(text)
	return string(r[:min(len(r), limit)])
}

func (c *Client) cancelCommand(in *ssm.CancelCommandInput) (*ssm.CancelCommandOutput, error) {
	c.runs.mu.Lock()
	defer c.runs.mu.Unlock()
	r, ok := c.runs.commands[aws.ToString(in.CommandId)]
	if !ok {
		return nil, diagfake.APIError("InvalidCommandId", aws.ToString(in.CommandId))
	}
	for _, p := range r.ends {
		if p.Looks > 0 {
			p.Looks, p.Detail = 0, "Cancelled"
		}
	}
	return new(ssm.CancelCommandOutput), nil
}
