package diag

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// clocked is a subject with a window.
type clocked struct {
	toy
	window Window
}

func (c clocked) Window() Window { return c.window }

func TestUnsoundSubjectIsNotAsked(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	service := func(arn string) Resource { return ResourceOf("AWS::ECS::Service", "prod/api", arn) }
	for _, test := range []struct {
		name    string
		subject Subject
		want    string // empty: it is asked
	}{
		{"sound", toy{service("arn:aws:ecs:eu-west-1:111122223333:service/prod/api")}, ""},
		{"another partition", toy{service("arn:aws-cn:ecs:cn-north-1:111122223333:service/prod/api")}, ""},
		{"no ARN", toy{service("")}, ""},
		{"a type of somebody else", toy{Resource{Type: "House::Ship"}}, ""},
		{"a type whose ARNs are not known here", toy{ResourceOf("AWS::SQS::Queue", "q", "arn:aws:sns:::q")}, ""},
		{"no name", toy{Resource{Type: "AWS::ECS::Service"}}, "the ECS::Service has an empty name"},
		{"the ARN of another service", toy{service("arn:aws:sqs:eu-west-1:111122223333:q")},
			"arn:aws:sqs:eu-west-1:111122223333:q is not the ARN of an ECS::Service: want arn:aws:ecs:…:service/…"},
		{"the ARN of another type", toy{service("arn:aws:ecs:eu-west-1:111122223333:task/prod/0123")},
			"arn:aws:ecs:eu-west-1:111122223333:task/prod/0123 is not the ARN of an ECS::Service: want arn:aws:ecs:…:service/…"},
		{"no ARN at all", toy{service("arn:broken")}, `"arn:broken" is no ARN of an ECS::Service: arn: not enough sections`},
		{"a window", clocked{toy{service("")}, Last(time.Hour, noon)}, ""},
		{"no window", clocked{toy: toy{service("")}},
			"ECS::Service prod/api was made without a window: give it diag.Last(time.Hour, time.Now()), or the like"},
		{"a window the wrong way round", clocked{toy{service("")}, Window{Start: noon, End: noon.Add(-time.Hour)}},
			"ECS::Service prod/api: window from 2026-03-02T12:00:00Z to 2026-03-02T11:00:00Z: the end must lie after the start"},
	} {
		t.Run(test.name, func(t *testing.T) {
			calls := 0
			asked := &Check[Subject]{Info: Info{Code: "toy.a"}, Run: func(context.Context, Subject) ([]Finding, error) {
				calls++
				return nil, nil
			}}
			seen := &Survey[Subject]{Name: "toy.s", Links: func(context.Context, Subject) ([]Link, error) { return nil, nil }}
			report := Run(t.Context(), On(test.subject, asked), Observe(test.subject, seen))
			if test.want == "" {
				assert.NoError(t, report.Err())
				assert.Equal(t, 1, calls)
				return
			}
			assert.Zero(t, calls)
			assert.Len(t, report.Inconclusive, 2)
			for _, i := range report.Inconclusive {
				assert.Equal(t, KindInvalid, i.Kind)
				assert.Equal(t, test.want, i.Err)
			}
		})
	}
}

// TestWindowOfTheRunIsThatOfItsSubjects: ages are counted from the end of it, and events are those of all of it.
func TestWindowOfTheRunIsThatOfItsSubjects(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	asked := make(chan Window, 3)
	survey := &Survey[clocked]{Name: "toy.s", Events: func(_ context.Context, _ clocked, w Window) ([]Event, error) {
		asked <- w
		return nil, nil
	}}
	in := func(from, to int) Plan {
		at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
		return Observe(clocked{toy{at2("s", from)}, Window{Start: at(from), End: at(to)}}, survey)
	}
	whole := Window{Start: noon.Add(-3 * time.Hour), End: noon.Add(time.Hour)}
	assert.Equal(t, whole, Run(t.Context(), in(-3, 0), in(-1, 1), On(toy{at("x")})).Window)
	assert.Equal(t, []Window{whole, whole}, []Window{<-asked, <-asked})
	given := Last(time.Minute, noon)
	assert.Equal(t, given, Runner{Window: given}.Run(t.Context(), in(-3, 0)).Window, "who says so decides")
}

func at2(typ string, n int) Resource { return Resource{Type: typ, ID: string(rune('a' + n + 10))} }
