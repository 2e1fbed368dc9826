package rdsdiag

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

const (
	// atCeiling is the share of a provisioned rate that counts as reached, for a quarter of an hour.
	atCeiling, ceilingPoints = 0.95, 3
	// slow is the latency in seconds from which on a request to the storage waits; usual is 1 to 3 ms ("General Purpose
	// SSD storage": single-digit millisecond latency).
	slow = 0.020
	mib  = 1 << 20
)

// IOPSAtLimit reports storage that serves as many requests as are provisioned.
var IOPSAtLimit = metricCheck(diag.Info{
	Code: "rds.iops-at-limit", Title: "Storage at its IOPS limit", Severity: diag.SeverityWarning,
	Doc: "Reads and writes together stand at the IOPS that the volume has. An error where requests also wait, a " +
		"warning where latency is still well.",
	Breaks: []diag.Mechanism{diag.DBServe}, Needs: []diag.Mechanism{diag.Demand}, Source: "Amazon RDS DB instance storage",
	Limits: "The instance class has limits of its own, which may be lower; EBSIOBalance% tells of these.",
}, func(r reading) []diag.Finding {
	s := sum(r.series("ReadIOPS", "Average"), r.series("WriteIOPS", "Average"))
	limit := float64(aws.ToInt32(r.d.Iops))
	if limit == 0 && aws.ToString(r.d.StorageType) == "gp2" {
		limit = float64(gp2Peak(r.d))
	}
	return r.ceiling(s, limit, "IOPS", func(v float64) string { return number(v) })
})

// ThroughputAtLimit reports storage that moves as many bytes as are provisioned.
var ThroughputAtLimit = metricCheck(diag.Info{
	Code: "rds.throughput-at-limit", Title: "Storage at its throughput limit", Severity: diag.SeverityWarning,
	Doc: "Reads and writes together stand at the throughput that the gp3 volume has. An error where requests also " +
		"wait, a warning where latency is still well.",
	Breaks: []diag.Mechanism{diag.DBServe}, Needs: []diag.Mechanism{diag.Demand}, Source: "Amazon RDS DB instance storage",
}, func(r reading) []diag.Finding {
	s := sum(r.series("ReadThroughput", "Average"), r.series("WriteThroughput", "Average"))
	return r.ceiling(s, float64(aws.ToInt32(r.d.StorageThroughput))*mib, "throughput",
		func(v float64) string { return size(v) + "/s" })
})

// ceiling finds a rate that stands at its limit.
func (r reading) ceiling(s metrics.Series, limit float64, what string, write func(float64) string) []diag.Finding {
	b, ok := lastStretch(s, r.window(), ceilingPoints, false, atLeast(atCeiling*limit))
	if !ok || limit <= 0 {
		return nil
	}
	severity := diag.SeverityWarning
	if b.ongoing && r.waits() {
		severity = diag.SeverityError
	}
	f := r.finding(b, severity, fmt.Sprintf("%s is at the %s limit of its storage %s: %s of %s", r.id(), what, b.when(),
		write(b.worst.Value),
		write(limit)), stretchEvidence(s, b, ""), r.last("", "DiskQueueDepth"), r.last(" s", "ReadLatency", "WriteLatency"),
		[]diag.Evidence{instanceEvidence("StorageType", aws.ToString(r.d.StorageType))})
	f.NextSteps = []diag.Step{
		{Text: "Find the load that reads or writes so much, and stop, spread or index it."},
		{Text: "Provision more for the volume, which gp3 takes from 400 GiB on; the database serves meanwhile.",
			Changes: true,
			Command: "aws rds modify-db-instance --db-instance-identifier " + r.id() + " --storage-type gp3 --iops IOPS " +
				"--storage-throughput MIBPS --apply-immediately"},
	}
	return []diag.Finding{f}
}

// waits reports that requests to the storage wait at the moment.
func (r reading) waits() bool {
	for _, name := range []string{"ReadLatency", "WriteLatency"} {
		if p, ok := r.series(name, "Average").Last(); ok && p.Value >= slow {
			return true
		}
	}
	return false
}

