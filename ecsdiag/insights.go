package ecsdiag

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

const sourceInsights = "Amazon CloudWatch User Guide: Amazon ECS Container Insights metrics"

// Insights is what Container Insights tells of a service's tasks: the highest of any task in each period. Series
// without points are not published: the cluster does not have it turned on.
type Insights struct {
	// Memory and MemoryReserved are in MB, Storage and StorageReserved (ephemeral storage on Fargate) in GB.
	Memory, MemoryReserved, Storage, StorageReserved metrics.Series
	// Running and Desired are the lowest counts of tasks.
	Running, Desired metrics.Series
	// TaskMemory is in percent, and there with enhanced observability only.
	TaskMemory metrics.Series
}

// measures are all series of a service, read together so that they cost one call.
func (s *Service) measures() []metrics.Metric {
	return slices.Concat(metrics.ECSService(s.cluster, s.name), metrics.ECSInsights(s.cluster, s.name))
}

// Insights returns what Container Insights tells of the service. It costs no call beside [Service.Usage], and is an
// error of [diag.KindIncomplete] without [WithMetrics].
func (s *Service) Insights(ctx context.Context) (Insights, error) {
	if s.metrics == nil {
		return Insights{}, diag.Errorf(diag.KindIncomplete,
			"reading Container Insights of %s/%s: no source of metrics was given",
			s.cluster, s.name)
	}
	set, err := s.metrics.Fetch(ctx, s.measures()...)
	var i Insights
	into := map[string]*metrics.Series{"MemoryUtilized": &i.Memory, "MemoryReserved": &i.MemoryReserved,
		"EphemeralStorageUtilized": &i.Storage, "EphemeralStorageReserved": &i.StorageReserved,
		"RunningTaskCount": &i.Running, "DesiredTaskCount": &i.Desired, "TaskMemoryUtilization": &i.TaskMemory}
	for _, m := range metrics.ECSInsights(s.cluster, s.name) {
		*into[m.Name] = set.Series(m)
	}
	if err != nil {
		err = fmt.Errorf("reading Container Insights of %s/%s: %w", s.cluster, s.name, err)
	}
	return i, err
}

// memoryPeak is the most memory of a killed container around a time, and where that was read.
type memoryPeak struct {
	metric, value, of string
	at                time.Time
	percent           float64
}

// peakMemory reads how near to its limit the memory was when a container was killed, from the most exact series there
// is: of that container, of the tasks, or of the service.
func (s *Service) peakMemory(ctx context.Context, container string, at time.Time) (memoryPeak, bool, error) {
	u, err := s.Usage(ctx)
	i, insightsErr := s.Insights(ctx)
	err = joined(err, insightsErr)
	around := func(x metrics.Series) (metrics.Point, bool) {
		return x.Between(diag.Window{Start: at.Add(-2 * x.Period), End: at.Add(x.Period)}).Max()
	}
	inPercent := func(name string, p metrics.Point) memoryPeak {
		return memoryPeak{name, percent(p.Value), fmt.Sprintf("%.0f %%", p.Value), p.At, p.Value}
	}
	if task, ok := around(i.TaskMemory); ok {
		m := metrics.ECSContainerMemory(s.cluster, s.name, container)
		set, containerErr := s.metrics.Fetch(ctx, m)
		err = joined(err, containerErr)
		if p, ok := around(set.Series(m)); ok {
			return inPercent("ECS/ContainerInsights ContainerMemoryUtilization Maximum", p), true, err
		}
		return inPercent("ECS/ContainerInsights TaskMemoryUtilization Maximum", task), true, err
	}
	used, ok := around(i.Memory)
	reserved, known := around(i.MemoryReserved)
	if ok && known && reserved.Value > 0 {
		share := 100 * used.Value / reserved.Value
		text := fmt.Sprintf("%.0f of %.0f MB", used.Value, reserved.Value)
		return memoryPeak{"ECS/ContainerInsights MemoryUtilized Maximum", text, fmt.Sprintf("%.0f %% (%s)", share, text),
			used.At,
			share}, true, err
	}
	p, ok := around(u.MemoryPeak)
	return inPercent("AWS/ECS MemoryUtilization Maximum", p), ok, err
}

// fullStorage is the share of the ephemeral storage, in percent, from which little is left.
const fullStorage = 95

