package ssmdiag

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// CommandNotDelivered says of commands that never began on the node.
var CommandNotDelivered = &diag.Check[*Commands]{
	Info: diag.Info{
		Code: "ssm.command-not-delivered", Title: "Command did not reach the node", Severity: diag.SeverityInfo,
		Doc: "The last run of a command that was sent with Run Command never began: the node was not connected while it " +
			"waited, or is not of the platform that the document is for.",
		Actions: []string{callCommands}, Needs: []diag.Mechanism{diag.AgentConnect, diag.HostRun},
		Source: "AWS Systems Manager User Guide, Understanding command statuses",
	},
	Run: func(ctx context.Context, c *Commands) ([]diag.Finding, error) {
		failing, err := c.Failing(ctx)
		var found []diag.Finding
		for _, s := range failing {
			last := s.Failed[0]
			if !undelivered(last) || len(found) == maxFailing {
				continue
			}
			found = append(found, diag.Finding{Since: aws.ToTime(s.Failed[len(s.Failed)-1].RequestedDateTime),
				Summary: fmt.Sprintf("command %s did not reach %s at %s: %s", commandName(last), c.node.id,
					stamp(aws.ToTime(last.RequestedDateTime)), aws.ToString(last.StatusDetails)),
				Evidence: []diag.Evidence{{Source: callCommands, Field: aws.ToString(last.CommandId) + ".StatusDetails",
					Value: aws.ToString(last.StatusDetails), At: aws.ToTime(last.RequestedDateTime)}},
				NextSteps: []diag.Step{{Text: "See whether the node is connected.",
					Command: "aws ssm get-connection-status --target " + c.node.id}}})
		}
		return found, err
	},
}
