package diag

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Report is what a run found. Everything in it is redacted and in a fixed order.
type Report struct {
	// Window is the span the run looked back on; its End is the time of the report.
	Window Window
	// Focus is the resource that the question was about, if there was one.
	Focus Resource
	// Findings holds all findings: causes first, then what they explain.
	Findings []Finding
	// Inconclusive names each check and survey that could not see everything, and why.
	Inconclusive []Inconclusive
	// Links are the dependencies between the resources that were seen.
	Links []Link
	// Events are the timeline, oldest first.
	Events []Event
	// Settings are the configuration that was seen.
	Settings []Setting
	// Coverage says what was looked at.
	Coverage Coverage

	roots []Root
}

// Inconclusive is a check or survey that could not see everything. What it did see stands in the report.
type Inconclusive struct {
	Code     Code     `json:"code"`
	Resource Resource `json:"resource"`
	Kind     Kind     `json:"kind"`
	Err      string   `json:"error"`
	// Also names the other checks of changes that one and the same error left blind on this resource: all of them read one
	// sweep, and are one question to whoever reads the report.
	Also []Code `json:"also,omitempty"`
}

// Codes returns all checks that the entry stands for, the one in Code first.
func (i Inconclusive) Codes() []Code { return append([]Code{i.Code}, i.Also...) }

// Concerns reports that the entry stands for the check.
func (i Inconclusive) Concerns(code Code) bool {
	return i.Code == code || slices.Contains(i.Also, code)
}

// Coverage says what a run looked at, so that silence can be read.
type Coverage struct {
	// Subjects are the resources that were examined.
	Subjects []Resource `json:"subjects"`
	// Checks lists every check, with the number of subjects for each outcome.
	Checks []CheckCoverage `json:"checks"`
	// Actions are the IAM actions that the run may have called.
	Actions []string `json:"actions"`
	// Calls is how many AWS calls were made through guarded clients or fakes. It is no part of what a report says: where
	// two subjects may learn a fact from either of two calls, the faster one spares the other.
	Calls int `json:"-"`
}

// CheckCoverage counts the outcomes of one check.
type CheckCoverage struct {
	Code Code `json:"code"`
	// Found, Silent and Inconclusive count subjects. One that made findings and then failed counts in two.
	Found        int `json:"found"`
	Silent       int `json:"silent"`
	Inconclusive int `json:"inconclusive"`
	// Limits says what the check cannot see even when it works.
	Limits string `json:"limits,omitempty"`
}

// Root is a finding that nothing else in the report explains, with the tree of what it explains.
type Root struct {
	Finding
	Explains []Root
	// Doubts tell what speaks against a cause and what was not seen that may lie beneath it, a sentence each. Only causes
	// have them, not what they explain.
	Doubts []string
}

// Roots returns the causes, the most telling first, each with the tree of the findings that it explains. A finding with
// several causes stands under each.
func (r *Report) Roots() []Root { return slices.Clone(r.roots) }

// Worst returns the highest severity among the findings, or zero if there are none.
func (r *Report) Worst() Severity {
	var worst Severity
	for _, f := range r.Findings {
		worst = max(worst, f.Severity)
	}
	return worst
}

// Err returns an error if anything could not be seen: then silence is no all-clear. It joins one error for each reason
// and resource, however many checks it kept from seeing; [KindOf] gives the kind of the first.
func (r *Report) Err() error {
	var errs []error
	blind := map[blindness]int{}
	for _, i := range r.Inconclusive {
		blind[i.why()] += len(i.Codes())
	}
	for _, i := range r.Inconclusive {
		n := blind[i.why()]
		if n == 0 {
			continue // told with the first
		}
		delete(blind, i.why())
		more := ""
		if n > 1 {
			more = fmt.Sprintf(" and %d more", n-1)
		}
		errs = append(errs, Errorf(i.Kind, "%s%s on %s: %s", i.Code, more, i.Resource, i.Err))
	}
	return errors.Join(errs...)
}

// Onset returns the earliest known beginning among the findings of the first root's tree, changes left aside; zero if
// none is known.
func (r *Report) Onset() time.Time {
	if len(r.roots) == 0 {
		return time.Time{}
	}
	return r.roots[0].begins(r.roots[0].onset())
}

// begins corrects an onset that a metric blurs: nothing begins before the change that caused it.
func (r Root) begins(at time.Time) time.Time {
	if r.Change && !at.IsZero() && r.Since.After(at) && r.Since.Sub(at) <= clockTolerance {
		return r.Since
	}
	return at
}

func (r Root) onset() time.Time {
	var at time.Time // what somebody changed is no beginning of a trouble
	if !r.Change {
		at = r.Since
	}
	for _, e := range r.Explains {
		if t := e.onset(); at.IsZero() || (!t.IsZero() && t.Before(at)) {
			at = t
		}
	}
	return at
}

// String returns one line: how many findings of which severity, and how much could not be seen.
func (r *Report) String() string {
	count := map[Severity]int{}
	for _, f := range r.Findings {
		count[f.Severity]++
	}
	some := func(s Severity, one string) string {
		if count[s] == 1 {
			return "1 " + one
		}
		return fmt.Sprintf("%d %ss", count[s], one)
	}
	return fmt.Sprintf("%s, %s, %s, %d inconclusive", some(SeverityError, "error"), some(SeverityWarning, "warning"),
		some(SeverityInfo, "info"), len(r.Inconclusive))
}
