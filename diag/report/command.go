package report

import "strings"

// command writes a command line that can be copied: it is broken only between arguments, the way a shell continues a
// line, and an argument that is wider than the page stays whole.
func (p *page) command(indent, command string) {
	if command == "" {
		return
	}
	width := p.width - len(indent) - len(` \`)
	line, lines := "$", []string{}
	for _, part := range p.options(arguments(command), width-len("    ")) {
		if line != "$" && widthOf(p.prefix(line+" "+part)) > width {
			lines = append(lines, line+` \`)
			line = "   "
		}
		line += " " + part
	}
	for _, text := range append(lines, line) {
		p.verbatim(indent, text)
	}
}

// options keeps an option and its values together, as long as they fit on a line.
func (p *page) options(words []string, width int) []string {
	var parts []string
	for i, word := range words {
		if n := len(parts); n > 0 && strings.HasPrefix(parts[n-1], "-") && !strings.HasPrefix(word, "-") {
			if joined := parts[n-1] + " " + words[i]; widthOf(p.prefix(joined)) <= width {
				parts[n-1] = joined
				continue
			}
		}
		parts = append(parts, word)
	}
	return parts
}

// verbatim writes a line as it is, however wide.
func (p *page) verbatim(indent, text string) {
	p.write(append(p.prefix(indent), p.cleaned([]span{{text, normal}})...))
}

// arguments splits a command at the spaces that no quote and no backslash protects.
func arguments(command string) []string {
	var words []string
	var word strings.Builder
	var quote rune
	escaped := false
	for _, r := range command {
		switch {
		case escaped:
			escaped = false
		case r == '\\' && quote != '\'':
			escaped = true
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == ' ':
			if word.Len() > 0 {
				words = append(words, word.String())
				word.Reset()
			}
			continue
		}
		word.WriteRune(r)
	}
	return append(words, word.String())
}
