package report_test

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/report"
)

func markdown(t testing.TB, r *diag.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.Markdown(&b, r))
	return b.String()
}

func TestMarkdownGolden(t *testing.T) {
	golden(t, "broken-markdown", markdown(t, broken()))
	golden(t, "no-verdict-markdown", markdown(t, blind()))
	golden(t, "healthy-markdown", markdown(t, healthy()))
}

func TestMarkdownSaysNoVerdict(t *testing.T) {
	assert.Contains(t, markdown(t, &diag.Report{}), "No verdict")
	assert.NotContains(t, markdown(t, blind()), "Nothing wrong found")
}

func TestMarkdownCannotBeSteered(t *testing.T) {
	out := markdown(t, poisoned("x\n# heading\n[link](http://evil.example) <img src=x> `code` ``` | **bold**\x1b[2J~~~"))
	assertHarmless(t, out)
	for _, line := range strings.Split(out, "\n") {
		assert.NotRegexp(t, `^\s*# `, line)
		if strings.HasPrefix(strings.TrimSpace(line), "x") {
			continue // a command, in its fence: one line, which cannot close it
		}
		outside := codeSpan.ReplaceAllString(line, "")
		assert.NotContains(t, outside, " [link]")
		assert.NotContains(t, outside, " <img")
	}
}

// codeSpan is a CommonMark code span with a fence of up to four backticks.
var codeSpan = regexp.MustCompile("````.*?````|(?:^|[^`\\\\])(?:```[^`](?:.*?[^`])?```|``[^`](?:.*?[^`])?``|`[^`]+`)")

func TestMarkdownReturnsErrorsOfTheWriter(t *testing.T) {
	assert.ErrorIs(t, report.Markdown(failing{}, healthy()), os.ErrClosed)
}
