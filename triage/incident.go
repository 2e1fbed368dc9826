package triage

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// IncidentReport is what is written once a trouble is understood.
type IncidentReport struct {
	// Made is the time of the diagnosis.
	Made time.Time `json:"made"`
	// Service is what it was about.
	Service diag.Resource `json:"service"`
	// Onset is when it began, zero if unknown.
	Onset time.Time `json:"onset,omitzero"`
	// Timeline are the changes, the first signs of each finding, and what people did, oldest first.
	Timeline []diag.Event `json:"timeline"`
	// Causes are the roots, with what they explain.
	Causes []diag.Root `json:"causes"`
	// Actions are what was done according to the audit trail.
	Actions []Action `json:"actions"`
	// Prevention are steps that would have told of it earlier: the alarm on the metric nearest to each cause.
	Prevention []diag.Step `json:"prevention"`
	// Unseen is what the diagnosis could not see.
	Unseen []diag.Inconclusive `json:"unseen"`
}

// Action is something that was done: calls of one service for one reason, or an entry that a person wrote.
type Action struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Reason is what the audit gives as the reason, such as a ticket.
	Reason string `json:"reason"`
	// Text tells what was done.
	Text string `json:"text"`
	// Calls, Failed and Refused count AWS calls.
	Calls   int `json:"calls"`
	Failed  int `json:"failed"`
	Refused int `json:"refused"`
}

// Incident makes an incident report of a diagnosis and an audit trail: JSON lines as package guard and log/slog write
// them. Other lines of that form, such as those of a tool that repairs, stand in the report with their message. The
// audit may be nil. A line that is no JSON gives an error of [diag.KindInvalid] that names it.
func Incident(r *diag.Report, audit io.Reader) (IncidentReport, error) {
	i := IncidentReport{Made: r.Window.End.UTC(), Service: r.Focus, Onset: r.Onset(), Causes: r.Roots(),
		Prevention: Prevention(r), Unseen: r.Inconclusive}
	var err error
	if audit != nil {
		i.Actions, err = readAudit(audit)
	}
	i.Timeline = timeline(r, i.Actions)
	return i, err
}

// timeline tells changes, deployments, alarms, what databases and AWS itself report, when each finding began, and
// actions.
func timeline(r *diag.Report, actions []Action) []diag.Event {
	var told []diag.Event
	for _, e := range r.Timeline() {
		if slices.Contains([]string{"deployment", "change", "aws-health", "alarm", "database"}, e.Kind) {
			told = append(told, e)
		}
	}
	for _, f := range r.Findings {
		if f.Severity >= diag.SeverityWarning && !f.Since.IsZero() {
			told = append(told, diag.Event{At: f.Since, Resource: f.Resource, Kind: "finding",
				Text: "begins: " + f.Summary})
		}
	}
	for _, a := range actions {
		told = append(told, diag.Event{At: a.From, Kind: "action", Source: "audit", Text: a.Text})
	}
	told = append(told, diag.Event{At: r.Window.End.UTC(), Resource: r.Focus, Kind: "diagnosis",
		Text: "diagnosed: " + r.String()})
	slices.SortStableFunc(told, func(a, b diag.Event) int { return a.At.Compare(b.At) })
	return told
}

// auditLine is a record of package guard, or another of log/slog.
type auditLine struct {
	Time                                     time.Time
	Msg, Service, Operation, Outcome, Reason string
	Account, Region                          string
}

const maxAuditLine = 1 << 20

// audited are calls that count as one action: of one service in one place, for one reason.
type audited struct{ reason, service, place string }

// auditSum adds such calls up.
type auditSum struct {
	Action
	operations map[string]bool
}

