package ssmdiag

import (
	"context"
	"fmt"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// RefusedSession is a StartSession call that IAM refused.
type RefusedSession struct {
	At time.Time
	// Who called, as CloudTrail names them; Message is the error's message, which says which policy type refused.
	Who, Message string
}

// Attempts are the sessions that people tried to start on a node.
type Attempts struct {
	node    *ManagedNode
	refused func(context.Context) ([]RefusedSession, error)
	known   diag.Memo[[]RefusedSession]
}

var _ diag.Subject = (*Attempts)(nil)

// NewAttempts makes the attempts on a node. Systems Manager keeps no refused ones: refused is asked, who reads
// CloudTrail.
func NewAttempts(node *ManagedNode, refused func(context.Context) ([]RefusedSession, error)) *Attempts {
	return &Attempts{node: node, refused: refused}
}

// Resource names the machine.
func (a *Attempts) Resource() diag.Resource { return a.node.Resource() }

// Refused returns the attempts that were refused, the oldest first.
func (a *Attempts) Refused(ctx context.Context) ([]RefusedSession, error) {
	return a.known.Get(ctx, a.refused)
}

// SessionRefused reports callers whom IAM does not let start sessions.
var SessionRefused = &diag.Check[*Attempts]{
	Info: diag.Info{
		Code: "ssm.session-refused", Title: "Caller may not start sessions", Severity: diag.SeverityError,
		Doc: "StartSession on the node was refused for want of permission: the caller's policies do not allow " +
			"ssm:StartSession on it, or deny it. The node has nothing to do with it.",
		Actions: []string{"cloudtrail:LookupEvents"},
		Breaks:  []diag.Mechanism{diag.Session, diag.Permission},
		Limits:  "CloudTrail shows a call minutes after it was made.",
		Source:  "Systems Manager user guide, Sample IAM policies for Session Manager",
	},
	Run: func(ctx context.Context, a *Attempts) ([]diag.Finding, error) {
		all, err := a.Refused(ctx)
		if len(all) == 0 {
			return nil, err
		}
		last := all[len(all)-1]
		f := diag.Finding{Since: all[0].At,
			Summary: fmt.Sprintf("%s may not start a session on %s: StartSession was refused (AccessDenied) %d times, last at %s",
				last.Who, a.node.id, len(all), stamp(last.At)),
			NextSteps: []diag.Step{{Text: "Allow the caller ssm:StartSession on the instance and on the document " +
				preferencesDocument + ".", Changes: true,
				Doc: "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html"}},
		}
		if len(all) == 1 {
			f.Summary = fmt.Sprintf("%s may not start a session on %s: StartSession was refused (AccessDenied) at %s", last.Who,
				a.node.id, stamp(last.At))
		}
		for _, r := range all {
			f.Evidence = append(f.Evidence, diag.Evidence{Source: "cloudtrail:LookupEvents", Field: "StartSession.errorMessage",
				Value: orEmpty(r.Message), At: r.At})
		}
		return []diag.Finding{f}, err
	},
}
