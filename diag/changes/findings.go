package changes

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// Findings makes a finding of each change, on the resource that it touched first. Their severity is info: a change is
// no trouble by itself. Refused calls make none.
func Findings(changes []Change) []diag.Finding {
	var findings []diag.Finding
	for _, c := range changes {
		if c.ErrorCode == "" {
			findings = append(findings, c.Finding())
		}
	}
	return findings
}

// Finding tells the change as a finding.
func (c Change) Finding() diag.Finding {
	family := c.Family()
	f := diag.Finding{
		Code: family.Code(), Severity: diag.SeverityInfo, Confidence: family.Confidence(),
		Summary: c.did() + " at " + stamp(c.At) + c.undone(),
		Since:   c.At, Until: c.Until, Nature: c.Nature, Evidence: c.evidence(), Related: c.Related, NextSteps: c.nextSteps(),
	}
	if len(c.Resources) > 0 {
		f.Resource = c.Resources[0]
		var others []diag.Related
		for _, r := range c.Resources[1:] {
			others = append(others, diag.Related{Resource: r, Role: "changed too"})
		}
		f.Related = append(others, f.Related...)
	}
	return f
}

// told tells the change, with what it was made, and that it was taken back.
func (c Change) told() string { return c.did() + c.undone() }

// did tells the change, with what it was made.
func (c Change) did() string {
	s := cmp.Or(c.Summary, c.Actor.short()+" changed something")
	if with := c.With(); with != "" && c.ErrorCode == "" {
		s += " " + with
	}
	return s
}

// undone tells when a change was taken back, by whomever; "" for one that was not.
func (c Change) undone() string {
	if c.Until.IsZero() {
		return ""
	}
	return ", until it was taken back at " + stamp(c.Until)
}

func (c Change) evidence() []diag.Evidence {
	source := c.EventSource
	if strings.HasSuffix(source, ".amazonaws.com") {
		source = lookupAction
	}
	var list []diag.Evidence
	add := func(field, value string) {
		if value != "" {
			list = append(list, diag.Evidence{Source: source, Field: field, Value: value, At: c.At})
		}
	}
	add("eventName", c.EventName)
	add("eventSource", c.EventSource)
	add("userIdentity", c.Actor.String())
	add("userIdentity.arn", c.Actor.ARN)
	add("sourceIPAddress", c.Source)
	add("userAgent", c.UserAgent)
	if !c.Until.IsZero() {
		add("taken back", stamp(c.Until))
	}
	for _, d := range c.Details {
		add("requestParameters."+d.Name, d.Value)
	}
	for _, d := range c.Before {
		add("before: "+d.Name, d.Value)
	}
	add("eventID", c.EventID)
	return list
}

// nextSteps are to undo the change, to ask who made it, and to read the whole event.
func (c Change) nextSteps() []diag.Step {
	list := append([]diag.Step{}, c.Steps...)
	list = append(list, diag.Step{Text: fmt.Sprintf("Ask %s what the change at %s was meant to do.", c.Actor,
		stamp(c.At))})
	if c.EventID != "" && strings.HasSuffix(c.EventSource, ".amazonaws.com") {
		list = append(list, diag.Step{Text: "Read the whole event.",
			Command: command("aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventId,AttributeValue=%s",
				c.EventID)})
	}
	return list
}

// Events tells changes for the timeline, each on the resource that it touched first.
func Events(changes []Change) []diag.Event {
	var events []diag.Event
	for _, c := range changes {
		source := lookupAction
		if !strings.HasSuffix(c.EventSource, ".amazonaws.com") {
			source = cmp.Or(c.EventSource, "change")
		}
		e := diag.Event{At: c.At, Source: source, Kind: "change", Text: c.told()}
		if len(c.Resources) > 0 {
			e.Resource = c.Resources[0]
		}
		events = append(events, e)
	}
	return events
}
