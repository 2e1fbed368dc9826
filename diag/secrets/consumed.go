package secrets

import (
	"context"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Consumed is a secret as one consumer got it when it started. Make one with [Secret.By].
type Consumed struct {
	secret *Secret
	by     diag.Resource
}

var _ diag.Subject = (*Consumed)(nil)

// By returns the secret as a consumer sees it that started at a time. What AWS tells of the secret is asked once for
// all of its consumers.
func (s *Secret) By(consumer diag.Resource, started time.Time) *Consumed {
	return &Consumed{by: consumer,
		secret: &Secret{api: s.api, ref: s.ref, window: s.window, started: started, described: s.described}}
}

// Resource names the secret and who reads it; findings are about the secret.
func (c *Consumed) Resource() diag.Resource {
	r := c.secret.Resource()
	return diag.Resource{Type: r.Type, ID: r.ID + " as read by " + c.by.ID, Account: r.Account, Region: r.Region}
}

// ConsumedChecks returns the checks on a secret and one of its consumers.
func ConsumedChecks() []*diag.Check[*Consumed] {
	return []*diag.Check[*Consumed]{{Info: ChangedAfterStart.Info,
		Run: func(ctx context.Context, c *Consumed) ([]diag.Finding, error) {
			found, err := ChangedAfterStart.Run(ctx, c.secret)
			for i := range found {
				found[i].Resource = c.secret.Resource()
				found[i].Related = append(found[i].Related, diag.Related{Resource: c.by, Role: "consumer"})
			}
			return found, err
		}}}
}
