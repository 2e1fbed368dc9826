package guest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag"
)

// Target selects nodes by a tag, a resource group or the like: Key "tag:Name", Values {"web"}.
type Target struct {
	Key    string
	Values []string
}

// Run runs a command on nodes and waits for all. It sends to fifty at a time and returns one output for each distinct
// node, sorted by node: where a node gave none, its Err says why, and the returned error says how many there are of
// those.
func (f *Fleet) Run(ctx context.Context, c Command, nodes ...string) ([]Output, error) {
	if c.script == "" {
		return nil, diag.Errorf(diag.KindInvalid, "running a command on nodes: the command is empty")
	}
	nodes = slices.Compact(slices.Sorted(slices.Values(nodes)))
	var mu sync.Mutex
	var all []Output
	var group sync.WaitGroup
	for chunk := range slices.Chunk(nodes, maxNodes) {
		group.Go(func() {
			outputs := f.chunk(ctx, c, chunk)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, outputs...)
		})
	}
	group.Wait()
	return inOrder(all)
}

// RunTargets runs a command on the nodes that all targets select, at most five. Systems Manager finds them: it is an
// error of [diag.KindNotFound] if there are none.
func (f *Fleet) RunTargets(ctx context.Context, c Command, targets ...Target) ([]Output, error) {
	if len(targets) == 0 || len(targets) > maxTargets {
		return nil, diag.Errorf(
			diag.KindInvalid,
			"running %s: %d targets are not in 1 to %d",
			c.name,
			len(targets),
			maxTargets,
		)
	}
	in := f.input(c)
	for _, t := range targets {
		in.Targets = append(in.Targets, types.Target{Key: aws.String(t.Key), Values: t.Values})
	}
	id, err := f.send(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("running %s: %w", c.name, err)
	}
	outputs, err := f.collect(ctx, c, id, nil)
	if err == nil && len(outputs) == 0 {
		return nil, diag.Errorf(diag.KindNotFound, "running %s: the targets select no node", c.name)
	}
	if err != nil && len(outputs) == 0 {
		return nil, err
	}
	return inOrder(outputs)
}

// inOrder sorts outputs and tells how many nodes gave none.
func inOrder(all []Output) ([]Output, error) {
	slices.SortFunc(all, func(a, b Output) int { return cmp.Compare(a.Node, b.Node) })
	var first error
	failed := 0
	for _, o := range all {
		if o.Err != nil {
			failed++
			first = cmp.Or(first, o.Err)
		}
	}
	if first != nil {
		return all, fmt.Errorf("%d of %d nodes gave no whole output: %w", failed, len(all), first)
	}
	return all, nil
}

// chunk runs a command on up to fifty nodes. One node that Systems Manager refuses makes it refuse all: halves are sent
// again, until those are alone.
func (f *Fleet) chunk(ctx context.Context, c Command, nodes []string) []Output {
	in := f.input(c)
	in.InstanceIds = nodes
	id, err := f.send(ctx, in)
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == "InvalidInstanceId" && len(nodes) > 1 {
		half := len(nodes) / 2
		return append(f.chunk(ctx, c, nodes[:half]), f.chunk(ctx, c, nodes[half:])...)
	}
	var outputs []Output
	if err == nil {
		outputs, err = f.collect(ctx, c, id, nodes)
	}
	for _, n := range nodes { // nothing is lost
		if !slices.ContainsFunc(outputs, func(o Output) bool { return o.Node == n }) {
			outputs = append(outputs, Output{Node: n, Command: c, CommandID: id,
				Err: fmt.Errorf("running %s on %s: %w", c.name, n, cmp.Or(err, errNoOutput))})
		}
	}
	return outputs
}

var errNoOutput = diag.Errorf(diag.KindIncomplete, "the command did not end in time")

