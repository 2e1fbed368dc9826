package ecsdiag

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// cutCPU deploys a revision with other CPU, whose tasks never get healthy.
func cutCPU(was, is string) func(*ecsfake.Client) {
	return func(c *ecsfake.Client) {
		deploys(20*time.Minute, 0, 2)(c)
		c.TaskDefinitions[0].Cpu, c.TaskDefinitions[1].Cpu = aws.String(is), aws.String(was)
		c.Tasks = append(c.Tasks, elbKilled("s1", 8*time.Minute), elbKilled("s2", 4*time.Minute))
	}
}

func TestRevisionCPUCut(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*ecsfake.Client)
		want string
	}{
		{"a quarter", cutCPU("1024", "256"),
			"api:7 gives tasks of prod/api 256 CPU units, :6 gave 1024: 2 tasks started on " +
				"them and never got healthy, stopped after 2 min on average; their grace period is 60 s"},
		{"the same", cutCPU("1024", "1024"), ""},
		{"more", cutCPU("256", "1024"), ""},
		{"a little less", cutCPU("1024", "1000"), ""},
		{"of the containers", func(c *ecsfake.Client) {
			cutCPU("1", "1")(c)
			c.TaskDefinitions[0].Cpu, c.TaskDefinitions[1].Cpu = nil, nil
			c.TaskDefinitions[0].ContainerDefinitions[0].Cpu, c.TaskDefinitions[1].ContainerDefinitions[0].Cpu = 128, 512
		},
			"api:7 gives tasks of prod/api 128 CPU units, :6 gave 512: 2 tasks started on them and never got healthy, stopped " +
				"after 2 min on average; their grace period is 60 s"},
		{"answered with a wrong code", func(c *ecsfake.Client) {
			cutCPU("1024", "256")(c)
			says("(service api) (task s1) (port 80) is unhealthy in (target-group " + ecsfake.TargetGroupARN("api") +
				") due to (reason Health checks failed with these codes: [404]).")(c)
		}, ""},
		{"one task only", func(c *ecsfake.Client) { cutCPU("1024", "256")(c); c.Tasks = c.Tasks[:len(c.Tasks)-1] }, ""},
	} {
		w := healthy()
		c.edit(w)
		report := diagtest.Run(t, NewService(w, "prod", "api", testWindow), RevisionCPUCut)
		require.NoError(t, report.Err(), c.name)
		if c.want == "" {
			assert.Empty(t, report.Findings, c.name)
			continue
		}
		assert.Equal(t, c.want, diagtest.Only(t, report, "ecs.revision-cpu-cut").Summary, c.name)
	}
}
