package ecstext

import "strings"

// rule is one branch of the tree. A text takes the first branch whose conditions hold and stays in it: the first of
// more that holds makes the cause more exact, otherwise the branch's own cause stands. A branch without a cause that is
// not made more exact is left again, and the next one is tried.
type rule struct {
	cause Cause
	when  terms  // every one of them is in the text
	not   string // none of these alternatives is in the text
	more  []rule
}

// terms are conditions in the form "one|other": a condition holds if one of its alternatives is in the normalised text.
// "=403" asks for a whole word, "$agent" for the whole text or its end after a colon
// or an equals sign.
type terms []string

func classify(text string) Cause {
	if cause, ok := decide(tree, text); ok {
		return cause
	}
	return Unrecognised
}

func decide(rules []rule, text string) (Cause, bool) {
	for i := range rules {
		r := &rules[i]
		if !r.holds(text) {
			continue
		}
		if cause, ok := decide(r.more, text); ok {
			return cause, true
		}
		if r.cause != "" {
			return r.cause, true
		}
	}
	return "", false
}

func (r *rule) holds(text string) bool {
	for _, alternatives := range r.when {
		if !anyOf(text, alternatives) {
			return false
		}
	}
	return r.not == "" || !anyOf(text, r.not)
}

func anyOf(text, alternatives string) bool {
	for more := true; more; {
		var one string
		one, alternatives, more = strings.Cut(alternatives, "|")
		if has(text, one) {
			return true
		}
	}
	return false
}

func has(text, term string) bool {
	switch term[0] {
	case '=':
		return hasWord(text, term[1:])
	case '$':
		rest, ok := strings.CutSuffix(strings.TrimRight(text, "."), term[1:])
		return ok && (rest == "" || strings.HasSuffix(rest, ": ") || strings.HasSuffix(rest, "="))
	}
	return strings.Contains(text, term)
}

func hasWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		if (start == 0 || !isNameByte(text[start-1])) && (end == len(text) || !isNameByte(text[end])) {
			return true
		}
		from = start + 1
	}
}

// isNameByte tells a byte that continues a name or a number: "=403" is not in "4031" nor in "app-403".
func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}
