package logs

import (
	_ "embed"
	"strings"
)

// idioms are texts as servers, runtimes and libraries write them, by the cause that they tell; "none" is no trouble.
//
//go:embed testdata/idioms.tsv
var idioms string

// IdiomOfEachCause returns one text for each cause, by stem.
func IdiomOfEachCause() map[string]string {
	texts := map[string]string{}
	for line := range strings.Lines(idioms) {
		stem, text, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok && stem != "none" && texts[stem] == "" {
			texts[stem] = text
		}
	}
	return texts
}
