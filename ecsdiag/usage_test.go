package ecsdiag

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// used makes a series of a service from a function of the time before now.
func used(name, stat string, value func(before time.Duration) float64) metricsfake.Series {
	var m metrics.Metric
	for _, known := range metrics.ECSService("prod", "api") {
		if known.Name == name && known.Stat == stat {
			m = known
		}
	}
	s := metricsfake.Series{Metric: m}
	for before := 6 * time.Hour; before > 0; before -= 5 * time.Minute {
		s.Points = append(s.Points, metrics.Point{At: ago(before), Value: value(before)})
	}
	return s
}

func flat(v float64) func(time.Duration) float64 { return func(time.Duration) float64 { return v } }

// since is calm before a time and a value after it.
func since(at time.Duration, v float64) func(time.Duration) float64 {
	return func(before time.Duration) float64 {
		if before > at {
			return 40 + 2*math.Sin(before.Minutes())
		}
		return v
	}
}

// leak rises by an amount an hour up to a value now.
func leak(perHour, now float64) func(time.Duration) float64 {
	return func(before time.Duration) float64 { return now - perHour*before.Hours() }
}

// usageWorld is a service with the given use of CPU and memory.
func usageWorld(cpu, memory func(time.Duration) float64, edits ...func(*ecsfake.Client)) diagtest.World[*Service] {
	return func() (*Service, []diagfake.Fake) {
		c := edited(edits...)
		w := &metricsfake.Client{Series: []metricsfake.Series{used("CPUUtilization", "Average", cpu),
			used("MemoryUtilization", "Average", memory), used("MemoryUtilization", "Maximum", memory)}}
		return serviceOf(c, WithMetrics(metrics.NewSource(w, testWindow))), []diagfake.Fake{c, w}
	}
}

func TestConformUsage(t *testing.T) {
	healthy := usageWorld(flat(35), flat(50))
	diagtest.Conform(t, CPUSaturated, diagtest.Worlds[*Service]{Healthy: healthy,
		Broken: usageWorld(since(40*time.Minute, 99), flat(50))})
	diagtest.Conform(t, MemoryNearLimit, diagtest.Worlds[*Service]{Healthy: healthy,
		Broken: usageWorld(flat(35), leak(8, 92))})
}

func TestUsage(t *testing.T) {
	noLimit := func(c *ecsfake.Client) {
		onHost(c)
		c.TaskDefinitions[0].Cpu, c.TaskDefinitions[0].Memory = nil, nil
	}
	for _, c := range []struct {
		name        string
		cpu, memory func(time.Duration) float64
		edit        func(*ecsfake.Client)
		want        diag.Code
		severity    diag.Severity
	}{
		{"saturated", since(40*time.Minute, 97), flat(50), nil, "ecs.cpu-saturated", diag.SeverityWarning},
		{"ten minutes only", since(10*time.Minute, 97), flat(50), nil, "", 0},
		{"busy, not saturated", flat(80), flat(50), nil, "", 0},
		{"beyond a reservation on EC2", flat(180), flat(140), noLimit, "", 0},
		{"leak", flat(30), leak(10, 88), nil, "ecs.memory-near-limit", diag.SeverityWarning},
		{"leak that takes days", flat(30), leak(1, 80), nil, "", 0},
		{"heap filled once", flat(30), flat(96), nil, "ecs.memory-near-limit", diag.SeverityInfo},
		{"fills at start, then flat", flat(30), since(5*time.Hour, 85), nil, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			edit := c.edit
			if edit == nil {
				edit = func(*ecsfake.Client) {}
			}
			s, _ := usageWorld(c.cpu, c.memory, edit)()
			report := diagtest.Run(t, s, UsageChecks()...)
			require.NoError(t, report.Err())
			if c.want == "" {
				assert.Empty(t, report.Findings)
				return
			}
			assert.Equal(t, c.severity, diagtest.Only(t, report, c.want).Severity)
		})
	}
}

func TestUsageTellsOnset(t *testing.T) {
	s, _ := usageWorld(since(40*time.Minute, 97), flat(50))()
	f := diagtest.Only(t, diagtest.Run(t, s, UsageChecks()...), "ecs.cpu-saturated")
	assert.Equal(t, ago(40*time.Minute), f.Since)
	assert.Equal(t, "prod/api uses 97 % of its CPU on average over 2 tasks, for 40 min", f.Summary)
}

// TestUsageIsUnknown: a metric that was not read is no low metric.
func TestUsageIsUnknown(t *testing.T) {
	report := diagtest.Run(t, serviceOf(healthy()), UsageChecks()...)
	require.Error(t, report.Err())
	assert.Equal(t, diag.KindIncomplete, report.Inconclusive[0].Kind)
}

