package ecsdiag

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

// launches is a world in which calls to run tasks were made.
func launches(made ...Launch) diagtest.World[*Launches] {
	return func() (*Launches, []diagfake.Fake) {
		c := healthy()
		return NewLaunches(NewCluster(c, "prod", testWindow), func(ctx context.Context) ([]Launch, error) {
			_, err := diagfake.Serve(ctx, &c.Recorder, "cloudtrail:LookupEvents", new(struct{}),
				func(*struct{}) (*struct{}, error) { return new(struct{}), nil })
			if err != nil {
				return nil, err
			}
			return made, nil
		}), []diagfake.Fake{c}
	}
}

func nightly(at time.Duration, code, message string) Launch {
	return Launch{At: ago(at), Who: "events.amazonaws.com", Role: "nightly-events", Schedule: true,
		TaskDefinition: "nightly:9", Code: code,
		Message: message}
}

func TestRunRefusedConforms(t *testing.T) {
	diagtest.Conform(t, RunRefused, diagtest.Worlds[*Launches]{
		Healthy: launches(nightly(90*time.Minute, "AccessDeniedException", "not authorized"),
			nightly(30*time.Minute, "", "")),
		Broken: launches(nightly(90*time.Minute, "AccessDeniedException",
			"not authorized to perform: iam:PassRole on resource: x")),
	})
	assert.NoError(t, diag.Validate(RunRefused.Info))
}

func scheduled(at time.Duration) Launch {
	run := nightly(at, "", "")
	run.StartedBy = "events-rule/nightly-report"
	return run
}

// without are launches of which schedules were taken away.
func without(made diagtest.World[*Launches], removed ...Removed) diagtest.World[*Launches] {
	return func() (*Launches, []diagfake.Fake) {
		l, fakes := made()
		return l.WithRemoved(func(context.Context) ([]Removed, error) { return removed, nil }), fakes
	}
}

// TestScheduleRemoved lets alone what is not due yet, what ran on, and schedules of others.
func TestScheduleRemoved(t *testing.T) {
	gone := Removed{At: ago(100 * time.Minute), Name: "nightly-report", How: "ann disabled rule nightly-report"}
	every30 := launches(scheduled(165*time.Minute), scheduled(135*time.Minute), scheduled(105*time.Minute))
	diagtest.Conform(t, ScheduleRemoved, diagtest.Worlds[*Launches]{Healthy: without(every30),
		Broken: without(every30, gone)})
	assert.NoError(t, diag.Validate(ScheduleRemoved.Info))
	tests := []struct {
		name  string
		world diagtest.World[*Launches]
		want  []string
	}{
		{"overdue", without(every30, gone),
			[]string{"nightly:9 runs no more in cluster prod: ann disabled rule nightly-report at 10:20 UTC; " +
				"it ran 3 times before, last at 10:15 UTC"}},
		{"not due yet", without(launches(scheduled(40*time.Minute), scheduled(10*time.Minute)),
			Removed{At: ago(5 * time.Minute), Name: gone.Name}), nil},
		{"ran on", without(launches(scheduled(165*time.Minute), scheduled(135*time.Minute), scheduled(75*time.Minute)), gone),
			nil},
		{"once only", without(launches(scheduled(165*time.Minute)), gone), nil},
		{"another's", without(every30, Removed{At: gone.At, Name: "cleanup"}), nil},
		{"nobody knows", every30, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			subject, _ := tt.world()
			var got []string
			for _, f := range diag.Run(t.Context(), diag.On(subject, ScheduleRemoved)).Findings {
				got = append(got, f.Summary)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestRunRefused tells calls that ran nothing from those that somebody made again.
func TestRunRefused(t *testing.T) {
	const pass = "User: x is not authorized to perform: iam:PassRole on resource: y"
	person := Launch{At: ago(9 * time.Minute), Who: "ann", TaskDefinition: "seed", Code: "ClientException",
		Message: "TaskDefinition not found."}
	tests := []struct {
		name string
		made []Launch
		want []string
	}{
		{"none", nil, nil},
		{"ran", []Launch{nightly(time.Minute, "", "")}, nil},
		{"throttled", []Launch{nightly(time.Minute, "ThrottlingException", "Rate exceeded")}, nil},
		{"a person mistyped once", []Launch{person}, nil},
		{"may not pass the role", []Launch{nightly(65*time.Minute, "AccessDeniedException", pass),
			nightly(5*time.Minute, "AccessDeniedException", pass)},
			[]string{"nightly is not run in cluster prod: role nightly-events may not hand the task its role (iam:PassRole); " +
				"2 RunTask calls failed, 10:55 to 11:55 UTC"}},
		{"no room", []Launch{nightly(5*time.Minute, "RESOURCE:MEMORY", "")},
			[]string{"nightly is not run in cluster prod: RESOURCE:MEMORY; 1 RunTask call failed, at 11:55 UTC"}},
		{"of two families one runs again", []Launch{nightly(65*time.Minute, "ClientException", "TaskDefinition is inactive"),
			person, person,
			nightly(5*time.Minute, "", "")},
			[]string{"seed is not run in cluster prod: ClientException: TaskDefinition not found.; 2 RunTask calls failed, at 11:51 UTC"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			subject, _ := launches(tt.made...)()
			report := diag.Run(t.Context(), diag.On(subject, RunRefused))
			var got []string
			for _, f := range report.Findings {
				got = append(got, f.Summary)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}
