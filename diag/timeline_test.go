package diag

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestTimeline orders what all sources tell, tells it once, and adds what only metrics show.
func TestTimeline(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	service, balancer := Resource{Type: "service", ID: "api"}, Resource{Type: "balancer", ID: "front"}
	east := time.FixedZone("east", 2*60*60)
	event := func(d time.Duration, kind, source, text string) Event {
		return Event{At: noon.Add(d), Resource: service, Kind: kind, Source: source, Text: text}
	}
	metric := []Evidence{{Source: "cloudwatch:GetMetricData", Value: "9"}}
	r := &Report{Window: Last(time.Hour, noon.Add(time.Hour)),
		Events: []Event{
			event(300*time.Millisecond, "deployment", "ecs:DescribeServices", "began a deployment"),
			{At: noon.Add(900 * time.Millisecond).In(east), Resource: service, Kind: "change", Source: "cloudtrail:LookupEvents",
				Text: "ann updated api"},
			event(time.Minute, "task-stopped", "ecs:DescribeTasks", "exit code 1"),
			event(time.Minute+4*time.Second, "service-event", "ecs:DescribeServices", "Exit  code 1."),
			event(time.Minute+20*time.Second, "task-stopped", "ecs:DescribeTasks", "exit code 1"),
			{At: noon.Add(time.Minute), Resource: balancer, Kind: "task-stopped", Text: "exit code 1"},
		},
		Findings: []Finding{
			{Code: "alb.errors", Severity: SeverityError, Resource: balancer, Summary: "9 errors",
				Since: noon.Add(2 * time.Minute), Evidence: metric},
			{Code: "alb.early", Severity: SeverityError, Resource: balancer, Summary: "out of sight", Since: noon,
				SinceAtLeast: true, Evidence: metric},
			{Code: "alb.info", Severity: SeverityInfo, Resource: balancer, Summary: "advice", Since: noon, Evidence: metric},
			{Code: "ecs.stopped", Severity: SeverityError, Resource: service, Summary: "told by its event", Since: noon,
				Evidence: []Evidence{{Source: "ecs:DescribeTasks"}}},
			{Code: "change.update", Severity: SeverityError, Resource: service, Summary: "told by its event", Since: noon,
				Change: true, Evidence: metric},
			{Code: "alb.undated", Severity: SeverityError, Resource: balancer, Summary: "undated", Evidence: metric},
		}}
	var told []string
	for _, e := range r.Timeline() {
		assert.Equal(t, time.UTC, e.At.Location())
		told = append(told, e.At.Format("04:05")+" "+e.Resource.ID+" "+e.Kind+": "+e.Text)
	}
	assert.Equal(t, []string{
		"00:00 api change: ann updated api", "00:00 api deployment: began a deployment",
		"01:00 front task-stopped: exit code 1",
		"01:00 api task-stopped: exit code 1", "01:20 api task-stopped: exit code 1", "02:00 front begins: begins: 9 errors",
	}, told)
	assert.Empty(t, (&Report{}).Timeline())
}

// TestOnsetIsNotBeforeItsChange: a metric blurs the onset by its period, a change is dated to the second.
func TestOnsetIsNotBeforeItsChange(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for made, want := range map[time.Duration]time.Duration{-time.Hour: 0, 2 * time.Minute: 2 * time.Minute,
		time.Hour: 0} {
		r := &Report{roots: []Root{{Finding: Finding{Change: true, Since: noon.Add(made)},
			Explains: []Root{{Finding: Finding{Since: noon}}}}}}
		assert.Equal(t, noon.Add(want), r.Onset(), made)
	}
}
