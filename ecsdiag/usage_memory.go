package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
	"github.com/awsdiag/awsdiag/internal/words"
)

// When memory counts as running out.
const (
	// nearLimit is the share, in percent, from which little is left.
	nearLimit = 95
	// rampFrom is the share from which a steady rise is worth a warning, if it reaches the limit within rampTo.
	rampFrom = 75
	rampTo   = 6 * time.Hour
	// rampPoints is how many points a rise must last: an hour at the standard period.
	rampPoints = 12
	// rampFit is how much of the change a straight line must explain (R²).
	rampFit = 0.8
	// restart is the fall, in percent of the limit, that a restart or release makes.
	restart = 15
)

// MemoryNearLimit finds a service whose memory rises steadily towards its limit, or stays close to it.
var MemoryNearLimit = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.memory-near-limit", Title: "Memory near its limit",
		Doc: "The memory of the service rises as a leak does and reaches its limit within six hours, or has been at 95 % " +
			"and more for a while (an info: many runtimes fill what they get). Where containers were killed for memory " +
			"already, that is told instead.",
		Severity: diag.SeverityWarning, Actions: append([]string{sourceMetrics}, actionsTasksAndDef...),
		Source: "Amazon ECS Developer Guide: Amazon ECS service utilization metrics",
		Limits: "The metric is of tasks as a whole: a container may meet a limit of its own before.",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		svc, err := s.Describe(ctx)
		if err != nil {
			return nil, err
		}
		u, err := s.Usage(ctx)
		f, ok := s.memoryTrouble(svc, u)
		if !ok {
			return nil, err
		}
		td, tdErr := s.TaskDefinition(ctx)
		killed, signsErr := s.readSigns(ctx)
		err = joined(err, tdErr, signsErr)
		limited := td != nil &&
			hardLimit(svc, td, td.Memory, func(c types.ContainerDefinition) bool { return c.Memory != nil })
		if !limited || len(killed.with(ecstext.OutOfMemory)) > 0 {
			return nil, err
		}
		f.Evidence = append(f.Evidence, evidence(sourceTaskDefinition, "memory", aws.ToString(td.Memory)+" MiB"))
		return []diag.Finding{f}, err
	},
}

// memoryTrouble judges the series alone.
func (s *Service) memoryTrouble(svc *types.Service, u Usage) (diag.Finding, bool) {
	last, ok := u.Memory.Last()
	if !ok || s.window.End.Sub(last.At) > fresh+u.Memory.Period {
		return diag.Finding{}, false
	}
	f := diag.Finding{
		Resource: s.resource(svc),
		Evidence: []diag.Evidence{
			evidenceAt(sourceMetrics, "AWS/ECS MemoryUtilization Average", percent(last.Value), last.At),
		},
		NextSteps: []diag.Step{
			{Text: "Replace the tasks to gain time; what leaks is for a profile of the program to show.",
				Changes: true, Command: fmt.Sprintf("aws ecs update-service --cluster %s --service %s --force-new-deployment",
					s.cluster, s.name)},
		},
	}
	if r, rises := rampOf(u.Memory); rises {
		f.Since = r.from.At
		f.Summary = fmt.Sprintf(
			"%s/%s uses %.0f %% of its memory, up from %.0f %% %s ago; at this rate it meets its limit in %s",
			s.cluster,
			s.name,
			last.Value,
			r.from.Value,
			words.Span(last.At.Sub(r.from.At)),
			words.Span(r.left.Round(time.Minute)),
		)
		f.Evidence = append(f.Evidence, evidenceAt(sourceMetrics, "AWS/ECS MemoryUtilization Average",
			percent(r.from.Value), r.from.At))
		return f, true
	}
	since, high := above(u.Memory, nearLimit, s.window.End)
	f.Severity, f.Since = diag.SeverityInfo, since
	f.SinceAtLeast = high && since.Equal(u.Memory.Points[0].At)
	f.Summary = fmt.Sprintf("%s/%s uses %.0f %% of its memory, steadily for %s", s.cluster, s.name, last.Value,
		words.Span(s.window.End.Sub(since)))
	return f, high
}

// ramp is a steady rise that lasts to the end of a series.
type ramp struct {
	from metrics.Point
	left time.Duration // until it reaches 100 %
}

// rampOf finds a rise since the last restart that a straight line describes well and that meets the limit soon.
func rampOf(s metrics.Series) (ramp, bool) {
	points := sinceRestart(s.Points)
	if len(points) < rampPoints {
		return ramp{}, false
	}
	slope, fit := line(points)
	last := points[len(points)-1]
	if slope <= 0 || fit < rampFit || last.Value < rampFrom {
		return ramp{}, false
	}
	left := time.Duration(max(0, 100-last.Value) / slope * float64(time.Hour))
	return ramp{from: points[0], left: left}, left <= rampTo
}

// sinceRestart returns the points after the last fall that only a restart makes.
func sinceRestart(points []metrics.Point) []metrics.Point {
	for i := len(points) - 1; i > 0; i-- {
		if points[i-1].Value-points[i].Value >= restart {
			return points[i:]
		}
	}
	return slices.Clip(points)
}

// line fits a straight line: its slope by the hour, and how much of the variance it explains.
func line(points []metrics.Point) (slope, fit float64) {
	n := float64(len(points))
	var sx, sy, sxx, sxy, syy float64
	for _, p := range points {
		x, y := p.At.Sub(points[0].At).Hours(), p.Value
		sx, sy, sxx, sxy, syy = sx+x, sy+y, sxx+x*x, sxy+x*y, syy+y*y
	}
	vx, vy, cov := n*sxx-sx*sx, n*syy-sy*sy, n*sxy-sx*sy
	if vx == 0 || vy == 0 {
		return 0, 0
	}
	return cov / vx, cov * cov / (vx * vy)
}

// weighMemory lets the memory metric speak where exit code 137 alone does not say why a container was killed.
func weighMemory(ctx context.Context, s *Service, g *group) error {
	err := addExit(ctx, s, g)
	if s.metrics == nil {
		return err
	}
	last := g.last()
	peak, ok, usageErr := s.peakMemory(ctx, containerOf(last), last.at)
	if !ok {
		return joined(err, usageErr)
	}
	g.proof = append(g.proof, evidenceAt(sourceMetrics, peak.metric, peak.value, peak.at))
	if peak.percent >= nearLimit {
		g.confidence = diag.Likely
		g.tail += fmt.Sprintf("; memory was at %s of its limit, so most likely for lack of it", peak.of)
	} else {
		g.tail += fmt.Sprintf("; memory was at %s of its limit at most, so hardly for lack of it", peak.of)
	}
	return joined(err, usageErr)
}
