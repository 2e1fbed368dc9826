package access

import (
	"slices"
	"strings"
)

// Effect is what policies say to a question.
type Effect string

const (
	// Allowed: a statement allows it and none denies it.
	Allowed Effect = "allowed"
	// ImplicitDeny: no statement allows it.
	ImplicitDeny Effect = "implicit-deny"
	// ExplicitDeny: a statement denies it.
	ExplicitDeny Effect = "explicit-deny"
	// Depends: it hangs on context keys whose values are not known here.
	Depends Effect = "depends"
)

// Effects returns all effects.
func Effects() []Effect { return []Effect{Allowed, ImplicitDeny, ExplicitDeny, Depends} }

// Request is a question to a policy document.
type Request struct {
	// Principals are the names under which the caller may stand in a Principal element: "AWS:arn:…",
	// "Service:ecs-tasks.amazonaws.com". They do not matter to documents of identities.
	Principals []string
	Action     string
	// Resource is an ARN or "*".
	Resource string
	// Context are known values of context keys, by key in lower case. A condition on another key cannot be judged.
	Context map[string]string
}

// Evaluate answers a question by one document: a Deny that applies goes before every Allow ("Policy evaluation logic",
// IAM User Guide). The second result is the statement that decided, by index; -1 where none did.
func (d Document) Evaluate(r Request) (Effect, int) {
	effect, decided := ImplicitDeny, -1
	for i := range d.Statements {
		s := &d.Statements[i]
		applies := s.applies(r)
		switch {
		case applies == no:
		case s.Deny && applies == yes:
			return ExplicitDeny, i
		case s.Deny:
			effect, decided = Depends, i
		case applies == yes && effect == ImplicitDeny, applies == yes && effect == Depends && !d.Statements[decided].Deny:
			effect, decided = Allowed, i
		case applies == maybe && effect == ImplicitDeny:
			effect, decided = Depends, i
		}
	}
	if effect == Depends && d.Statements[decided].Deny && !d.allows(r) {
		return ImplicitDeny, -1
	}
	return effect, decided
}

// allows reports a statement that may allow it.
func (d Document) allows(r Request) bool {
	return slices.ContainsFunc(d.Statements, func(s Statement) bool { return !s.Deny && s.applies(r) != no })
}

// truth has a third value for what is not known.
type truth int

const (
	no truth = iota
	maybe
	yes
)

// applies tells whether a statement is about the request.
func (s *Statement) applies(r Request) truth {
	if !among(s.Actions, s.NotActions, r.Action, matchFold) || !among(s.Resources, s.NotResources, r.Resource,
		matchResource) ||
		!s.addresses(r.Principals) {
		return no
	}
	result := yes
	for _, c := range s.Conditions {
		result = min(result, c.holds(r.Context))
	}
	return result
}

// among tells whether a value is among the patterns of an element or outside those of its Not form. An element that is
// missing in both forms, as Resource in a trust policy, takes every value.
func among(in, notIn []string, value string, match func(pattern, value string) bool) bool {
	fits := func(pattern string) bool { return match(pattern, value) }
	switch {
	case in != nil:
		return slices.ContainsFunc(in, fits)
	case notIn != nil:
		return !slices.ContainsFunc(notIn, fits)
	}
	return true
}

// addresses tells whether the caller is meant. Identity documents have no principals and mean everybody who has them.
func (s *Statement) addresses(callers []string) bool {
	if s.Principals == nil && s.NotPrincipals == nil {
		return true
	}
	return among(s.Principals, s.NotPrincipals, "", func(pattern, _ string) bool {
		return pattern == "*" || pattern == "AWS:*" || slices.Contains(callers, pattern)
	})
}

// matchFold compares with the wildcards * and ?, without regard to case, as IAM does for actions.
func matchFold(pattern, value string) bool {
	return match(strings.ToLower(pattern), strings.ToLower(value))
}

// matchResource compares ARNs. A pattern with a policy variable ("${aws:PrincipalTag/team}") may stand for anything
// there.
func matchResource(pattern, value string) bool {
	for {
		before, rest, found := strings.Cut(pattern, "${")
		if !found {
			return match(pattern, value)
		}
		_, after, closed := strings.Cut(rest, "}")
		if !closed {
			return match(pattern, value)
		}
		pattern = before + "*" + after
	}
}

// match compares a whole value with a pattern in which * stands for any run of characters and ? for one.
func match(pattern, value string) bool {
	p, v := 0, 0
	star, mark := -1, 0
	for v < len(value) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, v
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == value[v]):
			p++
			v++
		case star >= 0:
			mark++
			p, v = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
