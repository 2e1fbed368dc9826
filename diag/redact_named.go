package diag

import "strings"

// scanner finds values that stand behind the name of a secret. It goes through the text once, from separator to
// separator, because regular expressions would be slower and could not match a closing quote to its opening one.
type scanner struct {
	text  string
	spans []span
	last  part // of an object such as {"name": "DB_PASSWORD", "value": "…"}
}

// part is one half of a pair of name and value.
type part struct {
	span
	role   string
	secret bool // it names a secret
}

// named returns the secrets in s that a name gives away.
func named(s string) []span {
	x := scanner{text: s}
	for i := 0; i < len(s); {
		switch {
		case s[i] == '=' || s[i] == ':' || s[i] == '>':
			i = max(i+1, x.separator(i))
		case s[i] == '-' && strings.HasPrefix(s[i:], "--"):
			i = max(i+2, x.flag(i))
		default:
			i++
		}
	}
	return x.spans
}

// separator looks at the name before and the value behind a separator and returns where to go on.
func (x *scanner) separator(at int) int {
	key, keyStart := x.keyBefore(at)
	if key == "" || x.text[at] == '>' && (keyStart == 0 || x.text[keyStart-1] != '<') {
		return at
	}
	if role := pairRole(key); role != "" {
		return max(at, x.pair(role, x.valueAfter(at)))
	}
	if !secretName(key) || inARN(x.text, keyStart) || strings.HasSuffix(x.text[:keyStart], "://") {
		return at
	}
	v := x.valueAfter(at)
	if isHeader(key) && v.quote == "" {
		v = x.headerValue(v)
	}
	if v.start >= v.end || harmless(v.text(x.text)) || x.prose(keyStart, at, v) {
		return at
	}
	x.spans = append(x.spans, v.span)
	return v.end
}

// keyBefore returns the name that ends before a separator, without its quotes, and where it starts.
func (x *scanner) keyBefore(at int) (key string, start int) {
	end := at
	for end > 0 && x.text[end-1] == ' ' {
		end--
	}
	if end > 0 && (x.text[end-1] == '"' || x.text[end-1] == '\'') {
		end--
		for end > 0 && x.text[end-1] == '\\' {
			end--
		}
	}
	start = end
	for start > 0 && (isAlnum(x.text[start-1]) || strings.IndexByte("_-.", x.text[start-1]) >= 0) {
		start--
	}
	// The n of an escaped newline is no part of the name: "…\npassword=".
	if start > 0 && start < end && x.text[start-1] == '\\' {
		start++
	}
	return x.text[start:end], start
}

// value is what stands behind a separator; quote is its opening delimiter with its backslashes, empty if bare.
type value struct {
	span
	quote string
}

func (v value) text(s string) string { return s[v.start:v.end] }

func (x *scanner) valueAfter(at int) value {
	i := at + 1
	if x.text[at] != '>' {
		for i < len(x.text) && strings.IndexByte("=> \t", x.text[i]) >= 0 {
			i++
		}
	}
	q := i
	for q < len(x.text) && x.text[q] == '\\' {
		q++
	}
	if q < len(x.text) && (x.text[q] == '"' || x.text[q] == '\'') {
		return value{span{q + 1, closing(x.text, q+1, x.text[q], q-i)}, x.text[i : q+1]}
	}
	return value{span{i, bareEnd(x.text, i)}, ""}
}

// closing returns where a quoted value ends: at a quote with no more backslashes before it than the opening one had,
// or at the end of a text that was cut short.
func closing(s string, from int, quote byte, backslashes int) int {
	run := 0
	for i := from; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			run++
			continue
		case s[i] == quote && run <= backslashes:
			return i - run
		}
		run = 0
	}
	return len(s)
}

// endsBare are the characters with which a value without quotes ends.
var endsBare = [256]bool{' ': true, '\t': true, '\r': true, '\n': true, '"': true, '\'': true, '&': true, ';': true,
	'<': true}

