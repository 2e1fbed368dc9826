package traces

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/xray"
	"github.com/aws/aws-sdk-go-v2/service/xray/types"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// maxSpan is how long a time frame one question may ask about ("Getting data from AWS X-Ray", AWS X-Ray Developer
	// Guide).
	maxSpan = 6 * time.Hour
	// retention is how long X-Ray keeps traces ("AWS X-Ray endpoints and quotas").
	retention = 30 * 24 * time.Hour
	// batchLimit is how many traces one call returns ("BatchGetTraces", AWS X-Ray API Reference).
	batchLimit = 5
	// maxPages bounds the pages read of each six hours.
	maxPages = 20
	// maxExamples bounds the traces read in full for each kind of trouble.
	maxExamples = 10

	// DefaultSlowAfter is from which response time on a request counts as slow, unless [WithSlowAfter] says otherwise.
	DefaultSlowAfter = 5 * time.Second
)

// Traces are the traced requests of one account and region within a window that failed, were throttled or took long.
type Traces struct {
	api    TraceAPI
	window diag.Window
	filter string
	slow   time.Duration

	summaries diag.Memo[*Summaries]
	trees     diag.MemoMap[string, []Tree]
	graph     diag.Memo[[]Edge]
}

// Option changes which requests are looked at.
type Option func(*Traces)

// WithFilter looks only at traces that a filter expression matches, such as `service("api")` ("Use filter expressions",
// AWS X-Ray Developer Guide).
func WithFilter(expression string) Option { return func(t *Traces) { t.filter = expression } }

// WithSlowAfter sets from which response time on a request counts as slow.
func WithSlowAfter(d time.Duration) Option { return func(t *Traces) { t.slow = d } }

// NewTraces makes the subject. It looks back on the window, whose End is now.
func NewTraces(api TraceAPI, window diag.Window, options ...Option) *Traces {
	t := &Traces{api: api, window: window, slow: DefaultSlowAfter}
	for _, o := range options {
		o(t)
	}
	return t
}

// Resource names what is looked at: the group of all traces, or those of a filter. It makes no call.
func (t *Traces) Resource() diag.Resource {
	return diag.Resource{Type: "AWS::XRay::Group", ID: cmp.Or(t.filter, "Default")}
}

// Summaries are what X-Ray tells of traces without their segments.
type Summaries struct {
	// Processed is how many traces X-Ray looked through, those that are sound among them.
	Processed int
	// Faulty, Throttled and Slow are the traces of each trouble, the oldest first. A slow trace is one without a fault
	// that answered an HTTP request.
	Faulty, Throttled, Slow []types.TraceSummary
}

// expression asks for everything that is not as it should be.
func (t *Traces) expression() string {
	trouble := "fault = true OR throttle = true OR responsetime > " + strconv.FormatFloat(t.slow.Seconds(), 'f', -1, 64)
	if t.filter == "" {
		return trouble
	}
	return "(" + t.filter + ") AND (" + trouble + ")"
}

// Summaries returns the traces of requests in trouble. What was read is returned even with an error.
func (t *Traces) Summaries(ctx context.Context) (*Summaries, error) {
	return t.summaries.Get(ctx, func(ctx context.Context) (*Summaries, error) {
		spans, clipped := t.spans()
		found, errs := make([][]types.TraceSummary, len(spans)), make([]error, len(spans)+1)
		processed := make([]int, len(spans))
		var group sync.WaitGroup
		for i, span := range spans {
			group.Go(func() { found[i], processed[i], errs[i] = t.summariesOf(ctx, span) })
		}
		group.Wait()
		errs[len(spans)] = clipped
		s := &Summaries{}
		for _, n := range processed {
			s.Processed += n
		}
		s.sort(slices.Concat(found...), t.slow)
		return s, errors.Join(errs...)
	})
}

func (t *Traces) summariesOf(ctx context.Context,
	span diag.Window) (found []types.TraceSummary, processed int, err error) {
	pages := xray.NewGetTraceSummariesPaginator(t.api, &xray.GetTraceSummariesInput{
		StartTime: aws.Time(span.Start), EndTime: aws.Time(span.End), FilterExpression: aws.String(t.expression()),
	})
	for n := 0; pages.HasMorePages(); n++ {
		if n == maxPages {
			return found, processed, diag.Errorf(diag.KindIncomplete,
				"listing traces from %s: stopped after %d pages, the newest first", stamp(span.Start), n)
		}
		page, err := pages.NextPage(ctx)
		if err != nil {
			return found, processed, fmt.Errorf("listing traces from %s: %w", stamp(span.Start), err)
		}
		found, processed = append(found, page.TraceSummaries...), processed+int(aws.ToInt64(page.TracesProcessedCount))
	}
	return found, processed, nil
}

