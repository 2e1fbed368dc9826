package diagtest

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
)

// wellWritten asserts what a reader may expect of every finding.
func wellWritten(t *testing.T, f diag.Finding) {
	t.Helper()
	assert.NotEmpty(t, strings.TrimSpace(f.Summary))
	assert.NotContains(t, f.Summary, "\n")
	printed(t, f.Summary)
	for _, e := range f.Evidence {
		assert.NotEmpty(t, e.Source, "evidence %s=%s has no source", e.Field, e.Value)
	}
	for _, s := range f.NextSteps {
		assert.NotEmpty(t, s.Text)
		printed(t, s.Text)
		printed(t, s.Command)
		if change, known := changes(s.Command); known {
			assert.Equal(t, change, s.Changes, "whether this changes something: %s", s.Command)
		}
	}
}

// printed asserts that a text shows no trace of how it was printed: a verb without its argument, a pointer that is nil.
func printed(t *testing.T, text string) {
	t.Helper()
	for _, trace := range []string{"%!", "<nil>", "0xc0"} {
		assert.NotContains(t, text, trace)
	}
}

// readVerbs and changeVerbs begin the names of AWS CLI commands.
var (
	readVerbs   = []string{"describe", "list", "get", "lookup", "filter", "tail", "wait", "simulate", "search"}
	changeVerbs = []string{"create", "update", "put", "delete", "modify", "authorize", "revoke", "register", "deregister",
		"attach",
		"detach", "set", "reboot", "stop", "terminate", "associate", "disassociate", "enable", "disable", "add", "remove",
		"restore", "replace", "reset", "tag", "untag"}
)

// changes tells from its name whether an AWS CLI command changes something, if the name tells it.
func changes(command string) (change, known bool) {
	words := strings.Fields(command)
	if len(words) < 3 || words[0] != "aws" {
		return false, false
	}
	verb, _, _ := strings.Cut(words[2], "-")
	return slices.Contains(changeVerbs, verb), slices.Contains(changeVerbs, verb) || slices.Contains(readVerbs, verb)
}
