package metrics

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/awsdiag/awsdiag/diag"
)

// maxQueries is how many metrics one call may ask for ("GetMetricData", Amazon CloudWatch API Reference).
const maxQueries = 500

// read fetches the entries, in calls of 500 side by side. It sets the series or the error of each.
func (s *Source) read(ctx context.Context, entries []*entry) {
	slices.SortFunc(entries, func(a, b *entry) int { return cmp.Compare(a.key, b.key) })
	var group sync.WaitGroup
	for chunk := range slices.Chunk(entries, maxQueries) {
		group.Add(1)
		go func() {
			defer group.Done()
			s.readChunk(ctx, chunk)
		}()
	}
	group.Wait()
}

// answer gathers the parts of one result over the pages.
type answer struct {
	points   []Point
	status   types.StatusCode
	messages []string
	seen     bool
}

// readChunk makes one call and its pages. A panic becomes the error of the chunk: it runs where nobody else catches it.
func (s *Source) readChunk(ctx context.Context, entries []*entry) {
	defer func() {
		if p := recover(); p != nil {
			for _, e := range entries {
				e.err = diag.Errorf(diag.KindPanic, "reading %d metrics: panic: %v", len(entries), p)
			}
		}
	}()
	answers := make([]answer, len(entries))
	pages := cloudwatch.NewGetMetricDataPaginator(s.api, s.input(entries))
	var failed error
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			failed = fmt.Errorf("reading %d metrics: %w", len(entries), err)
			break
		}
		collect(page, answers)
	}
	for i, e := range entries {
		e.series = Series{Metric: e.metric, Period: s.period, Span: s.span, Points: answers[i].sorted()}
		e.err = answers[i].fault(e.metric, failed)
	}
}

func (s *Source) input(entries []*entry) *cloudwatch.GetMetricDataInput {
	in := &cloudwatch.GetMetricDataInput{
		StartTime: aws.Time(s.span.Start), EndTime: aws.Time(s.span.End), ScanBy: types.ScanByTimestampAscending,
	}
	in.MetricDataQueries = make([]types.MetricDataQuery, 0, len(entries))
	for i, e := range entries {
		stat := &types.MetricStat{
			Metric: &types.Metric{Namespace: aws.String(e.metric.Namespace), MetricName: aws.String(e.metric.Name)},
			Period: aws.Int32(int32(s.period.Seconds())), Stat: aws.String(e.metric.Stat),
		}
		for _, d := range e.metric.Dimensions {
			stat.Metric.Dimensions = append(stat.Metric.Dimensions,
				types.Dimension{Name: aws.String(d.Name), Value: aws.String(d.Value)})
		}
		in.MetricDataQueries = append(in.MetricDataQueries,
			types.MetricDataQuery{Id: aws.String(queryID(i)), MetricStat: stat})
	}
	return in
}

// queryID makes an id of the required form: it begins with a lower-case letter.
func queryID(i int) string { return "m" + strconv.Itoa(i) }

func collect(page *cloudwatch.GetMetricDataOutput, answers []answer) {
	for _, r := range page.MetricDataResults {
		i, err := strconv.Atoi(strings.TrimPrefix(aws.ToString(r.Id), "m"))
		if err != nil || i < 0 || i >= len(answers) {
			continue
		}
		answers[i].add(r)
	}
}

// add takes one part of the result.
func (a *answer) add(r types.MetricDataResult) {
	a.seen, a.status = true, r.StatusCode
	a.points = slices.Grow(a.points, min(len(r.Timestamps), len(r.Values)))
	for j := range min(len(r.Timestamps), len(r.Values)) {
		a.points = append(a.points, Point{At: r.Timestamps[j].UTC(), Value: r.Values[j]})
	}
	for _, m := range r.Messages {
		a.messages = append(a.messages, aws.ToString(m.Value))
	}
}

func (a answer) sorted() []Point {
	slices.SortStableFunc(a.points, func(x, y Point) int { return x.At.Compare(y.At) })
	return slices.CompactFunc(a.points, func(x, y Point) bool { return x.At.Equal(y.At) })
}

// fault judges the last status of a result: PartialData on the way only says that another page follows
// ("MetricDataResult", Amazon CloudWatch API Reference).
func (a answer) fault(m Metric, failed error) error {
	said := strings.Join(a.messages, "; ")
	switch {
	case failed != nil && (!a.seen || a.status != types.StatusCodeComplete):
		return failed
	case !a.seen:
		return diag.Errorf(diag.KindIncomplete, "reading metric %s: CloudWatch gave no result for it", m)
	case a.status == types.StatusCodeForbidden:
		return diag.Errorf(diag.KindDenied, "reading metric %s: forbidden: %s", m, said)
	case a.status == types.StatusCodePartialData, a.status == types.StatusCodeInternalError:
		return diag.Errorf(diag.KindIncomplete, "reading metric %s: CloudWatch answered %s %s", m, a.status, said)
	}
	return nil
}
