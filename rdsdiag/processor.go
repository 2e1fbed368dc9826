package rdsdiag

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

const (
	// busy and saturated are processor loads in percent that leave little or nothing.
	busy, saturated = 90.0, 97.0
	// creditsSpent is a balance of processor credits that counts as none.
	creditsSpent = 1.0
	// heldLow and heldHigh bound the load, relative to the baseline, of an instance that is held to it.
	heldLow, heldHigh = 0.85, 1.25
)

// CPUCreditsExhausted reports a burstable instance without processor credits.
var CPUCreditsExhausted = metricCheck(diag.Info{
	Code: "rds.cpu-credits-exhausted", Title: "Processor credits spent", Severity: diag.SeverityError,
	Doc: "The burstable instance class has used up its processor credits. Where the load then stands at the class's " +
		"baseline, it is held there and queries queue up: an error. A class in Unlimited mode goes on for a charge: an " +
		"information.",
	Breaks: []diag.Mechanism{diag.DBServe}, Needs: []diag.Mechanism{diag.Application},
	Source: "Key concepts for burstable performance instances (Amazon EC2 User Guide)",
}, func(r reading) []diag.Finding {
	class := classOf(aws.ToString(r.d.DBInstanceClass))
	credits := r.series("CPUCreditBalance", "Average")
	b, ok := lastStretch(credits, r.window(), 2, true, atMost(creditsSpent))
	if !ok || class.baseline == 0 {
		return nil
	}
	load, known := r.series("CPUUtilization", "Average").Last()
	held := known && load.Value >= heldLow*class.baseline && load.Value <= heldHigh*class.baseline
	severity, effect := diag.SeverityError, fmt.Sprintf("the class is held to %s %% of its processors",
		number(class.baseline))
	if class.unlimited && !held {
		severity, effect = diag.SeverityInfo, "load above the baseline is charged for"
	}
	f := r.finding(b, severity, fmt.Sprintf("%s (%s) has no processor credits %s: CPUCreditBalance %s, %s", r.id(),
		aws.ToString(r.d.DBInstanceClass), b.when(), number(b.last.Value), effect), stretchEvidence(credits, b, " credits"),
		r.last(" %", "CPUUtilization"), []diag.Evidence{instanceEvidence("DBInstanceClass",
			aws.ToString(r.d.DBInstanceClass))})
	f.Severity = min(f.Severity, severity)
	f.NextSteps = []diag.Step{{Text: "Find the queries that use the processor; or take a class that is not burstable.",
		Changes: true,
		Command: "aws rds modify-db-instance --db-instance-identifier " + r.id() +
			" --db-instance-class CLASS --apply-immediately"}}
	return []diag.Finding{led(f, credits, metrics.Fall, b.start, " credits")}
})

// CPUHigh reports a processor that is busy all the time.
var CPUHigh = metricCheck(diag.Info{
	Code: "rds.cpu-high", Title: "Processor saturated", Severity: diag.SeverityError,
	Doc: "The processors of the instance were above 90 % for a quarter of an hour: a warning. From 97 % on queries " +
		"wait for them: an error while it lasts.",
	Breaks: []diag.Mechanism{diag.DBServe}, Needs: []diag.Mechanism{diag.Application, diag.Demand},
	Limits: "Which statements use the processor is in Performance Insights: see rds.processor-waits.",
}, func(r reading) []diag.Finding {
	s := r.series("CPUUtilization", "Average")
	severity := diag.SeverityError
	b, ok := lastStretch(s, r.window(), ceilingPoints, false, atLeast(saturated))
	if !ok || !b.ongoing {
		severity = diag.SeverityWarning
		b, ok = lastStretch(s, r.window(), ceilingPoints, false, atLeast(busy))
	}
	if !ok {
		return nil
	}
	f := r.finding(b, severity, fmt.Sprintf("%s (%s) is at %s %% processor load %s", r.id(),
		aws.ToString(r.d.DBInstanceClass),
		number(b.worst.Value), b.when()), stretchEvidence(s, b, " %"), r.last("", "DatabaseConnections"),
		[]diag.Evidence{instanceEvidence("DBInstanceClass", aws.ToString(r.d.DBInstanceClass))})
	f.NextSteps = []diag.Step{{Text: "Find the queries that came or changed when it began: a release, a lost index, a " +
		"report."}}
	return []diag.Finding{f}
})
