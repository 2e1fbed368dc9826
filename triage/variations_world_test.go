package triage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// world is a sound account to break: three services ("site" and "quotes" behind a load balancer on Fargate, "payouts"
// on container instances), of which the last two use a database.
type world struct {
	*triagefake.Account
	testing.TB
	now    time.Time
	serial int
}

func newWorld(t testing.TB) *world {
	p := incident(t, "healthy-scale-in-and-jobs")
	return &world{Account: p.load(t), TB: t, now: p.Symptom.Now}
}

func (w *world) ago(d time.Duration) time.Time { return w.now.Add(-d) }

// id makes up the id of a task.
func (w *world) id() string {
	w.serial++
	return fmt.Sprintf("%08x5e0f4c1d9b7a2f38%08x", 0x4be1a900+w.serial*7919, 0xd2c4b107-w.serial*104729)
}

func short(arn string) string { return arn[strings.LastIndex(arn, "/")+1:] }

// service returns a service by the short name that its own name holds.
func (w *world) service(name string) *types.Service {
	i := slices.IndexFunc(w.ECS.Services, func(s types.Service) bool {
		return strings.Contains(strings.ToLower(*s.ServiceName), "-"+name+"service")
	})
	require.GreaterOrEqual(w, i, 0, name)
	return &w.ECS.Services[i]
}

// host returns the id of an instance by its Name tag's end.
func (w *world) host(name string) string {
	for _, i := range w.EC2.Instances {
		for _, tag := range i.Tags {
			if aws.ToString(tag.Key) == "Name" && strings.HasSuffix(strings.ToLower(aws.ToString(tag.Value)), name) {
				return *i.InstanceId
			}
		}
	}
	require.Fail(w, "no host", name)
	return ""
}

func (w *world) definition(arn string) *types.TaskDefinition {
	i := slices.IndexFunc(w.ECS.TaskDefinitions,
		func(td types.TaskDefinition) bool { return *td.TaskDefinitionArn == arn })
	require.GreaterOrEqual(w, i, 0, arn)
	return &w.ECS.TaskDefinitions[i]
}

// tasks returns the running tasks of a service.
func (w *world) tasks(name string) []*types.Task {
	var tasks []*types.Task
	group := "service:" + *w.service(name).ServiceName
	for i := range w.ECS.Tasks {
		if t := &w.ECS.Tasks[i]; aws.ToString(t.Group) == group && aws.ToString(t.LastStatus) == "RUNNING" {
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// group returns the target group of a service.
func (w *world) group(name string) string { return *w.service(name).LoadBalancers[0].TargetGroupArn }

// event adds a service event; %s is the service's name in AWS's form.
func (w *world) event(name string, ago time.Duration, format string, args ...any) {
	s := w.service(name)
	w.serial++
	s.Events = append(s.Events, types.ServiceEvent{Id: aws.String(fmt.Sprintf("651d80e5-4cc1-4cca-a351-%012d", w.serial)),
		CreatedAt: aws.Time(w.ago(ago)), Message: aws.String("(service " + *s.ServiceName + ") " +
			fmt.Sprintf(format, args...))})
	slices.SortStableFunc(s.Events, func(a, b types.ServiceEvent) int { return b.CreatedAt.Compare(*a.CreatedAt) })
}

// logs adds lines to the log of a service's task.
func (w *world) logs(name, task string, ago time.Duration, lines ...string) {
	c := w.definition(*w.service(name).TaskDefinition).ContainerDefinitions[0]
	options := c.LogConfiguration.Options
	w.lines(options["awslogs-group"], options["awslogs-stream-prefix"]+"/"+*c.Name+"/"+short(task), ago, lines...)
}

func (w *world) lines(group, stream string, ago time.Duration, lines ...string) {
	for i := range w.Logs.Groups {
		if g := &w.Logs.Groups[i]; aws.ToString(g.LogGroupName) == group {
			for n, line := range lines {
				g.Events = append(g.Events, logsfake.Event{At: w.ago(ago).Add(time.Duration(n) * time.Millisecond), Stream: stream,
					Message: line})
			}
			slices.SortStableFunc(g.Events, func(a, b logsfake.Event) int { return a.At.Compare(b.At) })
			return
		}
	}
	require.Fail(w, "no log group", group)
}

// change adds a call that somebody made. resources are pairs of type and name.
func (w *world) change(ago time.Duration, who, action, params string, resources ...string) {
	write := changesfake.Write{At: w.ago(ago), Action: action, Who: who, Params: params, Resources: resources,
		Account: w.ID, Region: w.Region}
	w.CloudTrail.Events = append(w.CloudTrail.Events, write.Event())
}

// metric changes the points of series by name, statistic (any if empty) and the start of a dimension's value (any if
// empty), from some time on. The five-minute points end nine minutes before now, as in the world. A series that there
// is not is left out.
func (w *world) metric(name, stat, dimension string, since time.Duration, value func(i int, old float64) float64) {
	for n := range w.CloudWatch.Series {
		s := &w.CloudWatch.Series[n]
		if s.Metric.Name != name || stat != "" && s.Metric.Stat != stat || !has(s.Metric, dimension) {
			continue
		}
		at := map[time.Time]float64{}
		for _, p := range s.Points {
			at[p.At] = p.Value
		}
		i := 0
		for x := w.ago(since).Truncate(5 * time.Minute); x.Before(w.ago(9 * time.Minute)); x = x.Add(5 * time.Minute) {
			at[x] = value(i, at[x])
			i++
		}
		s.Points = nil
		for x, v := range at {
			s.Points = append(s.Points, metrics.Point{At: x, Value: v})
		}
		slices.SortFunc(s.Points, func(a, b metrics.Point) int { return a.At.Compare(b.At) })
	}
}

func has(m metrics.Metric, dimension string) bool {
	if dimension == "" {
		return true
	}
	// Series of a load balancer as a whole have one dimension only.
	if dimension == "lb" {
		return len(m.Dimensions) == 1 && m.Dimensions[0].Name == "LoadBalancer"
	}
	return slices.ContainsFunc(m.Dimensions,
		func(d metrics.Dimension) bool { return strings.Contains(strings.ToLower(d.Value), dimension) })
}

// always is a metric that has one value from now on.
func always(v float64) func(int, float64) float64 { return func(int, float64) float64 { return v } }

// times is a metric that has become a multiple of itself.
func times(f float64) func(int, float64) float64 {
	return func(_ int, old float64) float64 { return old * f }
}
