package triage

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/scaling"
)

// load is a finding whose weight depends on what is usual.
type load struct {
	codes *regexp.Regexp
	// name and stat are the metric of the finding's resource that shows it.
	name, stat string
	// eases says that what comes back at this hour of most days is information.
	eases bool
	// wears says that it is something used up, which more requests than usual explain.
	wears bool
}

// loads are the findings that are compared with the days before, and with what moved when they began.
var loads = []load{
	{regexp.MustCompile(`^ecs\.cpu-saturated$`), "CPUUtilization", "Average", true, true},
	{regexp.MustCompile(`^scaling\.(?:at-maximum|no-room)$`), "CPUUtilization", "Average", true, true},
	{regexp.MustCompile(`^ecs\.memory-near-limit$`), "MemoryUtilization", "Average", true, false},
	{regexp.MustCompile(`^rds\.(?:cpu-high|clients-heavier)$`), "CPUUtilization", "Average", true, true},
	{regexp.MustCompile(`^rds\.connections-high$`), "DatabaseConnections", "Average", true, true},
	{regexp.MustCompile(`^rds\.(?:connections-exhausted|clients-grew)$`), "DatabaseConnections", "Average", false, true},
	{regexp.MustCompile(`^rds\.(?:iops-at|throughput-at|storage-latency)`), "DiskQueueDepth", "Average", true, true},
	{regexp.MustCompile(`^ec2\.cpu-credits-used-up$`), "CPUUtilization", "Average", false, true},
	{regexp.MustCompile(`^ec2\.nat-gateway-out-of-ports$`), "ActiveConnectionCount", "Maximum", false, true},
	{regexp.MustCompile(`^alb\.slow-responses$`), "TargetResponseTime", "Average", true, true},
	{regexp.MustCompile(`^alb\.connections-rejected$`), "RequestCount", "Sum", false, true},
	{regexp.MustCompile(`^alb\.http-5xx-from-targets$`), "HTTPCode_Target_5XX_Count", "Sum", false, false},
	{regexp.MustCompile(`^alb\.http-50[0-9]`), "HTTPCode_ELB_5XX_Count", "Sum", false, false},
}

func loadOf(code diag.Code) *load {
	i := slices.IndexFunc(loads, func(l load) bool { return l.codes.MatchString(string(code)) })
	if i < 0 {
		return nil
	}
	return &loads[i]
}

// meters returns the metrics of a resource that tell how it fares, under the dimensions that it has.
func meters(r diag.Resource) []metrics.Metric {
	switch r.Type {
	case typeService:
		if cluster, name, ok := strings.Cut(r.ID, "/"); ok {
			return metrics.ECSService(cluster, name)
		}
	case scaling.TypeTarget:
		if parts := strings.Split(r.ID, "/"); len(parts) == 3 && parts[0] == "service" {
			return metrics.ECSService(parts[1], parts[2])
		}
	case typeDBInstance:
		return metrics.DBInstance(r.ID)
	case typeInstance:
		return metrics.EC2Instance(r.ID)
	case typeNATGateway:
		return metrics.NATGateway(r.ID)
	case typeLoadBalancer:
		if strings.HasPrefix(metrics.LoadBalancerDimension(r.ARN), "net/") {
			return metrics.NetworkLoadBalancerMetrics(r.ARN)
		}
		if r.ARN != "" {
			return metrics.LoadBalancerMetrics(r.ARN)
		}
	}
	return nil
}

// meter is the metric that shows a finding.
func (l *load) meter(r diag.Resource) (metrics.Metric, bool) {
	all := meters(r)
	i := slices.IndexFunc(all, func(m metrics.Metric) bool { return m.Name == l.name && m.Stat == l.stat })
	if i < 0 {
		return metrics.Metric{}, false
	}
	return all[i], true
}

