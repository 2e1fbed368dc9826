package triage

import (
	"context"
	"errors"
	"time"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// releaseTime is how long after an update of a service its tasks may still be replaced: the trail tells when it began
// only.
const releaseTime = 15 * time.Minute

// turnover is a target group and when its targets were replaced: by its services, and by whom the trail of changes
// names.
func (s *Scene) turnover(tg *albdiag.TargetGroup) *albdiag.Turnover {
	return albdiag.NewTurnover(tg, func(ctx context.Context) ([]albdiag.Departure, error) {
		arn, err := tg.ARN(ctx)
		if err != nil {
			return nil, err
		}
		services, err := s.services.ServicesOf(ctx, arn)
		errs := []error{err}
		departures := s.changedIn(ctx, tg.Resource(), "changes.targets-deregistered", "targets were deregistered", 0)
		for _, service := range services {
			found, err := s.departuresOf(ctx, service)
			departures, errs = append(departures, found...), append(errs, err)
		}
		return departures, errors.Join(errs...)
	})
}

// departuresOf returns when the tasks of a service were replaced, as the service tells it, and, for what it has
// forgotten, the trail.
func (s *Scene) departuresOf(ctx context.Context, service *ecsdiag.Service) ([]albdiag.Departure, error) {
	replacements, err := service.Replacements(ctx)
	var departures []albdiag.Departure
	known := func(at time.Time) bool {
		for _, d := range departures {
			if !at.Before(d.Start.Add(-time.Minute)) && !at.After(d.End) {
				return true
			}
		}
		return false
	}
	for _, r := range replacements {
		departures = append(departures, albdiag.Departure{Start: r.Start, End: r.End, By: service.Resource(),
			What: r.What + " of service " + service.Name(), Evidence: r.Evidence})
	}
	for _, d := range s.changedIn(ctx, service.Resource(), "changes.service-updated", "update of service "+service.Name(),
		releaseTime) {
		if !known(d.Start) {
			departures = append(departures, d)
		}
	}
	return departures, err
}

// changedIn returns the changes of a kind that the trail holds of a resource, as departures that may last for so long.
// What the trail could not read is told by who reads it in any case.
func (s *Scene) changedIn(
	ctx context.Context, r diag.Resource, code diag.Code, what string, long time.Duration,
) []albdiag.Departure {
	if s.Scope.Clients.CloudTrail == nil {
		return nil
	}
	all, _ := s.trail.Of(ctx, r)
	var departures []albdiag.Departure
	for _, c := range all {
		if c.Code == code && s.Window.Contains(c.At) {
			departures = append(departures, albdiag.Departure{Start: c.At, End: c.At.Add(long), What: what, By: r,
				Evidence: diag.Evidence{Source: changes.Actions()[0], Field: "eventName", Value: c.EventName, At: c.At}})
		}
	}
	return departures
}
