package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/report"
)

// whole are the beginnings of addresses and arguments, which are never broken.
var whole = regexp.MustCompile(`^ *(https://|'taskDefinition|revoke-security-group-ingress)`)

func widest(out string) int {
	n := 0
	for line := range strings.SplitSeq(out, "\n") {
		if whole.MatchString(line) {
			continue
		}
		n = max(n, len([]rune(line)))
	}
	return n
}

func TestWidth(t *testing.T) {
	for _, width := range []int{40, 80, 120} {
		out := text(t, broken(), report.Options{Width: width})
		assert.LessOrEqual(t, widest(out), width)
		assert.Greater(t, widest(out), width-10, "the width is used")
	}
}

func TestWidthFromTheSurroundings(t *testing.T) {
	for _, test := range []struct {
		name, columns string
		width, want   int
	}{
		{"default", "", 0, 100},
		{"COLUMNS", "72", 0, 72},
		{"the option wins", "72", 90, 90},
		{"nonsense", "wide", 0, 100},
		{"negative", "-3", -3, 100},
		{"too narrow to read", "5", 0, 40},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("COLUMNS", test.columns)
			assert.Equal(t, text(t, broken(), report.Options{Width: test.want}),
				text(t, broken(), report.Options{Width: test.width}))
		})
	}
}

func TestColor(t *testing.T) {
	assert.NotContains(t, text(t, broken(), report.Options{}), "\x1b", "a buffer is no terminal")
	assert.NotContains(t, text(t, broken(), report.Options{Color: report.ColorNever}), "\x1b")
	always := text(t, broken(), report.Options{Color: report.ColorAlways})
	assert.Contains(t, always, "\x1b[1;31mBroken")
	assert.Equal(t, text(t, broken(), report.Options{}), ourStyles.ReplaceAllString(always, ""),
		"colour changes nothing else")
}

func TestColorOfFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.txt")
	file, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, report.Text(file, broken(), report.Options{Width: 80}))
	require.NoError(t, file.Close())
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, text(t, broken(), report.Options{Width: 80}), string(got))
}

func TestJSON(t *testing.T) {
	var a, b bytes.Buffer
	require.NoError(t, report.JSON(&a, broken()))
	require.NoError(t, report.JSON(&b, broken()))
	assert.Equal(t, a.String(), b.String())
	assert.True(t, strings.HasPrefix(a.String(), "{\n  \"schemaVersion\": "), a.String()[:40])
	assert.True(t, strings.HasSuffix(a.String(), "}\n"))
	var got struct {
		SchemaVersion int
		Roots         []struct {
			Code     string
			Explains []struct{ Code string }
		}
		Findings, Inconclusive, Events []any
		Coverage                       map[string]any
	}
	require.NoError(t, json.Unmarshal(a.Bytes(), &got))
	assert.Equal(t, "ecs.task-oom-killed", got.Roots[0].Code)
	assert.Equal(t, "alb.no-healthy-targets", got.Roots[0].Explains[0].Code)
	assert.Len(t, got.Inconclusive, 3)
}
