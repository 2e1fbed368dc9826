package access

import (
	"slices"
	"strings"
)

// comparisons are the condition operators that can be judged for a known value ("IAM JSON policy elements: Condition
// operators"). For the others the answer is never known.
var comparisons = map[string]func(pattern, value string) bool{
	"stringequals":           func(p, v string) bool { return p == v },
	"stringequalsignorecase": strings.EqualFold,
	"stringlike":             match,
	"arnequals":              matchARN,
	"arnlike":                matchARN,
	"bool":                   strings.EqualFold,
}

// holds tells whether a condition is fulfilled by what is known of the request.
func (c Condition) holds(context map[string]string) truth {
	operator := strings.ToLower(c.Operator)
	if _, op, ok := strings.Cut(operator, ":"); ok {
		operator = op // ForAnyValue, ForAllValues: the same for a key with one value
	}
	operator = strings.TrimSuffix(operator, "ifexists") // a known key exists
	if before, ok := dates[operator]; ok {
		return c.dated(before, context)
	}
	operator, negated := cutNot(operator)
	compare := comparisons[operator]
	value, known := context[strings.ToLower(c.Key)]
	if begin, partly := strings.CutSuffix(value, restUnknown); partly && compare != nil && known {
		return c.mayHold(begin, compare, negated)
	}
	if compare == nil || !known || slices.ContainsFunc(c.Values,
		func(v string) bool { return strings.Contains(v, "${") }) {
		return maybe
	}
	if slices.ContainsFunc(c.Values, func(pattern string) bool { return compare(pattern, value) }) != negated {
		return yes
	}
	return no
}

// restUnknown ends the value of a context key that is an ARN of which the service, region and account are known.
const restUnknown = "\x00"

// mayHold compares patterns with the known beginning of an ARN. What lies behind it nobody knows.
func (c Condition) mayHold(begin string, compare func(pattern, value string) bool, negated bool) truth {
	fits := slices.ContainsFunc(c.Values, func(pattern string) bool {
		parts := strings.SplitN(pattern, ":", 6)
		return len(parts) < 6 && strings.Contains(pattern, "*") || compare(strings.Join(parts[:min(5, len(parts))], ":"),
			begin)
	})
	switch {
	case fits:
		return maybe
	case negated:
		return yes
	}
	return no
}

// cutNot takes the Not out of "stringnotequals".
func cutNot(operator string) (string, bool) {
	for _, typ := range []string{"string", "arn"} {
		if rest, ok := strings.CutPrefix(operator, typ+"not"); ok {
			return typ + rest, true
		}
	}
	return operator, false
}

// matchARN compares part by part: a wildcard does not reach over a colon of the first five.
func matchARN(pattern, value string) bool {
	p, v := strings.SplitN(pattern, ":", 6), strings.SplitN(value, ":", 6)
	if len(p) != len(v) {
		return match(pattern, value)
	}
	for i := range p {
		if !match(p[i], v[i]) {
			return false
		}
	}
	return true
}

// Keys returns the context keys that statements ask for which the request has no value, sorted.
func (d Document) Keys(r Request) []string {
	var keys []string
	for _, s := range d.Statements {
		if s.applies(r) != maybe {
			continue
		}
		for _, c := range s.Conditions {
			if c.holds(r.Context) == maybe {
				keys = append(keys, c.Key)
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
