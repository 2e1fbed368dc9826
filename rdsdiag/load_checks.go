package rdsdiag

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

// waiting is one row of the table that makes the checks of waits.
type waiting struct {
	kind       WaitKind
	code       diag.Code
	title, doc string
	severity   diag.Severity
	needs      []diag.Mechanism
	breaks     []diag.Mechanism
	// verb ends "7.2 of 9.1 active sessions …".
	verb string
	// share is the part of the load, least the number of sessions, from which on it is told; saturated asks for more
	// active sessions than processors besides.
	share, least float64
	saturated    bool
	step         string
}

var waitings = []waiting{
	{
		kind: WaitLock, code: "rds.lock-waits", title: "Sessions wait for locks", severity: diag.SeverityWarning,
		breaks: []diag.Mechanism{diag.DBServe}, needs: []diag.Mechanism{diag.Application},
		verb: "wait for locks", share: 0.3, least: 1,
		doc: "A good part of the active sessions waits for rows or tables that other transactions hold: a long or forgotten " +
			"transaction, a change of the schema, or many writers of one row.",
		step: "Find who holds the lock (pg_blocking_pids, sys.innodb_lock_waits, sys.dm_exec_requests) and end it, or let it " +
			"commit; then make the transactions short.",
	},
	{
		kind: WaitIO, code: "rds.io-waits", title: "Sessions wait for the storage", severity: diag.SeverityWarning,
		breaks: []diag.Mechanism{diag.DBServe}, needs: []diag.Mechanism{diag.DBServe},
		verb: "wait for the storage", share: 0.4, least: 1, saturated: true,
		doc: "Most of the load is reading pages that are not in memory, or temporary files: statements that read too much, too " +
			"little memory, or storage at its limit.",
		step: "Look at the plans of these statements for scans and large sorts; then at the IOPS and the memory of the class.",
	},
	{
		kind: WaitLog, code: "rds.log-waits", title: "Sessions wait for commits", severity: diag.SeverityWarning,
		breaks: []diag.Mechanism{diag.DBServe}, needs: []diag.Mechanism{diag.DBServe},
		verb: "wait for the log to be written", share: 0.4, least: 1, saturated: true,
		doc: "Most of the load is waiting for commits to be durable: many small transactions, slow storage, or a replica that " +
			"must confirm.",
		step: "Commit many changes together instead of each by itself; look at the write latency and at the replicas.",
	},
	{
		kind: WaitLatch, code: "rds.latch-waits", title: "Sessions crowd in the engine", severity: diag.SeverityWarning,
		breaks: []diag.Mechanism{diag.DBServe}, needs: []diag.Mechanism{diag.DBServe},
		verb: "wait for each other within the engine (latches, mutexes)", share: 0.4, least: 1, saturated: true,
		doc: "Most of the load is waiting for structures in memory that one session may use at a time: too many sessions at " +
			"once, one hot page or table, or many partitions and indexes.",
		step: "Let fewer sessions in at once (a pool, RDS Proxy); look for the table that all of these statements touch.",
	},
	{
		kind: WaitCPU, code: "rds.processor-waits", title: "Sessions need the processors", severity: diag.SeverityWarning,
		breaks: []diag.Mechanism{diag.DBServe}, needs: []diag.Mechanism{diag.DBServe},
		verb: "run or stand in line for a processor", share: 0.5, least: 1, saturated: true,
		doc:  "More sessions want to run than there are processors, and most of the load is that.",
		step: "Look at the plans of these statements, and at how often they run since it began.",
	},
	{
		kind: WaitClient, code: "rds.client-waits", title: "Sessions wait for their clients", severity: diag.SeverityInfo,
		verb: "wait for their clients or the network", share: 0.5, least: 1,
		doc: "Most of the load is sessions whose client does not send its next statement, or does not take the result: the " +
			"database is not what is slow.",
		step: "Look at the clients: their processors, and what they do within open transactions; and at large results.",
	},
}

// loadActions are what the checks of the load call.
var loadActions = []string{callInstances, callMetrics, callLoad, callStatements}

// LoadWaits are the checks of what sessions wait for, one for each row of the table.
func LoadWaits() []*diag.Check[*Load] {
	var checks []*diag.Check[*Load]
	for _, row := range waitings {
		checks = append(checks, &diag.Check[*Load]{
			Info: diag.Info{Code: row.code, Title: row.title, Doc: row.doc, Severity: row.severity, Actions: loadActions,
				Breaks: row.breaks, Needs: row.needs, Confidence: diag.Likely,
				Source: "Tuning with wait events for RDS for PostgreSQL and Aurora; DescribeDimensionKeys (Performance Insights)",
				Limits: "Performance Insights must be enabled, and keeps 7 days. Statements are shown without their values."},
			Run: row.run,
		})
	}
	return checks
}

// trouble is the time in which the load is judged: since it rose, or the window where it did not.
func (l *Load) trouble(s *Sessions) (span diag.Window, onset metrics.Episode, rose bool) {
	window := l.DBInstance.window
	onset, rose = s.Total.Onset(metrics.Rise)
	if rose && (onset.End.IsZero() || onset.End.After(window.Start)) {
		span = diag.Window{Start: onset.Start, End: onset.End}
		if span.End.IsZero() {
			span.End = window.End
		}
		return span, onset, true
	}
	return window, metrics.Episode{}, false
}

