package triage_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// TestBlind diagnoses incidents that were written without a look at the checks. Documents that no check asks for are
// left out of their worlds, which is the same as an account that does not have them.
func TestBlind(t *testing.T) {
	files, err := filepath.Glob("testdata/blind/*/scenario.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var p pack
		require.NoError(t, json.Unmarshal(text, &p), file)
		t.Run(p.ID, func(t *testing.T) { p.blind(t, filepath.Dir(file)) })
	}
}

// blind diagnoses a pack of a folder: the cause must be named first, and a healthy account must be silent.
func (p pack) blind(t *testing.T, folder string) {
	account, err := triagefake.Load(os.DirFS(filepath.Join(folder, "world")))
	require.NoError(t, err)
	report := p.investigate(t, account)
	if p.Root == nil {
		assert.Less(t, report.Worst(), diag.SeverityWarning, "%v", report.Findings)
		return
	}
	wanted := append([]verdict{*p.Root}, p.MoreRoots...)
	roots := report.Roots()
	require.GreaterOrEqual(t, len(roots), len(wanted))
	roots = roots[:len(wanted)]
	for _, want := range wanted {
		assert.True(t, anyMatches(t, want, roots), "want: %s\ngot: %s", want.Cause, told(roots))
	}
	for _, wrong := range p.MustNot {
		assert.NotContains(t, lower(t, told(roots)), wrong)
	}
}
