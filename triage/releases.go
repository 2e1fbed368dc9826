package triage

import (
	"context"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// releaseAttempts examines what was to be released to the service that was asked about, as the trail knows it, which is
// read in any case: where a release does not come out, it may have been refused.
func (s *Scene) releaseAttempts(service *ecsdiag.Service, from diag.Resource) diag.Plan {
	if s.Scope.Clients.CloudTrail == nil || !from.IsZero() || !s.asks(DeploymentStuck) {
		return diag.Plan{}
	}
	return diag.On(ecsdiag.NewReleaseAttempts(service, s.releases), ecsdiag.ReleaseAttemptsChecks()...)
}

// releases are the calls of the window that were to release something to any service.
func (s *Scene) releases(ctx context.Context) ([]ecsdiag.ReleaseCall, error) {
	sweep, err := s.trail.Sweep(ctx)
	if sweep == nil {
		return nil, err
	}
	var made []ecsdiag.ReleaseCall
	for _, c := range sweep.Releases {
		if !s.Window.Contains(c.At) {
			continue
		}
		call := ecsdiag.ReleaseCall{At: c.At, Who: c.Actor.String(), Role: c.Actor.Role, Event: c.EventName,
			Code: c.ErrorCode, Message: c.ErrorMessage}
		for _, d := range c.Details {
			switch d.Name {
			case "family":
				call.Family = d.Value
			case "service":
				call.Service = d.Value
			case "cluster":
				call.Cluster = d.Value
			}
		}
		if call.Code == "" && call.Family == "" { // details are cut short
			for _, r := range c.Resources {
				call.Family, _, _ = strings.Cut(lastOf(r.ID), ":")
			}
		}
		made = append(made, call)
	}
	return made, err
}
