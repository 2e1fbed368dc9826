package ecsdiag

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

// sign is one occurrence of a cause, read from a stopped task or from a service event.
type sign struct {
	cause  ecstext.Cause
	match  ecstext.Match
	at     time.Time
	source string
	field  string // where the deciding text stands
	text   string
	task   *StoppedTask // nil for an event
}

// signs are what a service's tasks and events tell, oldest first.
type signs struct {
	service *types.Service
	all     []sign
}

// with returns the signs of some causes.
func (x signs) with(causes ...ecstext.Cause) []sign {
	var found []sign
	for _, s := range x.all {
		if slices.Contains(causes, s.cause) {
			found = append(found, s)
		}
	}
	return found
}

// readSigns reads the stopped tasks and events that matter now. What it could read is returned even with an error.
func (s *Service) readSigns(ctx context.Context) (signs, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return signs{}, err
	}
	now, err := s.signs.Get(ctx, func(ctx context.Context) ([]sign, error) {
		stopped, err := s.StoppedTasks(ctx)
		return append(s.stopSigns(svc, stopped), s.eventSigns(svc)...), err
	})
	all := slices.Clone(now)
	slices.SortStableFunc(all, func(a, b sign) int { return a.at.Compare(b.at) })
	return signs{svc, all}, err
}

// stopSigns reads the stopped tasks of current deployments.
func (s *Service) stopSigns(svc *types.Service, stopped []StoppedTask) []sign {
	current := currentOf(svc, s.window.Start)
	var all []sign
	for i := range stopped {
		if current.has(&stopped[i]) {
			all = append(all, readStop(&stopped[i]))
		}
	}
	return all
}

// eventSigns reads the events of the window that nothing has settled since.
func (s *Service) eventSigns(svc *types.Service) []sign {
	settled := settledAt(svc, s.window.Start)
	var all []sign
	for _, e := range svc.Events {
		at := aws.ToTime(e.CreatedAt)
		if at.Before(s.window.Start) || !at.After(settled) {
			continue
		}
		m := ecstext.ServiceEvent(aws.ToString(e.Message))
		all = append(all, sign{cause: m.Cause, match: m, at: at, source: sourceServices, field: "events[].message",
			text: aws.ToString(e.Message)})
	}
	return append(all, rolloutSigns(svc)...)
}

// rolloutSigns reads why deployments failed or go back, as they say themselves.
func rolloutSigns(svc *types.Service) []sign {
	var all []sign
	for _, d := range svc.Deployments {
		m := ecstext.RolloutReason(aws.ToString(d.RolloutStateReason))
		if d.RolloutState == types.DeploymentRolloutStateFailed && m.Cause.Kind() != ecstext.Trouble {
			m.Cause = ecstext.DeploymentFailed
		}
		if m.Cause.Kind() == ecstext.Trouble && d.RolloutState != types.DeploymentRolloutStateCompleted {
			all = append(all, sign{cause: m.Cause, match: m, at: aws.ToTime(d.UpdatedAt), source: sourceServices,
				field: "deployments[" + aws.ToString(d.Id) + "].rolloutStateReason", text: aws.ToString(d.RolloutStateReason)})
		}
	}
	return all
}

// rollbackSettles is how soon after a failure the deployment begins that a rollback makes. A later one is a new
// attempt.
const rollbackSettles = 2 * time.Minute

