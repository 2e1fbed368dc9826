package diag

import (
	"cmp"
	"context"
	"time"
)

const defaultConcurrency = 32

// Runner works plans off. The zero value is ready.
type Runner struct {
	// Scope fills in the account and region of resources that name none.
	Scope Scope
	// Window is what surveys look back on; its End is the time of the report. Zero means that of the plans' subjects, or
	// the hour before now where they tell of none.
	Window Window
	// Focus is the resource that the question is about: causes of its troubles come first. It may be empty.
	Focus Resource
	// Asked names what does not work according to who asks: causes of that come before other causes. It may be empty.
	Asked []Mechanism
	// Noticed is when somebody noticed the trouble; zero if unknown. What was over ten minutes before, half an hour where
	// it has to do with what was asked, is information, unless it explains what was not.
	Noticed time.Time
	// Concurrency is how many AWS calls may be under way at once. Zero means 32.
	Concurrency int
	// Budget limits the run.
	Budget Budget
	// Progress, if set, is called after each check and survey, one call at a time.
	Progress func(Progress)
	// Redactor cleans every text of the report. Nil means the default one; see [NewRedactor].
	Redactor *Redactor
	// Fold, if set, is asked about each two findings of one code on one resource, such as of two that need one thing of
	// it, and returns one that tells both, or false to leave them apart. Changes are not asked about.
	Fold func(f, more Finding) (Finding, bool)
	// Review, if set, looks at everything that was found, once all is done.
	Review *Review
	// Follow, if set, is called with each link and each end of it that is not part of the run yet. The plan it returns
	// joins the run, so that a run walks from resource to resource. An empty plan leaves the resource to other links;
	// which of several links comes first depends on timing, so that what a plan does should depend on the resource only.
	// One call at a time.
	Follow func(Link, Resource) Plan
}

// Scope is an account and a region.
type Scope struct {
	Account string `json:"account"`
	Region  string `json:"region"`
}

func (s Scope) or(other Scope) Scope {
	return Scope{Account: cmp.Or(s.Account, other.Account), Region: cmp.Or(s.Region, other.Region)}
}

// Progress tells how far a run is.
type Progress struct {
	// Done and Total count checks and surveys. Total grows while links are followed.
	Done, Total int
	// Code and Resource name what was just done.
	Code     Code
	Resource Resource
	// Findings is how many findings it made.
	Findings int
}

// Run works the plans off with the default [Runner].
func Run(ctx context.Context, plans ...Plan) *Report { return Runner{}.Run(ctx, plans...) }

// Run works the plans off side by side and returns when all is done; no goroutine outlives it. A check that fails or
// panics is reported as inconclusive and harms no other. The report is the same, to the byte, for the same world.
func (r Runner) Run(ctx context.Context, plans ...Plan) *Report {
	if r.Window.End.IsZero() {
		r.Window = windowOf(plans)
	}
	if r.Redactor == nil {
		r.Redactor = NewRedactor(nil)
	}
	slots := make(chan struct{}, cmp.Or(max(r.Concurrency, 0), defaultConcurrency))
	meter := &meter{limit: int64(r.Budget.Calls), slots: slots}
	ctx = context.WithValue(ctx, meterKey{}, meter)
	if r.Budget.Time > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, r.Budget.Time,
			Errorf(KindBudget, "the budget of %s is used up", r.Budget.Time))
		defer cancel()
	}
	run := &run{runner: r, ctx: ctx, seen: map[Resource]bool{}}
	for _, p := range plans {
		run.add(p)
	}
	run.group.Wait()
	return run.report(meter)
}
