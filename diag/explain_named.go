package diag

import "strings"

// names is the text of a finding, in which a change may be told by the name of what it touched.
type names string

// namesOf is what a finding says: its summary and its evidence, in lower case.
func (g *graph) namesOf(i int) names {
	f := g.findings[i]
	var text strings.Builder
	text.WriteString(f.Summary)
	for _, e := range f.Evidence {
		text.WriteString("\n" + e.Field + "\n" + e.Value)
	}
	return names(strings.ToLower(text.String()))
}

// leastName is how long a name must be to be looked for in a text.
const leastName = 6

// mention reports that the text names a resource, by its ARN or by an id that is no common word.
func (n names) mention(r Resource) bool {
	return n.word(r.ARN) || strings.ContainsAny(r.ID, "-_./:0123456789") && n.word(r.ID)
}

// word reports that a name stands in the text and is not a part of a longer one.
func (n names) word(name string) bool {
	name = strings.ToLower(strings.Trim(name, "./"))
	if len(name) < leastName {
		return false
	}
	text := string(n)
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		start := from + i
		from = start + len(name)
		before, after := text[:start], text[from:]
		if !longer(lastOf(before), lastOf(before[:max(len(before)-1, 0)])) &&
			!longer(firstOf(after), firstOf(after[min(len(after), 1):])) ||
			labelOfEndpoint(before, after) {
			return true
		}
	}
}

// labelOfEndpoint reports that what stands between is a whole label of an endpoint that AWS named after the resource,
// as the cache in master.sessions.abc123.euw1.cache.amazonaws.com.
func labelOfEndpoint(before, after string) bool {
	end := strings.IndexFunc(after, func(r rune) bool { return r != '.' && (r > 'z' || !nameByte(byte(r))) })
	if end < 0 {
		end = len(after)
	}
	host := strings.TrimSuffix(strings.TrimSuffix(after[:end], "."), ".cn")
	return strings.HasPrefix(after, ".") && strings.HasSuffix(host, ".amazonaws.com") && !nameByte(lastOf(before))
}

// longer reports that what stands beside a name makes it part of a longer one: a letter, a digit, a hyphen or an
// underscore, or a dot that more follows.
func longer(next, beyond byte) bool { return nameByte(next) || next == '.' && nameByte(beyond) }

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

func firstOf(s string) byte {
	if s == "" {
		return ' '
	}
	return s[0]
}

func lastOf(s string) byte {
	if s == "" {
		return ' '
	}
	return s[len(s)-1]
}
