package rdsdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/pi"
	"github.com/aws/aws-sdk-go-v2/service/pi/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// Load is a database instance as Performance Insights sees it: what its sessions do and wait for. It is asked only
// where the instance has Performance Insights, and where somebody asks how the database fares or more sessions are
// active than it has processors.
//
// The API outlives the console of that name, which AWS ended on July 31, 2026 in favour of CloudWatch Database Insights
// ("Turning Performance Insights on and off", Amazon RDS and Aurora User Guides).
type Load struct {
	*DBInstance
	api   LoadAPI
	asked bool

	sessions   diag.Memo[*Sessions]
	statements diag.MemoMap[diag.Window, []Statement]
}

// NewLoad makes the load of an instance. Asked says that the question is how the database fares, so that Performance
// Insights is read also where the load is not high.
func NewLoad(i *DBInstance, api LoadAPI, asked bool) *Load {
	return &Load{DBInstance: i, api: api, asked: asked}
}

// Sessions are the active sessions of an instance over time, and what they wait for. Values are averages.
type Sessions struct {
	// Total is all active sessions.
	Total metrics.Series
	// Waits are the sessions by wait event, the most first.
	Waits []Wait
	// Deadlocks are counted by the minute; without points where the engine has no such counter.
	Deadlocks metrics.Series
}

// Wait is a wait event and the sessions in it.
type Wait struct {
	// Name is the engine's, such as "Lock:transactionid" or "wait/io/table/sql/handler".
	Name     string
	Kind     WaitKind
	Sessions metrics.Series
}

// Statement is a statement without its literals, and the sessions in it.
type Statement struct {
	Text string
	// Sessions is the average number of sessions that ran it; Waits splits that by wait event.
	Sessions float64
	Waits    map[string]float64
}

const (
	// loadMetric is active sessions; topKeys is how many wait events or statements are asked for, of 10 that
	// GetResourceMetrics gives ("DimensionGroup", Performance Insights API Reference, Limit).
	loadMetric = "db.load.avg"
	topKeys    = 10
	// loadRetention is how far back every instance has data ("GetResourceMetrics", same source).
	loadRetention = 7 * 24 * time.Hour
)

// identifier returns the id under which Performance Insights knows the instance; "" where it is not to be asked.
func (l *Load) identifier(ctx context.Context) (string, error) {
	d, err := l.Describe(ctx)
	if err != nil || !aws.ToBool(d.PerformanceInsightsEnabled) || engineOf(d) == "" {
		return "", err
	}
	if l.asked {
		return aws.ToString(d.DbiResourceId), nil
	}
	_, set, err := l.observe(ctx)
	if _, _, above := (reading{l.DBInstance, d, set}).aboveProcessors(); !above {
		return "", err
	}
	return aws.ToString(d.DbiResourceId), nil
}

// Sessions returns the sessions over the window and as much time before it; nil where Performance Insights is not
// enabled or not worth asking. What lies further back than 7 days is left out.
func (l *Load) Sessions(ctx context.Context) (*Sessions, error) {
	return l.sessions.Get(ctx, func(ctx context.Context) (*Sessions, error) {
		id, err := l.identifier(ctx)
		if id == "" {
			return nil, err
		}
		d, err := l.Describe(ctx)
		if err != nil {
			return nil, err
		}
		span, period := l.loadSpan()
		in := &pi.GetResourceMetricsInput{ServiceType: types.ServiceTypeRds, Identifier: aws.String(id),
			StartTime: aws.Time(span.Start), EndTime: aws.Time(span.End), PeriodInSeconds: aws.Int32(int32(period.Seconds())),
			PeriodAlignment: types.PeriodAlignmentStartTime,
			MetricQueries: []types.MetricQuery{{Metric: aws.String(loadMetric),
				GroupBy: &types.DimensionGroup{Group: aws.String("db.wait_event"), Limit: aws.Int32(topKeys)}}}}
		counter := deadlockCounters[engineOf(d)]
		if counter != "" {
			in.MetricQueries = append(in.MetricQueries, types.MetricQuery{Metric: aws.String(counter)})
		}
		s, err := l.read(ctx, in, counter)
		if diag.KindOf(err) == diag.KindInvalid && counter != "" { // an engine version without the counter
			in.MetricQueries = in.MetricQueries[:1]
			s, err = l.read(ctx, in, "")
		}
		return s, err
	})
}

// loadSpan returns what is read, and in which steps: the span of the metrics, as far as data is kept.
func (l *Load) loadSpan() (diag.Window, time.Duration) {
	span, period := l.source.Span(), l.source.Period()
	if oldest := span.End.Add(-loadRetention).Add(period); span.Start.Before(oldest) {
		span.Start = oldest.Truncate(period)
	}
	return span, period
}

