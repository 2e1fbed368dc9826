package diag

import (
	"context"
	"fmt"
	"sync"
)

// run is one execution of a Runner.
type run struct {
	runner Runner
	ctx    context.Context
	group  sync.WaitGroup

	mu    sync.Mutex // guards what follows, and makes the callbacks one at a time
	seen  map[Resource]bool
	total int
	done  []result
}

type result struct {
	job
	outcome
}

func (x *run) add(p Plan) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.addLocked(p)
}

func (x *run) addLocked(p Plan) {
	x.total += len(p.jobs)
	for _, j := range p.jobs {
		j.scope = j.scope.or(x.runner.Scope)
		j.resource = j.resource.In(j.scope.Account, j.scope.Region)
		x.seen[j.resource.key()] = true
		x.group.Add(1)
		go x.work(j)
	}
}

// work runs one job and files its result, even if the job ends its goroutine.
func (x *run) work(j job) {
	defer x.group.Done()
	r := result{j, outcome{err: errExited}}
	defer func() { x.finish(r) }()
	r.outcome = x.execute(j)
}

var errExited = Errorf(KindPanic, "the check ended its goroutine")

// execute runs one job and turns a panic into its error.
func (x *run) execute(j job) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			o.err = panicked("panic", p)
		}
	}()
	if x.ctx.Err() != nil {
		return outcome{err: Cause(x.ctx)}
	}
	if j.unsound != nil {
		return outcome{err: j.unsound}
	}
	o = j.run(x.ctx, x.runner.Window)
	if cause := Cause(x.ctx); cause != x.ctx.Err() && KindOf(o.err) == KindCanceled {
		o.err = fmt.Errorf("%w (%w)", cause, o.err)
	}
	return o
}

// finish files a result and follows its links.
func (x *run) finish(r result) {
	x.mu.Lock()
	defer x.mu.Unlock()
	r.complete()
	x.done = append(x.done, r)
	if x.runner.Follow != nil {
		for _, l := range r.links {
			x.follow(l, l.To)
			x.follow(l, l.From)
		}
	}
	if x.runner.Progress != nil {
		x.guard("progress callback", func() {
			x.runner.Progress(Progress{Done: len(x.done), Total: x.total, Code: r.code, Resource: r.resource,
				Findings: len(r.findings)})
		})
	}
}

func (x *run) follow(l Link, to Resource) {
	if x.seen[to.key()] || to.IsZero() {
		return
	}
	x.seen[to.key()] = true // also if Follow panics: once is enough
	x.guard("follow callback", func() {
		p := x.runner.Follow(l, to)
		x.seen[to.key()] = !p.IsZero()
		x.addLocked(p)
	})
}

// guard keeps a panic of the user's callback from taking the host down.
func (x *run) guard(what string, call func()) {
	defer func() {
		if p := recover(); p != nil {
			err := panicked("panic in "+what, p)
			x.done = append(x.done, result{job: job{code: "diag.callback"}, outcome: outcome{err: err}})
			x.total++
		}
	}()
	call()
}

// complete fills in what the job left to the driver. Times become UTC, so that equal times are equal values.
func (r *result) complete() {
	scope := r.scope
	place := func(res Resource) Resource { return res.In(scope.Account, scope.Region) }
	var kept []Finding
	for _, f := range r.findings {
		if err := r.stamp(&f); err != nil {
			r.err = joinErrors(r.err, err)
			continue
		}
		f.Resource, f.Since, f.Until, f.LeadUp = place(f.Resource), f.Since.UTC(), f.Until.UTC(), f.LeadUp.UTC()
		f.Related = mapped(f.Related, func(rel Related) Related { rel.Resource = place(rel.Resource); return rel })
		f.Evidence = mapped(f.Evidence, func(e Evidence) Evidence { e.At = e.At.UTC(); return e })
		kept = append(kept, f)
	}
	r.findings = kept
	r.links = mapped(r.links, func(l Link) Link { l.From, l.To = place(l.From), place(l.To); return l })
	r.events = mapped(r.events, func(e Event) Event {
		e.Resource, e.At = place(orResource(e.Resource, r.resource)), e.At.UTC()
		return e
	})
	r.settings = mapped(r.settings, func(s Setting) Setting {
		s.Resource = place(orResource(s.Resource, r.resource))
		return s
	})
}

// stamp fills a finding from its check's Info and reports one that breaks the contract.
func (j job) stamp(f *Finding) error {
	switch {
	case f.Code != "" && f.Code != j.code:
		return Errorf(KindContract, "check %s returned a finding with the code %s: a check has one code", j.code, f.Code)
	case f.Severity < 0 || f.Severity > SeverityError || f.Confidence < 0 || f.Confidence > Certain:
		return Errorf(KindContract, "check %s returned a finding of %s and %s: %s",
			j.code, f.Severity, f.Confidence, f.Summary)
	case len(f.Evidence) == 0:
		return Errorf(KindContract, "check %s returned a finding without evidence: %s", j.code, f.Summary)
	}
	f.Code = j.code
	f.Resource = orResource(f.Resource, j.resource)
	if f.Severity == 0 {
		f.Severity = j.info.Severity
	}
	if f.Confidence == 0 {
		f.Confidence = j.info.Confidence
	}
	if f.Confidence == 0 {
		f.Confidence = Certain
	}
	f.ExplainedBy, f.Change = nil, j.info.Change
	return nil
}

func orResource(a, b Resource) Resource {
	if a.IsZero() {
		return b
	}
	return a
}

func joinErrors(a, b error) error {
	if a == nil {
		return b
	}
	return fmt.Errorf("%w; %w", a, b)
}

func mapped[T any](in []T, f func(T) T) []T {
	out := make([]T, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}
