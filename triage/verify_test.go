package triage_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

// seen makes a report of a moment by hand: findings, and which checks looked at which resources.
func seen(now time.Time, findings []diag.Finding, looked map[diag.Code]diag.Resource,
	blind ...diag.Inconclusive) *diag.Report {
	r := &diag.Report{Window: diag.Last(time.Hour, now), Findings: findings, Inconclusive: blind}
	for code, subject := range looked {
		silent := diag.CheckCoverage{Code: code, Silent: 1}
		for _, f := range findings {
			if f.Code == code {
				silent = diag.CheckCoverage{Code: code, Found: 1}
			}
		}
		for _, b := range blind {
			if b.Code == code {
				silent.Silent, silent.Inconclusive = 0, 1
			}
		}
		r.Coverage.Checks = append(r.Coverage.Checks, silent)
		r.Coverage.Subjects = append(r.Coverage.Subjects, subject)
	}
	return r
}

func TestVerify(t *testing.T) {
	noon := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	api := diag.Resource{Type: "AWS::ECS::Service", ID: "prod/api"}
	definition := func(id string) diag.Resource { return diag.Resource{Type: "AWS::ECS::TaskDefinition", ID: id} }
	finding := func(code diag.Code, r diag.Resource, at time.Time) diag.Finding {
		return diag.Finding{Code: code, Severity: diag.SeverityError, Resource: r, Summary: "broken",
			Evidence: []diag.Evidence{{Source: "ecs:DescribeTasks", Value: "x", At: at}}}
	}
	was := []diag.Finding{finding("ecs.x", api, noon.Add(-time.Minute))}
	looked := map[diag.Code]diag.Resource{"ecs.x": api}
	later := noon.Add(30 * time.Minute)
	tests := []struct {
		name                                  string
		before, after                         *diag.Report
		gone, remaining, fading, new, unclear int
		fixed                                 bool
		note                                  string
	}{
		{"gone", seen(noon, was, looked), seen(later, nil, looked), 1, 0, 0, 0, 0, true, ""},
		{"still there", seen(noon, was, looked), seen(later, []diag.Finding{finding("ecs.x", api,
			later.Add(-time.Minute))}, looked), 0, 1, 0, 0, 0, false, ""},
		{"undated signs stand", seen(noon, was, looked), seen(later, []diag.Finding{finding("ecs.x", api, time.Time{})},
			looked), 0, 1, 0, 0, 0, false, ""},
		{"only old signs", seen(noon, was, looked), seen(later, was, looked), 0, 0, 1, 0, 0, true,
			"no new sign since 2026-03-10T12:00:00Z"},
		{"something new", seen(noon, nil, looked), seen(later, []diag.Finding{finding("ecs.x", api, later)}, looked), 0,
			0, 0, 1, 0, false, ""},
		{"new to who was blind", seen(noon, nil, looked, diag.Inconclusive{Code: "ecs.x", Resource: api,
			Kind: diag.KindDenied}),
			seen(later, []diag.Finding{finding("ecs.x", api, later)}, looked), 0, 0, 0, 1, 0, false,
			"not known whether it is new"},
		{"denied now", seen(noon, was, looked), seen(later, nil, looked, diag.Inconclusive{Code: "ecs.x", Resource: api,
			Kind: diag.KindDenied, Err: "no"}),
			0, 0, 0, 0, 1, false, "denied: no"},
		{"check did not run", seen(noon, was, looked), seen(later, nil, nil), 0, 0, 0, 0, 1, false, "did not run"},
		{"resource was not looked at", seen(noon, was, looked),
			seen(later, nil, map[diag.Code]diag.Resource{"ecs.x": {Type: "AWS::ECS::Service", ID: "prod/web"}}), 0, 0,
			0, 0, 1, false, "not examined"},
		{"the next revision is the same definition", seen(noon, []diag.Finding{finding("ecs.x", definition("api:7"),
			noon)}, map[diag.Code]diag.Resource{"ecs.x": definition("api:7")}),
			seen(later, nil, map[diag.Code]diag.Resource{"ecs.x": definition("api:8")}), 1, 0, 0, 0, 0, true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := triage.Verify(tt.before, tt.after)
			assert.Equal(t, [5]int{tt.gone, tt.remaining, tt.fading, tt.new, tt.unclear}, [5]int{len(v.Gone),
				len(v.Remaining), len(v.Fading), len(v.New), len(v.Unclear)})
			assert.Equal(t, tt.fixed, v.Fixed())
			var out bytes.Buffer
			require.NoError(t, v.Text(&out))
			assert.Contains(t, out.String(), tt.note)
		})
	}
}

// TestVerifyPacks compares every broken world with itself, and with itself seen through closed eyes.
func TestVerifyPacks(t *testing.T) {
	for _, p := range packs(t) {
		report := p.investigate(t, p.load(t))
		same := triage.Verify(report, report)
		assert.Empty(t, same.Gone, p.ID)
		assert.Empty(t, same.New, p.ID)
		assert.Empty(t, same.Unclear, p.ID)
		nothing := triage.Verify(report, &diag.Report{Window: report.Window})
		assert.Empty(t, nothing.Gone, "%s: who did not look cannot say that it is gone", p.ID)
	}
}
