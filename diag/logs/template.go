package logs

import "strings"

// templateLength is how much of a text its template keeps: what follows is detail.
const templateLength = 160

// Template returns the shape of a text's first line, of a JSON object that of its message: what varies from one
// occurrence to the next (numbers, ids, addresses) is left out.
func Template(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	line = said(line)
	var out strings.Builder
	for i := 0; i < len(line) && out.Len() < templateLength; {
		j := i
		for j < len(line) && isWord(line[j]) {
			j++
		}
		switch {
		case j == i:
			out.WriteByte(line[i])
			i++
		case varies(line[i:j]):
			out.WriteByte('*')
			i = j
		default:
			out.WriteString(line[i:j])
			i = j
		}
	}
	return collapse(out.String())
}

func isWord(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b >= 0x80
}

// varies reports a word that holds a digit: a number, an id, a port, a part of an address.
func varies(word string) bool { return strings.ContainsAny(word, "0123456789") }

// collapse makes one star of stars that only punctuation of numbers lies between: 10.0.0.1:5432, 12:30:59.123.
func collapse(s string) string {
	for _, pair := range []string{"*.*", "*:*", "*-*", "*,*", "*/*", "**"} {
		for strings.Contains(s, pair) {
			s = strings.ReplaceAll(s, pair, "*")
		}
	}
	return s
}
