package rdsdiag

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// engineOf returns the engine without its edition: "postgres", "mysql", "mariadb", "oracle", "sqlserver". It is "" for
// engines without Performance Insights in RDS ("Amazon RDS DB engine, Region, and instance class support for
// Performance Insights"): Db2, and the databases of other services that answer under the API of RDS.
func engineOf(d *types.DBInstance) string {
	engine := strings.TrimPrefix(strings.TrimPrefix(aws.ToString(d.Engine), "custom-"), "aurora-")
	if engine == "aurora" {
		return "mysql"
	}
	for _, known := range []string{"postgres", "mysql", "mariadb", "oracle", "sqlserver"} {
		if strings.HasPrefix(engine, known) {
			return known
		}
	}
	return ""
}

// aboveProcessors finds when more sessions were active than the instance has processors: the line that AWS draws into
// the chart ("Database load", Amazon RDS User Guide). Where the class is not known, CloudWatch tells the ratio.
func (r reading) aboveProcessors() (stretch, metrics.Series, bool) {
	s, limit := r.series("DBLoadRelativeToNumVCPUs", "Average"), 1.0
	if len(s.Points) == 0 {
		s, limit = r.series("DBLoad", "Average"), classOf(aws.ToString(r.d.DBInstanceClass)).vcpus
	}
	if limit == 0 {
		return stretch{}, s, false
	}
	b, ok := lastStretch(s, r.window(), ceilingPoints, false, func(v float64) bool { return v > limit })
	return b, s, ok
}

// LoadAboveProcessors reports a database with more active sessions than processors.
var LoadAboveProcessors = metricCheck(diag.Info{
	Code: "rds.load-above-processors", Title: "More active sessions than processors", Severity: diag.SeverityWarning,
	Doc: "For a quarter of an hour more sessions were active than the instance has processors: they wait for each other, " +
		"for the storage, or for a processor. DBLoadCPU and DBLoadNonCPU tell which.",
	Needs:  []diag.Mechanism{diag.DBServe},
	Source: "Amazon CloudWatch metrics for Amazon RDS Performance Insights",
	Limits: "Only instances with Performance Insights publish the metric.",
}, func(r reading) []diag.Finding {
	b, s, ok := r.aboveProcessors()
	if !ok {
		return nil
	}
	what := fmt.Sprintf("up to %s active sessions", number(b.worst.Value))
	if s.Metric.Name != "DBLoad" {
		what = fmt.Sprintf("up to %s active sessions for each of its processors", number(b.worst.Value))
	} else {
		what += fmt.Sprintf(" on %s processors", number(classOf(aws.ToString(r.d.DBInstanceClass)).vcpus))
	}
	f := r.finding(b, diag.SeverityWarning, fmt.Sprintf("%s (%s) has %s %s", r.id(), aws.ToString(r.d.DBInstanceClass),
		what, b.when()), stretchEvidence(s, b, ""), r.last(" sessions", "DBLoad", "DBLoadCPU", "DBLoadNonCPU"))
	f.NextSteps = []diag.Step{{Text: "See what the sessions wait for, and in which statements: CloudWatch Database " +
		"Insights, or this diagnosis with a client of Performance Insights (pi:GetResourceMetrics)."}}
	return []diag.Finding{f}
})
