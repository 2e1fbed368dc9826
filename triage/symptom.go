package triage

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// SymptomKind is what somebody complains about.
type SymptomKind string

// The symptoms.
const (
	HTTP5xx             SymptomKind = "http-5xx"
	HTTP502             SymptomKind = "http-502"
	HTTP503             SymptomKind = "http-503"
	HTTP504             SymptomKind = "http-504"
	Slow                SymptomKind = "slow"
	DeploymentStuck     SymptomKind = "deployment-stuck"
	TasksStopping       SymptomKind = "tasks-stopping"
	TasksPending        SymptomKind = "tasks-pending"
	Unreachable         SymptomKind = "unreachable"
	DBUnreachable       SymptomKind = "db-unreachable"
	DBSlow              SymptomKind = "db-slow"
	InstanceUnreachable SymptomKind = "instance-unreachable"
	SSMUnreachable      SymptomKind = "ssm-unreachable"
	ExecFails           SymptomKind = "exec-fails"
	AccessDenied        SymptomKind = "access-denied"
	Errors              SymptomKind = "errors"
	Unknown             SymptomKind = "unknown"
)

// asked says which mechanisms a symptom reports as broken; they decide which cause is told first.
var asked = map[SymptomKind][]diag.Mechanism{
	HTTP5xx:             {diag.Request, diag.Routing},
	HTTP502:             {diag.Request, diag.Routing},
	HTTP503:             {diag.Request, diag.Routing},
	HTTP504:             {diag.Request, diag.Routing},
	Slow:                {diag.Request},
	DeploymentStuck:     {diag.Rollout, diag.TaskCount},
	TasksStopping:       {diag.TaskCount, diag.TaskRun, diag.TaskStart},
	TasksPending:        {diag.TaskCount, diag.TaskStart, diag.Placement},
	Unreachable:         {diag.NetworkPath, diag.TargetReachable, diag.Routing, diag.Request},
	DBUnreachable:       {diag.DBAccept, diag.NetworkPath, diag.NameResolution},
	DBSlow:              {diag.DBServe},
	InstanceUnreachable: {diag.HostRun, diag.NetworkPath, diag.AgentConnect},
	SSMUnreachable:      {diag.AgentConnect, diag.Session},
	ExecFails:           {diag.Session},
	AccessDenied:        {diag.Permission},
	Errors:              {diag.Application, diag.Request},
	Unknown:             nil,
}

// SymptomKinds returns all kinds, sorted.
func SymptomKinds() []SymptomKind {
	kinds := make([]SymptomKind, 0, len(asked))
	for k := range asked {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return kinds
}

// ParseSymptomKind returns the kind with a name; an unknown name gives an error that lists the known ones.
func ParseSymptomKind(name string) (SymptomKind, error) {
	kind := SymptomKind(name)
	if _, ok := asked[kind]; !ok {
		names := make([]string, len(asked))
		for i, k := range SymptomKinds() {
			names[i] = string(k)
		}
		return "", diag.Errorf(diag.KindInvalid, "unknown symptom %q: want one of %s", name, strings.Join(names, ", "))
	}
	return kind, nil
}

// Symptom is a complaint about one resource.
type Symptom struct {
	Kind SymptomKind
	// Target names the resource: a name (of an instance, its tag Name), an id, an ARN, cluster/service, a host name, an IP
	// address, or a URL. Where several resources bear a name, the kind of the symptom decides.
	Target string
	// TargetType is its CloudFormation type. It may be empty where the target tells it, as an ARN does, or where only
	// one kind of resource has that name.
	TargetType string
	// Since is when somebody noticed; zero if unknown. The cause may lie hours before.
	Since time.Time
	// Note is anything else the complaint said.
	Note string
}

func (s Symptom) validate(now time.Time) error {
	if _, err := ParseSymptomKind(string(s.Kind)); err != nil {
		return err
	}
	if strings.TrimSpace(s.Target) == "" {
		return diag.Errorf(diag.KindInvalid,
			"the target is empty: name a resource by name, id or ARN, a service as cluster/service")
	}
	if s.Since.After(now) {
		return diag.Errorf(diag.KindInvalid, "the symptom's beginning %s lies after now, %s", stamp(s.Since), stamp(now))
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// lookback is how far before the end, and before a symptom was noticed, causes are looked for.
const (
	defaultLookback = 3 * time.Hour
	beforeNoticed   = 2 * time.Hour
	maxLookback     = 14 * 24 * time.Hour // what RDS keeps of its events, the longest that any evidence here reaches
)

// window returns the span to look back on.
func (s Symptom) window(now time.Time, lookback time.Duration) (diag.Window, error) {
	if lookback < 0 || lookback > maxLookback {
		return diag.Window{}, diag.Errorf(diag.KindInvalid, "a lookback of %s: want one between 0 (the default of %s) and %s",
			lookback, defaultLookback, maxLookback)
	}
	if lookback == 0 {
		lookback = defaultLookback
	}
	w := diag.Last(lookback, now)
	if early := s.Since.Add(-beforeNoticed); !s.Since.IsZero() && early.Before(w.Start) {
		w.Start = early
	}
	if limit := now.Add(-maxLookback); w.Start.Before(limit) {
		w.Start = limit
	}
	if err := w.Validate(); err != nil {
		return diag.Window{}, fmt.Errorf("symptom: %w", err)
	}
	return w, nil
}
