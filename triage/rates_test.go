package triage_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

// TestRates compares what share of the requests fails with the days before.
func TestRates(t *testing.T) {
	badGateways := func(before float64) func(*world) {
		return func(w *world) {
			w.errors("502", 3*time.Hour, 1000)
			w.week("HTTPCode_ELB_502_Count", "lb", before, before)
			w.usualRequests(1)
		}
	}
	for _, tt := range []struct {
		name   string
		kind   triage.SymptomKind
		before float64
		weight diag.Severity
		says   string
	}{
		{"as on the days before, asked about anything", triage.Unknown, 1000, diag.SeverityInfo,
			"nothing new: on 7 of the 7 days before it was as much at these hours"},
		{"as on the days before, asked about them", triage.HTTP502, 1000, diag.SeverityWarning,
			"nothing new: on 7 of the 7 days before it was as much at these hours"},
		{"new", triage.HTTP502, 0, diag.SeverityError, "new: none at these hours of the 7 days before"},
		{"far more", triage.HTTP502, 60, diag.SeverityError, "new: 0.3 % at these hours of the 7 days before"},
		{"rather more", triage.HTTP502, 400, diag.SeverityError, "502"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := variation{kind: tt.kind, targetType: targetLoadBalancer, spoil: badGateways(tt.before)}
			report := v.run(t)
			var got []diag.Finding
			for _, f := range report.Findings {
				if f.Code == "alb.http-502" {
					got = append(got, f)
				}
			}
			if assert.Len(t, got, 1) {
				assert.Equal(t, tt.weight, got[0].Severity)
				assert.Contains(t, got[0].Summary, tt.says)
				assert.Contains(t, got[0].Evidence[len(got[0].Evidence)-1].Field, "the days before")
			}
			if tt.weight == diag.SeverityInfo {
				assert.LessOrEqual(t, report.Worst(), diag.SeverityInfo)
			}
		})
	}
}
