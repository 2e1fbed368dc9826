package metricsfake

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

const (
	// maxQueries and maxPoints are the limits of one call ("GetMetricData", Amazon CloudWatch API Reference).
	maxQueries = 500
	maxPoints  = 100_800

	defaultPeriod = 5 * time.Minute
)

func (c *Client) getMetricData(in *cloudwatch.GetMetricDataInput) (*cloudwatch.GetMetricDataOutput, error) {
	if err := validate(in); err != nil {
		return nil, err
	}
	var parts []types.MetricDataResult
	largest := 1
	for _, q := range in.MetricDataQueries {
		if q.ReturnData != nil && !*q.ReturnData {
			continue
		}
		if q.Expression != nil && searchFor.MatchString(*q.Expression) {
			parts = append(parts, c.search(in, q)...)
			continue
		}
		if q.Expression != nil {
			parts = append(parts, c.band(in, q)...)
			continue
		}
		r := c.result(in, q)
		largest = max(largest, len(r.Values))
		parts = append(parts, halves(r)...)
	}
	page, token, err := diagfake.Page(&c.Recorder, "cloudwatch:GetMetricData", parts, in.NextToken,
		max(maxPoints/largest, 1))
	if err != nil {
		return nil, err
	}
	return &cloudwatch.GetMetricDataOutput{MetricDataResults: page, NextToken: token}, nil
}

// bandOf finds the query whose band is asked for.
var bandOf = regexp.MustCompile(`^ANOMALY_DETECTION_BAND\((\w+)(?:, *[\d.]+)?\)$`)

// band answers with two results of one id, the upper limit first.
func (c *Client) band(in *cloudwatch.GetMetricDataInput, q types.MetricDataQuery) []types.MetricDataResult {
	id := bandOf.FindStringSubmatch(*q.Expression)[1]
	var results []types.MetricDataResult
	for _, of := range in.MetricDataQueries {
		if aws.ToString(of.Id) != id || of.MetricStat == nil {
			continue
		}
		b := c.Bands[metricOf(of.MetricStat).String()]
		for _, limit := range []metrics.Series{b.High, b.Low} {
			r := types.MetricDataResult{Id: q.Id, StatusCode: types.StatusCodeComplete}
			span := diag.Window{Start: *in.StartTime, End: *in.EndTime}
			for _, p := range aggregate(limit.Points, span, period(of.MetricStat), "Average") {
				r.Timestamps, r.Values = append(r.Timestamps, p.At), append(r.Values, p.Value)
			}
			results = append(results, r)
		}
	}
	return results
}