// EphemeralStorageFull finds tasks on Fargate that have nearly filled their disk and stay there.
var EphemeralStorageFull = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.ephemeral-storage-full", Title: "Ephemeral storage nearly full",
		Doc: "A task of the service uses 95 % or more of its ephemeral storage, for 15 minutes at least and still. Programs " +
			"that write files fail when it is full.",
		Severity: diag.SeverityWarning, Actions: append([]string{sourceMetrics}, actionsService...),
		Breaks: []diag.Mechanism{diag.Application, diag.HostRun}, Source: sourceInsights,
		Limits: "It is silent where the cluster does not have Container Insights.",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		svc, err := s.Describe(ctx)
		if err != nil {
			return nil, err
		}
		i, err := s.Insights(ctx)
		reserved, ok := i.StorageReserved.Last()
		if !ok || reserved.Value <= 0 {
			return nil, err
		}
		since, full := above(i.Storage, reserved.Value*fullStorage/100, s.window.End)
		if !full {
			return nil, err
		}
		last, _ := i.Storage.Last()
		return []diag.Finding{{
			Resource: s.resource(svc), Since: since, SinceAtLeast: since.Equal(i.Storage.Points[0].At),
			Summary: fmt.Sprintf("a task of %s/%s uses %.1f of its %.1f GB of ephemeral storage (%.0f %%), for %s", s.cluster,
				s.name, last.Value, reserved.Value, 100*last.Value/reserved.Value, words.Span(s.window.End.Sub(since))),
			Evidence: []diag.Evidence{
				evidenceAt(sourceMetrics, "ECS/ContainerInsights EphemeralStorageUtilized Maximum", gigabytes(last.Value), last.At),
				evidenceAt(sourceMetrics, "ECS/ContainerInsights EphemeralStorageReserved Maximum", gigabytes(reserved.Value),
					reserved.At),
			},
			NextSteps: []diag.Step{{Text: "Find what fills the disk (logs, temporary files, uploads), or give the tasks more " +
				"with ephemeralStorage.sizeInGiB in a new revision (21 to 200 GiB).", Changes: true}},
		}}, err
	},
}

func gigabytes(v float64) string { return fmt.Sprintf("%.1f GB", math.Round(v*10)/10) }

// RunningCountDips finds a service that had too few tasks at times of the window.
var RunningCountDips = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.running-count-dips", Title: "Too few tasks at times",
		Doc: "At times within the window the service ran fewer tasks than it wanted, as when tasks are replaced. ECS itself " +
			"tells only how many run now.",
		Severity: diag.SeverityInfo, Actions: append([]string{sourceMetrics}, actionsService...), Source: sourceInsights,
		Limits: "It is silent where the cluster does not have Container Insights, and sees the lowest count of five minutes.",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		svc, err := s.Describe(ctx)
		if err != nil {
			return nil, err
		}
		i, err := s.Insights(ctx)
		low := dips(i.Running.Between(s.window), i.Desired)
		if len(low) == 0 {
			return nil, err
		}
		least := slices.MinFunc(low, func(a, b dip) int { return int(a.running - b.running) })
		return []diag.Finding{{
			Resource: s.resource(svc), Since: low[0].at,
			Summary: fmt.Sprintf("%s/%s ran as few as %.0f of %.0f tasks, at %s; it was short of tasks in %d periods of %s",
				s.cluster, s.name, least.running, least.desired, least.at.UTC().Format(time.RFC3339), len(low),
				words.Span(i.Running.Period)),
			Evidence: []diag.Evidence{
				evidenceAt(sourceMetrics, "ECS/ContainerInsights RunningTaskCount Minimum", fmt.Sprint(least.running), least.at),
				evidenceAt(sourceMetrics, "ECS/ContainerInsights DesiredTaskCount Minimum", fmt.Sprint(least.desired), least.at),
			},
			NextSteps: []diag.Step{{Text: "Compare the times with the events of the service.", Command: fmt.Sprintf(
				"aws ecs describe-services --cluster %s --services %s --query 'services[0].events[:20]'", s.cluster, s.name)}},
		}}, err
	},
}

// dip is a period in which a service had too few tasks.
type dip struct {
	at               time.Time
	running, desired float64
}

// dips compares the counts. A service that scales out wants more before it has them: the desired count of the period
// before counts then.
func dips(running, desired metrics.Series) []dip {
	want := map[time.Time]float64{}
	for _, p := range desired.Points {
		want[p.At] = p.Value
	}
	var low []dip
	for _, p := range running.Points {
		now, ok := want[p.At]
		before, known := want[p.At.Add(-running.Period)]
		if least := min(now, before); ok && known && p.Value < least {
			low = append(low, dip{p.At, p.Value, least})
		}
	}
	return low
}
