package ecsdiag

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

// attempts is a world in which ExecuteCommand was refused.
func attempts(refused ...ExecCall) diagtest.World[*ExecAttempts] {
	return func() (*ExecAttempts, []diagfake.Fake) {
		c := healthy()
		return NewExecAttempts(NewService(c, "prod", "api", testWindow), func(ctx context.Context) ([]ExecCall, error) {
			_, err := diagfake.Serve(ctx, &c.Recorder, "cloudtrail:LookupEvents", new(struct{}),
				func(*struct{}) (*struct{}, error) { return new(struct{}), nil })
			if err != nil {
				return nil, err
			}
			return refused, nil
		}), []diagfake.Fake{c}
	}
}

func refusedExec(on string) ExecCall {
	return ExecCall{At: ago(9 * time.Minute), Who: "ann", Role: "Developer",
		Message: "User: arn:aws:sts::111122223333:assumed-role/Developer/ann is not authorized to perform: " +
			"ecs:ExecuteCommand on resource: " + on + " because no identity-based policy allows the action"}
}

const clusterARN = "arn:aws:ecs:eu-west-1:111122223333:cluster/"

func TestExecRefusedConforms(t *testing.T) {
	diagtest.Conform(t, ExecRefused, diagtest.Worlds[*ExecAttempts]{
		Healthy: attempts(refusedExec(clusterARN + "prod-2")), Broken: attempts(refusedExec(clusterARN + "prod")),
	})
	assert.NoError(t, diag.Validate(ExecRefused.Info))
}

// TestExecRefused tells calls on the service from those on others.
func TestExecRefused(t *testing.T) {
	subject, _ := attempts()()
	running, err := subject.service.RunningTasks(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, running)
	task := aws.ToString(running[0].TaskArn)
	byRequest := ExecCall{At: ago(time.Minute), Who: "ann", Task: shortName(task)}
	tests := []struct {
		name string
		call ExecCall
		want int
	}{
		{"a task in the message", refusedExec(task), 1},
		{"a task in the request", byRequest, 1},
		{"the cluster", refusedExec(clusterARN + "prod"), 1},
		{"a task of others", refusedExec("arn:aws:ecs:eu-west-1:111122223333:task/prod/0123456789abcdef0123456789abcdef"), 0},
		{"nothing named", ExecCall{At: ago(time.Minute), Who: "ann"}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			subject, _ := attempts(tt.call)()
			report := diag.Run(t.Context(), diag.On(subject, ExecRefused))
			assert.Len(t, report.Findings, tt.want)
			for _, f := range report.Findings {
				assert.Contains(t, f.Summary, "ann may not run commands in tasks of prod/api: ecs:ExecuteCommand was refused")
			}
		})
	}
}
