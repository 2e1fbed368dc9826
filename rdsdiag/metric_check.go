package rdsdiag

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

const metricsDoc = "Amazon CloudWatch metrics for Amazon RDS"

// reading is what a check of metrics judges: an instance, its description and its series.
type reading struct {
	instance *DBInstance
	d        *types.DBInstance
	set      metrics.Set
}

func (r reading) series(name, stat string) metrics.Series {
	return r.set.Series(r.instance.metric(name, stat))
}

func (r reading) last(unit string, names ...string) []diag.Evidence {
	var wanted []metrics.Metric
	for _, name := range names {
		wanted = append(wanted, r.instance.metric(name, "Average"))
	}
	return newest(r.set, unit, wanted...)
}

func (r reading) window() diag.Window { return r.instance.window }

func (r reading) id() string { return r.instance.ref.id }

// finding is one that began with the stretch, and ended with it if that is over.
func (r reading) finding(b stretch, now diag.Severity, summary string, evidence ...[]diag.Evidence) diag.Finding {
	f := diag.Finding{Resource: r.instance.resource(r.d), Severity: b.severity(now), Summary: summary, Since: b.start,
		SinceAtLeast: b.open}
	if !b.ongoing {
		f.Until = b.end
	}
	for _, e := range evidence {
		f.Evidence = append(f.Evidence, e...)
	}
	return f
}

// operation says in words what RDS does to an instance that serves meanwhile: "being backed up"; empty if nothing.
func (r reading) operation() string {
	status := strings.ToLower(aws.ToString(r.d.DBInstanceStatus))
	for _, row := range conditions {
		if row.code == operationUnderWay {
			return row.statuses[status]
		}
	}
	return ""
}

// metricCheck makes a check that judges the description and the metrics of an instance together. It judges what was
// read also where a part of the metrics could not be.
func metricCheck(info diag.Info, judge func(reading) []diag.Finding) *diag.Check[*DBInstance] {
	info.Actions = []string{callMetrics, callInstances}
	if info.Source == "" {
		info.Source = metricsDoc
	}
	return &diag.Check[*DBInstance]{Info: info, Run: func(ctx context.Context, i *DBInstance) ([]diag.Finding, error) {
		described, set, err := i.observe(ctx)
		if described == nil {
			return nil, err
		}
		return judge(reading{i, described, set}), err
	}}
}
