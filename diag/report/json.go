package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/awsdiag/awsdiag/diag"
)

// JSON writes the report in the form that [diag.SchemaVersion] counts, indented by two spaces, with a newline at the
// end. Characters that could steer a terminal or hide stand as JSON escapes: the value is the same, and looking at it
// is safe. Its errors are those of w.
func JSON(w io.Writer, r *diag.Report) error {
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encoding the report: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return fmt.Errorf("indenting the report: %w", err)
	}
	_, err = w.Write(append(visible(b.Bytes()), '\n'))
	return err
}

// visible escapes what [clean] would. Beyond ASCII such characters stand in strings only.
func visible(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '\n' || (r != 0x7f && r < utf8.RuneSelf) || isVisible(r):
			out = append(out, text[:size]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[size:]
	}
	return out
}
