package diag

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	codePattern   = regexp.MustCompile(`^[a-z][a-z0-9]*\.[a-z0-9]+(-[a-z0-9]+)*$`)
	actionPattern = regexp.MustCompile(`^[a-z][a-z0-9-]*:[A-Z][A-Za-z0-9]*$`)
)

// Validate reports everything that is wrong with a catalogue of checks: a code that is not of the form
// "package.what-is-wrong" or stands twice, a missing title, doc or severity, an action or mechanism that is none.
func Validate(catalogue ...Info) error {
	var errs []error
	seen := map[Code]bool{}
	for _, info := range catalogue {
		if seen[info.Code] {
			errs = append(errs, fmt.Errorf("code %s stands twice", info.Code))
		}
		seen[info.Code] = true
		for _, fault := range info.faults() {
			errs = append(errs, fmt.Errorf("check %q: %s", info.Code, fault))
		}
	}
	return errors.Join(errs...)
}

func (i Info) faults() []string {
	var faults []string
	expect := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Sprintf(format, args...))
		}
	}
	expect(codePattern.MatchString(string(i.Code)), `code must be of the form "package.what-is-wrong"`)
	expect(i.Title != "" && !strings.ContainsAny(i.Title, "\n"), "title must be one line")
	expect(i.Doc != "", "doc is missing")
	expect(i.Severity >= SeverityInfo && i.Severity <= SeverityError, "severity is missing")
	expect(i.Confidence >= 0 && i.Confidence <= Certain, "confidence %d is none", i.Confidence)
	expect(len(i.Actions) > 0, "actions are missing")
	for _, a := range i.Actions {
		expect(actionPattern.MatchString(a), `action %q must be of the form "service:Operation"`, a)
	}
	for _, m := range slices.Concat(i.Breaks, i.Needs) {
		expect(slices.Contains(Mechanisms(), m), "mechanism %q is none of %v", m, Mechanisms())
	}
	return faults
}
