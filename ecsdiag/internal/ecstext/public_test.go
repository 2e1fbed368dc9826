package ecstext

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPublic holds the tree to texts that people pasted into issues, guides and tests of public repositories, collected
// after the rules were written and labelled before they were first read: kind, label, text, with \n and \t for line
// breaks and tabs. At first sight 121 of 125 were told rightly; one whose label can be argued about is left out. Of 93 more,
// from the history of the developer guide and in the forms of its messages, 92 were; the other, in words of our own, is
// left out.
func TestPublic(t *testing.T) {
	raw, err := os.ReadFile("testdata/public.tsv")
	require.NoError(t, err)
	read := map[string]func(string) Match{}
	for _, r := range readers {
		read[r.kind] = r.read
	}
	right, all := 0, 0
	for line := range strings.Lines(string(raw)) {
		columns := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 3)
		require.Len(t, columns, 3, line)
		kind, want := columns[0], columns[1]
		text := strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(columns[2])
		all++
		if got := labelOf(kind, read[kind](text).Cause); got != want {
			t.Logf("want %s, got %q: %s", want, got, text)
			continue
		}
		right++
	}
	t.Logf("%d of %d labels right", right, all)
	assert.GreaterOrEqual(t, all, 120)
	assert.GreaterOrEqual(t, float64(right), 0.99*float64(all))
}
