package changes

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Trail holds the changes of one account and region within a window. It is a [Source] itself.
type Trail struct {
	api      LookupAPI
	window   diag.Window
	maxPages int
	pacer    *diag.Pacer
	others   []Source
	global   bool

	sweep diag.Memo[*Sweep]
	mine  diag.Memo[[]Change]
}

// Option changes how a [Trail] reads.
type Option func(*Trail)

// With adds other sources of changes.
func With(sources ...Source) Option {
	return func(t *Trail) { t.others = append(t.others, sources...) }
}

// WithPacer makes trails of one account and region share their quota. A nil pacer paces nothing.
func WithPacer(p *diag.Pacer) Option { return func(t *Trail) { t.pacer = p } }

// WithMaxPages limits the pages of a sweep to n, instead of [DefaultMaxPages].
func WithMaxPages(n int) Option { return func(t *Trail) { t.maxPages = n } }

// GlobalOnly makes a trail of us-east-1 keep the events of global services, such as IAM and Route 53, and leave out
// those of what runs in that region.
func GlobalOnly() Option { return func(t *Trail) { t.global = true } }

// NewTrail makes a trail. It looks back on the window, whose End is now.
func NewTrail(api LookupAPI, window diag.Window, options ...Option) *Trail {
	t := &Trail{api: api, window: window, maxPages: DefaultMaxPages, pacer: NewPacer()}
	for _, o := range options {
		o(t)
	}
	return t
}

// Sweep is what CloudTrail recorded of write events within a window.
type Sweep struct {
	// Read is how many events were read.
	Read int
	// Changes are what altered something, the oldest first.
	Changes []Change
	// Refused are the calls that failed for want of permission, the oldest first. They changed nothing.
	Refused []Change
	// Runs are the calls that were to run a task of no service, the oldest first, whatever came of them.
	Runs []Change
	// Releases are the calls that register a task definition or update a service of ECS, the oldest first, whatever came of
	// them.
	Releases []Change
	// Folded counts what is no change, by name and reason.
	Folded []Fold
}

// Fold counts events that were left out.
type Fold struct {
	// Action is the service and the event's name: "ec2:CreateNetworkInterface".
	Action string
	// Why says why it is no change: "routine call", "by ecs.amazonaws.com", "failed".
	Why   string
	Count int
}

// Sweep reads the window, once. What was read is returned even with an error; a window with more events than the trail
// may read gives [diag.KindIncomplete].
func (t *Trail) Sweep(ctx context.Context) (*Sweep, error) {
	return t.sweep.Get(ctx, func(ctx context.Context) (*Sweep, error) {
		events, err := t.lookup(ctx)
		if t.global {
			events = slices.DeleteFunc(events, func(e types.Event) bool { return !globalServices[aws.ToString(e.EventSource)] })
		}
		return sortOut(events), err
	})
}

// Changes returns the changes within a window that lies in the trail's own, those of other sources among them, the
// oldest first.
func (t *Trail) Changes(ctx context.Context, window diag.Window) ([]Change, error) {
	all, err := t.all(ctx)
	return slices.DeleteFunc(slices.Clone(all), func(c Change) bool { return !window.Contains(c.At) }), err
}

// Of returns the changes of one resource within the trail's window, the oldest first.
func (t *Trail) Of(ctx context.Context, r diag.Resource) ([]Change, error) {
	all, err := t.all(ctx)
	var found []Change
	for _, c := range all {
		if c.Touches(r) {
			found = append(found, c)
		}
	}
	return found, err
}

// all joins the sweep with the other sources, which are asked side by side.
func (t *Trail) all(ctx context.Context) ([]Change, error) {
	return t.mine.Get(ctx, func(ctx context.Context) ([]Change, error) {
		found, errs := make([][]Change, len(t.others)+1), make([]error, len(t.others)+1)
		var group sync.WaitGroup
		for i, source := range t.others {
			group.Go(func() { found[i], errs[i] = source.Changes(ctx, t.window) })
		}
		sweep, err := t.Sweep(ctx)
		if sweep != nil {
			found[len(t.others)] = slices.Clone(sweep.Changes)
		}
		errs[len(t.others)] = err
		group.Wait()
		all := inOrder(slices.Concat(found...))
		for i := range all {
			all[i].Code = all[i].Family().Code()
		}
		markUndone(all)
		tellBefore(all)
		return all, errors.Join(errs...)
	})
}

