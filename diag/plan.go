package diag

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
)

// Plan is what a run will do: subjects joined with checks and surveys. It can be read before it is run. The zero value
// does nothing.
type Plan struct{ jobs []job }

// job is one check or survey on one subject, its type erased.
type job struct {
	code     Code
	info     *Info // nil for a survey
	resource Resource
	scope    Scope // what the resources of the job lie in, where they do not say so
	actions  []string
	window   Window // what the subject looks back on, if it tells
	unsound  error  // why there is no use in running it
	run      func(ctx context.Context, window Window) outcome
}

type outcome struct {
	findings []Finding
	links    []Link
	events   []Event
	settings []Setting
	err      error
}

// On joins a subject with checks. A subject that was made of the ARN of something else, of nothing, or without a window
// is not asked: its checks are inconclusive with [KindInvalid].
func On[S Subject](subject S, checks ...*Check[S]) Plan {
	var p Plan
	resource, window, unsound := look(subject)
	for _, c := range checks {
		p.jobs = append(p.jobs, job{
			code: c.Code, info: &c.Info, resource: resource, actions: c.Actions, window: window, unsound: unsound,
			run: func(ctx context.Context, _ Window) outcome {
				findings, err := c.Run(ctx, subject)
				return outcome{findings: findings, err: err}
			},
		})
	}
	return p
}

// Observe joins a subject with surveys.
func Observe[S Subject](subject S, surveys ...*Survey[S]) Plan {
	var p Plan
	resource, window, unsound := look(subject)
	for _, s := range surveys {
		add := func(part string, run func(context.Context, Window) outcome) {
			p.jobs = append(p.jobs, job{code: s.Name + Code(part), resource: resource, actions: s.Actions, window: window,
				unsound: unsound, run: run})
		}
		if s.Links != nil {
			add(".links", func(ctx context.Context, _ Window) (o outcome) {
				o.links, o.err = s.Links(ctx, subject)
				return o
			})
		}
		if s.Events != nil {
			add(".events", func(ctx context.Context, w Window) (o outcome) {
				o.events, o.err = s.Events(ctx, subject, w)
				return o
			})
		}
		if s.Settings != nil {
			add(".settings", func(ctx context.Context, _ Window) (o outcome) {
				o.settings, o.err = s.Settings(ctx, subject)
				return o
			})
		}
	}
	return p
}

// Join returns one plan that does all of the plans.
func Join(plans ...Plan) Plan {
	var p Plan
	for _, q := range plans {
		p.jobs = append(p.jobs, q.jobs...)
	}
	return p
}

// In returns the plan with its resources placed in a scope, where they name no account or region themselves. It goes
// before the scope of the [Runner]: a run over many scopes is a join of plans, each in its own.
func (p Plan) In(scope Scope) Plan {
	jobs := slices.Clone(p.jobs)
	for i := range jobs {
		jobs[i].scope = jobs[i].scope.or(scope)
	}
	return Plan{jobs}
}

// IsZero reports a plan that does nothing.
func (p Plan) IsZero() bool { return len(p.jobs) == 0 }

// Infos returns what the plan's checks say of themselves, each check once, by code.
func (p Plan) Infos() []Info {
	seen := map[Code]bool{}
	var infos []Info
	for _, j := range p.jobs {
		if j.info != nil && !seen[j.code] {
			seen[j.code] = true
			infos = append(infos, *j.info)
		}
	}
	slices.SortFunc(infos, func(a, b Info) int { return cmp.Compare(a.Code, b.Code) })
	return infos
}

// Actions returns the actions that the plan may call, sorted: IAM actions, and those of [ClassLocal].
func (p Plan) Actions() []string {
	var actions []string
	for _, j := range p.jobs {
		actions = append(actions, j.actions...)
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}

// Policy returns the smallest IAM policy document that lets the plan run, as indented JSON. Actions of each [Class]
// stand in a statement of their own, so that a reader can leave one out. Those of [ClassLocal] need no permission and
// do not appear.
func (p Plan) Policy() ([]byte, error) {
	type statement struct {
		Sid      string
		Effect   string
		Action   []string
		Resource string
	}
	document := struct {
		Version   string
		Statement []statement
	}{Version: "2012-10-17", Statement: []statement{}}
	for _, class := range Classes() {
		if class == ClassLocal {
			continue
		}
		actions := slices.DeleteFunc(p.Actions(), func(a string) bool { return ClassOf(a) != class })
		if len(actions) > 0 {
			document.Statement = append(document.Statement, statement{
				Sid: "Awsdiag" + class.sid(), Effect: "Allow", Action: actions, Resource: "*",
			})
		}
	}
	return json.MarshalIndent(document, "", "  ")
}
