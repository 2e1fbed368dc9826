package rdsdiag

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

const (
	// lagHigh is a lag in seconds after which readers see a past that matters; auroraLagHigh in milliseconds, where
	// replicas share the storage and usually lag by less than 100 ("Replication with Amazon Aurora").
	lagHigh, auroraLagHigh = 300, 10_000
	// deadlockRate is a number of deadlocks a second: three in five minutes.
	deadlockRate = 0.01
	// wraparound is the age of the oldest transaction at which AWS advises to act, wraparoundStops that near which
	// PostgreSQL refuses writes ("MaximumUsedTransactionIDs": 2.1 billion at most).
	wraparound, wraparoundStops = 1.0e9, 2.0e9
	// slotShare is the share of the storage that logs kept for a replication slot may take.
	slotShare = 0.2
)

// ReplicaLag reports a replica that is far behind.
var ReplicaLag = metricCheck(diag.Info{
	Code: "rds.replica-lag", Title: "Replica far behind", Severity: diag.SeverityWarning,
	Doc: "The replica is five minutes behind its source, or ten seconds within an Aurora cluster: its readers see an " +
		"old state.",
	Needs: []diag.Mechanism{diag.DBServe},
}, func(r reading) []diag.Finding {
	s, limit, perSecond := r.series("ReplicaLag", "Maximum"), float64(lagHigh), 1.0
	if isAurora(r.d) {
		s, limit, perSecond = r.series("AuroraReplicaLag", "Maximum"), auroraLagHigh, 1000
	}
	b, ok := lastStretch(s, r.window(), ceilingPoints, false, atLeast(limit))
	if !ok {
		return nil
	}
	f := r.finding(b, diag.SeverityWarning, fmt.Sprintf("%s is up to %s seconds behind its source %s", r.id(),
		number(b.worst.Value/perSecond),
		b.when()), stretchEvidence(s, b, ""), r.last("", "ReadIOPS", "WriteIOPS"), r.last(" %", "CPUUtilization"))
	f.NextSteps = []diag.Step{{Text: "Look for a long query on the replica, a long transaction on the source, or a " +
		"replica of a smaller class."}}
	return []diag.Finding{led(f, s, metrics.Rise, b.start, "")}
})

// ReplicationBroken reports a replica that no longer replicates.
var ReplicationBroken = &diag.Check[*DBInstance]{
	Info: diag.Info{
		Code: "rds.replication-broken", Title: "Replication stopped", Severity: diag.SeverityError,
		Doc: "The description of the replica says that replication stopped or met an error. Its readers see a state that " +
			"no longer moves.",
		Actions: []string{callInstances}, Breaks: []diag.Mechanism{diag.DBServe}, Source: "Monitoring read replication",
	},
	Run: func(ctx context.Context, i *DBInstance) ([]diag.Finding, error) {
		d, err := i.Describe(ctx)
		if err != nil {
			return nil, err
		}
		var findings []diag.Finding
		for _, s := range d.StatusInfos {
			if aws.ToBool(s.Normal) || s.Status == nil || *s.Status == "replicating" ||
				!strings.Contains(aws.ToString(s.StatusType), "replication") {
				continue
			}
			f := diag.Finding{Resource: i.resource(d), Summary: fmt.Sprintf("replication of %s is %s: %s", i.ref.id, *s.Status,
				aws.ToString(s.Message)),
				Evidence: []diag.Evidence{instanceEvidence("StatusInfos[read replication]",
					*s.Status+": "+aws.ToString(s.Message))}}
			if s.Message == nil {
				f.Summary = fmt.Sprintf("replication of %s is %s", i.ref.id, *s.Status)
			}
			f.NextSteps = []diag.Step{lookAtEvents(i.resource(d)),
				{Text: "Skip the statement that failed, or create the replica anew."}}
			findings = append(findings, f)
		}
		return findings, nil
	},
}

// Deadlocks reports transactions that lock each other out.
var Deadlocks = metricCheck(diag.Info{
	Code: "rds.deadlocks", Title: "Deadlocks", Severity: diag.SeverityWarning,
	Doc:    "Transactions wait for each other in a circle; the engine ends one of them with an error.",
	Breaks: []diag.Mechanism{diag.DBServe}, Limits: "Only some engines report the metric. Lock waits that are no " +
		"deadlocks are in Performance Insights: see rds.lock-waits.",
}, func(r reading) []diag.Finding {
	s := r.series("Deadlocks", "Average")
	b, ok := lastStretch(s, r.window(), 2, false, atLeast(deadlockRate))
	if !ok {
		return nil
	}
	return []diag.Finding{r.finding(b, diag.SeverityWarning, fmt.Sprintf("%s has up to %s deadlocks a minute %s", r.id(),
		number(b.worst.Value*60), b.when()), stretchEvidence(s, b, " a second"))}
})

// TransactionIDs reports a PostgreSQL database near the wraparound of its transaction ids.
var TransactionIDs = metricCheck(diag.Info{
	Code: "rds.transaction-ids-high", Title: "Transaction ids run out", Severity: diag.SeverityWarning,
	Doc: "The oldest transaction that was not vacuumed is a billion transactions old. At about two billion PostgreSQL " +
		"refuses to write: an error near it.",
	Breaks: []diag.Mechanism{diag.DBServe}, Source: "Best practices for working with PostgreSQL (Amazon RDS User Guide)",
}, func(r reading) []diag.Finding {
	s := r.series("MaximumUsedTransactionIDs", "Maximum")
	b, ok := lastStretch(s, r.window(), 1, false, atLeast(wraparound))
	if !ok || !b.ongoing {
		return nil
	}
	severity := diag.SeverityWarning
	if b.last.Value >= wraparoundStops {
		severity = diag.SeverityError
	}
	f := r.finding(b, severity, fmt.Sprintf("%s has used %s million transaction ids of 2,100 million without vacuum",
		r.id(),
		number(b.last.Value/1e6)), stretchEvidence(s, b, ""))
	f.NextSteps = []diag.Step{{Text: "Find what holds vacuum up: long transactions, prepared transactions, a " +
		"replication slot; then vacuum the oldest tables."}}
	return []diag.Finding{f}
})

// ReplicationSlotLag reports write-ahead logs kept for a reader that does not come.
var ReplicationSlotLag = metricCheck(diag.Info{
	Code: "rds.replication-slot-lag", Title: "Replication slot keeps logs", Severity: diag.SeverityWarning,
	Doc: "A replication slot keeps write-ahead logs of more than a fifth of the storage: its reader is gone or too " +
		"slow. It fills the storage.",
	Source: metricsDoc,
}, func(r reading) []diag.Finding {
	s := r.series("OldestReplicationSlotLag", "Maximum")
	allocated := float64(aws.ToInt32(r.d.AllocatedStorage)) * gib
	b, ok := lastStretch(s, r.window(), 2, false, atLeast(slotShare*allocated))
	if !ok || !b.ongoing || allocated == 0 || isAurora(r.d) { // Aurora's storage grows by itself
		return nil
	}
	f := r.finding(b, diag.SeverityWarning, fmt.Sprintf("a replication slot of %s keeps %s of logs, of %d GiB of storage",
		r.id(), size(b.last.Value),
		aws.ToInt32(r.d.AllocatedStorage)), stretchEvidence(s, b, " bytes"), r.last(" bytes", "TransactionLogsDiskUsage",
		"FreeStorageSpace"))
	f.NextSteps = []diag.Step{{Text: "Start the reader of the slot again, or drop the slot (pg_drop_replication_slot).",
		Changes: true}}
	return []diag.Finding{led(f, s, metrics.Rise, b.start, bytesUnit)}
})
