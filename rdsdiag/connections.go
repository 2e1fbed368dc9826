package rdsdiag

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

const (
	// almost is how much of the limit an average over five minutes reaches while every new connection is refused now and
	// then.
	almost = 0.985
	// high is the share of the limit from which on a burst of clients may not find room.
	high = 0.85
	// flat is how much, relative to their level, points may differ that stand at a ceiling.
	flat = 0.01
)

var connectionActions = []string{callClusters, callInstances, callParameters, callMetrics}

// ConnectionsExhausted reports a database that takes no more connections.
var ConnectionsExhausted = &diag.Check[*DBInstance]{
	Info: diag.Info{
		Code: "rds.connections-exhausted", Title: "Connections exhausted", Severity: diag.SeverityError,
		Doc: "DatabaseConnections stands at what the parameter group allows, less the slots that PostgreSQL keeps for " +
			"administrators: new connections are refused. The sum of the pools of all clients asks for more than there is.",
		Actions: connectionActions, Breaks: []diag.Mechanism{diag.DBAccept},
		Needs: []diag.Mechanism{diag.DBServe, diag.Application, diag.Demand},
		Limits: "A limit that follows from the memory of the class is known to some percent only, and one that waits for " +
			"a reboot not at all. Connections refused for seconds leave no trace in points of five minutes.",
		Source: "Maximum number of database connections",
	},
	Run: func(ctx context.Context, i *DBInstance) ([]diag.Finding, error) {
		return i.judgeConnections(ctx, exhausted)
	},
}

// ConnectionsHigh reports a database that has few connections left.
var ConnectionsHigh = &diag.Check[*DBInstance]{
	Info: diag.Info{
		Code: "rds.connections-high", Title: "Connections near the limit", Severity: diag.SeverityWarning,
		Doc: "DatabaseConnections is above 85 % of what the parameter group allows. A deployment, which runs old and new " +
			"clients side by side, may not find room.",
		Actions: connectionActions, Needs: []diag.Mechanism{diag.DBServe, diag.Demand}, Limits: ConnectionsExhausted.Limits,
		Source: "Maximum number of database connections",
	},
	Run: func(ctx context.Context, i *DBInstance) ([]diag.Finding, error) {
		return i.judgeConnections(ctx, func(l ConnectionLimit, r reading) (stretch, metrics.Series, bool) {
			if _, _, ok := exhausted(l, r); ok {
				return stretch{}, metrics.Series{}, false
			}
			s := r.series("DatabaseConnections", "Average")
			b, ok := lastStretch(s, r.window(), 2, false, atLeast(high*float64(l.Most-l.Reserved)))
			return b, s, ok
		})
	},
}

// exhausted finds when the connections stood at the limit: at a known number, or flat where a formula leaves a range.
func exhausted(l ConnectionLimit, r reading) (stretch, metrics.Series, bool) {
	usable := float64(l.Most - l.Reserved)
	full := func(least float64) func(float64) bool {
		return func(v float64) bool { return v >= least && v <= l.ceiling() }
	}
	if highest := r.series("DatabaseConnections", "Maximum"); l.Exact() {
		if b, ok := lastStretch(highest, r.window(), 1, false, full(usable)); ok {
			return b, highest, true
		}
	}
	s := r.series("DatabaseConnections", "Average")
	if l.Exact() {
		b, ok := lastStretch(s, r.window(), 2, false, full(usable*almost))
		return b, s, ok
	}
	b, ok := lastStretch(s, r.window(), minFlat, false, atLeast(float64(l.Least-l.Reserved)*almost))
	return b, s, ok && !l.Vague() && isFlat(s, b)
}

// above are how many connections more than a known limit a database may show: its administrators' and those of RDS.
const above = 5

// ceiling is the most connections that a known limit allows. More of them tell that another limit held then.
func (l ConnectionLimit) ceiling() float64 { return float64(l.Most) + max(above, flat*float64(l.Most)) }

// lowered tells of more connections before a stretch than the limit allows by now.
func (l ConnectionLimit) lowered(s metrics.Series, b stretch) (metrics.Point, bool) {
	top, ok := s.Between(diag.Window{Start: s.Span.Start, End: b.start}).Max()
	return top, ok && l.Exact() && top.Value > l.ceiling()
}

// minFlat is how many points make a ceiling visible.
const minFlat = 3

// isFlat reports that the last points of a stretch hardly differ: they stand at a ceiling, wherever that is.
func isFlat(s metrics.Series, b stretch) bool {
	lowest, highest, n := math.Inf(1), 0.0, 0
	for _, p := range s.Points {
		if p.At.After(b.last.At) || b.last.At.Sub(p.At) >= minFlat*s.Period {
			continue
		}
		lowest, highest, n = min(lowest, p.Value), max(highest, p.Value), n+1
	}
	return n >= minFlat && highest-lowest <= flat*highest
}