// lookup reads the write events of the window, the newest first, no faster than the quota allows.
func (t *Trail) lookup(ctx context.Context) ([]types.Event, error) {
	start, clipped := t.window.Start, error(nil)
	if oldest := t.window.End.Add(-retention); start.Before(oldest) {
		start, clipped = oldest, diag.Errorf(diag.KindIncomplete,
			"looking up events: CloudTrail keeps them for 90 days, and the window begins before %s", stamp(oldest))
	}
	pages := cloudtrail.NewLookupEventsPaginator(t.api, &cloudtrail.LookupEventsInput{
		StartTime: aws.Time(start), EndTime: aws.Time(t.window.End), MaxResults: aws.Int32(pageLimit),
		LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyReadOnly,
			AttributeValue: aws.String("false")}},
	})
	var events []types.Event
	for n := 0; pages.HasMorePages(); n++ {
		if n == t.maxPages {
			return events, diag.Errorf(diag.KindIncomplete,
				"looking up events: stopped after %d pages; what happened before %s was not read", n, oldestOf(events))
		}
		if err := t.pacer.Wait(ctx); err != nil {
			return events, fmt.Errorf("looking up events: %w", err)
		}
		page, err := pages.NextPage(ctx)
		if err != nil {
			return events, fmt.Errorf("looking up events: %w", err)
		}
		events = append(events, page.Events...)
	}
	return events, clipped
}

// globalServices file their events in us-east-1, wherever they are called from ("Global service events", AWS CloudTrail
// User Guide; Route 53, Global Accelerator, Organizations and WAF say so in their own guides).
var globalServices = set(`iam.amazonaws.com sts.amazonaws.com cloudfront.amazonaws.com route53.amazonaws.com
	route53domains.amazonaws.com organizations.amazonaws.com globalaccelerator.amazonaws.com waf.amazonaws.com
	wafv2.amazonaws.com shield.amazonaws.com networkmanager.amazonaws.com account.amazonaws.com`)

func oldestOf(events []types.Event) string {
	for _, e := range slices.Backward(events) {
		if e.EventTime != nil {
			return stamp(*e.EventTime)
		}
	}
	return "some time"
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// sortOut tells changes from refused calls and from noise.
func sortOut(events []types.Event) *Sweep {
	s := &Sweep{Read: len(events)}
	folds := map[Fold]int{}
	for _, e := range events {
		c := readCall(e)
		if c.runs() {
			s.Runs = append(s.Runs, c.change())
		}
		if c.releases() {
			s.Releases = append(s.Releases, c.change())
		}
		switch why := c.folded(); {
		case c.name == "" || c.record.get("readOnly").str() == "true" && !c.denied():
			folds[Fold{Action: c.action(), Why: "no write event"}]++
		case c.denied():
			s.Refused = append(s.Refused, c.change())
		case c.failure() != "":
			folds[Fold{Action: c.action(), Why: "failed"}]++
		case why != "":
			folds[Fold{Action: c.action(), Why: why}]++
		default:
			s.Changes = append(s.Changes, c.change())
		}
	}
	for f, n := range folds {
		f.Count = n
		s.Folded = append(s.Folded, f)
	}
	slices.SortFunc(s.Folded, func(a, b Fold) int {
		return cmp.Or(-cmp.Compare(a.Count, b.Count), cmp.Compare(a.Action, b.Action), cmp.Compare(a.Why, b.Why))
	})
	s.Changes, s.Refused, s.Runs = inOrder(s.Changes), inOrder(s.Refused), inOrder(s.Runs)
	s.Releases = inOrder(s.Releases)
	return s
}
