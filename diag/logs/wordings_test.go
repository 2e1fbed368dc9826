package logs

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wording is a message as some program writes it, and what it means in the words of the corpus.
type wording struct{ label, text string }

// wordings returns the transcribed messages of many stacks: label, tab, message with \n and \t for line ends and tabs.
func wordings(t *testing.T) []wording {
	content, err := os.ReadFile("testdata/wordings.tsv")
	require.NoError(t, err)
	var all []wording
	for line := range strings.Lines(string(content)) {
		label, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		require.True(t, ok, line)
		all = append(all, wording{label, strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(text)})
	}
	return all
}

func TestWordings(t *testing.T) {
	pattern := regexp.MustCompile(strings.Trim(FilterPattern, "%"))
	for _, w := range wordings(t) {
		assert.Equal(t, w.label, label(w.text), w.text)
		if w.label != "none" {
			assert.Regexp(t, pattern, w.text, "it must get through the filter pattern, too")
		}
	}
}

// Every label is told from several wordings, and from many lines that hold its words and mean no harm.
func TestWordingsOfEveryLabel(t *testing.T) {
	count := map[string]int{}
	for _, w := range wordings(t) {
		count[w.label]++
	}
	for stem, label := range labelOf {
		assert.GreaterOrEqual(t, count[label], 3, stem)
	}
	assert.GreaterOrEqual(t, count["none"], 150)
}

func TestCodesHaveCauses(t *testing.T) {
	for _, table := range []map[string]string{causeOfState, causeOfPrisma} {
		for code, stem := range table {
			assert.NotNil(t, causeOf(stem), code)
		}
	}
	for text, want := range map[string]string{
		"Npgsql.PostgresException (0x80004005): 42P01: Relation »Kunden« existiert nicht": "missing_table",
		"error: la columna «edad» no existe\n  code: '42703'":                             "missing_column",
		"SQLSTATE[23505]: violación de unicidad":                                          "db_constraint",
		"SQLSTATE: 99999": "none",
	} {
		assert.Equal(t, want, label(text), text)
	}
}
