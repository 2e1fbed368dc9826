package triage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// EscalationExtras are what a report cannot know. All of it may be empty.
type EscalationExtras struct {
	// Environment is what people call it, such as "staging". Empty: as the resource's name tells, if it does.
	Environment string
	// Attempted says what somebody was trying to do: "deploying 1.4 with the new cache".
	Attempted string
	// Tried is what people have tried already, with what came of it.
	Tried []string
	// Logs are the last lines of the log, oldest first; the last 50 are taken. Empty: what the report quotes of logs.
	Logs []LogLine
	// Redactor cleans what is given here. Use the one of the investigation: then one secret has one token. Nil means a
	// new one.
	Redactor *diag.Redactor
}

// LogLine is one line of a log.
type LogLine struct {
	At   time.Time `json:"at,omitzero"`
	From string    `json:"from"`
	Text string    `json:"text"`
}

// maxLogLines is how much of the log a request for help holds.
const maxLogLines = 50

// Bundle is a request for help: the seven things that whoever is asked would ask for.
type Bundle struct {
	// Made is the time of the report.
	Made time.Time `json:"made"`
	// Service is what it is about (1), Environment what people call the environment, empty if nobody said.
	Service     diag.Resource `json:"service"`
	Environment string        `json:"environment"`
	// Attempted is what was being done (2), or LastChange what was changed last before it began.
	Attempted  string      `json:"attempted"`
	LastChange *diag.Event `json:"lastChange,omitempty"`
	// Symptom is the complaint (3), with what the report found to be its causes.
	Symptom SymptomKind    `json:"symptom"`
	Since   time.Time      `json:"since,omitzero"`
	Note    string         `json:"note"`
	Causes  []diag.Finding `json:"causes"`
	// Stopped are the last tasks that stopped, in the words of ECS (4).
	Stopped []diag.Event `json:"stopped"`
	// Logs are the last lines of the log (5). Excerpt marks lines that the report quotes, in place of a log's end.
	Logs    []LogLine `json:"logs"`
	Excerpt bool      `json:"excerpt"`
	// Settings are the configuration of what is involved (6).
	Settings []diag.Setting `json:"settings"`
	// RuledOut are the things that were looked at and found in order (7), Unseen those that could not be seen, and
	// Tried what people have tried.
	RuledOut []RuledOut          `json:"ruledOut"`
	Unseen   []diag.Inconclusive `json:"unseen"`
	Tried    []string            `json:"tried"`
}

// RuledOut is a mechanism that all checks which could have found it broken found in order.
type RuledOut struct {
	Mechanism diag.Mechanism `json:"mechanism"`
	// Checks are their codes, Looks how often one looked at a resource.
	Checks []diag.Code `json:"checks"`
	Looks  int         `json:"looks"`
}

// Escalation makes a request for help of a report and of what people know.
func Escalation(r *diag.Report, symptom Symptom, extras EscalationExtras) Bundle {
	redact := cmp.Or(extras.Redactor, diag.NewRedactor(nil)).Redact
	service := r.Focus
	if service.IsZero() && len(r.Roots()) > 0 {
		service = r.Roots()[0].Resource
	}
	b := Bundle{Made: r.Window.End.UTC(), Service: service, Environment: cmp.Or(redact(extras.Environment),
		environmentOf(service.ID)),
		Attempted: redact(extras.Attempted), LastChange: lastChange(r), Symptom: symptom.Kind,
		Since: cmp.Or(symptom.Since, r.Onset()),
		Note:  redact(symptom.Note), Unseen: r.Inconclusive, RuledOut: ruledOut(r)}
	for _, root := range r.Roots() {
		b.Causes = append(b.Causes, root.Finding)
	}
	near := involved(r)
	b.Stopped = stopped(r)
	b.Settings = slices.DeleteFunc(slices.Clone(r.Settings),
		func(s diag.Setting) bool { return !near[withoutARN(s.Resource)] })
	b.Logs, b.Excerpt = quoted(r), true
	if len(extras.Logs) > 0 {
		b.Logs, b.Excerpt = slices.Clone(extras.Logs[max(0, len(extras.Logs)-maxLogLines):]), false
	}
	for i := range b.Logs {
		b.Logs[i].From, b.Logs[i].Text = redact(b.Logs[i].From), redact(b.Logs[i].Text)
	}
	for _, t := range extras.Tried {
		b.Tried = append(b.Tried, redact(t))
	}
	return b
}

// involved are the resources that the causes and what they explain are on, what was asked about, and what these run.
func involved(r *diag.Report) map[diag.Resource]bool {
	near := map[diag.Resource]bool{withoutARN(r.Focus): true}
	var visit func(diag.Root)
	visit = func(root diag.Root) {
		near[withoutARN(root.Resource)] = true
		for _, rel := range root.Related {
			near[withoutARN(rel.Resource)] = true
		}
		for _, e := range root.Explains {
			visit(e)
		}
	}
	for _, root := range r.Roots() {
		visit(root)
	}
	for _, l := range r.Links {
		if l.Role == "runs" && near[withoutARN(l.From)] {
			near[withoutARN(l.To)] = true
		}
	}
	return near
}

// lastChange is the last change or deployment before the trouble began, or at all if that is not known.
func lastChange(r *diag.Report) *diag.Event {
	onset := r.Onset()
	for _, e := range slices.Backward(r.Events) {
		if (e.Kind == "deployment" || e.Kind == "change") && (onset.IsZero() || !e.At.After(onset)) {
			return &e
		}
	}
	return nil
}