// StorageLatencyHigh reports storage that answers late.
var StorageLatencyHigh = metricCheck(diag.Info{
	Code: "rds.storage-latency-high", Title: "Storage answers slowly", Severity: diag.SeverityWarning,
	Doc: "Reads or writes take 20 milliseconds or more on average, and at least twice as long as before. It is most " +
		"often the effect of spent credits or of a limit reached.",
	Breaks: []diag.Mechanism{diag.DBServe}, Needs: []diag.Mechanism{diag.DBServe},
}, func(r reading) []diag.Finding {
	var findings []diag.Finding
	for _, name := range []string{"ReadLatency", "WriteLatency"} {
		s := r.series(name, "Average")
		b, ok := lastStretch(s, r.window(), ceilingPoints, false, atLeast(slow))
		before, known := s.Usual(b.start)
		if !ok || !known || b.worst.Value < 2*before || len(findings) > 0 {
			continue
		}
		f := r.finding(b, diag.SeverityWarning, fmt.Sprintf("%s: %s up to %.0f ms %s, usual are %.0f ms", r.id(),
			name, b.worst.Value*1000, b.when(), before*1000), stretchEvidence(s, b, " s"), r.last("", "DiskQueueDepth"))
		findings = append(findings, r.besideOperation(f, b))
	}
	return findings
})

// besideOperation adds to storage that is slow now what RDS does to the instance meanwhile: backups, snapshots and
// changes of the storage all read or write the volume ("Introduction to backups", Amazon RDS User Guide).
func (r reading) besideOperation(f diag.Finding, b stretch) diag.Finding {
	what := r.operation()
	if what == "" || !b.ongoing {
		return f
	}
	f.Summary += ", while it is " + what
	f.Evidence = append(f.Evidence, instanceEvidence("DBInstanceStatus", aws.ToString(r.d.DBInstanceStatus)))
	f.NextSteps = append(f.NextSteps, diag.Step{Text: "See in the events whether it became slow when RDS began: then " +
		"wait for the end, and have it done at a quiet hour next time."}, lookAtEvents(r.instance.resource(r.d)))
	return f
}

// balanceRow is a balance in percent of what an instance may do above its baseline towards its storage.
type balanceRow struct {
	code       diag.Code
	metric, of string
}

var balanceRows = []balanceRow{
	{"rds.ebs-io-balance-empty", "EBSIOBalance%", "I/O"},
	{"rds.ebs-byte-balance-empty", "EBSByteBalance%", "throughput"},
}

const balanceEmpty = 2.0

// EBSBalances are the checks of the burst balances of the instance class towards its storage.
func EBSBalances() []*diag.Check[*DBInstance] {
	var checks []*diag.Check[*DBInstance]
	for _, row := range balanceRows {
		checks = append(checks, metricCheck(diag.Info{
			Code: row.code, Title: "Burst " + row.of + " of the instance class spent", Severity: diag.SeverityError,
			Doc: "Smaller instance classes reach their full " + row.of + " towards the storage for 30 minutes a day at " +
				"least. The balance is spent and the class is held to its baseline, whatever the volume could do.",
			Breaks: []diag.Mechanism{diag.DBServe}, Needs: []diag.Mechanism{diag.Application},
			Source: "Amazon EBS–optimized instances (Amazon EC2 User Guide)",
		}, func(r reading) []diag.Finding {
			s := r.series(row.metric, "Average")
			b, ok := lastStretch(s, r.window(), 2, true, atMost(balanceEmpty))
			if !ok {
				return nil
			}
			f := r.finding(b, diag.SeverityError, fmt.Sprintf("%s has spent the burst %s of class %s: %s %s %% %s", r.id(),
				row.of,
				aws.ToString(r.d.DBInstanceClass), row.metric, number(b.last.Value), b.when()), stretchEvidence(s, b, " %"),
				r.last("", "ReadIOPS", "WriteIOPS", "DiskQueueDepth"))
			f.NextSteps = []diag.Step{{Text: "Find the load that began before, or take a larger class, which has a higher " +
				"baseline."}}
			return []diag.Finding{led(f, s, metrics.Fall, b.start, " %")}
		}))
	}
	return checks
}
