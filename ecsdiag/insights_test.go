package ecsdiag

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// insight makes a series of Container Insights; a name of a container's metric goes with the container api.
func insight(name string, value func(time.Duration) float64) metricsfake.Series {
	s := metricsfake.Series{Metric: metrics.ECSContainerMemory("prod", "api", "api")}
	for _, m := range metrics.ECSInsights("prod", "api") {
		if m.Name == name {
			s.Metric = m
		}
	}
	for before := 6 * time.Hour; before > 0; before -= 5 * time.Minute {
		s.Points = append(s.Points, metrics.Point{At: ago(before), Value: value(before)})
	}
	return s
}

// insightWorld is a service in a cluster with Container Insights.
func insightWorld(series []metricsfake.Series, edits ...func(*ecsfake.Client)) (*Service, *metricsfake.Client) {
	w := &metricsfake.Client{Series: append(series, used("CPUUtilization", "Average", flat(30)),
		used("MemoryUtilization", "Average", flat(50)), used("MemoryUtilization", "Maximum", flat(50)))}
	return serviceOf(edited(edits...), WithMetrics(metrics.NewSource(w, testWindow))), w
}

func TestConformInsights(t *testing.T) {
	world := func(series ...metricsfake.Series) diagtest.World[*Service] {
		return func() (*Service, []diagfake.Fake) {
			c := healthy()
			w := &metricsfake.Client{Series: series}
			return serviceOf(c, WithMetrics(metrics.NewSource(w, testWindow))), []diagfake.Fake{c, w}
		}
	}
	diagtest.Conform(t, EphemeralStorageFull, diagtest.Worlds[*Service]{
		Healthy: world(insight("EphemeralStorageUtilized", flat(4)), insight("EphemeralStorageReserved", flat(20))),
		Broken:  world(insight("EphemeralStorageUtilized", flat(19.5)), insight("EphemeralStorageReserved", flat(20)))})
	diagtest.Conform(t, RunningCountDips, diagtest.Worlds[*Service]{
		Healthy: world(insight("RunningTaskCount", flat(3)), insight("DesiredTaskCount", flat(3))),
		Broken:  world(insight("RunningTaskCount", since(20*time.Minute, 1)), insight("DesiredTaskCount", flat(3)))})
}

// TestInsightsTellExitCode137Apart: the most exact series decides, though the service's own says otherwise.
func TestInsightsTellExitCode137Apart(t *testing.T) {
	killed := stops(exited("s1", ago(12*time.Minute), 137, ""))
	for _, c := range []struct {
		name   string
		series []metricsfake.Series
		want   diag.Confidence
		say    string
		calls  int
	}{
		{"not turned on", nil, diag.Possible, "memory was at 50 % of its limit at most", 1},
		{"numbers", []metricsfake.Series{insight("MemoryUtilized", flat(1012)), insight("MemoryReserved", flat(1024))},
			diag.Likely, "memory was at 99 % (1012 of 1024 MB) of its limit, so most likely", 1},
		{"numbers against", []metricsfake.Series{insight("MemoryUtilized", flat(300)), insight("MemoryReserved", flat(1024))},
			diag.Possible, "29 % (300 of 1024 MB) of its limit at most, so hardly", 1},
		{"enhanced, the task", []metricsfake.Series{insight("TaskMemoryUtilization", flat(98))}, diag.Likely,
			"memory was at 98 % of its limit, so most likely", 2},
		{"enhanced, the container", []metricsfake.Series{insight("TaskMemoryUtilization", flat(60)),
			insight("ContainerMemoryUtilization", flat(100))}, diag.Likely, "memory was at 100 % of its limit, so most likely",
			2},
	} {
		s, w := insightWorld(c.series, killed)
		report := diagtest.Run(t, s, ServiceChecks()...)
		require.NoError(t, report.Err(), c.name)
		f := diagtest.Only(t, report, "ecs.task-exit-137-ambiguous")
		assert.Equal(t, c.want, f.Confidence, c.name)
		assert.Contains(t, f.Summary, c.say, c.name)
		assert.Len(t, w.Calls(), c.calls, c.name)
	}
}

// TestUsageAndInsightsCostOneCall: Container Insights is read along with the series that every service has.
func TestUsageAndInsightsCostOneCall(t *testing.T) {
	s, w := insightWorld([]metricsfake.Series{insight("EphemeralStorageUtilized", flat(19.6)),
		insight("EphemeralStorageReserved", flat(20))})
	report := diagtest.Run(t, s, UsageChecks()...)
	require.NoError(t, report.Err())
	f := diagtest.Only(t, report, "ecs.ephemeral-storage-full")
	assert.Contains(t, f.Summary, "a task of prod/api uses 19.6 of its 20.0 GB of ephemeral storage (98 %)")
	assert.Len(t, w.Calls(), 1)
}

func TestDips(t *testing.T) {
	series := func(values ...float64) metrics.Series {
		s := metrics.Series{Period: 5 * time.Minute}
		for i, v := range values {
			s.Points = append(s.Points, metrics.Point{At: ago(time.Hour - time.Duration(i)*5*time.Minute), Value: v})
		}
		return s
	}
	for _, c := range []struct {
		name             string
		running, desired metrics.Series
		want             int
	}{
		{"as wanted", series(3, 3, 3), series(3, 3, 3), 0},
		{"more while it deploys", series(3, 6, 3), series(3, 3, 3), 0},
		{"scales out", series(3, 3, 5), series(3, 5, 5), 0},
		{"scales in", series(5, 3, 3), series(5, 3, 3), 0},
		{"short twice", series(3, 1, 2), series(3, 3, 3), 2},
		{"not published", series(), series(), 0},
		{"one of them only", series(1, 1), series(), 0},
	} {
		assert.Len(t, dips(c.running, c.desired), c.want, c.name)
	}
}
