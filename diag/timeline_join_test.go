package diag

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// typed is a resource with a type of its own.
func typed(id string) Resource { r := at(id); r.ID = id; return r }

// TestOneFailureIsOneEvent: a task that stopped and the line of its log that says why are told together. Lines of other
// logs, lines minutes away, and what services without that log tell stay apart.
func TestOneFailureIsOneEvent(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tells := func(events ...Event) *Survey[toy] {
		return &Survey[toy]{Name: "toy.thing", Actions: []string{"toy:List"},
			Links: func(_ context.Context, s toy) ([]Link, error) {
				if s.at.ID != "api" {
					return nil, nil
				}
				return []Link{{From: typed("api"), To: typed("definition")}, {From: typed("definition"), To: typed("log")}}, nil
			},
			Events: func(context.Context, toy, Window) ([]Event, error) { return events, nil }}
	}
	stop := func(after time.Duration, task string) Event {
		return Event{At: noon.Add(after), Resource: Resource{Type: "task", ID: task}, Kind: KindTaskStopped,
			Text: task + " stops"}
	}
	line := func(after time.Duration, text string) Event {
		return Event{At: noon.Add(after), Kind: KindLog, Text: text}
	}
	report := Runner{Window: Last(time.Hour, noon.Add(time.Hour))}.Run(t.Context(),
		Observe(toy{typed("api")}, tells(stop(3*time.Second, "one"), stop(9*time.Second, "two"),
			stop(5*time.Minute, "three"))),
		Observe(toy{typed("other")}, tells(stop(time.Second, "foreign"))),
		Observe(toy{typed("log")}, tells(line(0, "first of 2: no DATABASE_URL"),
			line(4*time.Minute, "last of 2: no DATABASE_URL"))),
		Observe(toy{typed("elsewhere")}, tells(line(2*time.Second, "only of 1: panic"))))
	var told []string
	for _, e := range report.Timeline() {
		told = append(told, e.At.Format("04:05")+" "+e.Resource.ID+": "+e.Text)
	}
	assert.Equal(t, []string{
		"00:00 one: one stops; log log: first of 2: no DATABASE_URL", "00:01 foreign: foreign stops",
		"00:02 elsewhere: only of 1: panic", "00:09 two: two stops", "04:00 log: last of 2: no DATABASE_URL",
		"05:00 three: three stops",
	}, told)
}

// TestOneTaskToldTwice: two surveys that tell of one task go on telling the same.
func TestOneTaskToldTwice(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	stop := Event{At: noon, Resource: typed("task"), Kind: KindTaskStopped, Text: "stops"}
	line := Event{At: noon.Add(time.Second), Resource: typed("log"), Kind: KindLog, Text: "panic"}
	r := &Report{Events: []Event{stop, line, stop, line}, Links: []Link{{From: typed("api"), To: typed("log")}}}
	r.joinFailures([]Resource{typed("api"), typed("log"), typed("api"), typed("log")})
	joined := Event{At: noon, Resource: typed("task"), Kind: KindTaskStopped, Text: "stops; log log: panic"}
	assert.Equal(t, []Event{joined, joined}, r.Events)
}
