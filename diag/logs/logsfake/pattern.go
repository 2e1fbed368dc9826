package logsfake

import (
	"regexp"
	"strings"
)

// patternLimit is the length of a filter pattern ("FilterLogEvents", filterPattern).
const patternLimit = 1024

// compile returns the test that a filter pattern stands for ("Filter pattern syntax", CloudWatch Logs User Guide):
// terms that must all be there, "quoted terms", ?optional terms of which one must be there, -excluded terms, or one
// %regular expression%. Terms are case-sensitive. JSON and space-delimited patterns are refused, as no reader of this
// module uses them.
func compile(pattern string) (func(string) bool, error) {
	pattern = strings.TrimSpace(pattern)
	switch {
	case len(pattern) > patternLimit:
		return nil, invalid("filterPattern must have length less than or equal to %d", patternLimit)
	case pattern == "":
		return func(string) bool { return true }, nil
	case pattern[0] == '{' || pattern[0] == '[':
		return nil, invalid("Invalid filter pattern: the fake knows no JSON or space-delimited patterns")
	case pattern[0] == '%':
		return compileRegexp(pattern)
	}
	return compileTerms(pattern)
}

// unsupported are the characters that a regular expression in a pattern must not hold.
const unsupported = `()!"'&~<> `

func compileRegexp(pattern string) (func(string) bool, error) {
	body := strings.TrimSuffix(pattern[1:], "%")
	if len(body) != len(pattern)-2 || strings.ContainsAny(body, unsupported) {
		return nil, invalid("Invalid character(s) in filter pattern")
	}
	re, err := regexp.Compile(body)
	if err != nil {
		return nil, invalid("Invalid regular expression in filter pattern")
	}
	return re.MatchString, nil
}

func compileTerms(pattern string) (func(string) bool, error) {
	var all, anyOf, none []string
	for rest := pattern; rest != ""; rest = strings.TrimLeft(rest, " \t") {
		list := &all
		switch rest[0] {
		case '?':
			list, rest = &anyOf, rest[1:]
		case '-':
			list, rest = &none, rest[1:]
		}
		var term string
		if after, quoted := strings.CutPrefix(rest, `"`); quoted {
			var closed bool
			if term, rest, closed = strings.Cut(after, `"`); !closed {
				return nil, invalid("Invalid filter pattern: a quote is not closed")
			}
		} else {
			term, rest, _ = strings.Cut(rest, " ")
		}
		*list = append(*list, term)
	}
	return func(message string) bool {
		contains := func(term string) bool { return strings.Contains(message, term) }
		// Beside terms that must be there, optional ones have no effect ("Using filter patterns to match terms").
		return every(all, contains) && (len(anyOf) == 0 || len(all) > 0 || some(anyOf, contains)) && !some(none, contains)
	}, nil
}

func every(terms []string, holds func(string) bool) bool {
	for _, t := range terms {
		if !holds(t) {
			return false
		}
	}
	return true
}

func some(terms []string, holds func(string) bool) bool {
	for _, t := range terms {
		if holds(t) {
			return true
		}
	}
	return false
}
