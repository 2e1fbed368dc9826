package ecsdiag

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

func TestServiceHostsDraining(t *testing.T) {
	drains := func(c *ecsfake.Client) { c.ContainerInstances[0].Status = aws.String("DRAINING") }
	lacks := func(c *ecsfake.Client) { c.Services[0].RunningCount = 1 }
	for _, c := range []struct {
		name  string
		edits []func(*ecsfake.Client)
		want  string
	}{
		{"the service has its tasks", []func(*ecsfake.Client){onHost, drains}, ""},
		{"tasks are missing for another reason", []func(*ecsfake.Client){onHost, lacks}, ""},
		{"Fargate does not care", []func(*ecsfake.Client){drains, lacks}, ""},
		{"a deployment that just began", []func(*ecsfake.Client){onHost, drains, lacks,
			func(c *ecsfake.Client) { c.Services[0].Deployments[0].CreatedAt = aws.Time(ago(time.Minute)) }}, ""},
		{"tasks are missing", []func(*ecsfake.Client){onHost, drains, lacks},
			"1 of 1 hosts of cluster prod are draining, and prod/api runs 1 of 2 tasks"},
	} {
		report := diagtest.Run(t, serviceOf(edited(c.edits...)), ServiceHostsDraining)
		if c.want == "" {
			assert.Empty(t, report.Findings, c.name)
			continue
		}
		assert.Equal(t, c.want, diagtest.Only(t, report, "ecs.service-hosts-draining").Summary, c.name)
	}
}