// usual is the review of an investigation: it compares loads and rates of errors with the same hour of the days
// before, with one call a scope where something is used up or fails, tells what moved when they began, finds the surge
// of requests behind them, and takes the weight from what a change of credentials brought for a while.
func (w *walk) usual() *diag.Review {
	return &diag.Review{Name: "triage.usual", Infos: []diag.Info{metrics.TrafficSurge}, Actions: metrics.Actions(),
		Run: func(ctx context.Context, found []diag.Finding, links []diag.Link) ([]diag.Finding, error) {
			var errs []error
			var surges []diag.Finding
			for _, scene := range w.scenes {
				if scene.Scope.Clients.CloudWatch == nil {
					continue
				}
				v := &view{scene: scene, found: found, ways: newWays(links)}
				for i, f := range found {
					if l := loadOf(f.Code); l != nil && f.Severity >= diag.SeverityWarning && w.scene(f.Resource) == scene {
						v.loads = append(v.loads, loaded{at: i, load: l})
					}
				}
				v.rates = v.ratesOf(w)
				err := v.look(ctx)
				errs, surges = append(errs, err), append(surges, v.surges()...)
			}
			decided(found, w.symptom.Since)
			takenBack(found, w.window.End)
			if w.symptom.Kind != AccessDenied && w.symptom.Since.Sub(w.window.Start) > settledFor {
				longRefused(found)
			}
			if len(surges) == 0 {
				settled(found, w.symptom.Kind)
			}
			return append(found, surges...), errors.Join(errs...)
		}}
}

// view is what a review sees of one scope.
type view struct {
	scene *Scene
	found []diag.Finding
	ways  ways
	loads []loaded
	rates []rated
	week  map[string]metrics.Baseline
}

// loaded is a finding of a load, by its place, and the series that shows it.
type loaded struct {
	*load
	at     int
	series metrics.Series
	known  bool
}

// look adds evidence to the findings.
func (v *view) look(ctx context.Context) error {
	var ask []metrics.Metric
	worn := false
	for i := range v.loads {
		l := &v.loads[i]
		if m, ok := l.meter(v.found[l.at].Resource); ok {
			if l.series, l.known = v.scene.source.Read(m); l.known && !slices.ContainsFunc(ask, same(m)) {
				ask = append(ask, m)
			}
		}
		worn = worn || l.wears
		v.together(*l)
	}
	if !worn {
		ask = nil
	}
	for _, front := range v.fronts() {
		ask = append(ask, front.requests)
	}
	for _, m := range metersOfRates(v.rates) {
		if !slices.ContainsFunc(ask, same(m)) {
			ask = append(ask, m)
		}
	}
	if len(ask) == 0 {
		return nil
	}
	var err error
	if v.week, err = v.scene.source.Week(ctx, ask...); err != nil {
		err = fmt.Errorf("comparing loads with the days before: %w", err)
	}
	for _, l := range v.loads {
		v.compare(l)
	}
	for _, r := range v.rates {
		v.compareRate(r)
	}
	return err
}

func same(m metrics.Metric) func(metrics.Metric) bool {
	return func(o metrics.Metric) bool { return o.String() == m.String() }
}

// compare tells of a load what is usual at its hour, and takes the weight from one that comes back at it.
func (v *view) compare(l loaded) {
	f := &v.found[l.at]
	week, ok := v.week[l.series.Metric.String()]
	newest, some := l.series.Last()
	if !l.known || !ok || !some {
		return
	}
	span := diag.Window{Start: f.Since, End: newest.At.Add(l.series.Period)}
	if f.Since.IsZero() || f.Since.Before(v.scene.Window.Start) || !f.Since.Before(span.End) {
		span.Start = span.End.Add(-time.Hour)
	}
	if !f.Until.IsZero() && f.Until.After(span.Start) && f.Until.Before(span.End) {
		span.End = f.Until
	}
	c, ok := week.Compare(l.series, span)
	if !ok {
		return
	}
	f.Evidence = append(slices.Clip(f.Evidence), diag.Evidence{Source: "cloudwatch:GetMetricData", At: span.Start,
		Field: l.series.Metric.Name + " " + l.series.Metric.Stat + ", the days before", Value: c.String()})
	if l.eases && c.Recurs() {
		f.Severity = diag.SeverityInfo
		f.Summary += fmt.Sprintf("; so it is at this hour on %d of the %d days before", c.Alike, c.Days)
	}
}

