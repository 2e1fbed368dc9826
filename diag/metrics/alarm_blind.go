package metrics

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// How an alarm may treat missing points ("PutMetricAlarm", TreatMissingData, Amazon CloudWatch API Reference).
const (
	treatBreaching = "breaching"
	treatMissing   = "missing"
)

// aside tells in which way an alarm means the resource and misses it: a dimension under which CloudWatch has no metric
// of it, such as a load balancer's name where its metrics stand under app/name/id. "" for one that does not mean it.
func (w *Watched) aside(a Alarm) string {
	for _, m := range a.Metrics {
		if !strings.HasPrefix(m.Namespace, "AWS/") && m.Namespace != insightsNamespace {
			continue
		}
		for _, d := range m.Dimensions {
			for _, own := range w.dimensions {
				if d.Name != own.Name || d.Value == own.Value {
					continue
				}
				if why := w.misnamed(d.Value, own); why != "" {
					return fmt.Sprintf("it watches %s=%s, %s", d.Name, d.Value, why)
				}
			}
		}
	}
	return ""
}

// misnamed tells why a value is not the resource's own though it means it.
func (w *Watched) misnamed(value string, own Dimension) string {
	under := "whose metrics stand under " + own.Value
	bare := DimensionValue(value)
	parts, ownParts := strings.Split(bare, "/"), strings.Split(own.Value, "/")
	switch own.Name {
	case "LoadBalancer", "TargetGroup":
		kind, name := ownParts[0], ownParts[min(1, len(ownParts)-1)]
		switch {
		case bare == own.Value, bare == name, bare == kind+"/"+name,
			len(ownParts) == 3 && bare == name+"/"+ownParts[2]:
			return under
		case len(parts) == 3 && parts[0] == kind && parts[1] == name:
			return "one of the same name that this is not; " + under
		}
	case "ClusterName", "ServiceName", "DBInstanceIdentifier", "DBClusterIdentifier":
		ends := strings.HasSuffix(value, "/"+own.Value) || strings.HasSuffix(value, ":"+own.Value)
		arn := strings.HasPrefix(value, "arn:") && ends
		pair := own.Name == "ServiceName" && ends && strings.Count(value, "/") == 1
		host := strings.HasPrefix(own.Name, "DB") && strings.HasPrefix(value, own.Value+".") &&
			strings.Contains(value, ".rds.")
		if arn || pair || host || strings.EqualFold(value, own.Value) {
			return under
		}
	}
	return ""
}

// DimensionValue returns the value of the dimension that an ARN of a load balancer or target group ends with; anything
// else comes back as it is.
func DimensionValue(arn string) string { return TargetGroupDimension(LoadBalancerDimension(arn)) }

// halved are the dimensions that AWS publishes a metric under together only ("CloudWatch metrics for your Application
// Load Balancer", "Amazon ECS service utilization metrics").
var halved = []struct {
	namespace   string
	metrics     []string // nil for all
	but         []string
	needs, with string // a metric under "with" has "needs" too
}{
	{"AWS/ApplicationELB", nil, []string{"RequestCountPerTarget"}, "LoadBalancer", "TargetGroup"},
	{"AWS/NetworkELB", nil, nil, "LoadBalancer", "TargetGroup"},
	{"AWS/ApplicationELB", hostCounts, nil, "TargetGroup", "LoadBalancer"},
	{"AWS/NetworkELB", hostCounts, nil, "TargetGroup", "LoadBalancer"},
	{"AWS/ECS", nil, nil, "ClusterName", "ServiceName"},
}

var hostCounts = []string{"HealthyHostCount", "UnHealthyHostCount"}

// half tells which dimension a metric lacks without which it does not exist; "" if none.
func half(m Metric) string {
	has := func(name string) bool {
		return slices.ContainsFunc(m.Dimensions, func(d Dimension) bool { return d.Name == name })
	}
	for _, row := range halved {
		if m.Namespace == row.namespace && has(row.with) && !has(row.needs) && !slices.Contains(row.but, m.Name) &&
			(row.metrics == nil || slices.Contains(row.metrics, m.Name)) {
			return fmt.Sprintf("%s exists under %s and %s together only, and it names no %s", m.Name, row.with, row.needs,
				row.needs)
		}
	}
	return ""
}

// steady reports a metric that a resource at work always has, so that it does not end without a reason: the others
// exist only while something happens ("CloudWatch metrics for your Application Load Balancer", reporting criteria).
func steady(m Metric) bool {
	switch m.Namespace {
	case "AWS/ECS", insightsNamespace, "CWAgent":
		return true
	case "AWS/RDS":
		return slices.Contains([]string{"CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "FreeableMemory",
			"DiskQueueDepth", "ReadIOPS", "WriteIOPS", "ReadLatency", "WriteLatency"}, m.Name)
	case "AWS/EC2":
		return slices.Contains([]string{"CPUUtilization", "NetworkIn", "NetworkOut"}, m.Name) ||
			strings.HasPrefix(m.Name, "StatusCheckFailed")
	case "AWS/ApplicationELB", "AWS/NetworkELB":
		return slices.Contains(hostCounts, m.Name)
	}
	return false
}

// quietWhenWell reports a metric of AWS that has points only where something happens.
func quietWhenWell(m Metric) bool {
	return strings.HasPrefix(m.Namespace, "AWS/") && !steady(m) && m.Counts()
}

const (
	// late is how long points may be missing before a metric has stopped: three periods, and the delay of CloudWatch.
	late = 20 * time.Minute
	// warming is how long a new alarm may have nothing to judge.
	warming = 30 * time.Minute
)

// blindness tells why an alarm on the resource has no data: from how it is made, and from what its metric shows. "" for
// one that only just began, and for one whose data is there by now.
func (w *Watched) blindness(a Alarm, set Set) string {
	now := w.alarms.window.End
	if len(a.Metrics) == 0 {
		return ""
	}
	m := a.Metrics[0]
	if why := half(m); why != "" {
		return why
	}
	if now.Sub(a.Configured) < warming {
		return ""
	}
	if a.Unit != "" {
		return fmt.Sprintf("it takes points of the unit %s only, and %s may be published in another", a.Unit, m.Name)
	}
	series := set.Series(m)
	newest, some := series.Last()
	switch {
	case !set.Known(m):
		return "its metric could not be read"
	case some && now.Sub(newest.At) <= late+series.Period:
		if m.Namespace == "AWS/EC2" && a.Period > 0 && a.Period < standardPeriod {
			return fmt.Sprintf("its period of %.0f s is shorter than the 5 min in which basic monitoring reports",
				a.Period.Seconds())
		}
		return ""
	case quietWhenWell(m):
		return fmt.Sprintf("%s has points only where such happen, and it treats missing data as %s; notBreaching would make "+
			"silence OK", m.Name, orMissing(a.Missing))
	case some:
		return fmt.Sprintf("%s has had no data since %s", m.Name, newest.At.Add(series.Period).Format("Jan 2 15:04 UTC"))
	}
	return fmt.Sprintf("%s has no data since %s at least: nobody publishes it under these dimensions any more", m.Name,
		series.Span.Start.Format("Jan 2 15:04 UTC"))
}

func orMissing(treat string) string {
	if treat == "" {
		return treatMissing
	}
	return treat
}