// TestOutOfMemoryIsToldOnce: where ECS says that memory ran out, the metric adds nothing.
func TestOutOfMemoryIsToldOnce(t *testing.T) {
	s, _ := usageWorld(flat(30), leak(8, 92), stops(exited("s1", ago(5*time.Minute), 137,
		"OutOfMemoryError: Container killed due to memory usage")))()
	report := diagtest.Run(t, s, append(UsageChecks(), ServiceChecks()...)...)
	for _, f := range report.Findings {
		assert.NotEqual(t, diag.Code("ecs.memory-near-limit"), f.Code)
	}
	diagtest.Only(t, report, "ecs.task-oom-killed")
}

// TestMemoryTellsExitCode137Apart: the metric is the tie-breaker.
func TestMemoryTellsExitCode137Apart(t *testing.T) {
	for _, c := range []struct {
		memory float64
		want   diag.Confidence
		say    string
	}{
		{99, diag.Likely, "most likely for lack of it"}, {45, diag.Possible, "hardly for lack of it"},
	} {
		s, _ := usageWorld(flat(30), flat(c.memory), stops(exited("s1", ago(12*time.Minute), 137, "")))()
		f := diagtest.Only(t, diagtest.Run(t, s, ServiceChecks()...), "ecs.task-exit-137-ambiguous")
		assert.Equal(t, c.want, f.Confidence)
		assert.Contains(t, f.Summary, c.say)
	}
}

func TestTaskStartSlow(t *testing.T) {
	pulls := func(took ...time.Duration) func(*ecsfake.Client) {
		return func(c *ecsfake.Client) {
			c.Tasks = nil
			for i, d := range took {
				task := ecsfake.Task("prod", "api", string(rune('a'+i)))
				task.PullStoppedAt = aws.Time(task.PullStartedAt.Add(d))
				task.StartedAt = aws.Time(task.PullStoppedAt.Add(5 * time.Second))
				c.Tasks = append(c.Tasks, task)
			}
		}
	}
	launches := func(c *ecsfake.Client) {
		for i := range c.Tasks {
			c.Tasks[i].StartedAt = aws.Time(c.Tasks[i].PullStoppedAt.Add(4 * time.Minute))
		}
		c.TaskDefinitions[0].ContainerDefinitions[0].HealthCheck = &types.HealthCheck{Command: []string{"CMD", "true"}}
	}
	for _, c := range []struct {
		name string
		edit func(*ecsfake.Client)
		say  string
	}{
		{"all slow", pulls(3*time.Minute, 4*time.Minute, 3*time.Minute), "takes 3 min of the 3 min 20 s"},
		{"one slow", pulls(10*time.Second, 10*time.Second, 5*time.Minute), "one of 3 tasks took 5 min"},
		{"launch slow", launches, "containers take 4 min to start"},
		{"all fast", pulls(10*time.Second, 20*time.Second), ""},
	} {
		report := diagtest.Run(t, serviceOf(edited(c.edit)), TaskStartSlow)
		if c.say == "" {
			assert.Empty(t, report.Findings, c.name)
			continue
		}
		assert.Contains(t, diagtest.Only(t, report, "ecs.task-start-slow").Summary, c.say, c.name)
	}
}

// TestCPUUsedUpAfterACut: a release that gives tasks less CPU is named, and no lack of tasks then.
func TestCPUUsedUpAfterACut(t *testing.T) {
	for _, c := range []struct {
		name       string
		was, is    string
		deployed   time.Duration
		goneBefore bool
		cut        bool
	}{
		{"a quarter is left", "1024", "256", 45 * time.Minute, false, true},
		{"the same", "256", "256", 45 * time.Minute, false, false},
		{"a little less", "1024", "896", 45 * time.Minute, false, false},
		{"more", "256", "1024", 45 * time.Minute, false, false},
		{"long before", "1024", "256", 3 * time.Hour, false, false},
		{"after it began", "1024", "256", 10 * time.Minute, false, false},
		{"nobody knows what was before", "1024", "256", 45 * time.Minute, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := usageWorld(since(40*time.Minute, 97), flat(50), func(f *ecsfake.Client) {
				f.TaskDefinitions[0].Cpu, f.TaskDefinitions[1].Cpu = aws.String(c.is), aws.String(c.was)
				f.Services[0].Deployments[0].CreatedAt = aws.Time(ago(c.deployed))
				if c.goneBefore {
					f.TaskDefinitions = f.TaskDefinitions[:1]
				}
			})()
			f := diagtest.Only(t, diagtest.Run(t, s, CPUSaturated), "ecs.cpu-saturated")
			assert.Equal(t, c.cut, strings.HasSuffix(f.Summary,
				"; revision 7, deployed shortly before, gives a task 256 CPU units, :6 gave 1024"), f.Summary)
			short, err := s.Saturated(t.Context())
			require.NoError(t, err)
			assert.Equal(t, !c.cut, short)
		})
	}
}
