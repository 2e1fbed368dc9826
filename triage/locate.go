package triage

import (
	"context"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// locate finds out which resource the symptom's target is. Where its type is known, that needs no call: whether it
// exists comes out when it is examined. A plain name is looked for among all types that go by names, in every scope;
// the report of that search counts its calls.
func (w *walk) locate(ctx context.Context) (*diag.Report, error) {
	r, err := parseTarget(w.symptom.Target, w.symptom.TargetType)
	if err != nil {
		return nil, err
	}
	if r.Type != "" {
		if w.scene(r) == nil {
			return nil, diag.Errorf(diag.KindInvalid, "target %q lies in account %s, region %s; the scopes are %s",
				w.symptom.Target, r.Account, r.Region, places(w.scopes()))
		}
		if len(w.scenes) > 1 && r.Account == "" && seekers[r.Type] != nil {
			return w.search(ctx, r)
		}
		w.target = r.In(w.scenes[0].Scope.Account, w.scenes[0].Scope.Region)
		return &diag.Report{}, nil
	}
	return w.search(ctx, r)
}

func (w *walk) scopes() []Scope {
	scopes := make([]Scope, len(w.scenes))
	for i, s := range w.scenes {
		scopes[i] = s.Scope
	}
	return scopes
}

// search looks for resources of the target's name in all scopes.
func (w *walk) search(ctx context.Context, r diag.Resource) (*diag.Report, error) {
	var plans []diag.Plan
	for _, scene := range w.scenes {
		for typ, exists := range scene.seeks(r) {
			sought := diag.Resource{Type: typ, ID: r.ID}
			plans = append(plans, diag.Observe(subjectOf(sought), seeker(scene, sought, exists)).In(scene.Scope.place()))
		}
	}
	report := w.runner().Run(ctx, plans...)
	var found []diag.Resource
	for _, l := range report.Links {
		if !slices.Contains(found, l.To) {
			found = append(found, l.To)
		}
	}
	if len(found) == 0 && report.Err() != nil {
		first := report.Inconclusive[0]
		return nil, diag.Errorf(first.Kind, "looking for target %q: %s", w.symptom.Target, first.Err)
	}
	if len(found) == 0 && r.Type == "" {
		if host, ok := w.hostTarget(r.ID); ok {
			w.target = host
			return report, nil
		}
	}
	target, err := choose(w.symptom.Target, w.scopes(), w.symptom.Kind.fitting(found))
	w.target = target
	return report, err
}

// hostTarget takes a name that nothing bears for that of a host, where a scope may look it up. Without a port it is one
// that browsers go to.
func (w *walk) hostTarget(name string) (diag.Resource, bool) {
	i := slices.IndexFunc(w.scenes, func(s *Scene) bool { return s.Scope.Clients.Probe != nil })
	if i < 0 || !hostName.MatchString(name) {
		return diag.Resource{}, false
	}
	if !strings.Contains(name, ":") {
		name = "https://" + name + "/"
	}
	r, err := endpointResource(name)
	return r.In(w.scenes[i].Scope.Account, w.scenes[i].Scope.Region), err == nil
}

// aResource is a subject of which only the name matters.
type aResource struct{ resource diag.Resource }

func subjectOf(r diag.Resource) aResource { return aResource{r} }

// Resource returns the resource.
func (a aResource) Resource() diag.Resource { return a.resource }

// outOfScope stands for a resource of another account or region than those that were given.
func outOfScope(r diag.Resource) diag.Plan {
	return diag.Observe(subjectOf(r), &diag.Survey[aResource]{
		Name: "triage.scope",
		Links: func(context.Context, aResource) ([]diag.Link, error) {
			return nil, diag.Errorf(diag.KindIncomplete, "not examined: account %s, region %s is not among the scopes",
				r.Account, r.Region)
		},
	})
}

// names lists what there is of the target's type, as far as one list tells, for somebody who mistyped a name.
func (w *walk) names(ctx context.Context) []string {
	scene, names := w.scene(w.target), []string{}
	add := func(s diag.Subject) { names = append(names, s.Resource().ID) }
	switch w.target.Type {
	case typeDBInstance:
		found, _ := scene.databases.DBInstances(ctx)
		for _, db := range found {
			add(db)
		}
	case typeDBCluster:
		found, _ := scene.databases.DBClusters(ctx)
		for _, db := range found {
			add(db)
		}
	case typeLoadBalancer:
		found, _ := scene.balancers.LoadBalancers(ctx)
		for _, lb := range found {
			add(lb)
		}
	case typeTargetGroup:
		found, _ := scene.balancers.TargetGroups(ctx)
		for _, tg := range found {
			add(tg)
		}
	case typeService, typeCluster:
		found, _ := scene.services.Services(ctx)
		for _, s := range found {
			if w.target.Type == typeService {
				add(s)
			} else {
				names = append(names, s.Cluster())
			}
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	const most = 20 // more would hide the error that they explain
	return names[:min(len(names), most)]
}

// missing returns an error if the target turned out not to exist, with the names that do where they can be listed.
func (w *walk) missing(ctx context.Context, report *diag.Report) error {
	if len(report.Findings) > 0 || !slices.ContainsFunc(report.Inconclusive, func(i diag.Inconclusive) bool {
		return i.Kind == diag.KindNotFound && i.Resource.Type == w.target.Type && i.Resource.ID == w.target.ID
	}) {
		return nil
	}
	err := diag.Errorf(diag.KindNotFound, "target %q: there is no %s of that name in %s", w.symptom.Target, w.target.Type,
		w.scene(w.target).Scope)
	if names := w.names(ctx); len(names) > 0 {
		err = diag.Errorf(diag.KindNotFound, "%w; there are %s", err, strings.Join(names, ", "))
	}
	return err
}
