package ecsdiag

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

const sourceMetrics = "cloudwatch:GetMetricData"

// Usage is what a service uses of what its tasks may, in percent, over the window and the time before it that the
// source reads for comparison ("Amazon ECS service utilization metrics").
type Usage struct {
	// CPU is the average over all tasks.
	CPU metrics.Series
	// Memory is the average over all tasks, MemoryPeak the highest of any task.
	Memory, MemoryPeak metrics.Series
}

// WithMetrics lets a service read what its tasks use. The source belongs to the run and is shared.
func WithMetrics(source *metrics.Source) ServiceOption {
	return func(s *Service) { s.metrics = source }
}

// Usage returns what the service uses. Without [WithMetrics] that is an error of [diag.KindIncomplete].
func (s *Service) Usage(ctx context.Context) (Usage, error) {
	if s.metrics == nil {
		return Usage{}, diag.Errorf(
			diag.KindIncomplete,
			"reading use of %s/%s: no source of metrics was given",
			s.cluster,
			s.name,
		)
	}
	all := metrics.ECSService(s.cluster, s.name)
	set, err := s.metrics.Fetch(ctx, s.measures()...)
	var u Usage
	for _, m := range all {
		switch series := set.Series(m); m.Name + " " + m.Stat {
		case "CPUUtilization Average":
			u.CPU = series
		case "MemoryUtilization Average":
			u.Memory = series
		case "MemoryUtilization Maximum":
			u.MemoryPeak = series
		}
	}
	if err != nil {
		err = fmt.Errorf("reading use of %s/%s: %w", s.cluster, s.name, err)
	}
	return u, err
}

// When use counts as at its limit.
const (
	// saturated is the share of its CPU, in percent, from which a service has none to spare on average.
	saturated = 90
	// sustained is how long it must last: a start or a job takes a few minutes.
	sustained = 15 * time.Minute
	// fresh is how old the latest point may be; CloudWatch shows a period a few minutes late.
	fresh = 20 * time.Minute
)

// hardLimit reports whether ECS holds tasks to their size: on Fargate and where the task definition sets one for the
// whole task. Otherwise the percentage is of a reservation, which a task may exceed without harm (same source).
func hardLimit(
	svc *types.Service,
	td *types.TaskDefinition,
	ofTask *string,
	ofContainer func(types.ContainerDefinition) bool,
) bool {
	if !onEC2(svc) || aws.ToString(ofTask) != "" {
		return true
	}
	return len(td.ContainerDefinitions) > 0 && !slices.ContainsFunc(td.ContainerDefinitions,
		func(c types.ContainerDefinition) bool { return !ofContainer(c) })
}

// CPUSaturated finds a service whose tasks have used nearly all of their CPU for a while and still do.
var CPUSaturated = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.cpu-saturated", Title: "CPU used up",
		Doc: "The tasks of the service use 90 % or more of their CPU on average, for 15 minutes at least and still. " +
			"They answer late, and fail their health checks in the end. On EC2 only tasks with a CPU limit of their own " +
			"count: others may use more than they reserve.",
		Severity: diag.SeverityWarning, Actions: append([]string{sourceMetrics}, actionsDefinition...),
		Breaks: []diag.Mechanism{diag.Application}, Needs: []diag.Mechanism{diag.TaskCount, diag.Placement, diag.Demand},
		Limits: "The average over all tasks hides a single one; periods are of five minutes or, over long windows, an hour.",
		Source: "Amazon ECS Developer Guide: Amazon ECS service utilization metrics",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		svc, err := s.Describe(ctx)
		if err != nil {
			return nil, err
		}
		u, err := s.Usage(ctx)
		since, ok := above(u.CPU, saturated, s.window.End)
		if !ok {
			return nil, err
		}
		td, tdErr := s.TaskDefinition(ctx)
		if td == nil || !hardLimit(svc, td, td.Cpu, func(types.ContainerDefinition) bool { return false }) {
			return nil, joined(err, tdErr)
		}
		f := s.cpuFinding(svc, td, u.CPU, since)
		older, cutErr := s.moreCPUBefore(ctx, svc, td, since)
		if older != nil {
			f.Summary += fmt.Sprintf("; revision %d, deployed shortly before, gives a task %d CPU units, :%d gave %d",
				td.Revision, cpuOf(td), older.Revision, cpuOf(older))
			f.Evidence = append(f.Evidence, quoteDifferences(older, td)...)
			f.NextSteps = append([]diag.Step{{Text: "Give the tasks their CPU back in a new revision.", Changes: true}},
				f.NextSteps...)
		}
		return []diag.Finding{f}, joined(err, tdErr, cutErr)
	},
}

