package ssmdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Commands are what was run on a node with Run Command within the last day.
type Commands struct {
	node   *ManagedNode
	api    CommandsAPI
	window diag.Window
	read   func(text string) Reading

	listed  diag.Memo[[]types.CommandInvocation]
	outputs diag.MemoMap[string, *ssm.GetCommandInvocationOutput]
}

// Reading is what the output of a command says went wrong: the line that says so, and what it means in a few words.
// It is zero where nothing is recognised.
type Reading struct{ Line, Means string }

// NewCommands makes the commands of a node. What their output says is asked of read, if that is not nil.
func NewCommands(node *ManagedNode, api CommandsAPI, window diag.Window, read func(text string) Reading) *Commands {
	return &Commands{node: node, api: api, window: window, read: read}
}

// Resource names the machine.
func (c *Commands) Resource() diag.Resource { return c.node.Resource() }

const (
	// commandHistory is how far back commands are read. Systems Manager keeps them for thirty days ("Understanding
	// command statuses").
	commandHistory = 24 * time.Hour
	// maxCommandPages bounds the calls that list commands, and with them how many are seen: fifty a page.
	maxCommandPages = 4
)

// List returns the commands that the node was sent within the last day, the newest first.
func (c *Commands) List(ctx context.Context) ([]types.CommandInvocation, error) {
	return c.listed.Get(ctx, func(ctx context.Context) ([]types.CommandInvocation, error) {
		p := ssm.NewListCommandInvocationsPaginator(c.api, &ssm.ListCommandInvocationsInput{
			InstanceId: aws.String(c.node.id), MaxResults: aws.Int32(pageSize),
			Filters: []types.CommandFilter{{Key: types.CommandFilterKeyInvokedAfter,
				Value: aws.String(c.window.End.Add(-commandHistory).UTC().Format(time.RFC3339))}},
		})
		var list []types.CommandInvocation
		for page := 0; p.HasMorePages(); page++ {
			if page == maxCommandPages {
				return newestCommands(list), diag.Errorf(diag.KindIncomplete, "listing the commands of node %s: more than %d "+
					"were sent within a day", c.node.id, len(list))
			}
			out, err := p.NextPage(ctx)
			if err != nil {
				return newestCommands(list), fmt.Errorf("listing the commands of node %s: %w", c.node.id, err)
			}
			list = append(list, out.CommandInvocations...)
		}
		return newestCommands(list), nil
	})
}

func newestCommands(list []types.CommandInvocation) []types.CommandInvocation {
	slices.SortStableFunc(list, func(a, b types.CommandInvocation) int {
		return cmp.Or(aws.ToTime(b.RequestedDateTime).Compare(aws.ToTime(a.RequestedDateTime)),
			strings.Compare(aws.ToString(a.CommandId), aws.ToString(b.CommandId)))
	})
	return list
}

// Output returns what a command printed on the node, as Systems Manager cut it.
func (c *Commands) Output(ctx context.Context, command string) (*ssm.GetCommandInvocationOutput, error) {
	return c.outputs.Get(ctx, command, func(ctx context.Context) (*ssm.GetCommandInvocationOutput, error) {
		out, err := c.api.GetCommandInvocation(ctx, &ssm.GetCommandInvocationInput{
			CommandId: aws.String(command), InstanceId: aws.String(c.node.id)})
		if err != nil {
			return nil, fmt.Errorf("getting the output of command %s on node %s: %w", command, c.node.id, err)
		}
		return out, nil
	})
}

// Series is a command that ended without success the last time that it ended, and did so as often before in a row.
type Series struct {
	// Failed are the runs, the newest first; all are of one document with one comment.
	Failed []types.CommandInvocation
	// Bounded says that a run that succeeded stands before them.
	Bounded bool
}

// Failing returns the commands whose last run did not succeed, those that ended last first. A run under way has not
// ended, and one that was cancelled is left out.
func (c *Commands) Failing(ctx context.Context) ([]Series, error) {
	list, err := c.List(ctx)
	var order []string
	kinds := map[string]*Series{}
	for _, run := range list {
		key := aws.ToString(run.DocumentName) + "\n" + aws.ToString(run.Comment)
		s := kinds[key]
		if s == nil {
			s, order = new(Series), append(order, key)
			kinds[key] = s
		}
		switch {
		case s.Bounded:
		case run.Status == types.CommandInvocationStatusSuccess:
			s.Bounded = true
		case run.Status == types.CommandInvocationStatusFailed, run.Status == types.CommandInvocationStatusTimedOut:
			s.Failed = append(s.Failed, run)
		}
	}
	var failing []Series
	for _, key := range order {
		if len(kinds[key].Failed) > 0 {
			failing = append(failing, *kinds[key])
		}
	}
	return failing, err
}

// undelivered reports a run that never began on the node: it was not connected, or not of the document's platform
// ("Understanding command statuses", AWS Systems Manager User Guide).
func undelivered(run types.CommandInvocation) bool {
	detail := strings.ReplaceAll(aws.ToString(run.StatusDetails), " ", "")
	return slices.Contains([]string{"DeliveryTimedOut", "Undeliverable", "InvalidPlatform", "Terminated"}, detail)
}
