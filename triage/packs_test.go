package triage_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// pack is an incident: a symptom, a saved world, and the known cause.
type pack struct {
	ID      string
	Symptom struct {
		Kind, Target string
		TargetType   string `json:"target_type"`
		Since, Now   time.Time
	}
	Root      *verdict
	MoreRoots []verdict `json:"more_roots"`
	Effects   []verdict
	MustNot   []string `json:"must_not"`
}

// verdict describes a finding by what its resource and its text must hold, in lower case.
type verdict struct {
	ResourceAny []string `json:"resource_any"`
	SayAny      []string `json:"say_any"`
	Cause       string
}

func packs(t testing.TB) []pack {
	files, err := filepath.Glob("testdata/packs/*/scenario.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var all []pack
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var p pack
		require.NoError(t, json.Unmarshal(text, &p), file)
		all = append(all, p)
	}
	return all
}

func (p pack) load(t testing.TB) *triagefake.Account {
	account, err := triagefake.Load(os.DirFS(filepath.Join("testdata/packs", p.ID, "world")))
	require.NoError(t, err)
	return account
}

func (p pack) symptom() triage.Symptom {
	s := p.Symptom
	return triage.Symptom{Kind: triage.SymptomKind(s.Kind), Target: s.Target, TargetType: s.TargetType, Since: s.Since}
}

func (p pack) investigate(t testing.TB, account *triagefake.Account) *diag.Report {
	report, err := triage.Investigate(t.Context(), []triage.Scope{account.Scope()}, p.symptom(),
		triage.Options{Now: p.Symptom.Now})
	require.NoError(t, err)
	return report
}

func (v verdict) matches(t testing.TB, root diag.Root) bool {
	text := lower(t, root)
	return containsAny(text, v.ResourceAny) && containsAny(text, v.SayAny)
}

func lower(t testing.TB, v any) string {
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return strings.ToLower(string(text))
}

func containsAny(text string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(text, strings.ToLower(p)) {
			return true
		}
	}
	return len(parts) == 0
}

// TestPacks diagnoses every pack: the cause must be named first, and a healthy account must be silent.
func TestPacks(t *testing.T) {
	for _, p := range packs(t) {
		t.Run(p.ID, func(t *testing.T) {
			account := p.load(t)
			report := p.investigate(t, account)
			t.Logf("%s; %d calls", report, len(account.Calls()))
			for _, i := range report.Inconclusive {
				assert.Fail(t, "inconclusive", "%s on %s: %s", i.Code, i.Resource, i.Err)
			}
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
		})
	}
}

func anyMatches(t testing.TB, want verdict, roots []diag.Root) bool {
	for _, r := range roots {
		if want.matches(t, r) {
			return true
		}
	}
	return false
}

// told is what a reader takes in of causes.
func told(roots []diag.Root) string {
	var lines []string
	for _, r := range roots {
		lines = append(lines, string(r.Code)+" "+r.Resource.String()+": "+r.Summary)
	}
	return strings.Join(lines, "\n")
}
