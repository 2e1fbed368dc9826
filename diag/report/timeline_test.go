package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
)

var (
	onset = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	web   = diag.Resource{Type: "AWS::ECS::Service", ID: "prod/web"}
)

// after is an event on the service, so many minutes after the onset.
func after(minutes int, kind, text string) diag.Event {
	return diag.Event{At: onset.Add(time.Duration(minutes) * time.Minute), Kind: kind, Text: text, Resource: web}
}

func reported(events ...diag.Event) *diag.Report {
	return &diag.Report{
		Window: diag.Last(6*time.Hour, onset.Add(time.Hour)), Events: events,
		Findings: []diag.Finding{{Code: "ecs.x", Severity: diag.SeverityError, Resource: web, Summary: "prod/web is down",
			Since: onset}},
	}
}

func rendered(t *testing.T, r *diag.Report) string {
	var b strings.Builder
	assert.NoError(t, Text(&b, r, Options{Width: 100}))
	return b.String()
}

func TestLastChange(t *testing.T) {
	elsewhere := after(-5, "deployment", "elsewhere")
	elsewhere.Resource = diag.Resource{Type: "AWS::ECS::Service", ID: "prod/other"}
	for _, test := range []struct {
		name  string
		event diag.Event
		want  bool
	}{
		{"a deployment before", after(-5, "deployment", "d"), true},
		{"a change before", after(-5, "change", "c"), true},
		{"at the same moment", after(0, "deployment", "d"), true},
		{"after it began", after(1, "deployment", "d"), false},
		{"hours before", after(-121, "deployment", "d"), false},
		{"something else", after(-5, "service-event", "s"), false},
		{"on a resource that has no part in it", elsewhere, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, strings.Contains(rendered(t, reported(test.event)), "\nChange   "))
		})
	}
}

func TestTimelineKeepsWhatMatters(t *testing.T) {
	events := []diag.Event{after(-119, "deployment", "the release")}
	for i := -100; i < 50; i++ {
		events = append(events, after(i, "service-event", fmt.Sprintf("message %d.", i)))
	}
	out := rendered(t, reported(events...))
	out = out[strings.Index(out, "Timeline"):]
	for _, want := range []string{"the release", "message -8.", "message -1.", "it begins", "message 0.", "message 9.",
		"message 44.", "message 49.", "… 92 more", "… 34 more"} {
		assert.Contains(t, out, want)
	}
	for _, cut := range []string{"message -9.", "message 10.", "message 43."} {
		assert.NotContains(t, out, cut)
	}
	assert.Less(t, strings.Index(out, "message -1."), strings.Index(out, "it begins"))
	assert.Less(t, strings.Index(out, "it begins"), strings.Index(out, "message 0."))
}

func TestEventsThatDifferInIdsOnlyAreFolded(t *testing.T) {
	id := func(c string) string { return strings.Repeat(c, 32) }
	out := rendered(t, reported(
		after(-2, "service-event", "task "+id("a")+" started"), after(-1, "service-event", "task "+id("b")+" started"),
		after(0, "service-event", "task "+id("c")+" started"), after(1, "service-event", "task "+id("d")+" stopped with 1"),
		after(2, "service-event", "task "+id("e")+" stopped with 2")))
	assert.Contains(t, out, "07:58:00  prod/web: task aaaaaaaa… started  (×2, until 07:59:00)\n")
	assert.Contains(t, out, "08:00:00  prod/web: task cccccccc… started\n", "the onset is never folded over")
	assert.Contains(t, out, "stopped with 1\n", "numbers tell things apart")
	assert.Contains(t, out, "stopped with 2\n")
}

func TestOnsetAfterAllEvents(t *testing.T) {
	out := rendered(t, reported(after(-30, "log", "before")))
	assert.Less(t, strings.Index(out, "before"), strings.Index(out, "it begins"))
}

func TestDaysAreTold(t *testing.T) {
	out := rendered(t, reported(after(-600, "log", "yesterday"), after(-1, "log", "today")))
	assert.Contains(t, out, "2026-03-01\n  22:00:00  prod/web: yesterday\n  2026-03-02\n  07:59:00  prod/web: today\n")
}

func TestAbridged(t *testing.T) {
	p := newPage(false, 100, false)
	assert.Equal(t, "(target-group targetgroup/web/0123abcd…)",
		p.abridged("(target-group arn:aws:elasticloadbalancing:eu-west-2:123456789012:targetgroup/web/0123abcd4567ef89)"))
	assert.Equal(t, "i-0a1b2c3d task deadbeef… of arn",
		p.abridged("i-0a1b2c3d task deadbeefdeadbeefdeadbeefdeadbeef of arn"))
	assert.Equal(t, "s3 bucket/key", p.abridged("s3 arn:aws:s3:::bucket/key"))
}

func TestRelated(t *testing.T) {
	task := func(id, role string) diag.Related {
		return diag.Related{Resource: diag.Resource{Type: "AWS::ECS::Task", ID: id}, Role: role}
	}
	r := reported()
	r.Findings[0].Related = []diag.Related{task("a", "task"), task("b", "task"), task("c", "killed"),
		{Resource: web, Role: "ECS service"}, task("d", ""), task("e", "task"), task("f", "task"), task("g", "task")}
	assert.Contains(t, rendered(t, r),
		"Involved  ECS tasks a, b, d, e; killed ECS task c; ECS service prod/web; and 2 more\n")
}
