package main

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var updateReadme = flag.Bool("update-readme", false, "write what the demo prints into README.md")

const readme = "../../README.md"

// picture is the block of the README that shows the demo.
var picture = regexp.MustCompile("(?s)```text\n.*?```\n")

// TestReadmeShowsTheDemo keeps the picture in the README true: it is what the demo prints, down to the end of the tree.
// To renew it: go test ./examples/investigate -run Readme -update-readme
func TestReadmeShowsTheDemo(t *testing.T) {
	t.Setenv("COLUMNS", "")
	out, _, _ := investigate(t)
	shown, _, found := strings.Cut(out, "\n\n  Evidence")
	require.True(t, found, "the demo prints no evidence")
	want := "```text\n" + shown + "\n…\n```\n"

	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	if *updateReadme {
		require.NoError(t, os.WriteFile(readme, picture.ReplaceAll(text, []byte(want)), 0o644))
		return
	}
	assert.Equal(t, want, picture.FindString(string(text)))
}
