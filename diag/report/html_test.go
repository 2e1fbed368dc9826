package report_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/report"
)

func page(t testing.TB, r *diag.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.HTML(&b, r))
	return b.String()
}

func TestHTMLGolden(t *testing.T) {
	golden(t, "changed-html", page(t, changed()))
	golden(t, "no-verdict-html", page(t, blind()))
}

// TestHTMLTellsTheSame: the page holds every finding, and what could not be seen.
func TestHTMLTellsTheSame(t *testing.T) {
	for _, r := range []*diag.Report{broken(), changed(), healthy(), lonely(), {}} {
		seen, _ := elements(t, page(t, r))
		for _, f := range r.Findings {
			assert.Contains(t, seen, f.Summary)
		}
	}
	assert.Contains(t, page(t, broken()), "/ecs/tickets, and 1 error like it")
	assert.Contains(t, page(t, broken()), "Ask for permission: <code>logs:FilterLogEvents</code>")
	assert.Contains(t, page(t, &diag.Report{}), "No verdict")
	assert.NotContains(t, page(t, blind()), "Nothing wrong found")
}

// TestHTMLHoldsNoMarkupOfOthers: text from outside makes no element, no attribute and no address to fetch from.
func TestHTMLHoldsNoMarkupOfOthers(t *testing.T) {
	for _, s := range []string{`<script>alert(1)</script>`, `" onmouseover="x`, `</title><img src=x>`, `</style><b>`,
		"javascript:alert(1)", "]]> <!-- ", attack} {
		out := page(t, poisoned(s))
		assertHarmless(t, out)
		_, names := elements(t, out)
		for name, attributes := range names {
			assert.Contains(t,
				"html meta title style main h1 dl dt dd h2 h3 p b small code ul li details summary table tr td ol pre a", name)
			for _, a := range attributes {
				assert.Contains(t, []string{"lang", "charset", "name", "content", "class", "open"}, a, "of "+name)
			}
		}
	}
	_, names := elements(t, page(t, broken()))
	assert.Equal(t, []string{"rel", "href"}, names["a"], "a document of AWS's is linked")
}

// elements returns the text of a page, and the names of its elements with their attributes.
func elements(t testing.TB, page string) (string, map[string][]string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(page))
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, []string{"meta"}, xml.HTMLEntity
	var text strings.Builder
	names := map[string][]string{}
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return text.String(), names
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.CharData:
			text.Write(token)
		case xml.StartElement:
			if names[token.Name.Local] == nil {
				names[token.Name.Local] = []string{}
			}
			for _, a := range token.Attr {
				names[token.Name.Local] = append(names[token.Name.Local], a.Name.Local)
			}
		}
	}
}

func TestHTMLReturnsErrorsOfTheWriter(t *testing.T) {
	assert.ErrorIs(t, report.HTML(failing{}, healthy()), os.ErrClosed)
}
