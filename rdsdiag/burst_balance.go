package rdsdiag

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

// gp2 volumes get 3 IOPS for each GiB, at least 100, and may burst to 3,000 as long as credits last. From 400 GiB on
// RDS stripes the storage of all engines but SQL Server over four volumes, which burst to 12,000 together ("General
// Purpose SSD storage", Amazon RDS User Guide).
const (
	gp2PerGiB, gp2Least             = 3, 100
	gp2Burst, gp2StripedBurst       = 3000, 12_000
	stripedFrom               int32 = 400
	// spent is the balance in percent that counts as none: points are averages of five minutes.
	spent = 1.0
	// creditsLow is the balance below which credits end soon, creditsEnd the time within which they must not end.
	creditsLow, creditsEnd = 30.0, 2 * time.Hour
)

// gp2Baseline is the rate that gp2 storage of a size in GiB keeps up.
func gp2Baseline(gibs int32) int { return max(gp2PerGiB*int(gibs), gp2Least) }

// gp2Peak is the rate that gp2 storage reaches at most.
func gp2Peak(d *types.DBInstance) int {
	size, burst := aws.ToInt32(d.AllocatedStorage), gp2Burst
	if size >= stripedFrom && !strings.Contains(aws.ToString(d.Engine), "sqlserver") {
		burst = gp2StripedBurst
	}
	return max(burst, gp2Baseline(size))
}

// burstable reports gp2 storage that lives on credits above its baseline.
func burstable(d *types.DBInstance) bool {
	return aws.ToString(d.StorageType) == "gp2" && gp2Baseline(aws.ToInt32(d.AllocatedStorage)) < gp2Peak(d)
}

// BurstBalanceEmpty reports a gp2 volume without credits.
var BurstBalanceEmpty = metricCheck(diag.Info{
	Code: "rds.burst-balance-empty", Title: "Storage burst credits spent", Severity: diag.SeverityError,
	Doc: "The gp2 volume has used up its burst credits and is held to its baseline of 3 IOPS a GiB. Reads and writes " +
		"queue up; queries take many times as long while the processor idles. The load that used the credits began earlier.",
	Breaks: []diag.Mechanism{diag.DBServe}, Needs: []diag.Mechanism{diag.Application},
	Source: "General Purpose SSD storage (Amazon RDS User Guide)",
	Limits: "What load used the credits is not in the metrics: Performance Insights is another service and not read here.",
}, judgeBurstEmpty)

// BurstBalanceLow reports a gp2 volume whose credits end soon.
var BurstBalanceLow = metricCheck(diag.Info{
	Code: "rds.burst-balance-low", Title: "Storage burst credits run out", Severity: diag.SeverityWarning,
	Doc: "The burst credits of the gp2 volume are low and falling. Once they are spent, the volume is held to its " +
		"baseline of 3 IOPS a GiB.",
	Source: "General Purpose SSD storage (Amazon RDS User Guide)",
}, judgeBurstLow)

func judgeBurstEmpty(r reading) []diag.Finding {
	balance := r.series("BurstBalance", "Average")
	b, ok := lastStretch(balance, r.window(), 1, true, func(v float64) bool { return v < spent })
	if !ok || !burstable(r.d) {
		return nil
	}
	storage, baseline := aws.ToInt32(r.d.AllocatedStorage), gp2Baseline(aws.ToInt32(r.d.AllocatedStorage))
	has, is := "has", "is"
	if !b.ongoing {
		has, is = "had", "was"
	}
	const told = "%s %s spent its gp2 burst credits: BurstBalance %s %% %s, the %d GiB volume %s held to %d IOPS"
	summary := fmt.Sprintf(told,
		r.id(), has, number(b.last.Value), b.when(), storage, is, baseline)
	if queue, ok := r.series("DiskQueueDepth", "Average").Last(); ok && b.ongoing {
		summary += fmt.Sprintf(" and %.0f requests wait", queue.Value)
	}
	f := r.finding(b, diag.SeverityError, summary, beforeAndAfter(balance, b), r.last("", "ReadIOPS", "WriteIOPS",
		"DiskQueueDepth"),
		r.last(" s", "ReadLatency", "WriteLatency"), []diag.Evidence{
			instanceEvidence("StorageType", "gp2"), instanceEvidence("AllocatedStorage", fmt.Sprint(storage))})
	f.NextSteps = []diag.Step{
		{Text: "Find the load that began before the credits fell, and stop or move it: an export, a report, a missing index."},
		{Text: "Change the volume to gp3, which has 3,000 IOPS at any size and no credits. The change runs while the " +
			"database serves.",
			Changes: true, Command: "aws rds modify-db-instance --db-instance-identifier " + r.id() +
				" --storage-type gp3 --apply-immediately"},
	}
	if onset, ok := sum(r.series("ReadIOPS", "Average"), r.series("WriteIOPS", "Average")).Onset(metrics.Rise); ok &&
		onset.Start.Before(b.start) {
		f.Evidence = append(f.Evidence, diag.Evidence{Source: callMetrics, Field: "ReadIOPS+WriteIOPS", At: onset.Start,
			Value: fmt.Sprintf("rose from %s to %s", number(onset.Before), number(onset.Peak.Value))})
	}
	return []diag.Finding{led(f, balance, metrics.Fall, b.start, " %")}
}

// beforeAndAfter quotes the highest balance before a stretch, its first and its last point.
func beforeAndAfter(s metrics.Series, b stretch) []diag.Evidence {
	out := stretchEvidence(s, b, " %")
	if top, ok := s.Between(diag.Window{Start: s.Span.Start, End: b.start}).Max(); ok {
		out = append([]diag.Evidence{pointEvidence(s, top, " %")}, out...)
	}
	return out
}

func judgeBurstLow(r reading) []diag.Finding {
	balance := r.series("BurstBalance", "Average")
	newest, ok := balance.Last()
	if !ok || !burstable(r.d) || newest.Value < spent || newest.Value > creditsLow {
		return nil
	}
	t, ok := trendOf(balance, time.Hour)
	if !ok || t.perHour >= 0 || t.until(0) > creditsEnd {
		return nil
	}
	b := stretch{start: t.from, last: newest, ongoing: true}
	f := r.finding(b, diag.SeverityWarning, fmt.Sprintf(
		"%s has %s %% of its gp2 burst credits left and loses %s %% an hour: spent in about %s", r.id(), number(newest.Value),
		number(-t.perHour), words.Span(t.until(0))), []diag.Evidence{pointEvidence(balance, newest, " %")}, r.last("", "ReadIOPS",
		"WriteIOPS"),
		[]diag.Evidence{instanceEvidence("AllocatedStorage", fmt.Sprint(aws.ToInt32(r.d.AllocatedStorage)))})
	return []diag.Finding{led(f, balance, metrics.Fall, newest.At, " %")}
}