// settledAt is the time up to which what the events complain of is over: when the service was last steady, a deployment
// last completed, or the primary deployment began. A deployment that failed since start stays open until another is
// made
// or completes: steady then only means that the service went back.
func settledAt(svc *types.Service, start time.Time) time.Time {
	var steady, failed, completed time.Time
	for _, e := range svc.Events {
		at := aws.ToTime(e.CreatedAt)
		switch ecstext.ServiceEvent(aws.ToString(e.Message)).Cause {
		case ecstext.SteadyState:
			steady = later(steady, at)
		case ecstext.DeploymentCompleted:
			completed = later(completed, at)
		case ecstext.DeploymentFailed, ecstext.DeploymentRollback, ecstext.CircuitBreakerFailed,
			ecstext.CircuitBreakerRollback:
			failed = later(failed, at)
		}
	}
	var begun time.Time
	if d := primary(svc); d != nil {
		begun = aws.ToTime(d.CreatedAt)
	}
	open := failed.After(completed) && !failed.Before(start) && !begun.After(failed.Add(rollbackSettles))
	if open {
		return completed
	}
	return later(later(steady, completed), begun)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// current tells tasks of current deployments from those of replaced ones.
type current struct{ ids, definitions []string }

// currentOf knows the deployments and task sets of a service and, besides, deployments that failed since start: ECS
// takes
// them off the list once it has rolled back.
func currentOf(svc *types.Service, start time.Time) current {
	c := current{definitions: currentDefinitions(svc)}
	for _, d := range svc.Deployments {
		c.ids = append(c.ids, aws.ToString(d.Id))
	}
	for _, t := range svc.TaskSets {
		c.ids = append(c.ids, aws.ToString(t.Id))
	}
	for _, e := range svc.Events {
		if m := ecstext.ServiceEvent(aws.ToString(e.Message)); m.Cause == ecstext.DeploymentFailed &&
			!aws.ToTime(e.CreatedAt).Before(start) {
			c.ids = append(c.ids, m.Fields.Deployment)
		}
	}
	return c
}

// has goes by the deployment that started the task, and by its task definition where AWS does not name one.
func (c current) has(t *StoppedTask) bool {
	if by := aws.ToString(t.StartedBy); by != "" {
		return slices.Contains(c.ids, by)
	}
	definition := aws.ToString(t.TaskDefinitionArn)
	return definition == "" || slices.Contains(c.definitions, definition)
}

// readStop finds the text that tells most exactly why a task stopped: its stopped reason, or unless somebody asked the
// task to stop the reason of one of its containers.
func readStop(t *StoppedTask) sign {
	s := sign{at: t.begin(), source: t.source(), field: "stoppedReason", text: aws.ToString(t.StoppedReason), task: t}
	s.match = ecstext.StoppedReason(s.text)
	s.cause = s.match.Cause
	if asked(t) {
		if rank(s.cause) < 2 || (t.StopCode == types.TaskStopCodeUserInitiated && !slices.Contains(hostCauses, s.cause)) {
			s.cause = cmp.Or(causeOfCode[t.StopCode], s.cause) // the reason of a StopTask call is anybody's free text
		}
		return s
	}
	for _, c := range t.Containers {
		reason := aws.ToString(c.Reason)
		if m := ecstext.ContainerReason(reason); reason != "" && rank(m.Cause) > rank(s.cause) && !secondary(m.Cause,
			t.Containers) {
			s.cause, s.match, s.text = m.Cause, m, reason
			s.field = "containers[" + aws.ToString(c.Name) + "].reason"
		}
	}
	if s.cause == ecstext.Unrecognised {
		s.cause = cmp.Or(causeOfCode[t.StopCode], s.cause)
	}
	return s
}

// secondary reports a cause that only echoes another container's end, where an exit code tells of that end.
func secondary(c ecstext.Cause, containers []types.Container) bool {
	echo := c == ecstext.DependencyFailed || c == ecstext.AgentError
	return echo && slices.ContainsFunc(containers, func(c types.Container) bool {
		return c.ExitCode != nil &&
			*c.ExitCode != 0
	})
}

// asked reports a task that ECS or a person stopped while it ran: then what its containers say is a consequence.
func asked(t *StoppedTask) bool {
	switch t.StopCode {
	case types.TaskStopCodeTaskFailedToStart, types.TaskStopCodeEssentialContainerExited:
		return false
	case "":
		cause := ecstext.StoppedReason(aws.ToString(t.StoppedReason)).Cause
		return cause == ecstext.ScalingOrDeployment || cause == ecstext.UserStopped ||
			cause == ecstext.ELBHealthCheckFailed ||
			cause == ecstext.ContainerHealthCheckFailed
	}
	return true
}

// hostCauses take a task away together with its host.
var hostCauses = []ecstext.Cause{ecstext.InstanceDeregistered, ecstext.HostTerminated, ecstext.HostMaintenance}

// causeInfrastructure is the stop code InfrastructureHealth: no text of its own is documented.
const causeInfrastructure ecstext.Cause = "infrastructure-health"

// causeOfCode is what a stop code says where the text says nothing ("Amazon ECS stopped tasks error messages").
var causeOfCode = map[types.TaskStopCode]ecstext.Cause{
	types.TaskStopCodeTaskFailedToStart:         ecstext.TaskStartFailed,
	types.TaskStopCodeEssentialContainerExited:  ecstext.EssentialContainerExited,
	types.TaskStopCodeUserInitiated:             ecstext.UserStopped,
	types.TaskStopCodeServiceSchedulerInitiated: ecstext.ScalingOrDeployment,
	types.TaskStopCodeSpotInterruption:          ecstext.SpotInterrupted,
	types.TaskStopCodeTerminationNotice:         ecstext.HostTerminated,
	types.TaskStopCodeInfrastructureHealth:      causeInfrastructure,
}

// rank orders causes by how exactly they say what went wrong.
func rank(c ecstext.Cause) int {
	switch c {
	case ecstext.Unrecognised:
		return 0
	case ecstext.EssentialContainerExited, ecstext.ContainerExited, ecstext.TaskStartFailed:
		return 1
	case ecstext.AgentError, ecstext.DependencyFailed, ecstext.ImagePullOther, ecstext.RegistryAuthOther,
		ecstext.SecretOther, ecstext.EnvFileOther, ecstext.LogDriverOther,
		ecstext.EFSOther, ecstext.CreateFailedOther, ecstext.StartFailedOther, ecstext.StopFailed, ecstext.VolumeFailed:
		return 2
	}
	return 3
}
