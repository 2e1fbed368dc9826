package diagtest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

// Run runs checks on a subject and returns the report. It fails the test if a check broke the contract of findings or
// panicked; other inconclusive outcomes are left to the test.
func Run[S diag.Subject](t testing.TB, subject S, checks ...*diag.Check[S]) *diag.Report {
	t.Helper()
	report := diag.Run(context.Background(), diag.On(subject, checks...))
	for _, i := range report.Inconclusive {
		require.NotContains(t, []diag.Kind{diag.KindPanic, diag.KindContract}, i.Kind, "%s: %s", i.Code, i.Err)
	}
	return report
}

// Want asserts that the report holds findings of just these codes, in any order, each code once for each of its
// findings, and that nothing was inconclusive.
func Want(t testing.TB, report *diag.Report, codes ...diag.Code) {
	t.Helper()
	got := []diag.Code{}
	for _, f := range report.Findings {
		got = append(got, f.Code)
	}
	assert.ElementsMatch(t, codes, got)
	assert.NoError(t, report.Err())
}

// Only returns the one finding of the code and fails the test if there is none or more than one.
func Only(t testing.TB, report *diag.Report, code diag.Code) diag.Finding {
	t.Helper()
	var found []diag.Finding
	for _, f := range report.Findings {
		if f.Code == code {
			found = append(found, f)
		}
	}
	require.Len(t, found, 1, "findings with the code %s", code)
	return found[0]
}
