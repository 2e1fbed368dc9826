package rdsdiag

import (
	"regexp"
	"strings"
)

// maxStatement is how much of a statement a finding shows, in bytes.
const maxStatement = 200

var (
	// quoted finds what stands in quotes, also where the end was cut off; statements come with their first 500 bytes.
	quoted       = regexp.MustCompile(`'(?:[^'\\]|\\.|'')*(?:'|$)`)
	doubleQuoted = regexp.MustCompile(`"(?:[^"\\]|\\.|"")*(?:"|$)`)
	// dollars finds dollar quotes of PostgreSQL; the tag of the end is not compared, for an end too early only shows less.
	dollars  = regexp.MustCompile(`(?s)\$(?:[A-Za-z_]\w*)?\$.*?(?:\$(?:[A-Za-z_]\w*)?\$|$)`)
	comments = regexp.MustCompile(`(?s)/\*.*?(?:\*/|$)|--[^\n]*|(?m:^|\s)#[^\n]*`)
	// numerals finds numbers that stand by themselves: not those in names, and not the placeholders $1, :1 and @p1.
	numerals = regexp.MustCompile(`(^|[^\w$:@.])[-+]?(?:0[xX][0-9A-Fa-f]+|\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)\b`)
	lists    = regexp.MustCompile(`\(\s*\?(?:\s*,\s*\?)+\s*\)`)
)

// withoutLiterals takes out of a statement what is a value and no structure: strings, numbers, and comments, in which
// frameworks leave names and traces. Performance Insights does the same for its digests, but not for every statement of
// every engine. Double quotes are strings in MySQL and MariaDB, and names elsewhere.
func withoutLiterals(statement string, mysql bool) string {
	s := dollars.ReplaceAllString(statement, "?")
	s = quoted.ReplaceAllString(s, "?")
	if mysql {
		s = doubleQuoted.ReplaceAllString(s, "?")
	}
	s = comments.ReplaceAllString(s, " ")
	for range 2 { // what stands between two numbers belongs to the first match only
		s = numerals.ReplaceAllString(s, "${1}?")
	}
	s = lists.ReplaceAllString(s, "(?, …)")
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "")
	if len(s) > maxStatement {
		s = strings.ToValidUTF8(s[:maxStatement], "") + "…"
	}
	return s
}
