package metrics

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Detectors returns the metrics of the dimensions for which an anomaly detector is trained, sorted: only they have a
// band.
func Detectors(ctx context.Context, api DetectorAPI, of ...Dimension) ([]Metric, error) {
	in := &cloudwatch.DescribeAnomalyDetectorsInput{}
	for _, d := range of {
		in.Dimensions = append(in.Dimensions, types.Dimension{Name: aws.String(d.Name), Value: aws.String(d.Value)})
	}
	var found []Metric
	for pages := cloudwatch.NewDescribeAnomalyDetectorsPaginator(api, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return found, fmt.Errorf("listing anomaly detectors: %w", err)
		}
		for _, d := range page.AnomalyDetectors {
			if single := d.SingleMetricAnomalyDetector; single != nil && d.StateValue == types.AnomalyDetectorStateValueTrained {
				found = append(found, metricFrom(&types.Metric{Namespace: single.Namespace, MetricName: single.MetricName,
					Dimensions: single.Dimensions}, aws.ToString(single.Stat)))
			}
		}
	}
	slices.SortFunc(found, func(a, b Metric) int { return cmp.Compare(a.String(), b.String()) })
	return found, nil
}

// Band is what an anomaly detector expects of a metric: between Low and High.
type Band struct{ Low, High Series }

// Outside returns the last span of at least n periods in a row in which the series lay outside the band, and reports
// the direction in which its furthest point did. Periods that the band or the series has no point for end a span.
func (b Band) Outside(s Series, n int) (Episode, Direction, bool) {
	low, high := byTime(b.Low), byTime(b.High)
	far := func(p Point) float64 {
		l, okLow := low[p.At]
		h, okHigh := high[p.At]
		switch {
		case okHigh && p.Value > h:
			return p.Value - h
		case okLow && p.Value < l:
			return p.Value - l
		}
		return 0
	}
	var found, current Episode
	var worst float64
	direction, count := Rise, 0
	for _, p := range s.Points {
		off := far(p)
		switch {
		case off == 0:
			if count >= n && found.End.IsZero() && found.Start.Equal(current.Start) {
				found.End = p.At
			}
			count, worst = 0, 0
			continue
		case count == 0 || p.At.Sub(current.Peak.At) > s.Span.Duration():
			current = Episode{Start: p.At, Peak: p}
		}
		count++
		if math.Abs(off) >= math.Abs(worst) {
			worst, current.Peak = off, p
		}
		if count >= n {
			if found = current; worst < 0 {
				direction = Fall
			} else {
				direction = Rise
			}
		}
	}
	return found, direction, !found.Start.IsZero()
}

func byTime(s Series) map[time.Time]float64 {
	at := map[time.Time]float64{}
	for _, p := range s.Points {
		at[p.At] = p.Value
	}
	return at
}

// usualDeviations is how wide CloudWatch's console draws a band ("Using CloudWatch anomaly detection").
const usualDeviations = 2

// Bands reads the anomaly bands of metrics over the span of the source, in calls of 250 metrics: a metric and its band
// are two queries of the 500. They are by the name of the metric; one without points has no trained detector.
// Deviations is the width; zero means two.
func (s *Source) Bands(ctx context.Context, deviations float64, of ...Metric) (map[string]Band, error) {
	if deviations <= 0 {
		deviations = usualDeviations
	}
	bands := map[string]Band{}
	for chunk := range slices.Chunk(of, maxQueries/2) {
		pages := cloudwatch.NewGetMetricDataPaginator(s.api, s.bandInput(chunk, deviations))
		points := make([][]Point, len(chunk))
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return bands, fmt.Errorf("reading %d anomaly bands: %w", len(chunk), err)
			}
			for _, r := range page.MetricDataResults {
				i, err := strconv.Atoi(strings.TrimPrefix(aws.ToString(r.Id), "b"))
				if err != nil || i < 0 || i >= len(chunk) {
					continue
				}
				if r.StatusCode == types.StatusCodeForbidden {
					return bands, diag.Errorf(diag.KindDenied, "reading the anomaly band of %s: forbidden", chunk[i])
				}
				for j := range min(len(r.Timestamps), len(r.Values)) {
					points[i] = append(points[i], Point{At: r.Timestamps[j].UTC(), Value: r.Values[j]})
				}
			}
		}
		for i, m := range chunk {
			bands[m.String()] = s.band(m, points[i])
		}
	}
	return bands, nil
}

func (s *Source) bandInput(of []Metric, deviations float64) *cloudwatch.GetMetricDataInput {
	entries := make([]*entry, len(of))
	for i, m := range of {
		entries[i] = &entry{metric: m}
	}
	in := s.input(entries)
	for i := range of {
		in.MetricDataQueries[i].ReturnData = aws.Bool(false)
		in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{Id: aws.String("b" + strconv.Itoa(i)),
			Expression: aws.String(fmt.Sprintf("ANOMALY_DETECTION_BAND(%s, %s)", queryID(i),
				strconv.FormatFloat(deviations, 'f', -1, 64)))})
	}
	return in
}

// band makes the two limits of the points. CloudWatch answers one query with two series and does not document how to
// tell them apart: of two points of one time the lower is the lower limit.
func (s *Source) band(m Metric, points []Point) Band {
	series := Series{Metric: m, Period: s.period, Span: s.span}
	b := Band{Low: series, High: series}
	slices.SortStableFunc(points,
		func(x, y Point) int { return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.Value, y.Value)) })
	for i := 0; i+1 < len(points); i++ {
		if points[i].At.Equal(points[i+1].At) {
			b.Low.Points, b.High.Points = append(b.Low.Points, points[i]), append(b.High.Points, points[i+1])
			i++
		}
	}
	return b
}
