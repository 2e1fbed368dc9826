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
	"github.com/awsdiag/awsdiag/internal/words"
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

// Crowd is a database instance and what its clients did. Its clients are asked only where connections ran out or the
// processor is busy.
type Crowd struct {
	*DBInstance
	changes func(context.Context) ([]ClientChange, error)
}

// NewCrowd makes the crowd of an instance. The function returns the changes of its clients in the window; it may be
// slow.
func NewCrowd(i *DBInstance, changes func(context.Context) ([]ClientChange, error)) *Crowd {
	return &Crowd{i, changes}
}

const (
	// shortlyBefore is how long before the connections began to rise a client must have changed to be the reason: a
	// deployment takes minutes to replace its tasks. shortlyAfter is the period of the metric, by which the rise is
	// blurred.
	shortlyBefore, shortlyAfter = 20 * time.Minute, 5 * time.Minute
	// risen is how many times its usual level the number of connections must have become: less, and it was near its limit
	// anyway.
	risen = 1.3
)

// ClientsGrew reports that the connections ran out because a client was released or scaled out shortly before they
// rose.
var ClientsGrew = &diag.Check[*Crowd]{
	Info: diag.Info{
		Code: "rds.clients-grew", Title: "A client took the connections", Severity: diag.SeverityError,
		Confidence: diag.Likely,
		Doc: "The connections began to rise right after a client of the database was deployed or got more tasks, and then " +
			"ran out. What came with it asks for more connections than there are: a larger pool, more tasks, or a leak.",
		Actions: connectionActions,
		Breaks:  []diag.Mechanism{diag.Application}, Needs: []diag.Mechanism{diag.Demand},
		Limits: "That the two happened together is all that can be seen: which client holds the connections, the database " +
			"itself knows. Clients without an endpoint in their environment are not known.",
		Source: "Maximum number of database connections",
	},
	Run: func(ctx context.Context, c *Crowd) ([]diag.Finding, error) {
		full, err := c.judgeConnections(ctx, exhausted)
		if len(full) == 0 {
			return nil, err
		}
		onset, changes, changesErr := c.before(ctx, "DatabaseConnections")
		if err = errors.Join(err, changesErr); len(changes) == 0 {
			return nil, err
		}
		return []diag.Finding{c.finding(full[0], changes, fmt.Sprintf("the connections of %s rose from %s, and ran out",
			c.ref.id, onset), "Take the change back, or give the client a smaller pool: the pools of all its tasks together "+
			"must fit into the limit, also while old and new tasks run side by side.")}, err
	},
}

// ClientsHeavier reports that the processor is busy because a client was released or scaled out shortly before.
var ClientsHeavier = &diag.Check[*Crowd]{
	Info: diag.Info{
		Code: "rds.clients-heavier", Title: "A client loads the processor", Severity: diag.SeverityError,
		Confidence: diag.Likely,
		Doc: "The processor load began to rise right after a client of the database was deployed or got more tasks, and then " +
			"stayed high. What came with it asks more of the database: a new query, a lost index, more requests.",
		Actions: CPUHigh.Actions, Breaks: []diag.Mechanism{diag.Application}, Needs: []diag.Mechanism{diag.Demand},
		Limits: "That the two happened together is all that can be seen: which statements load the processor, Performance " +
			"Insights knows. Clients without an endpoint in their environment are not known.",
		Source: metricsDoc,
	},
	Run: func(ctx context.Context, c *Crowd) ([]diag.Finding, error) {
		busy, err := CPUHigh.Run(ctx, c.DBInstance)
		if len(busy) == 0 {
			return nil, err
		}
		onset, changes, changesErr := c.before(ctx, "CPUUtilization")
		if err = errors.Join(err, changesErr); len(changes) == 0 {
			return nil, err
		}
		return []diag.Finding{c.finding(busy[0], changes, fmt.Sprintf("the processor load of %s rose from %s %%", c.ref.id,
			onset),
			"Take the change back, or find the statements that it brought: by Performance Insights, or in the release.")}, err
	},
}

// rise is from what to what a metric rose.
type rise struct{ from, to int }

func (r rise) String() string { return fmt.Sprintf("%d to %d", r.from, r.to) }

// before returns the rise of a metric and the changes that fit it; none if it did not rise by much.
func (c *Crowd) before(ctx context.Context, metric string) (rise, []ClientChange, error) {
	described, set, err := c.observe(ctx)
	onset, ok := set.Series(c.metric(metric, "Average")).Onset(metrics.Rise)
	if !ok || described == nil || onset.Peak.Value < risen*onset.Before {
		return rise{}, nil, err
	}
	changes, changesErr := c.changes(ctx)
	return rise{int(math.Round(onset.Before)), int(math.Round(onset.Peak.Value))}, fitting(changes, onset.Start),
		errors.Join(err, changesErr)
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

func (c *Crowd) finding(full diag.Finding, changes []ClientChange, then, step string) diag.Finding {
	f := diag.Finding{Resource: full.Resource, Severity: full.Severity, Since: changes[0].At}
	var told []string
	for _, change := range changes {
		told = append(told, fmt.Sprintf("%s %s at %s", change.Client.ID, change.What, words.Clock(change.At)))
		f.Evidence = append(f.Evidence, change.Evidence...)
		f.Related = append(f.Related, diag.Related{Resource: change.Client, Role: "client"})
		if change.At.Before(f.Since) {
			f.Since = change.At
		}
	}
	f.Summary = fmt.Sprintf("%s; right after it %s: %s", strings.Join(told, ", "), then, full.Summary)
	f.Evidence = append(f.Evidence, full.Evidence...)
	if len(changes) > 1 {
		f.Confidence = diag.Possible
	}
	f.NextSteps = append([]diag.Step{{Text: step}}, full.NextSteps...)
	return f
}

// CrowdChecks are the checks of what clients do to an instance.
func CrowdChecks() []*diag.Check[*Crowd] {
	return []*diag.Check[*Crowd]{ClientsGrew, ClientsHeavier, ClientsDrain}
}
