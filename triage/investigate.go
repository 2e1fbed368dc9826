package triage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
)

// Options change how an investigation runs. The zero value is ready.
type Options struct {
	// Now is the time to diagnose at; every "recent" is counted from here. Zero means now.
	Now time.Time
	// Lookback is how far before Now to look. Zero means three hours. Where the symptom was noticed earlier, the walk
	// looks back to two hours before that in any case.
	Lookback time.Duration
	// Catalogue tells how to examine a resource. Nil means [Default].
	Catalogue Catalogue
	// Budget, Concurrency, Progress and Redactor are those of [diag.Runner].
	Budget      diag.Budget
	Concurrency int
	Progress    func(diag.Progress)
	Redactor    *diag.Redactor
	// Parameters says whether values of Parameter Store may be read where parameters are what was asked about.
	Parameters ParameterValues
}

// ParameterValues lets values of parameters be compared without being shown. The zero value reads none.
type ParameterValues struct {
	// Key makes values be read and told as hashes keyed with it, so that [Compare] tells equal values from different ones.
	// Use one key on both sides, and keep it: who has it can try values.
	Key []byte
	// Decrypt reads SecureStrings too, which needs kms:Decrypt and stands in CloudTrail.
	Decrypt bool
}

// Investigate walks from the symptom's target over everything that it depends on, judges each resource with the checks
// that fit it, and tells causes from effects.
//
// The error is for questions that cannot be asked: an unknown kind of symptom, a target that is malformed, ambiguous or
// does not exist, no scope ([diag.KindInvalid], [diag.KindNotFound]). What could not be seen on the way stands in the
// report.
func Investigate(ctx context.Context, scopes []Scope, symptom Symptom, options Options) (*diag.Report, error) {
	options.Now = cmp.Or(options.Now, time.Now())
	if options.Catalogue == nil {
		options.Catalogue = Default()
	}
	if err := symptom.validate(options.Now); err != nil {
		return nil, err
	}
	window, err := symptom.window(options.Now, options.Lookback)
	if err != nil {
		return nil, err
	}
	if len(scopes) == 0 {
		return nil, diag.Errorf(diag.KindInvalid, "no scope to investigate: give at least one account and region")
	}
	w := &walk{symptom: symptom, options: options, window: window, fronts: map[string]bool{}}
	for _, s := range scopes {
		scene := NewScene(s, window)
		scene.Symptom, scene.values, scene.note = symptom.Kind, options.Parameters, symptom.Note
		w.scenes = append(w.scenes, scene)
	}
	acquaint(w.scenes)
	return w.run(ctx)
}

// walk is one investigation.
type walk struct {
	symptom Symptom
	options Options
	window  diag.Window
	scenes  []*Scene
	target  diag.Resource
	fronts  map[string]bool // ids of load balancers that answer at the endpoint that was asked about
}

func (w *walk) run(ctx context.Context) (*diag.Report, error) {
	search, err := w.locate(ctx)
	if err != nil {
		return nil, err
	}
	scene := w.scene(w.target)
	runner := w.runner()
	runner.Focus, runner.Asked, runner.Noticed, runner.Follow = w.target, asked[w.symptom.Kind], w.symptom.Since, w.follow
	runner.Review = w.usual()
	if runner.Budget.Calls > 0 {
		runner.Budget.Calls = max(runner.Budget.Calls-search.Coverage.Calls, 1)
	}
	plans := []diag.Plan{w.plan(scene, w.target, diag.Resource{})}
	for _, s := range w.scenes {
		plans = append(plans, diag.Join(s.history(), s.outages()).In(s.Scope.place()))
	}
	report := runner.Run(ctx, plans...)
	// Changes that broke nothing are left to the timeline.
	report.Findings = slices.DeleteFunc(report.Findings, func(f diag.Finding) bool {
		return f.Change && f.Severity == diag.SeverityInfo
	})
	report.Coverage.Calls += search.Coverage.Calls
	return report, w.missing(ctx, report)
}

func (w *walk) runner() diag.Runner {
	o := w.options
	return diag.Runner{Window: w.window, Concurrency: o.Concurrency, Budget: o.Budget, Progress: o.Progress,
		Redactor: o.Redactor,
		Fold:     folds()}
}

// plan examines a resource in its scene, if the catalogue knows its type.
func (w *walk) plan(scene *Scene, r, from diag.Resource) diag.Plan {
	maker := w.options.Catalogue[r.Type]
	named := from.IsZero() &&
		(maker == nil || r.Type == typeSecret || r.Type == typeParameter || r.Type == typeFunction)
	if maker == nil && !named {
		return diag.Plan{}
	}
	if scene == nil {
		return outOfScope(r)
	}
	var plan diag.Plan
	if maker != nil {
		plan = maker(scene, r, from)
	}
	if from.IsZero() || !plan.IsZero() { // what its maker passes by is left to other links
		plan = diag.Join(plan, scene.watchedPlan(r, from))
	}
	if named {
		plan = diag.Join(plan, mentionPlan(scene, r, maker == nil))
	}
	if plan.IsZero() {
		return plan
	}
	return diag.Join(plan, scene.runsOn(r)).In(scene.Scope.place())
}

// follow goes on from a resource to one that it depends on. A link without dependence leads on from the target only:
// from a cluster that was asked about to its services, but not from a service to everything else in its cluster. One
// exception: the load balancer in front of a target group is examined, because it tells how requests fare, but walked
// on from only to the groups that its errors come from and to the certificates that it shows: its other target groups
// are no part of the question.
func (w *walk) follow(l diag.Link, to diag.Resource) diag.Plan {
	from := l.From
	if to == l.From {
		from = l.To
	}
	if l.Context && !w.isTarget(l.From) && !slices.Contains(followed, to.Type) {
		return diag.Plan{}
	}
	if from.Type == typeLoadBalancer && !w.isTarget(from) && !w.fronts[from.ID] && l.Role != albdiag.RoleErring &&
		to.Type != typeCertificate && to.Type != typeServerCertificate {
		return diag.Plan{}
	}
	if from.Type == typeEndpoint && to.Type == typeLoadBalancer {
		w.fronts[to.ID] = true // what answers at the endpoint stands for it
	}
	return w.plan(w.scene(to), to, from)
}

// followed are the types that links of context lead to from anywhere: the balancer in front, the trail of changes, and
// what a role is needed for, which is filed only where something was refused.
var followed = []string{typeLoadBalancer, typeTrail, typeGrant}

func (w *walk) isTarget(r diag.Resource) bool { return r.Type == w.target.Type && r.ID == w.target.ID }

// scene returns the scene in which a resource lies, nil if none of the scopes holds it. Resources without account or
// region lie in the first.
func (w *walk) scene(r diag.Resource) *Scene {
	i := slices.IndexFunc(w.scenes, func(s *Scene) bool {
		return fits(r.Account, s.Scope.Account) && fits(r.Region, s.Scope.Region)
	})
	if i < 0 {
		return nil
	}
	return w.scenes[i]
}

func fits(want, have string) bool { return want == "" || have == "" || want == have }
