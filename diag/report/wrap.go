package report

import (
	"strings"
	"unicode"
)

// style is a set of SGR parameters (ECMA-48, 8.3.117).
type style string

const (
	normal style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "1;31"
	yellow style = "1;33"
	green  style = "1;32"
)

// span is text of one style.
type span struct {
	text  string
	style style
}

// cell is one character as a terminal draws it.
type cell struct {
	r     rune
	width int
	style style
}

func cells(spans []span) []cell {
	var out []cell
	for _, s := range spans {
		for _, r := range s.text {
			out = append(out, cell{r, runeWidth(r), s.style})
		}
	}
	return out
}

func widthOf(line []cell) int {
	n := 0
	for _, c := range line {
		n += c.width
	}
	return n
}

// wrap breaks text into lines of at most width columns: at the last space, but for one between a number and its unit,
// or else after a separator as they stand in ARNs and paths, or else anywhere.
func wrap(text []cell, width int) [][]cell {
	var lines [][]cell
	for widthOf(text) > width && len(text) > 1 {
		at := breakAt(text, width)
		lines = append(lines, trimRight(text[:at]))
		text = trimLeft(text[at:])
	}
	return append(lines, text)
}

// breakAt returns how many cells go on the first line: at least one.
func breakAt(text []cell, width int) int {
	space, soft, used := 0, 0, 0
	for i, c := range text {
		if used+c.width > width {
			if c.r == ' ' && !joins(text, i) {
				return max(i, 1)
			}
			return pick(space, soft, max(i, 1))
		}
		used += c.width
		switch {
		case c.r == ' ' && !joins(text, i):
			space = i + 1
		case strings.ContainsRune("/,:;=&?-.", c.r):
			soft = i + 1
		}
	}
	return len(text)
}

// units are what a number is not parted from.
var units = map[string]bool{"%": true, "ms": true, "s": true, "min": true, "h": true, "days": true, "KiB": true,
	"MiB": true, "GiB": true, "MB": true, "GB": true, "UTC": true}

// joins reports whether the space at i stands between a number and its unit.
func joins(text []cell, i int) bool {
	if i == 0 || !unicode.IsDigit(text[i-1].r) {
		return false
	}
	var unit strings.Builder
	for _, c := range text[i+1:] {
		if c.r != '%' && !unicode.IsLetter(c.r) {
			break
		}
		unit.WriteRune(c.r)
	}
	return units[unit.String()]
}

// pick prefers a space, unless it would leave most of the line empty.
func pick(space, soft, hard int) int {
	switch {
	case space > hard/3:
		return space
	case soft > hard/2:
		return soft
	case space > 0:
		return space
	}
	return hard
}

func trimRight(line []cell) []cell {
	for len(line) > 0 && line[len(line)-1].r == ' ' {
		line = line[:len(line)-1]
	}
	return line
}

func trimLeft(line []cell) []cell {
	for len(line) > 0 && line[0].r == ' ' {
		line = line[1:]
	}
	return line
}

// clip wraps text and keeps at most n lines, all if n is zero; a mark at the end says that there was more.
func clip(text []cell, width, n int, more string) [][]cell {
	lines := wrap(text, width)
	if n <= 0 || len(lines) <= n {
		return lines
	}
	mark := cells([]span{{more, normal}})
	last := lines[n-1]
	for len(last) > 0 && widthOf(last)+widthOf(mark) > width {
		last = last[:len(last)-1]
	}
	lines[n-1] = append(append([]cell{}, trimEnd(last)...), mark...)
	return lines[:n]
}

// trimEnd takes spaces and what only joins to something further off the end of a line.
func trimEnd(line []cell) []cell {
	for len(line) > 0 && strings.ContainsRune(" ·,;:-(", line[len(line)-1].r) {
		line = line[:len(line)-1]
	}
	return line
}

// wide are the characters that take two columns: those of class W or F in Unicode's EastAsianWidth.txt, by block.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, {Lo: 0x231a, Hi: 0x231b, Stride: 1}, {Lo: 0x23e9, Hi: 0x23ec, Stride: 1},
		{Lo: 0x25fd, Hi: 0x25fe, Stride: 1}, {Lo: 0x2614, Hi: 0x2615, Stride: 1}, {Lo: 0x26aa, Hi: 0x26ab, Stride: 1},
		{Lo: 0x2705, Hi: 0x2705, Stride: 1}, {Lo: 0x274c, Hi: 0x274c, Stride: 1}, {Lo: 0x2753, Hi: 0x2757, Stride: 1},
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1}, {Lo: 0x3041, Hi: 0x33ff, Stride: 1}, {Lo: 0x3400, Hi: 0x4dbf, Stride: 1},
		{Lo: 0x4e00, Hi: 0x9fff, Stride: 1}, {Lo: 0xa000, Hi: 0xa4cf, Stride: 1}, {Lo: 0xa960, Hi: 0xa97f, Stride: 1},
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}, {Lo: 0xf900, Hi: 0xfaff, Stride: 1}, {Lo: 0xfe30, Hi: 0xfe6f, Stride: 1},
		{Lo: 0xff01, Hi: 0xff60, Stride: 1}, {Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x16fe0, Hi: 0x18dff, Stride: 1}, {Lo: 0x1b000, Hi: 0x1b2ff, Stride: 1}, {Lo: 0x1f300, Hi: 0x1f64f, Stride: 1},
		{Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1}, {Lo: 0x1f7e0, Hi: 0x1f7eb, Stride: 1}, {Lo: 0x1f900, Hi: 0x1faff, Stride: 1},
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1},
	},
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}
