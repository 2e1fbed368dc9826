package metrics

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// AlarmToldNobody reports raised alarms whose actions did not reach anybody.
var AlarmToldNobody = &diag.Check[*Watched]{
	Info: diag.Info{
		Code: "cloudwatch.alarm-told-nobody", Title: "Alarm rang unheard", Severity: diag.SeverityInfo,
		Doc: "An alarm on the resource is raised, and nobody was told: its actions are switched off, another alarm " +
			"suppresses them, it has none for the state ALARM, or they failed. One that a composite alarm tells of is heard.",
		Actions: []string{callAlarms, callHistory}, Limits: "Whether somebody reads what the action sends is not known.",
		Source: "PutMetricAlarm, ActionsEnabled; CompositeAlarm, ActionsSuppressedBy (Amazon CloudWatch API Reference)",
	},
	Run: func(ctx context.Context, w *Watched) ([]diag.Finding, error) {
		own, parents, err := w.Raised(ctx)
		errs := []error{err}
		f := diag.Finding{Resource: w.of}
		var told, names []string
		for _, a := range own {
			if a.Scales {
				continue
			}
			why, evidence, err := w.unheard(ctx, a, parents[a.Name])
			if errs = append(errs, err); why == "" {
				continue
			}
			told, names = append(told, fmt.Sprintf("%s (%s)", a.Name, why)), append(names, "'"+a.Name+"'")
			f.Evidence = append(f.Evidence, evidence...)
		}
		if len(told) == 0 {
			return nil, errors.Join(errs...)
		}
		f.Summary = "alarms that were raised and told nobody: " + strings.Join(told, ", ")
		f.NextSteps = []diag.Step{{Changes: true,
			Text:    "Give the alarm an action, or switch its actions on again if nobody meant them to be off.",
			Command: "aws cloudwatch enable-alarm-actions --alarm-names " + strings.Join(names, " ")}}
		return []diag.Finding{f}, errors.Join(errs...)
	},
}

// unheard tells why neither the alarm nor any composite alarm that it raised told anybody; "" if one did.
func (w *Watched) unheard(ctx context.Context, a Alarm, parents []Alarm) (string, []diag.Evidence, error) {
	for _, p := range parents {
		if !p.Muted && p.Acts {
			return "", nil, nil
		}
	}
	fact := func(field, value string) []diag.Evidence {
		return []diag.Evidence{{Source: callAlarms, Field: a.Name + " " + field, Value: value}}
	}
	switch {
	case a.Suppressor != "":
		return "its actions are suppressed by " + a.Suppressor, fact("ActionsSuppressor", a.Suppressor), nil
	case a.Muted:
		return "its actions are switched off", fact("ActionsEnabled", "false"), nil
	case !a.Acts:
		return "it has no action for ALARM", fact("AlarmActions", "none"), nil
	case a.Since.Before(w.alarms.window.Start):
		return "", nil, nil
	}
	history, err := w.alarms.History(ctx, a.Name)
	for i := len(history) - 1; i >= 0; i-- {
		if t := history[i]; t.ActionFailed() && !t.At.Before(a.Since) {
			return "its action failed", []diag.Evidence{{Source: callHistory, Field: a.Name + " HistorySummary",
				Value: t.Summary, At: t.At}}, err
		}
	}
	return "", nil, err
}