func (l *Load) read(ctx context.Context, in *pi.GetResourceMetricsInput, counter string) (*Sessions, error) {
	s := &Sessions{}
	span, period := l.loadSpan()
	for pages := pi.NewGetResourceMetricsPaginator(l.api, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return s, fmt.Errorf("reading the load of database instance %s: %w", l.ref.id, err)
		}
		for _, key := range page.MetricList {
			if key.Key == nil {
				continue
			}
			series := loadSeries(key, span, period)
			name := key.Key.Dimensions["db.wait_event.name"]
			switch {
			case counter != "" && aws.ToString(key.Key.Metric) == counter:
				s.Deadlocks = series
			case name != "":
				s.Waits = append(s.Waits, Wait{name, ClassifyWait(name, key.Key.Dimensions["db.wait_event.type"]), series})
			case len(key.Key.Dimensions) == 0:
				s.Total = series
			}
		}
	}
	slices.SortStableFunc(s.Waits, func(a, b Wait) int {
		return cmp.Or(cmp.Compare(mean(b.Sessions, span), mean(a.Sessions, span)), cmp.Compare(a.Name, b.Name))
	})
	return s, nil
}

// loadSeries makes a series of an answer. Points without a value are missing, not zero.
func loadSeries(key types.MetricKeyDataPoints, span diag.Window, period time.Duration) metrics.Series {
	s := metrics.Series{Period: period, Span: span, Metric: metrics.Metric{Namespace: "Performance Insights",
		Name: aws.ToString(key.Key.Metric), Stat: "Average"}}
	for _, p := range key.DataPoints {
		if p.Timestamp != nil && p.Value != nil {
			s.Points = append(s.Points, metrics.Point{At: p.Timestamp.UTC(), Value: *p.Value})
		}
	}
	slices.SortStableFunc(s.Points, func(a, b metrics.Point) int { return a.At.Compare(b.At) })
	return s
}

// mean is the average over the periods of a span; missing points of a wait event are no sessions.
func mean(s metrics.Series, span diag.Window) float64 {
	if s.Period <= 0 || span.Duration() < s.Period {
		return 0
	}
	total := 0.0
	for _, p := range s.Between(span).Points {
		total += p.Value
	}
	return total / float64(span.Duration()/s.Period)
}

// Statements returns the statements that made most of the load in a span, without literals, the most first.
func (l *Load) Statements(ctx context.Context, span diag.Window) ([]Statement, error) {
	return l.statements.Get(ctx, span, func(ctx context.Context) ([]Statement, error) {
		id, err := l.identifier(ctx)
		if id == "" {
			return nil, err
		}
		d, err := l.Describe(ctx)
		if err != nil {
			return nil, err
		}
		pages := pi.NewDescribeDimensionKeysPaginator(l.api, &pi.DescribeDimensionKeysInput{
			ServiceType: types.ServiceTypeRds, Identifier: aws.String(id), Metric: aws.String(loadMetric),
			StartTime: aws.Time(span.Start), EndTime: aws.Time(span.End),
			GroupBy: &types.DimensionGroup{Group: aws.String("db.sql_tokenized"),
				Dimensions: []string{"db.sql_tokenized.statement"}, Limit: aws.Int32(topKeys)},
			PartitionBy: &types.DimensionGroup{Group: aws.String("db.wait_event"),
				Dimensions: []string{"db.wait_event.name"}, Limit: aws.Int32(topKeys)}})
		var found []Statement
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return inLoadOrder(found), fmt.Errorf("reading the statements of database instance %s: %w", l.ref.id, err)
			}
			found = append(found, statementsOf(page, engineOf(d))...)
		}
		return inLoadOrder(found), nil
	})
}

func statementsOf(out *pi.DescribeDimensionKeysOutput, engine string) []Statement {
	var found []Statement
	for _, key := range out.Keys {
		text := withoutLiterals(key.Dimensions["db.sql_tokenized.statement"], engine == "mysql" || engine == "mariadb")
		if text == "" {
			continue
		}
		s := Statement{Text: text, Sessions: aws.ToFloat64(key.Total), Waits: map[string]float64{}}
		for i, v := range key.Partitions {
			if i < len(out.PartitionKeys) {
				s.Waits[out.PartitionKeys[i].Dimensions["db.wait_event.name"]] += v
			}
		}
		found = append(found, s)
	}
	return found
}

func inLoadOrder(found []Statement) []Statement {
	slices.SortStableFunc(found, func(a, b Statement) int { return cmp.Compare(b.Sessions, a.Sessions) })
	return found
}

// deadlockCounters count deadlocks by the minute ("Performance Insights counter metrics", native counters of each
// engine).
var deadlockCounters = map[string]string{
	"postgres": "db.Concurrency.deadlocks.avg", "mysql": "db.Locks.innodb_deadlocks.avg",
	"mariadb": "db.Locks.innodb_deadlocks.avg",
}