var idPattern = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]*$`)

func validate(in *cloudwatch.GetMetricDataInput) error {
	invalid := func(format string, args ...any) error {
		return diagfake.APIError("ValidationError", fmt.Sprintf(format, args...))
	}
	seen := map[string]bool{}
	for _, q := range in.MetricDataQueries {
		id := aws.ToString(q.Id)
		if !idPattern.MatchString(id) || seen[id] {
			return invalid("The id %q of MetricDataQueries is not unique or not valid", id)
		}
		seen[id] = true
		if q.Expression != nil {
			if !bandOf.MatchString(*q.Expression) && !searchFor.MatchString(*q.Expression) {
				return invalid("The expression %q is none that this fake knows", *q.Expression)
			}
			continue
		}
		if q.MetricStat == nil || q.MetricStat.Metric == nil || aws.ToInt32(q.MetricStat.Period) <= 0 {
			return invalid("The query %q has no MetricStat: this fake knows no expressions", id)
		}
	}
	switch {
	case len(in.MetricDataQueries) == 0:
		return diagfake.APIError("MissingParameter", "The parameter MetricDataQueries is required.")
	case len(in.MetricDataQueries) > maxQueries:
		return invalid("The collection MetricDataQueries must not have a size greater than %d.", maxQueries)
	case in.StartTime == nil || in.EndTime == nil:
		return diagfake.APIError("MissingParameter", "The parameters StartTime and EndTime are required.")
	case !in.StartTime.Before(*in.EndTime):
		return invalid("The parameter StartTime must be less than the parameter EndTime.")
	}
	return nil
}

// result answers one query. A metric that does not exist gives an empty result, as in CloudWatch.
func (c *Client) result(in *cloudwatch.GetMetricDataInput, q types.MetricDataQuery) types.MetricDataResult {
	r := types.MetricDataResult{
		Id: q.Id, Label: q.MetricStat.Metric.MetricName, StatusCode: types.StatusCodeComplete,
	}
	asked := metricOf(q.MetricStat)
	if s, ok := c.series(asked); ok {
		if s.Status != "" {
			r.StatusCode = s.Status
		}
		span := diag.Window{Start: *in.StartTime, End: *in.EndTime}
		for _, p := range aggregate(s.Points, span, period(q.MetricStat), asked.Stat) {
			r.Timestamps, r.Values = append(r.Timestamps, p.At), append(r.Values, p.Value)
		}
	}
	if in.ScanBy != types.ScanByTimestampAscending {
		slices.Reverse(r.Timestamps)
		slices.Reverse(r.Values)
	}
	return r
}

// series returns what is known of a metric. Where an account was saved with the averages only, they stand for its
// minima and maxima: they are never the more extreme, so nothing looks worse than it was.
func (c *Client) series(asked metrics.Metric) (Series, bool) {
	known := func(m metrics.Metric) int {
		return slices.IndexFunc(c.Series, func(s Series) bool { return s.Metric.String() == m.String() })
	}
	n := known(asked)
	if n < 0 && (asked.Stat == "Minimum" || asked.Stat == "Maximum") {
		asked.Stat = "Average"
		n = known(asked)
	}
	if n < 0 {
		return Series{}, false
	}
	return c.Series[n], true
}

func period(s *types.MetricStat) time.Duration {
	return time.Duration(aws.ToInt32(s.Period)) * time.Second
}

func metricOf(s *types.MetricStat) metrics.Metric {
	m := metrics.Metric{
		Namespace: aws.ToString(s.Metric.Namespace), Name: aws.ToString(s.Metric.MetricName), Stat: aws.ToString(s.Stat),
	}
	for _, d := range s.Metric.Dimensions {
		m.Dimensions = append(m.Dimensions, metrics.Dimension{Name: aws.ToString(d.Name), Value: aws.ToString(d.Value)})
	}
	return m
}

// halves cuts a result in two, so that small pages cut a series as AWS's pages do.
func halves(r types.MetricDataResult) []types.MetricDataResult {
	if len(r.Values) < 2 {
		return []types.MetricDataResult{r}
	}
	first, second := r, r
	n := len(r.Values) / 2
	first.StatusCode = types.StatusCodePartialData
	first.Timestamps, first.Values = r.Timestamps[:n], r.Values[:n]
	second.Timestamps, second.Values = r.Timestamps[n:], r.Values[n:]
	return []types.MetricDataResult{first, second}
}

// aggregate puts the points of a span into periods, oldest first. Of percentiles it takes the highest: what lies behind
// them is not known.
func aggregate(points []metrics.Point, span diag.Window, period time.Duration, stat string) []metrics.Point {
	buckets := map[time.Time][]float64{}
	var starts []time.Time
	for _, p := range points {
		at := p.At.UTC().Truncate(period)
		if !span.Contains(p.At) {
			continue
		}
		if buckets[at] == nil {
			starts = append(starts, at)
		}
		buckets[at] = append(buckets[at], p.Value)
	}
	slices.SortFunc(starts, time.Time.Compare)
	var out []metrics.Point
	for _, at := range starts {
		out = append(out, metrics.Point{At: at, Value: combine(buckets[at], stat)})
	}
	return out
}

func combine(values []float64, stat string) float64 {
	var sum float64
	for _, v := range values {
		sum += v
	}
	switch {
	case stat == "Sum" || stat == "SampleCount":
		return sum
	case stat == "Minimum":
		return slices.Min(values)
	case stat == "Maximum" || strings.HasPrefix(stat, "p"):
		return slices.Max(values)
	}
	return sum / float64(len(values))
}
