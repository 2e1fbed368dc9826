package access

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// lacks is what stands in the summary between the role and what it may not do.
const lacks = " may not use "

// policyFlag stands in the command of a step before the document that it puts.
const policyFlag = " --policy-document "

// Merge joins two findings of one of [GrantChecks] on one role, such as of two services that share it, into one that
// lists both needs. It returns false where they are something else than a lack of permissions. A step that puts a
// policy allows both: a second one would replace the first, because both bear one name.
func Merge(f, more diag.Finding) (diag.Finding, bool) {
	head, _, ok := strings.Cut(f.Summary, lacks)
	rest, same := strings.CutPrefix(more.Summary, head+lacks)
	if !ok || !same || f.Code != more.Code {
		return f, false
	}
	if !strings.Contains(f.Summary, rest) {
		f.Summary += "; nor " + rest
	}
	f.Severity, f.Confidence = max(f.Severity, more.Severity), min(f.Confidence, more.Confidence)
	if !more.Since.IsZero() && (f.Since.IsZero() || more.Since.Before(f.Since)) {
		f.Since, f.SinceAtLeast = more.Since, more.SinceAtLeast
	}
	f.Evidence, f.Related = both(f.Evidence, more.Evidence), both(f.Related, more.Related)
	f.NextSteps = slices.Clone(f.NextSteps)
	for _, s := range more.NextSteps {
		f.NextSteps = withStep(f.NextSteps, s)
	}
	return f, true
}

func both[T comparable](a, b []T) []T {
	out := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// withStep adds a step, or its statements to those of the step that puts a policy of the same name.
func withStep(steps []diag.Step, s diag.Step) []diag.Step {
	if slices.Contains(steps, s) {
		return steps
	}
	head, document, puts := strings.Cut(s.Command, policyFlag)
	for i, have := range steps {
		if before, old, ok := strings.Cut(have.Command, policyFlag); puts && ok && before == head {
			if joined, ok := joinStatements(old, document); ok {
				steps[i].Command = head + policyFlag + joined
				return steps
			}
		}
	}
	return append(steps, s)
}

// joinStatements makes one document of two in quotes, each statement once.
func joinStatements(a, b string) (string, bool) {
	type document struct {
		Version   string
		Statement []json.RawMessage
	}
	var one, other document
	if json.Unmarshal([]byte(strings.Trim(a, "'")), &one) != nil ||
		json.Unmarshal([]byte(strings.Trim(b, "'")), &other) != nil {
		return "", false
	}
	for _, s := range other.Statement {
		if !slices.ContainsFunc(one.Statement, func(have json.RawMessage) bool { return string(have) == string(s) }) {
			one.Statement = append(one.Statement, s)
		}
	}
	text, err := json.Marshal(map[string]any{"Version": one.Version, "Statement": one.Statement})
	return "'" + string(text) + "'", err == nil
}
