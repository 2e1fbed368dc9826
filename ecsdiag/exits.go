package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
	"github.com/awsdiag/awsdiag/internal/words"
)

// untold are the causes behind which an exit code may tell more.
var untold = []ecstext.Cause{ecstext.EssentialContainerExited, ecstext.ContainerExited, ecstext.Unrecognised}

// pickExits returns, for each task that ended of itself and of which no text says why, the exit code of the container
// that
// ended it, if that code is of one of the classes.
func pickExits(match func(ecstext.ExitMeaning) bool) func(context.Context, *Service, signs) ([]sign, error) {
	return func(ctx context.Context, s *Service, found signs) ([]sign, error) {
		var picked []sign
		var errs []error
		for _, x := range found.all {
			if !endedItself(x) {
				continue
			}
			td, err := s.definitions.get(ctx, aws.ToString(x.task.TaskDefinitionArn))
			errs = append(errs, err)
			if c := culprit(x.task.Containers, td); c != nil && match(ecstext.ExitCode(int(*c.ExitCode))) {
				picked = append(picked, x.exit(c))
			}
		}
		return picked, joined(errs...)
	}
}

// endedItself reports a task that ran, was not asked to stop, and ended without a text that says why. A task that
// failed
// to start has no exit code of its own application.
func endedItself(x sign) bool {
	return x.task != nil && x.task.StopCode != types.TaskStopCodeTaskFailedToStart && !asked(x.task) &&
		slices.Contains(untold, x.cause)
}

// exit is the sign as an exit code tells it.
func (s sign) exit(c *types.Container) sign {
	s.field = "containers[" + aws.ToString(c.Name) + "].exitCode"
	s.text = fmt.Sprintf("%d (%s)", *c.ExitCode, ecstext.ExitCode(int(*c.ExitCode)).Text)
	return s
}

// culprit returns the container that ended a task: of the essential ones, that whose exit code is the least explained
// by
// the task's own end. When one essential container ends, the agent stops the others, which then end with 143, 137 or 0.
func culprit(containers []types.Container, td *types.TaskDefinition) *types.Container {
	clean := slices.ContainsFunc(containers, func(c types.Container) bool {
		return essential(td, aws.ToString(c.Name)) && c.ExitCode != nil && *c.ExitCode == 0
	})
	var found *types.Container
	best := 0
	for i := range containers {
		c := &containers[i]
		if c.ExitCode == nil || !essential(td, aws.ToString(c.Name)) {
			continue
		}
		if w := weight(ecstext.ExitCode(int(*c.ExitCode)).Class, clean); w > best {
			found, best = c, w
		}
	}
	return found
}

func weight(class ecstext.ExitClass, clean bool) int {
	switch class {
	case ecstext.ExitStopAsked:
		return 1
	case ecstext.ExitOK:
		return 3
	case ecstext.ExitKilled:
		if clean {
			return 2
		}
		return 4
	case ecstext.ExitSignal:
		return 5
	}
	return 6
}

// essential reports whether a container ends its task when it ends; without a task definition any may.
func essential(td *types.TaskDefinition, name string) bool {
	if td == nil {
		return true
	}
	c := containerNamed(td, name)
	return c == nil || c.Essential == nil || *c.Essential
}

func ofClass(classes ...ecstext.ExitClass) func(ecstext.ExitMeaning) bool {
	return func(m ecstext.ExitMeaning) bool { return slices.Contains(classes, m.Class) }
}

// addExit tells codes, container, how long the tasks ran, where the last one logged, and what the deployment changed.
func addExit(ctx context.Context, s *Service, g *group) error {
	codes := mapped(g.signs, func(x sign) string { return x.text })
	slices.Sort(codes)
	g.names = map[string]string{"codes": strings.Join(slices.Compact(codes), ", ")}
	if life := lifetime(g.stops()); life > 0 {
		g.tail = ", " + words.Span(life.Round(time.Second)) + " after they started"
		if len(g.signs) == 1 {
			g.tail = ", " + words.Span(life.Round(time.Second)) + " after it started"
		}
	}
	last := g.last()
	if reason := aws.ToString(last.task.StoppedReason); reason != "" {
		id := shortName(aws.ToString(last.task.TaskArn))
		g.proof = append(g.proof, evidenceAt(last.source, "tasks["+id+"].stoppedReason", reason, last.at))
	}
	return joined(g.addLogStream(ctx, s), g.addDifferences(ctx, s))
}

