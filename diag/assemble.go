package diag

import (
	"cmp"
	"slices"
	"strings"
)

// report puts the results in order, redacts them and joins causes with effects.
func (x *run) report(meter *meter) *Report {
	slices.SortFunc(x.done, func(a, b result) int {
		return cmp.Or(compareResources(a.resource, b.resource), cmp.Compare(a.code, b.code))
	})
	r := &Report{Window: x.runner.Window, Focus: x.runner.Focus.In(x.runner.Scope.Account, x.runner.Scope.Region)}
	var by []Resource // who told each event
	infos, told := map[Code]*Info{}, map[blindness]int{}
	for _, done := range x.done {
		if done.info != nil {
			infos[done.code] = done.info
		}
		r.Findings = append(r.Findings, done.findings...)
		r.Links = append(r.Links, done.links...)
		for _, e := range done.events {
			r.Events, by = append(r.Events, e), append(by, done.resource)
		}
		r.Settings = append(r.Settings, done.settings...)
		r.blind(done, told)
	}
	r.Coverage = coverage(x.done, 0)
	r.resolve()
	r.joinFailures(by)
	r.sort()
	r.fold(x.runner.Fold)
	x.review(r, infos, told)
	all := coverage(x.done, int(meter.calls.Load()))
	r.Coverage.Checks, r.Coverage.Actions, r.Coverage.Calls = all.Checks, all.Actions, all.Calls
	r.sort() // before, so that tokens are numbered in one order, and after, because redaction changes the texts
	r.redact(x.runner.Redactor)
	r.sort()
	r.explain(infos, x.runner.Asked, x.runner.Noticed)
	return r
}

// blind notes what a job could not see. The checks of changes, one for each family, are told together where one error
// befell them all, and so is the survey that reads what they read. Told holds where the entry of each error stands.
func (r *Report) blind(done result, told map[blindness]int) {
	if done.err == nil {
		return
	}
	i := Inconclusive{Code: done.code, Resource: done.resource, Kind: KindOf(done.err), Err: oneLine(done.err)}
	if done.info == nil || done.info.Change {
		same := i.why()
		if at, ok := told[same]; ok {
			r.Inconclusive[at].Also = append(r.Inconclusive[at].Also, i.Code)
			return
		}
		if done.info != nil {
			told[same] = len(r.Inconclusive)
		}
	}
	r.Inconclusive = append(r.Inconclusive, i)
}

// blindness is why something could not be seen of a resource.
type blindness struct {
	resource Resource
	kind     Kind
	err      string
}

func (i Inconclusive) why() blindness { return blindness{i.Resource, i.Kind, i.Err} }

// oneLine returns the text of an error, of which joined ones have a line each.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

func coverage(done []result, calls int) Coverage {
	c := Coverage{Calls: calls}
	checks := map[Code]*CheckCoverage{}
	for _, d := range done {
		c.Actions = append(c.Actions, d.actions...)
		if !d.resource.IsZero() {
			c.Subjects = append(c.Subjects, d.resource)
		}
		if d.info == nil {
			continue
		}
		k := checks[d.code]
		if k == nil {
			k = &CheckCoverage{Code: d.code, Limits: d.info.Limits}
			checks[d.code] = k
		}
		k.count(d.outcome)
	}
	for _, k := range checks {
		c.Checks = append(c.Checks, *k)
	}
	slices.SortFunc(c.Checks, func(a, b CheckCoverage) int { return cmp.Compare(a.Code, b.Code) })
	slices.Sort(c.Actions)
	c.Actions = slices.Compact(c.Actions)
	return c
}

func (k *CheckCoverage) count(o outcome) {
	if len(o.findings) > 0 {
		k.Found++
	}
	if o.err != nil {
		k.Inconclusive++
	}
	if len(o.findings) == 0 && o.err == nil {
		k.Silent++
	}
}

// redact cleans every text that AWS or a customer may have written. It walks the report in one fixed order, so that
// tokens are numbered the same way every time.
func (r *Report) redact(by *Redactor) {
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Summary = by.Redact(f.Summary)
		f.Evidence = mapped(f.Evidence, func(e Evidence) Evidence {
			e.Field, e.Value = by.Redact(e.Field), by.redactNamed(e.Field, e.Value)
			return e
		})
		f.Related = mapped(f.Related, func(rel Related) Related { rel.Role = by.Redact(rel.Role); return rel })
		f.NextSteps = mapped(f.NextSteps, func(s Step) Step {
			s.Text, s.Command = by.Redact(s.Text), by.Redact(s.Command)
			return s
		})
	}
	for i := range r.Inconclusive {
		r.Inconclusive[i].Err = by.Redact(r.Inconclusive[i].Err)
	}
	for i := range r.Events {
		r.Events[i].Text = by.Redact(r.Events[i].Text)
	}
	for i := range r.Links {
		r.Links[i].Role = by.Redact(r.Links[i].Role)
	}
	for i := range r.Settings {
		r.Settings[i].Value = by.redactNamed(r.Settings[i].Name, r.Settings[i].Value)
	}
}

func (r *Report) sortEvents() {
	slices.SortFunc(r.Events, func(a, b Event) int {
		return cmp.Or(a.At.Compare(b.At), compareResources(a.Resource, b.Resource), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Text, b.Text), cmp.Compare(a.Source, b.Source))
	})
}

// sort puts everything but the findings in order of their causes, which comes later, into its order, and takes out what
// stands twice.
func (r *Report) sort() {
	slices.SortFunc(r.Findings, compareFindings)
	slices.SortFunc(r.Coverage.Subjects, compareResources)
	r.Coverage.Subjects = slices.Compact(r.Coverage.Subjects)
	slices.SortFunc(r.Inconclusive, func(a, b Inconclusive) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), compareResources(a.Resource, b.Resource), cmp.Compare(a.Err, b.Err))
	})
	slices.SortFunc(r.Links, func(a, b Link) int {
		return cmp.Or(compareResources(a.From, b.From), compareResources(a.To, b.To), cmp.Compare(a.Role, b.Role),
			compareBools(a.Context, b.Context))
	})
	r.Links = slices.Compact(r.Links)
	r.sortEvents()
	r.Events = slices.Compact(r.Events)
	slices.SortFunc(r.Settings, func(a, b Setting) int {
		return cmp.Or(compareResources(a.Resource, b.Resource), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Value, b.Value))
	})
	r.Settings = slices.Compact(r.Settings)
}
