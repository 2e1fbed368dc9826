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
	return Launch{At: ago(at), Who: "events.amazonaws.com", Role: "nightly-events", Schedule: true, TaskDefinition: "nightly:9", Code: code,
		Message: message}
}

func TestRunRefusedConforms(t *testing.T) {
	diagtest.Conform(t, RunRefused, diagtest.Worlds[*Launches]{
		Healthy: launches(nightly(90*time.Minute, "AccessDeniedException", "not authorized"), nightly(30*time.Minute, "", "")),
		Broken:  launches(nightly(90*time.Minute, "AccessDeniedException", "not authorized to perform: iam:PassRole on resource: x")),
	})
	assert.NoError(t, diag.Validate(RunRefused.Info))
}

// TestRunRefused tells calls that ran nothing from those that somebody made again.
func TestRunRefused(t *testing.T) {
	const pass = "User: x is not authorized to perform: iam:PassRole on resource: y"
	person := Launch{At: ago(9 * time.Minute), Who: "ann", TaskDefinition: "seed", Code: "ClientException", Message: "TaskDefinition not found."}
	tests := []struct {
		name string
		made []Launch
		want []string
	}{
		{"none", nil, nil},
		{"ran", []Launch{nightly(time.Minute, "", "")}, nil},
		{"throttled", []Launch{nightly(time.Minute, "ThrottlingException", "Rate exceeded")}, nil},
		{"a person mistyped once", []Launch{person}, nil},
		{"may not pass the role", []Launch{nightly(65*time.Minute, "AccessDeniedException", pass), nightly(5*time.Minute, "AccessDeniedException", pass)},
			[]string{"nightly is not run in cluster prod: role nightly-events may not hand the task its role (iam:PassRole); " +
				"2 RunTask calls failed, 10:55 to 11:55 UTC"}},
		{"no room", []Launch{nightly(5*time.Minute, "RESOURCE:MEMORY", "")},
			[]string{"nightly is not run in cluster prod: RESOURCE:MEMORY; 1 RunTask call failed, at 11:55 UTC"}},
		{"of two families one runs again", []Launch{nightly(65*time.Minute, "ClientException", "TaskDefinition is inactive"), person, person,
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