// maxStopped is how many stopped tasks a request for help tells of.
const maxStopped = 3

// stopped returns the last tasks that stopped, newest first.
func stopped(r *diag.Report) (last []diag.Event) {
	for _, e := range slices.Backward(r.Events) {
		if e.Kind == diag.KindTaskStopped && len(last) < maxStopped {
			last = append(last, e)
		}
	}
	return last
}

// quoted returns the lines of logs that a report quotes, oldest first.
func quoted(r *diag.Report) (found []LogLine) {
	seen := map[string]bool{}
	put := func(l LogLine) {
		if key := l.At.String() + l.Text; !seen[key] {
			seen[key] = true
			found = append(found, l)
		}
	}
	for _, f := range r.Findings {
		for _, e := range f.Evidence {
			if strings.HasPrefix(e.Source, "logs:") {
				put(LogLine{e.At, f.Resource.ID, e.Value})
			}
		}
	}
	for _, e := range r.Events {
		if e.Kind == "log" {
			put(LogLine{e.At, e.Resource.ID, e.Text})
		}
	}
	slices.SortStableFunc(found, func(a, b LogLine) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Text,
			b.Text))
	})
	return found[max(0, len(found)-maxLogLines):]
}

// ruledOut returns the mechanisms that were looked at and found in order, from the ground up. One check that found
// something, or could not see everything, leaves its mechanisms open.
func ruledOut(r *diag.Report) []RuledOut {
	out, open := map[diag.Mechanism]*RuledOut{}, map[diag.Mechanism]bool{}
	breaks := map[diag.Code][]diag.Mechanism{}
	for _, info := range Infos() {
		if info.Severity >= diag.SeverityWarning && !info.Change {
			breaks[info.Code] = info.Breaks
		}
	}
	for _, c := range r.Coverage.Checks {
		for _, m := range breaks[c.Code] {
			if c.Found+c.Inconclusive > 0 {
				open[m] = true
			}
			if out[m] == nil {
				out[m] = &RuledOut{Mechanism: m}
			}
			out[m].Checks, out[m].Looks = append(out[m].Checks, c.Code), out[m].Looks+c.Silent
		}
	}
	var list []RuledOut
	for _, m := range diag.Mechanisms() {
		if o := out[m]; o != nil && !open[m] && o.Looks > 0 && o.atHome(r) {
			list = append(list, *o)
		}
	}
	return list
}

// homes are the packages that look at a mechanism itself; others only meet its effects. What only they looked at is not
// ruled out. A mechanism that is not here is at home in ecsdiag.
var homes = map[diag.Mechanism][]string{
	diag.Permission: {"access."}, diag.NetworkPath: {"ec2."}, diag.NameResolution: {"ec2."}, diag.HostRun: {"ec2."},
	diag.AgentConnect: {"ssm.", "ecs.agent"},
	diag.DBStorage:    {"rds."}, diag.DBMemory: {"rds."}, diag.DBServe: {"rds."}, diag.DBAccept: {"rds."}, diag.Application: {"logs."}, diag.TargetReachable: {"alb."},
	diag.HealthCheck: {"alb."},
	diag.Routing:     {"alb."}, diag.Request: {"alb."}, diag.Session: {"ssm.", "ecs.exec"},
}

func (o RuledOut) atHome(r *diag.Report) bool {
	if o.Mechanism == diag.Application && slices.ContainsFunc(r.Findings,
		func(f diag.Finding) bool { return f.Code == "logs.group-missing" }) {
		return false // a log that is not there says nothing
	}
	home := homes[o.Mechanism]
	if home == nil {
		home = []string{"ecs."}
	}
	return slices.ContainsFunc(o.Checks, func(c diag.Code) bool {
		return slices.ContainsFunc(home, func(prefix string) bool { return strings.HasPrefix(string(c), prefix) })
	})
}

// meaning says what of a mechanism is in order.
var meaning = map[diag.Mechanism]string{
	diag.Permission:     "permissions: nothing was denied",
	diag.NetworkPath:    "the network: security groups, ACLs and routes let packets through",
	diag.NameResolution: "name resolution", diag.HostRun: "the hosts are up",
	diag.AgentConnect: "the agents on the hosts are connected",
	diag.Placement:    "tasks find room", diag.ImagePull: "images arrive",
	diag.SecretRead:  "secrets and parameters are delivered",
	diag.LogDelivery: "logs are delivered", diag.DBServe: "the database keeps up",
	diag.DBStorage:   "the database has room for what it writes",
	diag.DBMemory:    "the database does not go down for lack of memory",
	diag.DBAccept:    "the database takes connections",
	diag.Application: "the program logs no failure of its own", diag.TaskStart: "tasks start",
	diag.TaskRun:         "tasks stay up",
	diag.TargetReachable: "targets answer on their port", diag.HealthCheck: "health checks pass",
	diag.TaskCount: "as many tasks run as wanted",
	diag.Rollout:   "deployments get to their end", diag.Routing: "the load balancer has somewhere to send requests",
	diag.Request: "requests are answered", diag.Session: "sessions can be opened",
}

func (o RuledOut) String() string {
	return fmt.Sprintf("%s (%d checks, %d looks)", cmp.Or(meaning[o.Mechanism], string(o.Mechanism)), len(o.Checks),
		o.Looks)
}
