package triage

import (
	"context"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// launchesPlan examines the calls that were to run tasks of no service in a cluster, as the trail knows them, which is
// read in any case. Where a role was refused them, what was changed of roles is asked for too.
func launchesPlan(s *Scene, cluster *ecsdiag.Cluster) diag.Plan {
	if s.Scope.Clients.CloudTrail == nil {
		return diag.Plan{}
	}
	launches := ecsdiag.NewLaunches(cluster,
		func(ctx context.Context) ([]ecsdiag.Launch, error) { return s.launches(ctx, cluster.Resource()) }).
		WithRemoved(s.removedSchedules)
	return diag.Join(diag.On(launches, ecsdiag.LaunchesChecks()...), diag.Observe(launches, refusedLaunches))
}

// refusedLaunches leads to the roles that were refused a launch.
var refusedLaunches = &diag.Survey[*ecsdiag.Launches]{
	Name:    "triage.refused-launches",
	Actions: []string{"cloudtrail:LookupEvents"},
	Links: func(ctx context.Context, launches *ecsdiag.Launches) ([]diag.Link, error) {
		failed, err := launches.Failed(ctx)
		for _, runs := range failed {
			for _, run := range runs {
				if run.Role != "" && strings.Contains(run.Code, "AccessDenied") {
					return []diag.Link{toGlobals(launches.Resource())}, err
				}
			}
		}
		return nil, err
	},
}

// launches are the calls that were to run a task in a cluster, within the window.
func (s *Scene) launches(ctx context.Context, cluster diag.Resource) ([]ecsdiag.Launch, error) {
	sweep, err := s.trail.Sweep(ctx)
	if sweep == nil {
		return nil, err
	}
	var made []ecsdiag.Launch
	for _, c := range sweep.Runs {
		if !c.Touches(cluster) || !s.Window.Contains(c.At) {
			continue
		}
		launch := ecsdiag.Launch{At: c.At, Who: c.Actor.String(), Role: c.Actor.Role, Code: c.ErrorCode,
			Message:  c.ErrorMessage,
			Schedule: scheduler(c.Actor.Name) || scheduler(c.Actor.Via) || scheduler(c.Source)}
		for _, d := range c.Details {
			switch d.Name {
			case "taskDefinition":
				launch.TaskDefinition = d.Value
			case "startedBy":
				launch.StartedBy = d.Value
			}
		}
		made = append(made, launch)
	}
	return made, err
}

// removedSchedules are the rules and schedules that somebody took away within the window and did not bring back.
func (s *Scene) removedSchedules(ctx context.Context) ([]ecsdiag.Removed, error) {
	sweep, err := s.trail.Sweep(ctx)
	if sweep == nil {
		return nil, err
	}
	var removed []ecsdiag.Removed
	for _, c := range sweep.Changes {
		if !removesSchedule(c) || !c.Until.IsZero() || !s.Window.Contains(c.At) {
			continue
		}
		for _, r := range c.Resources {
			removed = append(removed, ecsdiag.Removed{At: c.At, Name: lastOf(r.ID), How: c.Summary, Resource: r})
		}
	}
	return removed, err
}

// The families of changes to schedules and rules.
const (
	scheduleRemoved = diag.Code("changes.schedule-removed")
	scheduleChanged = diag.Code("changes.schedule-changed")
)

// removesSchedule reports a change that takes a schedule or rule away, or puts it with the state DISABLED (PutRule and
// UpdateSchedule, API References of EventBridge and of its scheduler).
func removesSchedule(c changes.Change) bool {
	return c.Code == scheduleRemoved || c.Code == scheduleChanged &&
		slices.ContainsFunc(c.Details, func(d changes.Detail) bool {
			return d.Name == "state" && d.Value == "DISABLED"
		})
}

// lastOf is the name at the end of a path.
func lastOf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// scheduler reports a service that calls for itself or for its user: EventBridge, its scheduler, Step Functions, Batch.
func scheduler(name string) bool { return strings.HasSuffix(name, ".amazonaws.com") }
