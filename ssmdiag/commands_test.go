package ssmdiag_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

// past are runs.
type past []ssmfake.Invocation

func ago(d time.Duration) time.Time { return ssmfake.Now.Add(-d) }

const traceback = "Traceback (most recent call last):\n  File \"/opt/x.py\", line 8\nOSError: [Errno 28] No space " +
	"left on device\nfailed to run commands: exit status 1\n"

// ran is a run of the hourly report on the node.
func ran(id string, since time.Duration, exit int32) ssmfake.Invocation {
	text := ""
	if exit != 0 {
		text = traceback
	}
	return ssmfake.Ran(id, webID, "hourly report", ago(since), exit, text)
}

// ended gives a run another end.
func ended(i ssmfake.Invocation, status types.CommandInvocationStatus, detail string) ssmfake.Invocation {
	i.Status, i.StatusDetails = status, aws.String(detail)
	return i
}

// commandsOf are the commands of the node of a world with the given runs.
func commandsOf(runs ...ssmfake.Invocation) diagtest.World[*ssmdiag.Commands] {
	return func() (*ssmdiag.Commands, []diagfake.Fake) {
		c := &ssmfake.Client{Invocations: runs}
		window := diag.Last(3*time.Hour, ssmfake.Now)
		return ssmdiag.NewCommands(ssmdiag.NewManagedNode(c, webID, window), c, window, read), []diagfake.Fake{c}
	}
}

// read knows full disks.
func read(text string) ssmdiag.Reading {
	for line := range strings.Lines(text) {
		if strings.Contains(line, "No space left") {
			return ssmdiag.Reading{Line: strings.TrimSpace(line), Means: "Disk full"}
		}
	}
	return ssmdiag.Reading{}
}

func TestConformCommands(t *testing.T) {
	diagtest.ReadOnly[ssmdiag.CommandsAPI](t)
	broken := map[diag.Code]diagtest.World[*ssmdiag.Commands]{
		"ssm.command-failed": commandsOf(ran("c-2", time.Hour, 1), ran("c-1", 2*time.Hour, 1)),
		"ssm.command-not-delivered": commandsOf(ended(ran("c-1", time.Hour, 1), types.CommandInvocationStatusTimedOut,
			"DeliveryTimedOut")),
	}
	for _, check := range ssmdiag.CommandsChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*ssmdiag.Commands]{Healthy: commandsOf(ran("c-1", time.Hour, 0)),
			Broken: broken[check.Code]})
	}
}

func TestCommandFailed(t *testing.T) {
	other := ssmfake.Ran("c-9", "i-0000000000000beef", "", ago(time.Minute), 1, traceback)
	update := ssmfake.Ran("c-8", webID, "", ago(time.Minute), 1, "")
	update.DocumentName = aws.String("AWS-UpdateSSMAgent")
	const full = ", exit status 1: Disk full: OSError: [Errno 28] No space left on device"
	for _, test := range []struct {
		name     string
		runs     past
		want     string
		severity diag.Severity
	}{
		{"again and again", past{ran("c-1", 3*time.Hour, 0), ran("c-2", 2*time.Hour, 1), ran("c-3", time.Hour, 1)},
			"command AWS-RunShellScript (hourly report) failed on " + webID + " 2 times in a row, last at " +
				ago(time.Hour).Format(time.RFC3339) + full, diag.SeverityWarning},
		{"once, just now", past{ran("c-1", time.Hour, 1)}, "command AWS-RunShellScript (hourly report) failed on " +
			webID + " at " + ago(time.Hour).Format(time.RFC3339) + full, diag.SeverityWarning},
		{"once, some time ago", past{ran("c-1", 5*time.Hour, 1)},
			"command AWS-RunShellScript (hourly report) failed on " + webID + " at " + ago(5*time.Hour).Format(time.RFC3339) +
				full,
			diag.SeverityInfo},
		{"well since", past{ran("c-1", time.Hour, 1), ran("c-2", time.Minute, 0)}, "", 0},
		{"under way", past{ended(ran("c-1", time.Hour, 0), types.CommandInvocationStatusInProgress, "InProgress")},
			"", 0},
		{"called off", past{ended(ran("c-1", time.Hour, 1), types.CommandInvocationStatusCancelled, "Cancelled")},
			"", 0},
		{"never began", past{ended(ran("c-1", time.Hour, 1), types.CommandInvocationStatusFailed, "Undeliverable")},
			"", 0},
		{"too long", past{ended(ssmfake.Ran("c-1", webID, "", ago(time.Hour), 143, ""),
			types.CommandInvocationStatusTimedOut, "ExecutionTimedOut")},
			"command AWS-RunShellScript failed on " + webID + " at " +
				ago(time.Hour).Format(time.RFC3339) + ": it took longer than it may, exit status 143", diag.SeverityWarning},
		{"of another text", past{ssmfake.Ran("c-1", webID, "", ago(time.Hour), 2, "sh: 1: foo: not found\n"+
			"failed to run commands: exit status 2\n")}, "command AWS-RunShellScript failed on " + webID + " at " +
			ago(time.Hour).Format(time.RFC3339) + ", exit status 2: sh: 1: foo: not found", diag.SeverityWarning},
		{"its own agent", past{update}, "command AWS-UpdateSSMAgent failed on " + webID + " at " +
			ago(time.Minute).Format(time.RFC3339) + ", exit status 1", diag.SeverityInfo},
		{"another node, and days ago", past{other, ran("c-1", 60*time.Hour, 1)}, "", 0},
	} {
		commands, _ := commandsOf(test.runs...)()
		report := diagtest.Run(t, commands, ssmdiag.CommandFailed)
		if test.want == "" {
			diagtest.Want(t, report)
			continue
		}
		f := diagtest.Only(t, report, "ssm.command-failed")
		assert.Equal(t, test.want, f.Summary, test.name)
		assert.Equal(t, test.severity, f.Severity, test.name)
	}
}
