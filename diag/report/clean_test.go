package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestClean(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"plain text", "task killed (137)", "task killed (137)"},
		{"letters beyond ASCII", "Größe für 東京, Привет", "Größe für 東京, Привет"},
		{"newlines and tabs", "a\r\n\tb", `a\r\n\tb`},
		{"an escape sequence", "\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"a title and a bell", "\x1b]0;owned\a", `\x1b]0;owned\x07`},
		{"a C1 control sequence introducer", "\u009b2J", `\u009b2J`},
		{"backspace and delete", "no\b\x7f", `no\x08\x7f`},
		{"a bidirectional override", "\u202egpj.exe", `\u202egpj.exe`},
		{"isolates", "\u2066x\u2069", `\u2066x\u2069`},
		{"zero width", "ad\u200bmin\ufeff", `ad\u200bmin\ufeff`},
		{"line and paragraph separators", "a\u2028b\u2029", `a\u2028b\u2029`},
		{"a no-break space", "a\u00a0b", `a\u00a0b`},
		{"an ideographic space", "東\u3000京", "東\u3000京"},
		{"tag characters", "x\U000e0041", `x\U000e0041`},
		{"variation selectors", "x\ufe0f\U000e0100", `x\ufe0f\U000e0100`},
		{"a private character", "\ue000", `\ue000`},
		{"a filler that draws nothing", "\u3164", `\u3164`},
		{"bytes that are no UTF-8", "a\xffb\xc3", `a\xffb\xc3`},
		{"the replacement character itself", "a\ufffdb", "a\ufffdb"},
		{"a few marks", "e\u0301\u0302", "e\u0301\u0302"},
		{"a pile of marks", "e" + strings.Repeat("\u0301", 6), "e" + strings.Repeat("\u0301", 4) + `\u0301\u0301`},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, clean(test.in)) })
	}
}

func TestPlainIsASCII(t *testing.T) {
	assert.Equal(t, `Gr\u00f6\u00dfe \U0001f4a5 \n`, plain("Größe 💥 \n"))
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"", "a\x1b[0m", "\u202e\u009b\xff", "e\u0301\u0301\u0301\u0301\u0301", "\U000e0041",
		"東京"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := clean(in)
		if !utf8.ValidString(out) {
			t.Errorf("%q is no UTF-8", out)
		}
		for _, r := range out {
			if unicode.Is(unicode.C, r) || (unicode.Is(unicode.Z, r) && r != ' ' && r != '\u3000') {
				t.Errorf("%q holds %U", out, r)
			}
		}
		if again := clean(out); again != out {
			t.Errorf("clean(%q) = %q", out, again)
		}
		for _, r := range plain(in) {
			if r >= utf8.RuneSelf || r < ' ' || r == 0x7f {
				t.Errorf("plain: %q holds %U", plain(in), r)
			}
		}
	})
}
