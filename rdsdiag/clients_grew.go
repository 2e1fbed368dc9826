package rdsdiag

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// ClientChange is what made a client ask for more connections, as somebody who knows clients tells it.
type ClientChange struct {
	Client diag.Resource
	At     time.Time
	// What says what happened, to end the sentence "client …": "was deployed (task definition api:34)".
	What string
	// Evidence shows it.
	Evidence []diag.Evidence
}

// Crowd is a database instance and what its clients did. Its clients are asked only where connections ran out.
type Crowd struct {
	*DBInstance
	changes func(context.Context) ([]ClientChange, error)
}

// NewCrowd makes the crowd of an instance. The function returns the changes of its clients in the window; it may be slow.
func NewCrowd(i *DBInstance, changes func(context.Context) ([]ClientChange, error)) *Crowd {
	return &Crowd{i, changes}
}

const (
	// shortlyBefore is how long before the connections began to rise a client must have changed to be the reason: a
	// deployment takes minutes to replace its tasks. shortlyAfter is the period of the metric, by which the rise is blurred.
	shortlyBefore, shortlyAfter = 20 * time.Minute, 5 * time.Minute
	// risen is how many times its usual level the number of connections must have become: less, and it was near its limit
	// anyway.
	risen = 1.3
)

// ClientsGrew reports that the connections ran out because a client was released or scaled out shortly before they rose.
var ClientsGrew = &diag.Check[*Crowd]{
	Info: diag.Info{
		Code: "rds.clients-grew", Title: "A client took the connections", Severity: diag.SeverityError,
		Confidence: diag.Likely,
		Doc: "The connections began to rise right after a client of the database was deployed or got more tasks, and then " +
			"ran out. What came with it asks for more connections than there are: a larger pool, more tasks, or a leak.",
		Actions: connectionActions,
		Breaks:  []diag.Mechanism{diag.Application},
		Limits: "That the two happened together is all that can be seen: which client holds the connections, the database " +
			"itself knows. Clients without an endpoint in their environment are not known.",
		Source: "Maximum number of database connections",
	},
	Run: func(ctx context.Context, c *Crowd) ([]diag.Finding, error) {
		full, err := c.judgeConnections(ctx, exhausted)
		if len(full) == 0 {
			return nil, err
		}
		described, set, observeErr := c.observe(ctx)
		s := set.Series(c.metric("DatabaseConnections", "Average"))
		onset, ok := s.Onset(metrics.Rise)
		if !ok || described == nil || onset.Peak.Value < risen*onset.Before {
			return nil, errors.Join(err, observeErr)
		}
		changes, changesErr := c.changes(ctx)
		changes = fitting(changes, onset.Start)
		err = errors.Join(err, observeErr, changesErr)
		if len(changes) == 0 {
			return nil, err
		}
		return []diag.Finding{c.finding(full[0], onset, changes)}, err
	},
}

// fitting keeps the changes that fit a rise, the last before it first.
func fitting(changes []ClientChange, rise time.Time) []ClientChange {
	changes = slices.DeleteFunc(slices.Clone(changes), func(c ClientChange) bool {
		return c.At.Before(rise.Add(-shortlyBefore)) || c.At.After(rise.Add(shortlyAfter))
	})
	slices.SortStableFunc(changes, func(a, b ClientChange) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Client.ID, b.Client.ID))
	})
	return changes
}

func (c *Crowd) finding(full diag.Finding, onset metrics.Episode, changes []ClientChange) diag.Finding {
	f := diag.Finding{Resource: full.Resource, Severity: full.Severity, Since: changes[0].At}
	var told []string
	for _, change := range changes {
		told = append(told, fmt.Sprintf("%s %s at %s", change.Client.ID, change.What, clock(change.At)))
		f.Evidence = append(f.Evidence, change.Evidence...)
		f.Related = append(f.Related, diag.Related{Resource: change.Client, Role: "client"})
		if change.At.Before(f.Since) {
			f.Since = change.At
		}
	}
	f.Summary = fmt.Sprintf("%s; right after it the connections of %s rose from %d to %d, and ran out: %s",
		strings.Join(told, ", "), c.ref.id, int(math.Round(onset.Before)), int(math.Round(onset.Peak.Value)), full.Summary)
	f.Evidence = append(f.Evidence, full.Evidence...)
	if len(changes) > 1 {
		f.Confidence = diag.Possible
	}
	f.NextSteps = append([]diag.Step{{Text: "Take the change back, or give the client a smaller pool: the pools of all its " +
		"tasks together must fit into the limit, also while old and new tasks run side by side."}}, full.NextSteps...)
	return f
}

// CrowdChecks are the checks of what clients do to an instance.
func CrowdChecks() []*diag.Check[*Crowd] { return []*diag.Check[*Crowd]{ClientsGrew} }
