package ssmdiag

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	callCommands = "ssm:ListCommandInvocations"
	callOutput   = "ssm:GetCommandInvocation"

	// maxFailing bounds the commands that are told of, each by a call for its output.
	maxFailing = 3
	// freshFailure is how recently a command that failed only once must have failed to be more than information.
	freshFailure = 2 * time.Hour
)

// housekeeping are the documents with which Systems Manager looks after itself: that they fail breaks nothing.
var housekeeping = []string{"AWS-UpdateSSMAgent", "AWS-GatherSoftwareInventory", "AWS-ConfigureAWSPackage",
	"AWSSupport-", "AWSSSO-"}

// CommandsActions are what the facts of [Commands] call.
func CommandsActions() []string { return []string{callCommands, callOutput} }

// CommandFailed reports commands whose last run on the node failed.
var CommandFailed = &diag.Check[*Commands]{
	Info: diag.Info{
		Code: "ssm.command-failed", Title: "Command failed on the node", Severity: diag.SeverityWarning,
		Doc: "The last run of a command that was sent with Run Command failed or took too long, and what it printed says " +
			"why. It is information where it failed once and some time ago, and where the document only looks after Systems " +
			"Manager itself.",
		Actions: CommandsActions(), Breaks: []diag.Mechanism{diag.Application},
		Needs: []diag.Mechanism{diag.Permission, diag.NetworkPath, diag.NameResolution, diag.TLS, diag.HostRun,
			diag.SecretRead, diag.DBServe, diag.DBAccept},
		Limits: "Systems Manager keeps the first 24,000 characters that a command prints, and 8,000 of its errors. " +
			"Runs are told apart by document and comment.",
		Source: "AWS Systems Manager User Guide, Understanding command statuses; API reference, GetCommandInvocation",
	},
	Run: func(ctx context.Context, c *Commands) ([]diag.Finding, error) {
		failing, err := c.Failing(ctx)
		var found []diag.Finding
		for _, s := range failing {
			if undelivered(s.Failed[0]) || len(found) == maxFailing {
				continue
			}
			out, outErr := c.Output(ctx, aws.ToString(s.Failed[0].CommandId))
			found, err = append(found, c.failure(s, out)), errors.Join(err, outErr)
		}
		return found, err
	},
}

// failure is the finding of a command that fails. out is nil where it could not be read.
func (c *Commands) failure(s Series, out *ssm.GetCommandInvocationOutput) diag.Finding {
	last, first := s.Failed[0], s.Failed[len(s.Failed)-1]
	f := diag.Finding{Since: aws.ToTime(first.RequestedDateTime), SinceAtLeast: !s.Bounded && len(s.Failed) > 1,
		Evidence: []diag.Evidence{{Source: callCommands, Field: aws.ToString(last.CommandId) + ".StatusDetails",
			Value: aws.ToString(last.StatusDetails), At: aws.ToTime(last.RequestedDateTime)}},
		NextSteps: []diag.Step{{Text: "Read what the command printed.", Command: fmt.Sprintf(
			"aws ssm get-command-invocation --command-id %s --instance-id %s", aws.ToString(last.CommandId), c.node.id)}},
	}
	times := fmt.Sprintf("at %s", stamp(aws.ToTime(last.RequestedDateTime)))
	if n := len(s.Failed); n > 1 {
		times = fmt.Sprintf("%d times in a row, last %s", n, times)
	}
	f.Summary = fmt.Sprintf("command %s failed on %s %s", commandName(last), c.node.id, times)
	if strings.Contains(aws.ToString(last.StatusDetails), "TimedOut") {
		f.Summary += ": it took longer than it may"
	}
	if out != nil {
		f.Summary += c.said(out)
		f.Evidence = append(f.Evidence, outputEvidence(out)...)
	}
	old := c.window.End.Sub(aws.ToTime(last.RequestedDateTime)) > freshFailure
	if len(s.Failed) == 1 && old || looksAfterItself(last) {
		f.Severity = diag.SeverityInfo
	}
	return f
}

// commandName is how a person calls a command: by its document, and by the comment of who sent it.
func commandName(run types.CommandInvocation) string {
	name := aws.ToString(run.DocumentName)
	if comment := aws.ToString(run.Comment); comment != "" {
		name += fmt.Sprintf(" (%s)", comment)
	}
	return name
}

func looksAfterItself(run types.CommandInvocation) bool {
	for _, prefix := range housekeeping {
		if strings.HasPrefix(aws.ToString(run.DocumentName), prefix) {
			return true
		}
	}
	return false
}

// said tells how a command ended and what of its output says why.
func (c *Commands) said(out *ssm.GetCommandInvocationOutput) string {
	text := ""
	if out.ResponseCode > 0 {
		text = fmt.Sprintf(", exit status %d", out.ResponseCode)
	}
	printed := aws.ToString(out.StandardErrorContent) + "\n" + aws.ToString(out.StandardOutputContent)
	var r Reading
	if c.read != nil {
		r = c.read(printed)
	}
	if r.Line == "" {
		r.Line = lastWords(aws.ToString(out.StandardErrorContent))
	}
	if r.Means != "" {
		text += ": " + r.Means
	}
	if r.Line != "" {
		text += ": " + r.Line
	}
	return text
}

// lastWords returns the last line that a program printed as an error. What the agent adds, "failed to run commands:
// exit status 1", is none.
func lastWords(text string) string {
	words := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "failed to run commands:") {
			words = line
		}
	}
	return words
}

// quotedOutput is how much of what a command printed is quoted, from its end.
const quotedOutput = 1500

func outputEvidence(out *ssm.GetCommandInvocationOutput) []diag.Evidence {
	var evidence []diag.Evidence
	for _, e := range []struct {
		field string
		text  *string
	}{{"StandardErrorContent", out.StandardErrorContent}, {"StandardOutputContent", out.StandardOutputContent}} {
		text := strings.TrimSpace(aws.ToString(e.text))
		if text == "" || len(evidence) > 0 {
			continue
		}
		if len(text) > quotedOutput {
			text = "…" + strings.ToValidUTF8(text[len(text)-quotedOutput:], "")
		}
		evidence = append(evidence, diag.Evidence{Source: callOutput, Field: aws.ToString(out.CommandId) + "." + e.field,
			Value: text})
	}
	return evidence
}
