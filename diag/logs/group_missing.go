package logs

import (
	"context"
	"errors"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
)

// GroupMissing reports a log group that does not exist. The awslogs driver does not make it unless asked to: tasks that
// log to it do not start.
var GroupMissing = &diag.Check[*Group]{
	Info: diag.Info{
		Code: "logs.group-missing", Title: "Log group does not exist",
		Doc: "No log group has this name in this account and Region. A task whose awslogs driver names it does not start, " +
			"unless awslogs-create-group is set; such a group is not reported.",
		Severity: diag.SeverityError, Actions: []string{describeAction, filterAction},
		Breaks: []diag.Mechanism{diag.LogDelivery},
		Source: "Send Amazon ECS logs to CloudWatch, Amazon ECS Developer Guide",
	},
	Run: func(ctx context.Context, g *Group) ([]diag.Finding, error) {
		reading, unread := g.Reading(ctx)
		if unread == nil || (reading != nil && len(reading.Lines) > 0) {
			return nil, unread // what can be read exists
		}
		unread = missingIsSilent(unread)
		if _, err := g.Describe(ctx); diag.KindOf(err) != diag.KindNotFound {
			return nil, errors.Join(err, unread)
		}
		if g.made != nil {
			if made, err := g.made(ctx); made || err != nil {
				return nil, errors.Join(err, unread)
			}
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("the log group %s does not exist", g.name),
			Evidence: []diag.Evidence{{Source: describeAction, Field: "logGroups", Value: fmt.Sprintf(
				"no log group named %s", g.name)}},
			NextSteps: []diag.Step{
				{Text: "See whether the name is meant to be another one.",
					Command: "aws logs describe-log-groups --log-group-name-pattern " + shell(lastSegment(g.name))},
				{Text: "Create the log group, if the name is right.", Command: "aws logs create-log-group --log-group-name " +
					shell(g.name), Changes: true},
			},
		}}, unread
	},
}
