package diag

// resolve completes resources that one package knew less about than another: account and region, where the report knows
// a resource of that name in one place only, and the ARN. Without it, a subject that has not been described yet and the
// same resource in a link would be two.
func (r *Report) resolve() {
	type name struct{ typ, id string }
	places := map[name]map[Scope]bool{}
	r.eachResource(func(res *Resource) {
		if res.Account != "" && res.Region != "" {
			n := name{res.Type, res.ID}
			if places[n] == nil {
				places[n] = map[Scope]bool{}
			}
			places[n][Scope{res.Account, res.Region}] = true
		}
	})
	arns := map[Resource]string{}
	r.eachResource(func(res *Resource) {
		if known := places[name{res.Type, res.ID}]; len(known) == 1 {
			for place := range known {
				res.complete(place)
			}
		}
		if have := arns[res.key()]; have == "" || res.ARN != "" && res.ARN < have {
			arns[res.key()] = res.ARN
		}
	})
	r.eachResource(func(res *Resource) {
		if res.ARN == "" {
			res.ARN = arns[res.key()]
		}
	})
}

// complete fills in the place, unless the resource is known to lie elsewhere.
func (r *Resource) complete(place Scope) {
	if full := r.In(place.Account, place.Region); full.Account == place.Account && full.Region == place.Region {
		*r = full
	}
}

// eachResource calls f with every resource of the report that is not zero.
func (r *Report) eachResource(f func(*Resource)) {
	visit := func(res *Resource) {
		if !res.IsZero() {
			f(res)
		}
	}
	visit(&r.Focus)
	for i := range r.Findings {
		visit(&r.Findings[i].Resource)
		for j := range r.Findings[i].Related {
			visit(&r.Findings[i].Related[j].Resource)
		}
	}
	for i := range r.Links {
		visit(&r.Links[i].From)
		visit(&r.Links[i].To)
	}
	for i := range r.Inconclusive {
		visit(&r.Inconclusive[i].Resource)
	}
	for i := range r.Events {
		visit(&r.Events[i].Resource)
	}
	for i := range r.Settings {
		visit(&r.Settings[i].Resource)
	}
	for i := range r.Coverage.Subjects {
		visit(&r.Coverage.Subjects[i])
	}
}