// readAudit sums the calls up by reason and service, and keeps other entries as they are.
func readAudit(audit io.Reader) ([]Action, error) {
	sums := map[audited]*auditSum{}
	var actions []Action
	scanner := bufio.NewScanner(audit)
	scanner.Buffer(nil, maxAuditLine)
	redact := diag.NewRedactor(nil).Redact
	for n := 1; scanner.Scan(); n++ {
		if strings.TrimSpace(scanner.Text()) == "" {
			continue
		}
		var l auditLine
		if err := json.Unmarshal(scanner.Bytes(), &l); err != nil {
			return actions, diag.Errorf(diag.KindInvalid, "audit trail, line %d: %w", n, err)
		}
		if l.Operation == "" {
			actions = append(actions, Action{From: l.Time.UTC(), To: l.Time.UTC(), Reason: redact(l.Reason),
				Text: redact(cmp.Or(l.Msg, "an entry without a message"))})
			continue
		}
		k := audited{redact(l.Reason), l.Service, strings.Trim(l.Account+" "+l.Region, " ")}
		if sums[k] == nil {
			sums[k] = &auditSum{Action{From: l.Time.UTC(), To: l.Time.UTC(), Reason: k.reason}, map[string]bool{}}
		}
		sums[k].count(l)
		sums[k].operations[l.Operation] = true
	}
	if err := scanner.Err(); err != nil {
		return actions, diag.Errorf(diag.KindInvalid, "reading the audit trail: %w", err)
	}
	for k, sum := range sums {
		actions = append(actions, sum.of(k))
	}
	slices.SortFunc(actions, func(a, b Action) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Text, b.Text)) })
	return actions, nil
}

// of returns the sum as an action that says what was called.
func (s *auditSum) of(k audited) Action {
	action := s.Action
	action.Text = fmt.Sprintf("%s of %s in %s: %s", words.Count(s.Calls, "call"), k.service,
		cmp.Or(k.place, "an unknown account"), strings.Join(slices.Sorted(maps.Keys(s.operations)), ", "))
	if s.Failed+s.Refused > 0 {
		action.Text += fmt.Sprintf("; %d failed, %d refused before they were sent", s.Failed, s.Refused)
	}
	return action
}

// count adds a call. The outcomes are those of package guard.
func (a *Action) count(l auditLine) {
	if t := l.Time.UTC(); t.Before(a.From) {
		a.From = t
	} else if t.After(a.To) {
		a.To = t
	}
	switch l.Outcome {
	case "shared": // an earlier answer served it: no call
		return
	case "error":
		a.Failed++
	case "refused":
		a.Refused++
	}
	a.Calls++
}

// Markdown writes the incident report. Lessons and follow-ups are left to those who were there.
func (i IncidentReport) Markdown(w io.Writer) error {
	d := &document{}
	d.line("# Incident: %s", prose(i.Service.String()))
	onset := "not known"
	if !i.Onset.IsZero() {
		onset = moment(i.Onset)
	}
	d.line("\n- **Began:** %s\n- **Diagnosed:** %s\n- **Where:** account %s, region %s", onset, moment(i.Made),
		prose(cmp.Or(i.Service.Account, "not known")), prose(cmp.Or(i.Service.Region, "not known")))
	d.heading("Timeline (UTC)")
	for _, e := range i.Timeline {
		who := ""
		if !e.Resource.IsZero() {
			who = prose(e.Resource.String()) + ": "
		}
		d.bullet("%s %s%s", moment(e.At), who, prose(e.Text))
	}
	d.heading("Root cause")
	for _, c := range i.Causes {
		i.cause(d, c, 0)
	}
	d.none(len(i.Causes), "None was found.")
	d.heading("Actions taken")
	for _, a := range i.Actions {
		d.bullet("%s to %s: %s%s", moment(a.From), moment(a.To), prose(a.Text), prose(prefixed("; reason: ", a.Reason)))
	}
	d.none(len(i.Actions), "The audit trail holds none.")
	d.heading("Prevention")
	for _, s := range i.Prevention {
		d.bullet("%s", prose(s.Text))
		if s.Command != "" {
			d.line("\n%s\n", block("sh", []string{s.Command}))
		}
	}
	d.none(len(i.Prevention), "No cause, no alarm.")
	if len(i.Unseen) > 0 {
		d.heading("Not seen")
		for _, u := range i.Unseen {
			d.bullet("%s on %s: %s: %s", code(string(u.Code)), prose(u.Resource.String()), u.Kind, prose(u.Err))
		}
	}
	return d.write(w)
}

func (i IncidentReport) cause(d *document, c diag.Root, depth int) {
	verb := ""
	if depth > 0 {
		verb = "so that: "
	}
	d.line("%s- %s**%s** %s (%s, %s)", strings.Repeat("  ", depth), verb, c.Severity, prose(c.Summary),
		prose(c.Resource.String()), code(string(c.Code)))
	for _, e := range c.Explains {
		i.cause(d, e, depth+1)
	}
}
