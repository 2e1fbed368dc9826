package ecstext

import "strings"

// normalise gives the form that rules are written against: lower case, one space between words, no quotes, brackets or
// backslashes, no comment marks of wrapped lines, names and ARNs shortened so that a tag ":404" or a secret called
// "timeout" is not read as a reason.
func normalise(text string) string {
	words := strings.Fields(plain(text))
	var b strings.Builder
	b.Grow(len(text))
	for i, word := range words {
		if isMark(word) || namesService(words, i) {
			continue
		}
		word = shorten(word)
		if b.Len() > 0 && !strings.HasPrefix(word, ":") && !strings.HasPrefix(word, ".") && word != "," {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}

// plain lowers the case, drops quotes and turns brackets into spaces.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '"', '\'', '`', '\\', '“', '”', '‘', '’':
			return -1
		case '(', ')', '[', ']', '{', '}', '<', '>', '*', '\u00a0':
			return ' '
		}
		return r
	}, strings.ToLower(text))
}

// isMark tells a comment or quotation mark that a wrapped line left behind.
func isMark(word string) bool { return strings.Trim(word, "#/|-+") == "" }

// shorten cuts an ARN after its service, a URL or an image after its host, and leaves file paths and i/o, net/http.
func shorten(word string) string {
	end := strings.TrimRight(word, ":.,;")
	tail := word[len(end):]
	switch {
	case strings.HasPrefix(word, "arn:"):
		return firstColons(end, 3) + tail
	case strings.HasPrefix(word, "/"), end == "i/o", end == "net/http", !strings.Contains(end, "/"):
		return word
	}
	if scheme, rest, ok := strings.Cut(end, "://"); ok {
		host, _, _ := strings.Cut(rest, "/")
		return scheme + "://" + host + tail
	}
	host, _, _ := strings.Cut(end, "/")
	return host + tail
}

func firstColons(s string, n int) string {
	for i := range len(s) {
		if s[i] == ':' {
			if n--; n == 0 {
				return s[:i]
			}
		}
	}
	return s
}

// afterName holds the words that follow the service's name in an event.
const afterName = " was is has failed could task taskset instance port deployment registered deregistered operations " +
	"timed rolling stopped began deployed reached unable "

// namesService tells whether words[i] is the name in "(service name) was …": a name may hold any word.
func namesService(words []string, i int) bool {
	return i > 0 && i+1 < len(words) && words[i-1] == "service" &&
		strings.Contains(afterName, " "+words[i+1]+" ") && !strings.Contains(afterName, " "+words[i]+" ")
}