func (i *DBInstance) judgeConnections(
	ctx context.Context, judge func(ConnectionLimit, reading) (stretch, metrics.Series, bool),
) ([]diag.Finding, error) {
	var limit *ConnectionLimit
	var limitErr error
	var group sync.WaitGroup
	group.Go(func() { limit, limitErr = i.ConnectionLimit(ctx) })
	described, set, err := i.observe(ctx)
	group.Wait()
	if described == nil {
		return nil, err
	}
	if limit == nil || limitErr != nil || limit.Most <= limit.Reserved {
		return nil, errors.Join(err, limitErr)
	}
	r := reading{i, described, set}
	b, s, ok := judge(*limit, r)
	if !ok {
		return nil, err
	}
	f := r.finding(b, diag.SeverityError, limit.summary(r.id(), b), stretchEvidence(s, b, ""), limit.evidence(),
		[]diag.Evidence{instanceEvidence("DBInstanceClass", aws.ToString(described.DBInstanceClass))})
	top, lowered := limit.lowered(s, b)
	if lowered {
		f.Summary += fmt.Sprintf("; it had %s at %s, so the limit was higher then",
			words.Count(int(math.Round(top.Value)), "connection"), words.Clock(top.At))
		f.Evidence = append(f.Evidence, pointEvidence(s, top, ""))
		f.NextSteps = []diag.Step{{Text: "Find out who lowered the limit, and why: CloudTrail, ModifyDBParameterGroup."}}
	}
	if onset, ok := s.Onset(metrics.Rise); ok && !lowered && onset.Start.Before(b.start) &&
		b.start.Sub(onset.Start) <= 2*s.Period {
		f.Since, f.SinceAtLeast = onset.Start, false // the way up to the limit took part of a period or two
	}
	if b.ongoing && b.last.Value < almost*float64(limit.Least-limit.Reserved) {
		f.Severity = diag.SeverityWarning
	}
	if !limit.Exact() {
		f.Confidence = diag.Likely
	}
	f.NextSteps = append(f.NextSteps, connectionSteps(r.id(), *limit)...)
	if lowered {
		return []diag.Finding{f}, err
	}
	return []diag.Finding{led(f, s, metrics.Rise, b.start, "")}, err
}

func (l ConnectionLimit) summary(id string, b stretch) string {
	allowed := fmt.Sprintf("%d that %s allows", l.Most, l.Parameter)
	if !l.Exact() {
		allowed = fmt.Sprintf("about %d to %d that %s (%s) allows", l.Least, l.Most, l.Parameter, l.Value)
	}
	if l.Capacity > 0 {
		allowed += fmt.Sprintf(" at a greatest capacity of %s ACU", number(l.Capacity))
	}
	text := fmt.Sprintf("%s has %s of the %s", id, words.Count(int(math.Round(b.worst.Value)), "connection"), allowed)
	if !b.ongoing {
		text = fmt.Sprintf("%s had %s of the %s", id, words.Count(int(math.Round(b.worst.Value)), "connection"), allowed)
	}
	if l.Reserved > 0 {
		text += fmt.Sprintf(", %d of which are reserved for administrators", l.Reserved)
	}
	if b.worst.Value >= almost*float64(l.Least-l.Reserved) {
		return text + ": out of connections " + b.when()
	}
	return text + ", " + b.when()
}

func (l ConnectionLimit) evidence() []diag.Evidence {
	told := []diag.Evidence{evidence(callParameters, l.Parameter, l.Value+" (default of the engine)")}
	if l.Group != "" {
		told = []diag.Evidence{evidence(callParameters, l.Group+"/"+l.Parameter, l.Value)}
	}
	if l.Capacity > 0 {
		told = append(told, clusterEvidence("ServerlessV2ScalingConfiguration.MaxCapacity", number(l.Capacity)))
	}
	return told
}

func connectionSteps(id string, l ConnectionLimit) []diag.Step {
	steps := []diag.Step{
		{Text: "Add up the pools of all clients, times the tasks or hosts they run on, and make them smaller than the " +
			"limit; undo the release that made them larger."},
		{Text: "See which clients came: the metric in steps of a minute.", Command: "aws cloudwatch get-metric-statistics " +
			"--namespace AWS/RDS --metric-name DatabaseConnections --dimensions Name=DBInstanceIdentifier,Value=" + id +
			" --statistics Maximum --period 60 --start-time START --end-time END"},
		{Text: "Put RDS Proxy between many short-lived clients and the database."},
	}
	if l.Capacity > 0 {
		return append(steps, diag.Step{Changes: true, Text: "Or raise the greatest capacity of the cluster, and the " +
			"least one " +
			"to 1 ACU or more, then reboot the instance: its limit follows from them, and it takes a new one when it starts.",
			Command: "aws rds modify-db-cluster --db-cluster-identifier CLUSTER --serverless-v2-scaling-configuration " +
				"MinCapacity=MIN,MaxCapacity=MAX"})
	}
	if l.Group != "" {
		takes, method := "it takes a reboot", "pending-reboot"
		if l.Dynamic {
			takes, method = "it holds at once", "immediate"
		}
		steps = append(steps, diag.Step{Text: "Raise " + l.Parameter +
			" only as far as the memory of the class allows; " + takes + ".", Changes: true,
			Command: fmt.Sprintf("aws rds modify-db-parameter-group --db-parameter-group-name %s "+
				"--parameters 'ParameterName=%s,ParameterValue=VALUE,ApplyMethod=%s'", l.Group, l.Parameter, method)})
	}
	return steps
}
