package report_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

func text(t testing.TB, r *diag.Report, o report.Options) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.Text(&b, r, o))
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run the test with -update to write it")
	assert.Equal(t, string(want), got)
}

func TestTextGolden(t *testing.T) {
	for _, test := range []struct {
		name   string
		report func() *diag.Report
		o      report.Options
	}{
		{"broken-100", broken, report.Options{Width: 100}},
		{"broken-80", broken, report.Options{Width: 80}},
		{"broken-120-color", broken, report.Options{Width: 120, Color: report.ColorAlways}},
		{"broken-40-ascii", broken, report.Options{Width: 40, ASCII: true}},
		{"healthy", healthy, report.Options{Width: 100}},
		{"no-verdict", blind, report.Options{Width: 100}},
		{"changed", changed, report.Options{Width: 100}},
		{"lone-warning", lonely, report.Options{Width: 100}},
		{"empty", func() *diag.Report { return &diag.Report{} }, report.Options{Width: 100}},
	} {
		t.Run(test.name, func(t *testing.T) { golden(t, test.name, text(t, test.report(), test.o)) })
	}
}

// TestChangeAlone: where only a change explains a trouble, the first lines do not say that nothing does.
func TestChangeAlone(t *testing.T) {
	r := investigate(&thing{resource: service, findings: map[diag.Code]diag.Finding{
		"ecs.task-oom-killed": {Summary: "tasks of tickets/web are killed for memory", Since: at("08:00:00"),
			Evidence: oneFact()},
		"changes.ecs-service-updated": {Summary: "ci updated ECS service tickets/web", Since: at("07:51:12"),
			Confidence: diag.Possible, Evidence: oneFact()}}})
	out := text(t, r, report.Options{Width: 100})
	assert.Contains(t, out, "Why      Possibly what was changed before it (see After): nothing else explains it.\n")
	assert.Contains(t, out, "After    ci updated ECS service tickets/web\n")
	assert.NotContains(t, out, "Nothing that was seen")
}

func TestFirstFiveLinesTellWhatWhyWhereSince(t *testing.T) {
	for _, width := range []int{80, 100, 120} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			head := strings.Join(strings.Split(text(t, broken(), report.Options{Width: width}), "\n")[:5], "\n")
			for _, want := range []string{"tickets-alb answered 412 of 9310 requests with 503",
				"8 tasks of tickets/web were killed for memory",
				"ECS service tickets/web, eu-central-1, account 111122223333", "2026-03-02 08:00:41 UTC", "30 min ago"} {
				assert.Contains(t, head, want)
			}
		})
	}
}

func TestSameReportSameBytes(t *testing.T) {
	first := text(t, broken(), report.Options{})
	for range 5 {
		assert.Equal(t, first, text(t, broken(), report.Options{}))
	}
}

func TestSilenceIsNoAllClearWhereSomethingWasNotSeen(t *testing.T) {
	assert.Contains(t, text(t, healthy(), report.Options{}), "Nothing wrong found.")
	assert.NotContains(t, text(t, blind(), report.Options{}), "Nothing wrong found.")
	assert.Contains(t, text(t, blind(), report.Options{}), "No verdict")
	assert.Contains(t, text(t, &diag.Report{}, report.Options{}), "no verdict",
		"who looked at nothing cannot say that it is well")
}

func TestPermissionsToAskFor(t *testing.T) {
	assert.Contains(t, text(t, broken(), report.Options{}), "Ask for permission: logs:FilterLogEvents\n",
		"named by the message")
	assert.Contains(t, text(t, blind(), report.Options{}), "Ask for permission: ec2:DescribeSecurityGroups\n",
		"named by the operation")
}

func TestEffectsStandUnderTheirCause(t *testing.T) {
	out := text(t, broken(), report.Options{Width: 120})
	tree := out[strings.Index(out, "Cause 1 of 2"):strings.Index(out, "Evidence")]
	oom, targets, answers := strings.Index(tree, "killed for memory"), strings.Index(tree, "no healthy target"),
		strings.Index(tree, "answered 412")
	assert.True(t, oom < targets && targets < answers, tree)
	assert.NotContains(t, tree, "tickets-db")
}

func TestStepsThatChangeSomethingSaySo(t *testing.T) {
	out := text(t, broken(), report.Options{Width: 120})
	assert.Contains(t, out, "1. Compare the memory")
	assert.Contains(t, out, "2. [makes a change] Go back")
	assert.Contains(t, out, "next: [makes a change] Take the rule away.")
}

func TestErrorsOfTheWriterComeBack(t *testing.T) {
	assert.ErrorIs(t, report.Text(failing{}, healthy(), report.Options{}), os.ErrClosed)
	assert.ErrorIs(t, report.JSON(failing{}, healthy()), os.ErrClosed)
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }
