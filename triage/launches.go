package triage

import (
	"context"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// launchesPlan examines the calls that were to run tasks of no service in a cluster, as the trail knows them, which is read
// in any case. Where a role was refused them, what was changed of roles is asked for too.
func launchesPlan(s *Scene, cluster *ecsdiag.Cluster) diag.Plan {
	if s.Scope.Clients.CloudTrail == nil {
		return diag.Plan{}
	}
	launches := ecsdiag.NewLaunches(cluster, func(ctx context.Context) ([]ecsdiag.Launch, error) { return s.launches(ctx, cluster.Resource()) })
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
		launch := ecsdiag.Launch{At: c.At, Who: c.Actor.String(), Role: c.Actor.Role, Code: c.ErrorCode, Message: c.ErrorMessage,
			Schedule: scheduler(c.Actor.Name) || scheduler(c.Actor.Via) || scheduler(c.Source)}
		for _, d := range c.Details {
			if d.Name == "taskDefinition" {
				launch.TaskDefinition = d.Value
			}
		}
		made = append(made, launch)
	}
	return made, err
}

// scheduler reports a service that calls for itself or for its user: EventBridge, its scheduler, Step Functions, Batch.
func scheduler(name string) bool { return strings.HasSuffix(name, ".amazonaws.com") }
