package ec2diag

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// WithMetrics lets the instance read its CloudWatch metrics. It returns the instance.
func (i *Instance) WithMetrics(source *metrics.Source) *Instance {
	i.source = source
	return i
}

const (
	sourceMetrics = "cloudwatch:GetMetricData"
	namespaceEC2  = "AWS/EC2"
	namespaceEBS  = "AWS/EBS"
)

func (i *Instance) metric(name, stat string) metrics.Metric {
	return metrics.Metric{Namespace: namespaceEC2, Name: name, Stat: stat,
		Dimensions: []metrics.Dimension{{Name: "InstanceId", Value: i.id}}}
}

func volumeMetric(volume, name, stat string) metrics.Metric {
	return metrics.Metric{Namespace: namespaceEBS, Name: name, Stat: stat,
		Dimensions: []metrics.Dimension{{Name: "VolumeId", Value: volume}}}
}

// volumes returns the ids of the EBS volumes of an instance.
func volumes(d types.Instance) []string {
	var ids []string
	for _, b := range d.BlockDeviceMappings {
		if b.Ebs != nil && b.Ebs.VolumeId != nil {
			ids = append(ids, *b.Ebs.VolumeId)
		}
	}
	return ids
}

// burstable reports an instance type that spends CPU credits: the T family ("Burstable performance instances").
func burstable(d types.Instance) bool { return strings.HasPrefix(string(d.InstanceType), "t") }

// observe returns what the checks of metrics judge, all fetched in one call. There is nothing to see without a source,
// nor of an instance that does not run.
func (i *Instance) observe(ctx context.Context) (types.Instance, metrics.Set, error) {
	d, err := i.Describe(ctx)
	if err != nil || i.source == nil || d.State == nil || d.State.Name != types.InstanceStateNameRunning {
		return d, metrics.Set{}, err
	}
	wanted := []metrics.Metric{i.metric("EBSIOBalance%", "Minimum"), i.metric("EBSByteBalance%", "Minimum")}
	if burstable(d) {
		wanted = append(wanted, i.metric("CPUCreditBalance", "Minimum"), i.metric("CPUSurplusCreditBalance", "Maximum"),
			i.metric("CPUSurplusCreditsCharged", "Sum"), i.metric("CPUUtilization", "Average"))
	}
	for _, v := range volumes(d) {
		wanted = append(wanted, volumeMetric(v, "BurstBalance", "Minimum"),
			volumeMetric(v, "VolumeIOPSExceededCheck", "Average"),
			volumeMetric(v, "VolumeThroughputExceededCheck", "Average"), volumeMetric(v, "VolumeStalledIOCheck", "Maximum"))
	}
	set, err := i.source.Fetch(ctx, wanted...)
	return d, set, err
}

// metricStretch is the end of a series during which a condition held.
type metricStretch struct {
	series metrics.Series
	since  time.Time
	points int
	last   metrics.Point
}

// staleAfter is how old the newest point may be: CloudWatch shows points of basic monitoring up to ten minutes late.
const staleAfter = 20 * time.Minute

// lasting returns how long a condition has held up to now: at least so many points, the newest of them fresh.
func lasting(s metrics.Series, now time.Time, least int, bad func(float64) bool) (metricStretch, bool) {
	found := metricStretch{series: s}
	for n := len(s.Points) - 1; n >= 0 && bad(s.Points[n].Value); n-- {
		if found.points == 0 {
			found.last = s.Points[n]
		}
		found.points, found.since = found.points+1, s.Points[n].At
	}
	fresh := now.Sub(found.last.At) <= staleAfter+s.Period
	return found, found.points >= least && fresh
}

// lasted says for how long.
func (m metricStretch) lasted() string {
	return fmt.Sprintf("for %.0f minutes", (time.Duration(m.points) * m.series.Period).Minutes())
}

func (m metricStretch) evidence() diag.Evidence {
	return diag.Evidence{Source: sourceMetrics, At: m.last.At, Value: fmt.Sprintf("%.4g", m.last.Value),
		Field: m.series.Metric.Name + " (" + m.series.Metric.Stat + ") of " + m.series.Metric.Dimensions[0].Value}
}

// finding is one of a stretch. Where the stretch fills the whole series it may have begun earlier.
func (m metricStretch) finding(summary string, steps ...diag.Step) diag.Finding {
	return diag.Finding{Summary: summary, Since: m.since, SinceAtLeast: m.points == len(m.series.Points),
		Evidence: []diag.Evidence{m.evidence()}, NextSteps: steps}
}

// led tells when the fall began at whose end a balance was spent.
func (m metricStretch) led(f diag.Finding) diag.Finding {
	p, ok := m.series.LeadUp(metrics.Fall, m.since)
	if !ok {
		return f
	}
	f.LeadUp = p.At.Add(m.series.Period)
	earlier := ""
	if p.At.Equal(m.series.Points[0].At) {
		f.LeadUp, earlier = p.At, " or earlier"
	}
	unit := " %"
	if strings.Contains(m.series.Metric.Name, "Credit") {
		unit = " credits"
	}
	f.Summary += fmt.Sprintf("; falling from %.4g%s since %s UTC%s", p.Value, unit, f.LeadUp.UTC().Format("15:04"),
		earlier)
	f.Evidence = append(f.Evidence, metricStretch{series: m.series, last: p}.evidence())
	return f
}

func atMost(limit float64) func(float64) bool  { return func(v float64) bool { return v <= limit } }
func atLeast(limit float64) func(float64) bool { return func(v float64) bool { return v >= limit } }

// label is the instance's name in a sentence.
func (i *Instance) label() string { return "instance " + i.id }
