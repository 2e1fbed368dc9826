package triage

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// Verification tells what became of the findings of one report in a later one, most severe first.
type Verification struct {
	// Gone are findings of before whose check looked at the resource again, saw everything, and found nothing.
	Gone []Verified `json:"gone"`
	// Remaining are findings that stand, with signs from after the report of before, or with none that is dated.
	Remaining []Verified `json:"remaining"`
	// Fading are findings that stand only for what happened before the report of before, such as tasks that stopped
	// then: AWS keeps the signs for a while, and none has come since.
	Fading []Verified `json:"fading"`
	// New are findings that were not there before.
	New []Verified `json:"new"`
	// Unclear are findings of before that could not be looked for now; Note says why. They are not known to be gone.
	Unclear []Verified `json:"unclear"`
}

// Verified is a finding in the light of another report: as it stands now, or stood before if it is gone or unclear.
type Verified struct {
	Finding diag.Finding `json:"finding"`
	Note    string       `json:"note,omitempty"`
}

// Verify compares a report with a later one of the same question. Findings are the same if code and resource are; of
// task definitions and tasks, which every release replaces, any revision and any task of the same kind.
func Verify(before, after *diag.Report) Verification {
	v := Verification{}
	was, is := findingsByKey(before), findingsByKey(after)
	for k, f := range was {
		if _, stands := is[k]; stands {
			continue
		}
		if why := blind(f, before, after); why != "" {
			v.Unclear = append(v.Unclear, Verified{f, why})
		} else {
			v.Gone = append(v.Gone, Verified{f, ""})
		}
	}
	for k, f := range is {
		switch _, stood := was[k]; {
		case !stood:
			v.New = append(v.New, Verified{f, doubtNew(f, before)})
		case onlyBefore(f, before):
			v.Fading = append(v.Fading, Verified{f, "no new sign since " + stamp(before.Window.End)})
		default:
			v.Remaining = append(v.Remaining, Verified{f, ""})
		}
	}
	for _, list := range []*[]Verified{&v.Gone, &v.Remaining, &v.Fading, &v.New, &v.Unclear} {
		slices.SortFunc(*list, compareVerified)
	}
	return v
}

// Fixed reports that of the warnings and errors of before all are gone or fading, none is unclear, and none is new.
func (v Verification) Fixed() bool {
	return !slices.ContainsFunc(slices.Concat(v.Remaining, v.New, v.Unclear),
		func(v Verified) bool { return v.Finding.Severity >= diag.SeverityWarning })
}

func compareVerified(v, w Verified) int {
	a, b := v.Finding, w.Finding
	return cmp.Or(-cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Resource.String(),
		b.Resource.String()),
		cmp.Compare(a.Resource.Account+a.Resource.Region, b.Resource.Account+b.Resource.Region))
}

// findingKey is what makes findings of two reports the same.
type findingKey struct {
	code                     diag.Code
	typ, id, account, region string
}

func keyOfFinding(f diag.Finding) findingKey {
	r := f.Resource
	return findingKey{f.Code, r.Type, lastingID(r), r.Account, r.Region}
}

// lastingID is what of an id outlives a release.
func lastingID(r diag.Resource) string {
	switch r.Type {
	case typeTaskDefinition:
		family, _, _ := strings.Cut(r.ID, ":")
		return family
	case typeTask:
		return ""
	}
	return r.ID
}

// findingsByKey keeps the most severe of findings with one key.
func findingsByKey(r *diag.Report) map[findingKey]diag.Finding {
	found := map[findingKey]diag.Finding{}
	for _, f := range r.Findings {
		k := keyOfFinding(f)
		if have, ok := found[k]; !ok || f.Severity > have.Severity {
			found[k] = f
		}
	}
	return found
}

// blind says why the absence of a finding tells nothing, "" if it does tell.
func blind(f diag.Finding, before, after *diag.Report) string {
	for _, i := range after.Inconclusive {
		if i.Concerns(f.Code) && (sameLasting(i.Resource, f.Resource) || !examined(after, f.Resource)) {
			return fmt.Sprintf("%s could not see everything: %s: %s", f.Code, i.Kind, i.Err)
		}
	}
	at := slices.IndexFunc(after.Coverage.Checks, func(c diag.CheckCoverage) bool { return c.Code == f.Code })
	switch {
	case at < 0 || after.Coverage.Checks[at].Found+after.Coverage.Checks[at].Silent == 0:
		return "its check did not run this time"
	case examined(before, f.Resource) && !examined(after, f.Resource):
		return "the resource was not examined this time"
	}
	return ""
}

// examined reports whether a report looked at a resource. What is found on the way to another, as a security group on a
// path, is no subject of its own.
func examined(r *diag.Report, res diag.Resource) bool {
	return slices.ContainsFunc(r.Coverage.Subjects, func(s diag.Resource) bool { return sameLasting(s, res) })
}

func sameLasting(a, b diag.Resource) bool {
	return a.Type == b.Type && lastingID(a) == lastingID(b) && fits(a.Account, b.Account) && fits(a.Region, b.Region)
}

// doubtNew says so where nobody could have seen a new finding before.
func doubtNew(f diag.Finding, before *diag.Report) string {
	for _, i := range before.Inconclusive {
		if i.Concerns(f.Code) && sameLasting(i.Resource, f.Resource) {
			return "not known whether it is new: its check could not see everything before"
		}
	}
	if !f.Since.IsZero() && f.Since.Before(before.Window.End) {
		return "it began before the last report, at " + stamp(f.Since)
	}
	return ""
}

// onlyBefore reports a finding whose signs are all dated, and older than the report of before.
func onlyBefore(f diag.Finding, before *diag.Report) bool {
	dated := false
	for _, e := range f.Evidence {
		if e.At.After(before.Window.End) {
			return false
		}
		dated = dated || !e.At.IsZero()
	}
	return dated
}

// Text writes the verification for a terminal or a chat: a verdict, then a line for each finding.
func (v Verification) Text(w io.Writer) error {
	p := &lines{}
	p.add("%s", v.verdict())
	for _, part := range []struct {
		title string
		list  []Verified
	}{{"Remaining", v.Remaining}, {"New", v.New}, {"Unclear", v.Unclear}, {"Fading", v.Fading}, {"Gone", v.Gone}} {
		if len(part.list) == 0 {
			continue
		}
		p.add("")
		p.add("%s (%d)", part.title, len(part.list))
		for _, one := range part.list {
			f := one.Finding
			p.add("  %-7s  %s: %s", f.Severity, f.Resource, f.Summary)
			p.add("           %s%s", f.Code, prefixed("; ", one.Note))
		}
	}
	return p.write(w)
}

func (v Verification) verdict() string {
	counts := fmt.Sprintf("%d gone, %d fading, %d remaining, %d new, %d unclear", len(v.Gone), len(v.Fading),
		len(v.Remaining), len(v.New), len(v.Unclear))
	if v.Fixed() {
		return "Fixed: " + counts
	}
	return "Not fixed: " + counts
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}
