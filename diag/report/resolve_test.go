package report

import (
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// null is a character device, as a terminal is.
func null(t *testing.T) *os.File {
	file, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	if !isTerminal(file) {
		t.Skip("run on a system whose null device is a character device, as on Linux and macOS")
	}
	return file
}

func TestColorOnATerminal(t *testing.T) {
	for _, test := range []struct {
		name, noColor, term string
		o                   Options
		want                bool
	}{
		{"a terminal", "", "xterm", Options{}, true},
		{"NO_COLOR", "1", "xterm", Options{}, false},
		{"a dumb one", "", "dumb", Options{}, false},
		{"never", "", "xterm", Options{Color: ColorNever}, false},
		{"always, against NO_COLOR", "1", "dumb", Options{Color: ColorAlways}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("NO_COLOR", test.noColor)
			t.Setenv("TERM", test.term)
			color, _, _ := test.o.resolve(null(t))
			assert.Equal(t, test.want, color)
		})
	}
}

func TestASCIIByLocale(t *testing.T) {
	for _, test := range []struct {
		name, all, lang string
		want            bool
	}{
		{"none", "", "", false},
		{"UTF-8", "", "de_DE.UTF-8", false},
		{"utf8", "", "en_US.utf8", false},
		{"Latin", "", "de_DE.ISO-8859-1", true},
		{"LC_ALL wins", "C.UTF-8", "de_DE.ISO-8859-1", false},
		{"no character set named", "C", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("LC_ALL", test.all)
			t.Setenv("LC_CTYPE", "")
			t.Setenv("LANG", test.lang)
			_, _, ascii := Options{}.resolve(null(t))
			assert.Equal(t, test.want, ascii)
			_, _, ascii = Options{}.resolve(io.Discard)
			assert.False(t, ascii, "what is no terminal is UTF-8")
		})
	}
}
