package ecsdiag

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

func TestServiceBelowDesired(t *testing.T) {
	wants := func(desired, running int32) func(*ecsfake.Client) {
		return func(c *ecsfake.Client) { c.Services[0].DesiredCount, c.Services[0].RunningCount = desired, running }
	}
	onItsWay := func(age time.Duration) func(*ecsfake.Client) {
		return func(c *ecsfake.Client) {
			pends("PENDING", func(x *types.Task) { x.CreatedAt = aws.Time(ago(age)) })(c)
		}
	}
	scaledOut := tells(map[time.Duration]string{time.Minute: "has set the desired count to 9."})
	young := func(c *ecsfake.Client) { c.Services[0].Deployments[0].CreatedAt = aws.Time(ago(time.Minute)) }
	trouble := says("(service api) " + noMemory)
	for _, c := range []struct {
		name  string
		edits []func(*ecsfake.Client)
		want  diag.Severity // zero for none
	}{
		{"all run", []func(*ecsfake.Client){wants(2, 2)}, 0},
		{"more than wanted run", []func(*ecsfake.Client){wants(2, 4)}, 0},
		{"one is missing", []func(*ecsfake.Client){wants(2, 1)}, diag.SeverityWarning},
		{"all are missing", []func(*ecsfake.Client){wants(2, 0)}, diag.SeverityError},
		{"one is young and on its way", []func(*ecsfake.Client){wants(2, 1), onItsWay(time.Minute)}, 0},
		{"one is on its way for long", []func(*ecsfake.Client){wants(2, 1), onItsWay(time.Hour)}, diag.SeverityWarning},
		{"one is on its way, but something ails the service", []func(*ecsfake.Client){wants(2, 1), onItsWay(time.Minute),
			trouble}, diag.SeverityWarning},
		{"the deployment is young", []func(*ecsfake.Client){wants(2, 1), young}, 0},
		{"the desired count was just raised", []func(*ecsfake.Client){wants(9, 2), scaledOut}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, serviceOf(edited(c.edits...)), ServiceBelowDesired)
			assert.NoError(t, report.Err())
			assert.Equal(t, c.want, report.Worst())
		})
	}
}

func TestServiceDesiredZero(t *testing.T) {
	zero := func(c *ecsfake.Client) { c.Services[0].DesiredCount, c.Services[0].RunningCount = 0, 0 }
	alone := func(c *ecsfake.Client) { c.Services[0].LoadBalancers = nil }
	told := tells(map[time.Duration]string{time.Hour: "has stopped 2 running tasks: (task a1) (task a2)."})
	long := tells(map[time.Duration]string{9 * time.Hour: "has stopped 2 running tasks: (task a1) (task a2)."})
	for _, c := range []struct {
		name  string
		edits []func(*ecsfake.Client)
		want  diag.Severity
		since time.Time
	}{
		{"lately, behind a load balancer", []func(*ecsfake.Client){zero, told}, diag.SeverityWarning, ago(time.Hour)},
		{"lately, a worker", []func(*ecsfake.Client){zero, told, alone}, diag.SeverityInfo, ago(time.Hour)},
		{"long ago", []func(*ecsfake.Client){zero, long}, diag.SeverityInfo, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(c.edits...)), ServiceChecks()...), "ecs.service-desired-zero")
			assert.Equal(t, c.want, f.Severity)
			assert.Equal(t, c.since, f.Since)
		})
	}
}

func TestLoadBalancerContainerMismatch(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*ecsfake.Client)
		want string
	}{
		{"another container", func(c *ecsfake.Client) { c.Services[0].LoadBalancers[0].ContainerName = aws.String("web") },
			"has no container web"},
		{"another port", func(c *ecsfake.Client) { c.Services[0].LoadBalancers[0].ContainerPort = aws.Int32(80) },
			"maps no port 80 in container api"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(c.edit)), ServiceChecks()...),
				"ecs.load-balancer-container-mismatch")
			assert.Contains(t, f.Summary, c.want)
			assert.Contains(t, f.Related, diag.Related{Role: "target group",
				Resource: targetGroupResource(ecsfake.TargetGroupARN("api"))})
		})
	}
}

func TestPendingComparesWithPeers(t *testing.T) {
	pulling := pends("PENDING", func(x *types.Task) { x.PullStartedAt = aws.Time(ago(12 * time.Minute)) })
	slowPeers := func(c *ecsfake.Client) {
		for i := range 2 {
			c.Tasks[i].PullStoppedAt = aws.Time(c.Tasks[i].PullStartedAt.Add(5 * time.Minute))
		}
	}
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(pulling)), ServiceChecks()...), "ecs.task-pending-pull")
	assert.Equal(t, "1 of 3 tasks of prod/api: pulling its images for 12 min", f.Summary)
	assert.Contains(t, f.Evidence, diag.Evidence{Source: "ecs:DescribeTasks", Field: "other tasks", Value: "took 10 s"})
	diagtest.Want(t, diagtest.Run(t, serviceOf(edited(pulling, slowPeers)), fromPhases...))
}
