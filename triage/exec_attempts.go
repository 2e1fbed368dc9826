package triage

import (
	"context"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

const executeCommand = "ExecuteCommand"

// execAttempts examines who was refused a session in tasks of a service, as the trail knows them, which is read in any
// case.
func (s *Scene) execAttempts(service *ecsdiag.Service) diag.Plan {
	if s.Scope.Clients.CloudTrail == nil || !s.asks(ExecFails, AccessDenied) {
		return diag.Plan{}
	}
	return diag.On(ecsdiag.NewExecAttempts(service, s.refusedExec), ecsdiag.ExecAttemptsChecks()...)
}

// refusedExec are the refused calls of ExecuteCommand within the window whose caller did not get through afterwards.
func (s *Scene) refusedExec(ctx context.Context) ([]ecsdiag.ExecCall, error) {
	sweep, err := s.trail.Sweep(ctx)
	if sweep == nil {
		return nil, err
	}
	var found []ecsdiag.ExecCall
	for _, c := range sweep.Refused {
		through := func(later changes.Change) bool {
			return later.EventName == executeCommand && later.At.After(c.At) && later.Actor.String() == c.Actor.String()
		}
		if c.EventName != executeCommand || !s.Window.Contains(c.At) || slices.ContainsFunc(sweep.Changes, through) {
			continue
		}
		call := ecsdiag.ExecCall{At: c.At, Who: c.Actor.String(), Role: c.Actor.Role, Message: c.ErrorMessage}
		for _, r := range c.Resources {
			if r.Type == typeTask {
				call.Task = r.ID
			}
		}
		found = append(found, call)
	}
	return found, err
}
