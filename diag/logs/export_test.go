package logs

import "strings"

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