// sort puts each trace where it belongs.
func (s *Summaries) sort(all []types.TraceSummary, slow time.Duration) {
	slices.SortStableFunc(all, func(a, b types.TraceSummary) int {
		return cmp.Or(begun(a).Compare(begun(b)), cmp.Compare(aws.ToString(a.Id), aws.ToString(b.Id)))
	})
	all = slices.CompactFunc(all, func(a, b types.TraceSummary) bool {
		return a.Id != nil &&
			aws.ToString(a.Id) == aws.ToString(b.Id)
	})
	for _, x := range all {
		switch {
		case aws.ToBool(x.HasFault):
			s.Faulty = append(s.Faulty, x)
		case !aws.ToBool(x.HasThrottle) && aws.ToFloat64(x.ResponseTime) > slow.Seconds() && x.Http != nil &&
			aws.ToString(x.Http.HttpURL) != "":
			s.Slow = append(s.Slow, x)
		}
		if aws.ToBool(x.HasThrottle) {
			s.Throttled = append(s.Throttled, x)
		}
	}
}

// begun is when a trace began: told by the summary, or else by its id, "1-" and the seconds since 1970 in hexadecimal.
func begun(s types.TraceSummary) time.Time {
	if s.StartTime != nil {
		return s.StartTime.UTC()
	}
	if parts := strings.Split(aws.ToString(s.Id), "-"); len(parts) == 3 {
		if n, err := strconv.ParseInt(parts[1], 16, 64); err == nil {
			return time.Unix(n, 0).UTC()
		}
	}
	return time.Time{}
}

// spans cuts the window into pieces that one question may ask about, the newest first, and leaves out what X-Ray has
// forgotten.
func (t *Traces) spans() ([]diag.Window, error) {
	var clipped error
	start := t.window.Start
	if oldest := t.window.End.Add(-retention); start.Before(oldest) {
		start, clipped = oldest, diag.Errorf(diag.KindIncomplete,
			"listing traces: X-Ray keeps them for 30 days, and the window begins before %s", stamp(oldest))
	}
	var spans []diag.Window
	for end := t.window.End; end.After(start); end = end.Add(-maxSpan) {
		from := end.Add(-maxSpan)
		if from.Before(start) {
			from = start
		}
		spans = append(spans, diag.Window{Start: from, End: end})
	}
	return spans, clipped
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Tree is a trace that was read in full.
type Tree struct {
	ID    string
	At    time.Time
	Roots []*Segment
}

// Trees reads some of the traces in full: the first and the last ones, ten at most. What was read is returned even with
// an error.
func (t *Traces) Trees(ctx context.Context, of []types.TraceSummary) ([]Tree, error) {
	at := map[string]time.Time{}
	var wanted []string
	for _, s := range examples(of) {
		if id := aws.ToString(s.Id); id != "" {
			at[id] = begun(s)
			wanted = append(wanted, id)
		}
	}
	batches := slices.Collect(slices.Chunk(wanted, batchLimit))
	found, errs := make([][]Tree, len(batches)), make([]error, len(batches))
	var group sync.WaitGroup
	for i, batch := range batches {
		group.Go(func() {
			found[i], errs[i] = t.trees.Get(ctx, strings.Join(batch, " "),
				func(ctx context.Context) ([]Tree, error) { return t.batch(ctx, batch) })
		})
	}
	group.Wait()
	trees := slices.Concat(found...)
	for i := range trees {
		trees[i].At = at[trees[i].ID]
	}
	slices.SortStableFunc(trees, func(a, b Tree) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return trees, errors.Join(errs...)
}

// examples picks the first and the last of many.
func examples(all []types.TraceSummary) []types.TraceSummary {
	if len(all) <= maxExamples {
		return all
	}
	half := maxExamples / 2
	return slices.Concat(all[:half], all[len(all)-half:])
}

func (t *Traces) batch(ctx context.Context, ids []string) ([]Tree, error) {
	pages := xray.NewBatchGetTracesPaginator(t.api, &xray.BatchGetTracesInput{TraceIds: ids})
	var trees []Tree
	var errs []error
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return trees, errors.Join(append(errs, fmt.Errorf("reading traces: %w", err))...)
		}
		for _, trace := range page.Traces {
			roots, err := Parse(trace)
			trees, errs = append(trees, Tree{ID: aws.ToString(trace.Id), Roots: roots}), append(errs, err)
			if aws.ToBool(trace.LimitExceeded) {
				errs = append(errs, diag.Errorf(diag.KindIncomplete, "reading trace %s: it is larger than X-Ray keeps",
					aws.ToString(trace.Id)))
			}
		}
		if n := len(page.UnprocessedTraceIds); n > 0 {
			errs = append(errs, diag.Errorf(diag.KindIncomplete, "reading traces: X-Ray left out %d of %d", n, len(ids)))
		}
	}
	return trees, errors.Join(errs...)
}
