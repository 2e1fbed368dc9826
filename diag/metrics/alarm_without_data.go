package metrics

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/awsdiag/awsdiag/diag"
)

// AlarmWithoutData reports alarms that mean the resource and cannot see it.
var AlarmWithoutData = &diag.Check[*Watched]{
	Info: diag.Info{
		Code: "cloudwatch.alarm-without-data", Title: "Alarm cannot see", Severity: diag.SeverityInfo,
		Doc: "An alarm on the resource is in state INSUFFICIENT_DATA, or watches it under dimensions that its metrics do " +
			"not have: it cannot ring. The finding tells why: a load balancer's name in place of app/name/id, a resource of " +
			"the same name that is gone, a dimension too few, a unit, a metric that has points only while something happens.",
		Actions: []string{callAlarms, callMetrics, callHistory},
		// DescribeAlarmsForMetric wants the dimensions exactly ("DescribeAlarmsForMetric", API Reference), so that each wrong
		// spelling of them would be a guess and a call, and names of alarms have no prefix that AWS knows of.
		Limits: "In accounts of more than 100 alarms those in state OK are not read, so that one with wrong dimensions " +
			"which treats missing data as fine is not seen: no call finds alarms by dimensions that are nearly right.",
		Source: "Amazon CloudWatch User Guide: Configuring how CloudWatch alarms treat missing data; PutMetricAlarm",
	},
	Run: func(ctx context.Context, w *Watched) ([]diag.Finding, error) {
		blind, err := w.blind(ctx)
		f := diag.Finding{Resource: w.of}
		var told []string
		for _, b := range blind {
			if b.why == "" || b.lost {
				continue
			}
			told = append(told, fmt.Sprintf("%s (%s)", b.Name, b.why))
			f.Evidence = append(f.Evidence,
				diag.Evidence{Source: callAlarms, Field: b.Name + " StateValue", Value: string(b.State), At: b.Since},
				diag.Evidence{Source: callAlarms, Field: b.Name + " metric", Value: b.subject()})
		}
		if len(told) == 0 {
			return nil, err
		}
		f.Summary = "alarms that cannot ring for lack of data: " + strings.Join(told, ", ")
		f.NextSteps = []diag.Step{{Text: "See under which dimensions the metric is published, and put the alarm on those.",
			Command: listMetrics(w.dimensions)}}
		return []diag.Finding{f}, err
	},
}

func listMetrics(dimensions []Dimension) string {
	command := "aws cloudwatch list-metrics --recently-active PT3H --dimensions"
	for _, d := range dimensions {
		command += " Name=" + d.Name + ",Value=" + d.Value
	}
	return command
}

// subject names the metric that an alarm watches first.
func (a Alarm) subject() string {
	if len(a.Metrics) == 0 {
		return "an expression"
	}
	return a.Metrics[0].String()
}

// blindAlarm is an alarm that cannot see the resource.
type blindAlarm struct {
	Alarm
	why string
	// lost says that a metric which a resource at work always has ended in the window, at.
	lost bool
	at   time.Time
}

// blind returns the alarms that cannot see the resource. What they watch is read in one call, where any has no data.
func (w *Watched) blind(ctx context.Context) ([]blindAlarm, error) {
	known, err := w.alarms.Known(ctx)
	errs := []error{err}
	var found []blindAlarm
	var ask []Metric
	for _, a := range known {
		without := a.State == types.StateValueInsufficientData
		switch aside := w.aside(a); {
		case a.Composite() || a.Scales && !without:
		case aside != "":
			found = append(found, blindAlarm{Alarm: a, why: aside})
		case without && a.Watches(w.dimensions...):
			found = append(found, blindAlarm{Alarm: a})
			if m := a.Metrics[0]; m.Stat != "" && half(m) == "" {
				ask = append(ask, m)
			}
		}
	}
	var set Set
	if len(ask) > 0 && w.source != nil {
		set, err = w.source.Fetch(ctx, ask...)
		errs = append(errs, err)
	}
	for i := range found {
		if b := &found[i]; b.why == "" {
			b.why = w.blindness(b.Alarm, set)
			errs = append(errs, w.settle(ctx, b, set))
		}
	}
	return found, errors.Join(errs...)
}

// settle finds out whether the alarm lost its data in the window though the resource is at work.
func (w *Watched) settle(ctx context.Context, b *blindAlarm, set Set) error {
	m := b.Metrics[0]
	newest, some := set.Series(m).Last()
	if b.why == "" || !some || !steady(m) || half(m) != "" || b.Unit != "" || w.lives == nil ||
		b.Since.Before(w.alarms.window.Start) {
		return nil
	}
	history, err := w.alarms.History(ctx, b.Name)
	if _, lost := lostData(history); !lost {
		return err
	}
	lives, livesErr := w.lives(ctx)
	b.lost, b.at = lives, newest.At.Add(set.Series(m).Period)
	return errors.Join(err, livesErr)
}

// AlarmLostData reports an alarm that lost its data in the window, on a metric that the resource always has.
var AlarmLostData = &diag.Check[*Watched]{
	Info: diag.Info{
		Code: "cloudwatch.alarm-lost-data", Title: "Metric stopped, alarm blind", Severity: diag.SeverityWarning,
		Doc: "A metric that the resource always has while it is at work stopped, and the alarm on it went from OK or ALARM " +
			"to INSUFFICIENT_DATA: nobody sees what happens now. The resource itself is at work as far as its service tells.",
		Actions: []string{callAlarms, callMetrics, callHistory},
		Needs: []diag.Mechanism{diag.HostRun, diag.AgentConnect, diag.DBServe, diag.TaskRun, diag.TaskStart, diag.TaskCount,
			diag.NetworkPath, diag.Permission},
		Limits: "Metrics of the customer's own are not judged so: whether they should go on, only who sends them knows.",
		Source: "Amazon CloudWatch User Guide: Configuring how CloudWatch alarms treat missing data",
	},
	Run: func(ctx context.Context, w *Watched) ([]diag.Finding, error) {
		blind, err := w.blind(ctx)
		blind = slices.DeleteFunc(blind, func(b blindAlarm) bool { return !b.lost })
		if len(blind) == 0 {
			return nil, err
		}
		f := diag.Finding{Resource: w.of, Since: blind[0].at, NextSteps: []diag.Step{{Command: listMetrics(w.dimensions),
			Text: "See which metrics of the resource still come in, and who sends the one that stopped: AWS, Container " +
				"Insights or the CloudWatch agent on the host."}}}
		var told []string
		for _, b := range blind {
			m := b.Metrics[0]
			told = append(told, fmt.Sprintf("%s stopped at %s, and alarm %s is blind since %s", m.Name,
				b.at.Format("15:04 UTC"), b.Name, b.Since.Format("15:04 UTC")))
			if b.at.Before(f.Since) {
				f.Since = b.at
			}
			f.Evidence = append(f.Evidence,
				diag.Evidence{Source: callAlarms, Field: b.Name + " StateValue", Value: string(b.State), At: b.Since},
				diag.Evidence{Source: callMetrics, Field: m.Namespace + " " + m.Name + " " + m.Stat + ", last point",
					Value: b.at.Format(time.RFC3339), At: b.at})
		}
		f.Summary = strings.Join(told, "; ")
		return []diag.Finding{f}, err
	},
}