// soonAfterRelease is within which time of a deployment its doing shows in a metric.
const soonAfterRelease = 30 * time.Minute

// moreCPUBefore returns the revision before the one that is deployed, if tasks got a third more CPU or above from it,
// and the deployment came shortly before. It is asked for in no other case.
func (s *Service) moreCPUBefore(
	ctx context.Context, svc *types.Service, td *types.TaskDefinition, since time.Time,
) (*types.TaskDefinition, error) {
	deployment := primary(svc)
	if td == nil || td.Revision < 2 || deployment == nil {
		return nil, nil
	}
	released := aws.ToTime(deployment.CreatedAt)
	if released.Before(since.Add(-soonAfterRelease)) || released.After(since.Add(sustained)) {
		return nil, nil
	}
	older, err := s.LastSteadyTaskDefinition(ctx)
	if older == nil && err == nil {
		older, err = s.definitions.get(ctx, fmt.Sprintf("%s:%d", aws.ToString(td.Family), td.Revision-1))
	}
	if kind := diag.KindOf(err); kind == diag.KindNotFound || kind == diag.KindInvalid {
		return nil, nil // an older revision that is gone is no gap in what is known of this one
	}
	if was, is := cpuOf(older), cpuOf(td); was == 0 || is == 0 || 4*is > 3*was {
		return nil, err
	}
	return older, err
}

// above tells since when the newest points lie at or above a level without a break, if they do for long enough.
func above(s metrics.Series, level float64, now time.Time) (time.Time, bool) {
	last, ok := s.Last()
	if !ok || now.Sub(last.At) > fresh+s.Period {
		return time.Time{}, false
	}
	since := last.At.Add(s.Period)
	for _, p := range slices.Backward(s.Points) {
		if p.Value < level {
			break
		}
		since = p.At
	}
	return since, last.At.Add(s.Period).Sub(since) >= sustained
}

// Saturated reports whether the tasks of the service have used nearly all of their CPU for a while and still do, and
// not because a release gave them less. Memory is left aside: many programs keep what they once got.
func (s *Service) Saturated(ctx context.Context) (bool, error) {
	u, err := s.Usage(ctx)
	since, full := above(u.CPU, saturated, s.window.End)
	if !full || err != nil {
		return false, err
	}
	svc, err := s.Describe(ctx)
	if err != nil {
		return false, err
	}
	td, err := s.TaskDefinition(ctx)
	if err != nil {
		return false, err
	}
	older, err := s.moreCPUBefore(ctx, svc, td, since)
	return older == nil, err
}

func (s *Service) cpuFinding(
	svc *types.Service,
	td *types.TaskDefinition,
	cpu metrics.Series,
	since time.Time,
) diag.Finding {
	last, _ := cpu.Last()
	f := diag.Finding{
		Resource: s.resource(svc), Since: since, SinceAtLeast: len(cpu.Points) > 0 && since.Equal(cpu.Points[0].At),
		Summary: fmt.Sprintf(
			"%s/%s uses %.0f %% of its CPU on average over %d tasks, for %s",
			s.cluster,
			s.name,
			last.Value,
			svc.RunningCount,
			words.Span(s.window.End.Sub(since)),
		),
		Evidence: []diag.Evidence{
			evidenceAt(sourceMetrics, "AWS/ECS CPUUtilization Average", percent(last.Value), last.At),
		},
		NextSteps: []diag.Step{
			{
				Text:    "Run more tasks.",
				Changes: true,
				Command: fmt.Sprintf("aws ecs update-service --cluster %s --service %s --desired-count %d", s.cluster, s.name,
					svc.DesiredCount+max(1, svc.DesiredCount/2)),
			},
			{Text: "Look whether autoscaling is at its maximum.", Command: fmt.Sprintf("aws application-autoscaling "+
				"describe-scalable-targets --service-namespace ecs --resource-ids service/%s/%s", s.cluster, s.name)},
		},
	}
	if size := aws.ToString(td.Cpu); size != "" {
		f.Evidence = append(f.Evidence, evidence(sourceTaskDefinition, "cpu", size+" CPU units"))
	}
	if before, ok := cpu.Between(diag.Window{Start: cpu.Span.Start, End: since}).Median(); ok {
		f.Evidence = append(f.Evidence, evidenceAt(sourceMetrics, "AWS/ECS CPUUtilization Average, median before",
			percent(before), since))
	}
	return f
}

func percent(v float64) string { return fmt.Sprintf("%.1f %%", math.Round(v*10)/10) }

// UsageChecks returns the checks on what a service uses; they need [WithMetrics].
func UsageChecks() []*diag.Check[*Service] {
	return []*diag.Check[*Service]{CPUSaturated, MemoryNearLimit, EphemeralStorageFull, RunningCountDips}
}
