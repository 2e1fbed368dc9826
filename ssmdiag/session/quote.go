package session

import "strings"

// Quote makes one command line for a POSIX shell of a program and its arguments, each of which arrives as it is.
func Quote(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}
