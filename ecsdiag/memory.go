package ecsdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

// addMemory tells the memory limit that applied, how long the tasks lived, and what the last release changed.
func addMemory(ctx context.Context, s *Service, g *group) error {
	last := g.last()
	if last.task == nil {
		return nil
	}
	td, err := s.definitions.get(ctx, aws.ToString(last.task.TaskDefinitionArn))
	if td == nil {
		return err
	}
	name := cmp.Or(containerOf(last), killedIn(last.task))
	if name != "" {
		g.names = map[string]string{"container": name}
	}
	if limit, field := memoryLimit(td, name); limit != "" {
		g.proof = append(g.proof, evidence(sourceTaskDefinition, field, limit))
		g.tail = " at its limit of " + limit + " MiB"
	}
	if code := exitCode(last.task, name); code != nil {
		g.proof = append(g.proof, evidenceAt(last.source, "containers["+name+"].exitCode", fmt.Sprint(*code), last.at))
	}
	if life := lifetime(g.stops()); life > 0 {
		g.tail += fmt.Sprintf(" after %s on average", words.Span(life.Round(time.Minute)))
	}
	return joined(err, g.addDifferences(ctx, s), g.addLeak(ctx, s))
}

// nearlyFull is the use of memory in percent, averaged over five minutes, at which a container may be killed for it.
const nearlyFull = 85

// addLeak tells since when memory rose that ended in the first kill, as a leak's does.
func (g *group) addLeak(ctx context.Context, s *Service) error {
	if s.metrics == nil {
		return nil
	}
	u, err := s.Usage(ctx)
	for _, series := range []metrics.Series{u.MemoryPeak, u.Memory} {
		high, full := fullBefore(series, g.first().at)
		from, ok := series.LeadUp(metrics.Rise, full)
		if !ok {
			continue
		}
		g.leadUp = from.At.Add(series.Period)
		g.tail += fmt.Sprintf("; memory rose from %.0f %% to %.0f %% since %s UTC", from.Value, high.Value,
			g.leadUp.UTC().Format("15:04"))
		field := "AWS/ECS MemoryUtilization " + series.Metric.Stat
		g.proof = append(g.proof, evidenceAt(sourceMetrics, field, percent(from.Value), from.At),
			evidenceAt(sourceMetrics, field, percent(high.Value), high.At))
		break
	}
	return err
}

// fullBefore returns the last point before a time, and since when memory was nearly full then; zero if it was not.
func fullBefore(s metrics.Series, at time.Time) (last metrics.Point, since time.Time) {
	for _, p := range slices.Backward(s.Points) {
		switch {
		case !p.At.Before(at):
		case p.Value < nearlyFull || last.At.IsZero() && at.Sub(p.At) > fresh:
			return last, since
		default:
			if last.At.IsZero() {
				last = p
			}
			since = p.At
		}
	}
	return last, since
}

// memoryLimit returns the limit in MiB that kills a container: its own hard limit, or that of the task, and the field
// it
// stands in ("Amazon ECS task definition parameters": memory).
func memoryLimit(td *types.TaskDefinition, container string) (limit, field string) {
	for _, c := range td.ContainerDefinitions {
		if aws.ToString(c.Name) == container && c.Memory != nil {
			return fmt.Sprint(*c.Memory), "containerDefinitions[" + container + "].memory"
		}
	}
	return aws.ToString(td.Memory), "memory"
}

// killedIn names the container of a task that was killed, where the task's own reason does not: the only one that ended
// with 137; "" if there is none such.
func killedIn(t *StoppedTask) string {
	name := ""
	for _, c := range t.Containers {
		if aws.ToInt32(c.ExitCode) != 137 {
			continue
		}
		if name != "" {
			return ""
		}
		name = aws.ToString(c.Name)
	}
	return name
}

func exitCode(t *StoppedTask, container string) *int32 {
	i := slices.IndexFunc(t.Containers, func(c types.Container) bool { return aws.ToString(c.Name) == container })
	if i < 0 {
		return nil
	}
	return t.Containers[i].ExitCode
}

// lifetime is how long tasks ran on average, of those whose beginning and end are known.
func lifetime(stops []sign) time.Duration {
	var sum time.Duration
	n := 0
	for _, s := range stops {
		if started, ended := aws.ToTime(s.task.StartedAt), s.task.begin(); !started.IsZero() && ended.After(started) {
			sum += ended.Sub(started)
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / time.Duration(n)
}

// addLogGroups names the log groups that the task definition writes to.
func addLogGroups(ctx context.Context, s *Service, g *group) error {
	td, err := s.failingDefinition(ctx, g)
	if td == nil {
		return err
	}
	home := s.resource(g.service)
	for _, t := range LogTargets(td) {
		g.proof = append(g.proof, evidence(sourceTaskDefinition,
			"containerDefinitions["+t.Container+"].logConfiguration.options.awslogs-group", t.Group))
		r := diag.Related{Resource: t.resource(home), Role: "log group"}
		if !slices.Contains(g.also, r) {
			g.also = append(g.also, r)
		}
	}
	if len(g.also) == 1 {
		g.names = map[string]string{"log group": g.also[0].Resource.ID}
	}
	return err
}

// failingDefinition is the task definition of the latest stopped task, or else of the primary deployment.
func (s *Service) failingDefinition(ctx context.Context, g *group) (*types.TaskDefinition, error) {
	if t := g.last().task; t != nil && aws.ToString(t.TaskDefinitionArn) != "" {
		return s.definitions.get(ctx, aws.ToString(t.TaskDefinitionArn))
	}
	return s.TaskDefinition(ctx)
}

// addContainerHealthCheck quotes the health check that fails.
func addContainerHealthCheck(ctx context.Context, s *Service, g *group) error {
	td, err := s.failingDefinition(ctx, g)
	if td == nil {
		return err
	}
	for _, c := range td.ContainerDefinitions {
		if c.HealthCheck == nil {
			continue
		}
		field := "containerDefinitions[" + aws.ToString(c.Name) + "].healthCheck"
		g.proof = append(g.proof, evidence(sourceTaskDefinition, field, healthCheckText(c.HealthCheck)))
		g.tail = " (a container has " + words.Span(patience(c.HealthCheck)) + " from its start to become healthy)"
	}
	return err
}
