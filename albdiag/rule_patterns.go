package albdiag

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// impliedBy reports whether every request that meets all of the later conditions meets all of the earlier ones: each of
// those is implied by one on the same field. Where that cannot be told it is not.
func impliedBy(earlier, later []types.RuleCondition) bool {
	for _, e := range earlier {
		if !slices.ContainsFunc(later, func(l types.RuleCondition) bool { return implied(e, l) }) {
			return false
		}
	}
	return len(earlier) > 0
}

// implied reports whether a request that meets the later condition meets the earlier one.
func implied(e, l types.RuleCondition) bool {
	if conditionField(e) != conditionField(l) || regular(e) != regular(l) {
		return false
	}
	wide, narrow := patterns(e), patterns(l)
	for _, n := range narrow {
		if !slices.ContainsFunc(wide, func(w string) bool { return w == n || wild(e) && globCovers(w, n) }) {
			return false
		}
	}
	return len(narrow) > 0
}

// meet reports whether a request may meet both sets of conditions. Only those on path and host can shut each other out
// here; of other fields it is taken that they do, unless both have the same.
func meet(earlier, later []types.RuleCondition) bool {
	for _, e := range earlier {
		i := slices.IndexFunc(later, func(l types.RuleCondition) bool { return conditionField(l) == conditionField(e) })
		switch {
		case regular(e) || i >= 0 && regular(later[i]):
			return false
		case i < 0 && !wild(e):
			return false
		case i >= 0 && !someMeet(e, later[i]):
			return false
		}
	}
	return len(earlier) > 0
}

func someMeet(e, l types.RuleCondition) bool {
	return slices.ContainsFunc(patterns(e), func(a string) bool {
		return slices.ContainsFunc(patterns(l), func(b string) bool { return a == b || wild(e) && globsMeet(a, b) })
	})
}

// conditionField names what a condition looks at: a field, or a header.
func conditionField(c types.RuleCondition) string {
	field := aws.ToString(c.Field)
	if c.HttpHeaderConfig != nil {
		field += " " + strings.ToLower(aws.ToString(c.HttpHeaderConfig.HttpHeaderName))
	}
	return field
}

// regular reports a condition of regular expressions, which are compared as they are written.
func regular(c types.RuleCondition) bool {
	return len(c.RegexValues) > 0 || c.PathPatternConfig != nil && len(c.PathPatternConfig.RegexValues) > 0 ||
		c.HostHeaderConfig != nil && len(c.HostHeaderConfig.RegexValues) > 0
}

// wild reports a condition whose values have the wildcards * and ? ("Condition types for listener rules": paths and
// hosts). Those of headers and query strings are compared as they are written.
func wild(c types.RuleCondition) bool {
	field := aws.ToString(c.Field)
	return !regular(c) && (field == "path-pattern" || field == "host-header")
}

// patterns returns the values of a condition; hosts are told apart without regard to case, paths are not.
func patterns(c types.RuleCondition) []string {
	values := conditionValues(c)
	if aws.ToString(c.Field) == "host-header" {
		values = slices.Clone(values)
		for i := range values {
			values[i] = strings.ToLower(values[i])
		}
	}
	return values
}

// globCovers reports whether all that the narrow pattern matches is matched by the wide one: the wide one is matched
// against the narrow one as it is written, where * of the narrow one is taken by * alone. It may miss a pattern that is
// covered all the same, and finds none that is not.
func globCovers(wide, narrow string) bool {
	return walkGlobs(wide, narrow, func(w, n byte) bool { return n != '*' && (w == n || w == '?') }, false)
}

// globsMeet reports whether some text matches both patterns.
func globsMeet(a, b string) bool {
	return walkGlobs(a, b, func(x, y byte) bool { return x == y || x == '?' || y == '?' }, true)
}

// walkGlobs matches two patterns from left to right. fits tells whether two characters match; * of a takes any number
// of characters of b, and the other way round if both is set.
func walkGlobs(a, b string, fits func(x, y byte) bool, both bool) bool {
	// row[j] tells whether what was read of a matches the first j of b.
	row := make([]bool, len(b)+1)
	row[0] = true
	for j := 1; both && j <= len(b); j++ {
		row[j] = row[j-1] && b[j-1] == '*'
	}
	for i := 0; i < len(a); i++ {
		next := make([]bool, len(b)+1)
		next[0] = row[0] && a[i] == '*'
		for j := 1; j <= len(b); j++ {
			switch {
			case a[i] == '*':
				next[j] = row[j] || next[j-1]
			case both && b[j-1] == '*':
				next[j] = row[j] || next[j-1]
			default:
				next[j] = row[j-1] && fits(a[i], b[j-1])
			}
		}
		row = next
	}
	return row[len(b)]
}
