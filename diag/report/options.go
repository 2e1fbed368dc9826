package report

import (
	"cmp"
	"io"
	"os"
	"strconv"
	"strings"
)

// Color says when to colour.
type Color int

const (
	// ColorAuto colours on a terminal, unless NO_COLOR is set or TERM is dumb.
	ColorAuto Color = iota
	// ColorAlways colours whatever the output is.
	ColorAlways
	// ColorNever does not colour.
	ColorNever
)

const (
	// defaultWidth is the width of what is no terminal and has no COLUMNS.
	defaultWidth = 100
	// minWidth is the width below which nothing could be read.
	minWidth = 40
)

// Options say how [Text] looks. The zero value is right for a terminal, a file and a pipe.
type Options struct {
	// Color says when to colour.
	Color Color
	// Width is the number of columns. Zero means COLUMNS, or else the width of the terminal, or else 100; less than
	// 40 means 40. Commands are never broken inside an argument and may be wider.
	Width int
	// ASCII keeps to ASCII: no box drawing, and every other character as an escape. It is implied on a terminal
	// whose locale names another character set than UTF-8.
	ASCII bool
}

// resolve fills in what the options leave to the surroundings.
func (o Options) resolve(w io.Writer) (color bool, width int, ascii bool) {
	terminal := isTerminal(w)
	switch o.Color {
	case ColorAlways:
		color = true
	case ColorAuto:
		color = terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	columns, _ := strconv.Atoi(os.Getenv("COLUMNS"))
	if columns <= 0 && terminal {
		columns = terminalWidth(w.(*os.File).Fd())
	}
	width = max(cmp.Or(max(o.Width, 0), max(columns, 0), defaultWidth), minWidth)
	return color, width, o.ASCII || (terminal && !speaksUTF8())
}

// isTerminal reports whether w is a character device, as terminals are.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// speaksUTF8 goes by the locale's character set; a locale that names none, as in containers, is given the benefit of
// the doubt.
func speaksUTF8() bool {
	locale := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_CTYPE"), os.Getenv("LANG"))
	_, charset, named := strings.Cut(strings.ToLower(locale), ".")
	return !named || strings.HasPrefix(strings.ReplaceAll(charset, "-", ""), "utf8")
}
