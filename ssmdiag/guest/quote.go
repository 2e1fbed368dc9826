package guest

import (
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// quote makes one literal word of a POSIX shell out of text ("Shell Command Language", 2.2.2 Single-Quotes). It also
// breaks up "{{", with which Systems Manager refers to parameters of a document and of Parameter Store, before any
// shell sees it. A NUL byte cannot be in a word.
func quote(text string) (string, error) {
	if strings.ContainsRune(text, 0) {
		return "", diag.Errorf(diag.KindInvalid, "the argument %q holds a NUL byte", text)
	}
	var b strings.Builder
	b.WriteByte('\'')
	for i, c := range []byte(text) {
		switch {
		case c == '\'':
			b.WriteString(`'\''`)
		case c == '{' && i > 0 && text[i-1] == '{':
			b.WriteString(`''{`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('\'')
	return b.String(), nil
}

// quotePowerShell makes one literal string of PowerShell out of text. PowerShell takes four more characters for a
// single quote ("about_Quoting_Rules"; its language specification, single-quote-character).
func quotePowerShell(text string) (string, error) {
	if strings.ContainsRune(text, 0) || strings.Contains(text, "{{") {
		return "", diag.Errorf(diag.KindInvalid, `the argument %q holds a NUL byte or "{{"`, text)
	}
	return "'" + strings.NewReplacer("'", "''", "\u2018", "\u2018\u2018", "\u2019", "\u2019\u2019",
		"\u201a", "\u201a\u201a", "\u201b", "\u201b\u201b").Replace(text) + "'", nil
}