func (w waiting) run(ctx context.Context, l *Load) ([]diag.Finding, error) {
	s, err := l.Sessions(ctx)
	if s == nil || len(s.Total.Points) == 0 {
		return nil, err
	}
	d, describeErr := l.Describe(ctx)
	if d == nil {
		return nil, errors.Join(err, describeErr)
	}
	span, onset, rose := l.trouble(s)
	total, own := mean(s.Total, span), 0.0
	var told []string
	var evidence []diag.Evidence
	names := map[string]bool{}
	for _, wait := range s.Waits {
		if v := mean(wait.Sessions, span); wait.Kind == w.kind && v > 0 {
			own += v
			names[wait.Name] = true
			told = append(told, wait.Name+" "+number(v))
			evidence = append(evidence, diag.Evidence{Source: callLoad, Field: loadMetric + " " + wait.Name,
				Value: number(v) + " sessions", At: span.Start})
		}
	}
	vcpus := classOf(aws.ToString(d.DBInstanceClass)).vcpus
	if own < w.least || own < w.share*total || w.saturated && (vcpus > 0 && total <= vcpus || vcpus == 0 && !rose) {
		return nil, err
	}
	f := diag.Finding{Resource: l.resource(d), Severity: w.severity, Evidence: append([]diag.Evidence{{Source: callLoad,
		Field: loadMetric, Value: number(total) + " sessions", At: span.Start}}, evidence...)}
	f.Summary = fmt.Sprintf("%s of the %s active sessions of %s %s", number(own), number(total), l.ref.id, w.verb)
	if rose {
		f.Since = onset.Start
		f.Summary += fmt.Sprintf(" since %s, when the load rose from %s", words.Clock(onset.Start), number(onset.Before))
	}
	if w.kind != WaitCPU {
		f.Summary += " (" + strings.Join(told[:min(len(told), 3)], ", ") + ")"
	}
	if vcpus > 0 {
		f.Summary += fmt.Sprintf("; it has %s", words.Count(int(vcpus), "processor"))
	}
	statements, statementsErr := l.Statements(ctx, span)
	nameStatements(&f, statements, names)
	f.NextSteps = []diag.Step{{Text: w.step}}
	return []diag.Finding{f}, errors.Join(err, statementsErr)
}

// shownStatements is how many statements a finding shows.
const shownStatements = 3

// nameStatements adds the statements that waited most for the events.
func nameStatements(f *diag.Finding, statements []Statement, names map[string]bool) {
	own := func(s Statement) float64 {
		sum := 0.0
		for name, v := range s.Waits {
			if names[name] {
				sum += v
			}
		}
		return sum
	}
	statements = slices.DeleteFunc(slices.Clone(statements), func(s Statement) bool { return own(s) <= 0 })
	slices.SortStableFunc(statements, func(a, b Statement) int { return cmp.Compare(own(b), own(a)) })
	for i, s := range statements[:min(len(statements), shownStatements)] {
		if i == 0 {
			f.Summary += ", most in: " + s.Text
		}
		f.Evidence = append(f.Evidence, diag.Evidence{Source: callStatements, Field: "db.sql_tokenized.statement",
			Value: number(own(s)) + " sessions in: " + s.Text})
	}
}

// DeadlocksCounted reports deadlocks that Performance Insights counts. Aurora counts them in CloudWatch too, where
// [Deadlocks] finds them.
var DeadlocksCounted = &diag.Check[*Load]{
	Info: diag.Info{
		Code: "rds.deadlocks-counted", Title: "Deadlocks", Severity: diag.SeverityWarning,
		Doc: "Transactions wait for each other in a circle; the engine ends one of them with an error. Counted by " +
			"Performance Insights for engines that do not report them to CloudWatch.",
		Actions: []string{callInstances, callMetrics, callLoad}, Breaks: []diag.Mechanism{diag.DBServe},
		Needs:  []diag.Mechanism{diag.Application},
		Source: "Performance Insights counter metrics",
		Limits: "PostgreSQL, MySQL and MariaDB only.",
	},
	Run: func(ctx context.Context, l *Load) ([]diag.Finding, error) {
		s, err := l.Sessions(ctx)
		if s == nil {
			return nil, err
		}
		b, ok := lastStretch(s.Deadlocks, l.DBInstance.window, 2, false, atLeast(60*deadlockRate))
		if !ok {
			return nil, err
		}
		d, set, observeErr := l.observe(ctx)
		if d == nil || len(set.Series(l.metric("Deadlocks", "Average")).Points) > 0 {
			return nil, errors.Join(err, observeErr)
		}
		f := reading{l.DBInstance, d, set}.finding(b, diag.SeverityWarning, fmt.Sprintf(
			"%s has up to %s deadlocks a minute %s", l.ref.id, number(b.worst.Value), b.when()))
		f.Evidence = []diag.Evidence{{Source: callLoad, Field: s.Deadlocks.Metric.Name, Value: number(b.worst.Value) +
			" a minute", At: b.worst.At}}
		f.NextSteps = []diag.Step{{Text: "Read the pairs of statements in the engine's log (PostgreSQL), or in SHOW ENGINE " +
			"INNODB STATUS; let all transactions lock in one order."}}
		return []diag.Finding{f}, errors.Join(err, observeErr)
	},
}

// LoadChecks are the checks of what Performance Insights knows.
func LoadChecks() []*diag.Check[*Load] { return append(LoadWaits(), DeadlocksCounted) }
