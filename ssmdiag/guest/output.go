package guest

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag"
)

// What GetCommandInvocation returns at most, in characters (its API reference).
const (
	maxStdout = 24000
	maxStderr = 8000
)

// Output is what a command printed on a node.
type Output struct {
	Node      string
	Command   Command
	CommandID string
	// Status is how it ended. A command that ended with another exit code than 0 has printed something all the same.
	Status         ssmdiag.Status
	ExitCode       int
	Stdout, Stderr string
	// Truncated says that one of them is as long as Systems Manager returns: the rest is missing here.
	Truncated bool
	// StdoutURL and StderrURL are where the whole is, if the fleet keeps outputs.
	StdoutURL, StderrURL string
	// FollowErr says why the whole was not fetched from there, where that was asked for.
	FollowErr      error
	Started, Ended time.Time
	// Err says why there is no output.
	Err error
}

func (f *Fleet) fetch(ctx context.Context, c Command, id, node string) Output {
	o := Output{Node: node, Command: c, CommandID: id}
	out, err := f.invocation(ctx, id, node)
	if err != nil {
		o.Err = fmt.Errorf("getting the output of %s on %s: %w", c.name, node, err)
		return o
	}
	if o.Status = ssmdiag.ParseStatus(aws.ToString(out.StatusDetails)); o.Status == ssmdiag.Unrecognised {
		o.Status = ssmdiag.ParseStatus(string(out.Status))
	}
	o.ExitCode = int(out.ResponseCode)
	o.Stdout, o.Stderr = aws.ToString(out.StandardOutputContent), aws.ToString(out.StandardErrorContent)
	o.Truncated = isCut(o.Stdout, maxStdout) || isCut(o.Stderr, maxStderr)
	o.StdoutURL, o.StderrURL = aws.ToString(out.StandardOutputUrl), aws.ToString(out.StandardErrorUrl)
	f.follow(ctx, &o)
	o.Started, o.Ended = parseTime(out.ExecutionStartDateTime), parseTime(out.ExecutionEndDateTime)
	if o.Status != ssmdiag.Success && o.Status != ssmdiag.Failed {
		o.Err = diag.Errorf(diag.KindIncomplete, "running %s on %s: the command ended as %s", c.name, node, o.Status)
	}
	return o
}

// isCut reports a text as long as Systems Manager returns.
func isCut(text string, longest int) bool { return utf8.RuneCountInString(text) >= longest }

func (f *Fleet) invocation(ctx context.Context, id, node string) (*ssm.GetCommandInvocationOutput, error) {
	if err := f.pace.Wait(ctx); err != nil {
		return nil, err
	}
	return f.api.GetCommandInvocation(
		ctx,
		&ssm.GetCommandInvocationInput{CommandId: aws.String(id), InstanceId: aws.String(node)},
	)
}

func parseTime(text *string) time.Time {
	t, err := time.Parse(time.RFC3339, aws.ToString(text))
	if err != nil {
		return time.Time{}
	}
	return t
}