// addLogStream names the log stream of the container that ended last.
func (g *group) addLogStream(ctx context.Context, s *Service) error {
	last := g.last()
	td, err := s.definitions.get(ctx, aws.ToString(last.task.TaskDefinitionArn))
	for _, t := range LogTargets(td) {
		if t.Container == containerOf(last) {
			g.names["log group"], g.names["stream"] = t.Group, t.Stream(aws.ToString(last.task.TaskArn))
			g.also = append(g.also, diag.Related{Resource: t.resource(s.resource(g.service)), Role: "log group"})
		}
	}
	return err
}

// pickStopTimeouts returns tasks that were asked to stop and of which a container was killed, as it had not ended in
// time.
func pickStopTimeouts(ctx context.Context, s *Service, found signs) ([]sign, error) {
	stopped, err := s.StoppedTasks(ctx)
	var picked []sign
	for i := range stopped {
		t := &stopped[i]
		if !asked(t) || !slices.ContainsFunc(t.Containers, killed) {
			continue
		}
		td, defErr := s.definitions.get(ctx, aws.ToString(t.TaskDefinitionArn))
		err = joined(err, defErr)
		for j := range t.Containers {
			if c := &t.Containers[j]; killedAtTimeout(t, c, td) {
				picked = append(picked, readStop(t).exit(c))
				break
			}
		}
	}
	return picked, err
}

// defaultStopTimeout is how long a container has after SIGTERM ("Amazon ECS task definition parameters": stopTimeout).
const defaultStopTimeout = 30 * time.Second

// killedAtTimeout reports a container that ended with SIGKILL no sooner than its stop timeout allowed, or at a time
// that
// AWS does not tell. The end of execution is dated to the second, so that one second is let pass.
func killedAtTimeout(t *StoppedTask, c *types.Container, td *types.TaskDefinition) bool {
	if !killed(*c) {
		return false
	}
	asked, ended := aws.ToTime(t.StoppingAt), aws.ToTime(t.ExecutionStoppedAt)
	return asked.IsZero() || ended.IsZero() || ended.Sub(asked) >= stopTimeout(td, aws.ToString(c.Name))-time.Second
}

// killed reports a container that ended with SIGKILL and not for memory.
func killed(c types.Container) bool {
	return c.ExitCode != nil && ecstext.ExitCode(int(*c.ExitCode)).Class == ecstext.ExitKilled &&
		ecstext.ContainerReason(aws.ToString(c.Reason)).Cause != ecstext.OutOfMemory
}

func stopTimeout(td *types.TaskDefinition, container string) time.Duration {
	if td != nil {
		if c := containerNamed(td, container); c != nil && c.StopTimeout != nil {
			return time.Duration(*c.StopTimeout) * time.Second
		}
	}
	return defaultStopTimeout
}

// addStopTimeout tells the stop timeout that ran out.
func addStopTimeout(ctx context.Context, s *Service, g *group) error {
	last := g.last()
	td, err := s.definitions.get(ctx, aws.ToString(last.task.TaskDefinitionArn))
	name := containerOf(last)
	timeout := stopTimeout(td, name)
	g.proof = append(g.proof, evidence(sourceTaskDefinition, "containerDefinitions["+name+"].stopTimeout", words.Span(timeout)))
	g.names = map[string]string{"timeout": words.Span(timeout)}
	return err
}

// pickUnexplained returns stopped tasks of which neither text nor exit code says why.
func pickUnexplained(ctx context.Context, s *Service, found signs) ([]sign, error) {
	var picked []sign
	for _, x := range found.all {
		if x.task == nil || !slices.Contains(untold, x.cause) {
			continue
		}
		if !slices.ContainsFunc(x.task.Containers, func(c types.Container) bool { return c.ExitCode != nil }) {
			picked = append(picked, x)
		}
	}
	return picked, nil
}