// bareEnd returns where a value without quotes ends.
func bareEnd(s string, from int) int {
	s = s[:min(len(s), from+maxBare)]
	end := from
	for end < len(s) && !endsBare[s[end]] {
		if s[end] == '\\' && end+1 < len(s) && strings.IndexByte(`"'\nrtu`, s[end+1]) >= 0 {
			break
		}
		if s[end] == ',' && (end+1 == len(s) || strings.IndexByte(" \n\"'", s[end+1]) >= 0 || startsKey(s[end+1:])) {
			break
		}
		end++
	}
	for end > from && (s[end-1] == '.' || s[end-1] == ',') {
		end--
	}
	for _, pair := range []string{"()", "[]", "{}"} {
		if end > from && s[end-1] == pair[1] && strings.IndexByte(s[from:end], pair[0]) < 0 {
			end--
		}
	}
	return end
}

// startsKey reports text that goes on with another name and separator: "…,user=app".
func startsKey(s string) bool {
	i := strings.IndexFunc(s, func(r rune) bool {
		return r > 127 || !isAlnum(byte(r)) && r != '_' && r != '-' && r != '.'
	})
	return i > 0 && (s[i] == '=' || s[i] == ':')
}

// isHeader reports a header whose value goes on behind a blank.
func isHeader(key string) bool {
	k := strings.ToLower(key)
	return strings.HasSuffix(k, "authorization") || strings.HasSuffix(k, "cookie")
}

// headerValue takes the scheme off an Authorization header, and takes a cookie to the end of its line.
func (x *scanner) headerValue(v value) value {
	line := v.start + strings.IndexAny(x.text[v.start:]+"\n", "\r\n\"'")
	first := v.text(x.text)
	switch strings.ToLower(first) {
	case "basic", "bearer", "digest", "token", "negotiate", "apikey":
		v.start += len(first)
		for v.start < len(x.text) && x.text[v.start] == ' ' {
			v.start++
		}
		v.end = bareEnd(x.text, v.start)
	case "aws4-hmac-sha256": // its parts have names of their own
		v.end = v.start
	default:
		if strings.Contains(first, "=") {
			v.end = line
		}
	}
	return v
}

// flag looks at a command line flag whose value is the next word: --password hunter2.
func (x *scanner) flag(at int) int {
	start := at + 2
	end := start
	for end < len(x.text) && (isAlnum(x.text[end]) || x.text[end] == '-' || x.text[end] == '_') {
		end++
	}
	if end >= len(x.text) || x.text[end] != ' ' || !secretName(x.text[start:end]) {
		return start
	}
	v := x.valueAfter(end)
	if v.start >= v.end || x.text[v.start] == '-' || harmless(v.text(x.text)) {
		return start
	}
	if v.quote == "" && isSentenceWord(v.text(x.text)) {
		return start
	}
	x.spans = append(x.spans, v.span)
	return v.end
}

// maxBare is the greatest length of a value without quotes, and maxARN that of an ARN ("Amazon Resource Names"), so
// that no text takes quadratic time.
const (
	maxBare = 8 << 10
	maxARN  = 2 << 10
)

// pairRole says which part a key plays in an object that holds a name and its value side by side: {"name": …, "value":
// …}, and the same with key or parameterKey.
func pairRole(key string) string {
	switch strings.ToLower(key) {
	case "name", "key", "parameterkey":
		return "name"
	case "value", "parametervalue":
		return "value"
	}
	return ""
}

// pair takes the value of such an object if its name is a secret's, in either order, and returns where it ends, or 0.
func (x *scanner) pair(role string, v value) int {
	if v.start >= v.end {
		return 0
	}
	last, text := x.last, v.text(x.text)
	other := last.role != "" && last.role != role && !strings.ContainsAny(x.text[last.end:v.start], "{}")
	secret := role == "name" && secretName(text)
	x.last = part{v.span, role, secret}
	switch {
	case other && role == "value" && last.secret && !harmless(text):
		x.spans = append(x.spans, v.span)
		return v.end
	case other && secret && !harmless(x.text[last.start:last.end]):
		x.spans = append(x.spans, last.span)
	}
	return 0
}

// inARN reports a place inside an ARN, whose parts are separated by colons too.
func inARN(s string, at int) bool {
	before := s[max(0, at-maxARN):at]
	return strings.Contains(before[strings.LastIndexAny(before, " \t\r\n\"'(,;&?=<")+1:], "arn:")
}