func (f *Fleet) input(c Command) *ssm.SendCommandInput {
	in := &ssm.SendCommandInput{
		DocumentName: aws.String(c.Document()), Comment: aws.String(f.comment(c)),
		TimeoutSeconds: aws.Int32(int32(f.poll.delivery.Seconds())),
		MaxErrors:      aws.String("100%"), // one node that fails keeps no other from running
		Parameters: map[string][]string{
			"commands":         strings.Split(c.script, "\n"),
			"executionTimeout": {strconv.Itoa(int(c.timeout.Seconds()))},
		},
	}
	if f.bucket != "" {
		in.OutputS3BucketName, in.OutputS3KeyPrefix = aws.String(f.bucket), aws.String(f.prefix)
	}
	return in
}

func (f *Fleet) send(ctx context.Context, in *ssm.SendCommandInput) (string, error) {
	if err := f.pace.Wait(ctx); err != nil {
		return "", err
	}
	out, err := f.api.SendCommand(ctx, in)
	if err != nil {
		return "", fmt.Errorf("sending the command: %w", err)
	}
	if out.Command == nil || out.Command.CommandId == nil {
		return "", diag.Errorf(diag.KindIncomplete, "sending the command: AWS gave no command id")
	}
	return *out.Command.CommandId, nil
}

// collect waits until a command has ended on the nodes, or on all that it was sent to if there are none, and gets what
// they printed. It looks less and less often.
func (f *Fleet) collect(ctx context.Context, c Command, id string, nodes []string) ([]Output, error) {
	var outputs []Output
	done := map[string]bool{}
	begun := time.Now()
	for wait := f.poll.first; ; wait = min(wait*3/2, f.poll.longest) {
		if err := diag.Sleep(ctx, wait); err != nil {
			f.abandon(ctx, id)
			return outputs, err
		}
		list, err := f.invocations(ctx, id)
		outputs = append(outputs, f.ended(ctx, c, list, done)...)
		if err != nil || f.settled(list, nodes, done) {
			return outputs, err
		}
		if time.Since(begun) > cmp.Or(f.poll.giveUp, f.poll.delivery+c.timeout+f.poll.longest) {
			return outputs, nil
		}
	}
}

// settled reports that nothing more will come. The nodes that targets select are known once one of them has begun.
func (f *Fleet) settled(list []types.CommandInvocation, nodes []string, done map[string]bool) bool {
	if len(nodes) > 0 {
		return len(done) >= len(nodes)
	}
	return len(list) > 0 && len(done) >= len(list)
}

func (f *Fleet) invocations(ctx context.Context, id string) ([]types.CommandInvocation, error) {
	in := &ssm.ListCommandInvocationsInput{CommandId: aws.String(id), MaxResults: aws.Int32(maxNodes)}
	var list []types.CommandInvocation
	for p := ssm.NewListCommandInvocationsPaginator(f.api, in); p.HasMorePages(); {
		if err := f.pace.Wait(ctx); err != nil {
			return list, err
		}
		out, err := p.NextPage(ctx)
		if err != nil {
			return list, fmt.Errorf("listing the invocations of command %s: %w", id, err)
		}
		list = append(list, out.CommandInvocations...)
	}
	return list, nil
}

// ended gets the outputs of the invocations that ended since it was called last.
func (f *Fleet) ended(ctx context.Context, c Command, list []types.CommandInvocation, done map[string]bool) []Output {
	var outputs []Output
	for _, i := range list {
		node := aws.ToString(i.InstanceId)
		status := ssmdiag.ParseStatus(cmp.Or(aws.ToString(i.StatusDetails), string(i.Status)))
		if node != "" && status.Final() && !done[node] {
			done[node] = true
			outputs = append(outputs, f.fetch(ctx, c, aws.ToString(i.CommandId), node))
		}
	}
	return outputs
}

// abandonWithin is how long a cancellation may take when nobody waits any more.
const abandonWithin = 5 * time.Second

// abandon cancels a command that nobody waits for. It does what it can.
func (f *Fleet) abandon(ctx context.Context, id string) {
	if f.cancel == nil {
		return
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), abandonWithin)
	defer stop()
	_, _ = f.cancel.CancelCommand(ctx, &ssm.CancelCommandInput{CommandId: aws.String(id)})
}
