package diag

import (
	"context"
	"errors"
	"slices"
)

// Review looks at everything that was found, once all checks are done and before causes and effects are joined. It may
// add to findings what only a view of the whole shows, and make findings of its own.
type Review struct {
	// Name identifies the review in a report, in the form of a code.
	Name Code
	// Infos tell of the findings that it may make, each of another code.
	Infos []Info
	// Actions are the IAM actions that it may call.
	Actions []string
	// Run is given all findings and how their resources hang together. It returns the findings in their order, with what
	// it changed of them, and its own behind. An error says that it could not see everything.
	Run func(ctx context.Context, found []Finding, links []Link) ([]Finding, error)
}

// review runs the review of the runner, and files its findings and its error as those of a check on the focus.
func (x *run) review(r *Report, infos map[Code]*Info, told map[blindness]int) {
	by := x.runner.Review
	if by == nil || by.Run == nil || len(r.Findings) == 0 {
		return
	}
	found, err := x.reviewed(by, r)
	if len(found) < len(r.Findings) {
		found = r.Findings
	}
	r.Findings, found = slices.Clone(found[:len(r.Findings)]), found[len(r.Findings):]
	for i := range by.Infos {
		info := &by.Infos[i]
		one := result{job: job{code: info.Code, info: info, resource: r.Focus, scope: x.runner.Scope, actions: by.Actions}}
		for _, f := range found {
			if f.Code == info.Code {
				one.findings = append(one.findings, f)
			}
		}
		one.complete()
		infos[info.Code] = info
		r.Findings = append(r.Findings, one.findings...)
		r.blind(one, told)
		x.done = append(x.done, one)
	}
	if err != nil {
		blind := result{job: job{code: by.Name, resource: r.Focus, scope: x.runner.Scope}, outcome: outcome{err: err}}
		r.blind(blind, told)
		x.done = append(x.done, blind)
	}
}

// reviewed calls the review and holds it to its contract. A panic is its error.
func (x *run) reviewed(by *Review, r *Report) (found []Finding, err error) {
	defer func() {
		if p := recover(); p != nil {
			found, err = nil, panicked("panic", p)
		}
	}()
	found, err = by.Run(x.ctx, slices.Clone(r.Findings), slices.Clone(r.Links))
	for i, f := range r.Findings {
		if i >= len(found) || found[i].Code != f.Code || found[i].Resource != f.Resource {
			return nil, errors.Join(err, Errorf(KindContract, "the review %s took findings away or out of their order", by.Name))
		}
	}
	for _, f := range found[len(r.Findings):] {
		if !slices.ContainsFunc(by.Infos, func(i Info) bool { return i.Code == f.Code }) {
			err = errors.Join(err, Errorf(KindContract, "the review %s made a finding of the code %s, which it does not declare",
				by.Name, f.Code))
		}
	}
	return found, err
}