// toldTogether bounds what is told to have moved together.
const toldTogether = 4

// together tells what else moved when a load began: of the resources that it depends on or that depend on it, as far as
// the walk read their metrics anyway.
func (v *view) together(l loaded) {
	f := &v.found[l.at]
	if !l.known || f.Resource.Type == scaling.TypeTarget { // its service tells the same
		return
	}
	onset, ok := l.series.Onset(metrics.Rise)
	if !ok {
		return
	}
	moved := v.companions(l, f.Resource)
	if len(moved) > 0 {
		f.Evidence = append(slices.Clip(f.Evidence), diag.Evidence{Source: "cloudwatch:GetMetricData", At: onset.Start,
			Field: "moved together with " + l.series.Metric.Name, Value: strings.Join(moved, "; ")})
	}
}

// companions tells what moved with a load, and by how much.
func (v *view) companions(l loaded, of diag.Resource) (moved []string) {
	owner, others := v.metered(l, of)
	seen := map[string]bool{}
	for _, c := range metrics.Companions(l.series, metrics.Rise, others...) {
		r := owner[c.Series.Metric.String()]
		key := c.Series.Metric.Name + shortName(r.ID)
		own, ok := c.Series.Onset(c.Direction)
		if seen[key] || !ok || len(moved) == toldTogether {
			continue
		}
		seen[key] = true
		moved = append(moved, fmt.Sprintf("%s of %s %s from %s to %s%s", c.Series.Metric.Name, shortName(r.ID),
			verbs[c.Direction], metrics.Figure(own.Before), metrics.Figure(own.Peak.Value), lag(c.Relation.Lag)))
	}
	return moved
}

// metered returns the series around a resource that were read anyway and are worth telling, and whose each is.
func (v *view) metered(l loaded, of diag.Resource) (owner map[string]diag.Resource, others []metrics.Series) {
	owner = map[string]diag.Resource{}
	for _, r := range v.ways.around(of) {
		for _, m := range v.metersOf(r) {
			s, ok := v.scene.source.Read(m)
			if !ok || !worthTelling[m.Name] || m.Name == l.series.Metric.Name || len(s.Points) == 0 {
				continue
			}
			if m.Name == "RequestCount" || m.Name == "NewFlowCount" {
				s = s.SinceFirst()
			}
			owner[m.String()] = r
			others = append(others, s)
		}
	}
	return owner, others
}

var verbs = map[metrics.Direction]string{metrics.Rise: "rose", metrics.Fall: "fell"}

func lag(d time.Duration) string {
	switch {
	case d < 0:
		return fmt.Sprintf(" %.0f min before", -d.Minutes())
	case d > 0:
		return fmt.Sprintf(" %.0f min after", d.Minutes())
	}
	return " at the same time"
}

// worthTelling are the metrics worth telling beside another: what is asked for, and what is used.
var worthTelling = map[string]bool{"RequestCount": true, "NewFlowCount": true, "TargetResponseTime": true,
	"CPUUtilization": true, "MemoryUtilization": true, "DatabaseConnections": true, "FreeableMemory": true,
	"DiskQueueDepth": true, "ReadIOPS": true, "WriteIOPS": true, "ReadLatency": true, "WriteLatency": true,
	"HealthyHostCount": true, "TargetConnectionErrorCount": true, "HTTPCode_Target_5XX_Count": true,
	"HTTPCode_ELB_5XX_Count": true, "CPUCreditBalance": true, "BurstBalance": true, "DBLoad": true, "NetworkIn": true,
	"NetworkOut": true, "RejectedConnectionCount": true}

// metersOf returns the metrics of a resource, a target group's under each of its load balancers.
func (v *view) metersOf(r diag.Resource) []metrics.Metric {
	if r.Type != typeTargetGroup || r.ARN == "" {
		return meters(r)
	}
	var all []metrics.Metric
	for _, lb := range v.ways.before[withoutARN(r)] {
		if lb.Type == typeLoadBalancer && lb.ARN != "" {
			all = append(all, metrics.TargetGroupMetrics(lb.ARN, r.ARN)...)
		}
	}
	return all
}
