package ecsdiag

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

// Replacement is a time at which the scheduler took running tasks of a service away: a deployment, or a scale-in.
type Replacement struct {
	// Start and End are when it began and was over, as far as that is known; they are equal for one moment.
	Start, End time.Time
	// What says what happened: "deployment of api:34".
	What string
	// Evidence shows it.
	Evidence diag.Evidence
}

// rolledFor is how long before its end a deployment may have begun of which only the end is known.
const rolledFor = 10 * time.Minute

// Replacements returns when tasks of the service were taken away in the window, the first first: by the deployments
// that ECS still knows, and by the events, which also tell of deployments that it has forgotten. Tasks that die are not
// among them. It makes no call besides [Service.Describe].
func (s *Service) Replacements(ctx context.Context) ([]Replacement, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	var found []Replacement
	for _, d := range svc.Deployments {
		if at := aws.ToTime(d.CreatedAt); s.window.Contains(at) {
			found = append(found, s.replacementBy(d, at))
		}
	}
	for _, e := range svc.Events {
		at := aws.ToTime(e.CreatedAt)
		r := Replacement{Start: at, End: at, Evidence: diag.Evidence{Source: sourceServices, Field: "events[].message",
			Value: aws.ToString(e.Message), At: at}}
		switch ecstext.ServiceEvent(aws.ToString(e.Message)).Cause {
		case ecstext.DeploymentCompleted:
			r.Start, r.What = at.Add(-rolledFor), "a deployment"
		case ecstext.TasksStopped:
			r.What = "the scheduler stopped tasks"
		default:
			continue
		}
		within := func(known Replacement) bool { return !at.Before(known.Start) && !at.After(known.End) }
		if s.window.Contains(at) && !slices.ContainsFunc(found, within) {
			found = append(found, r)
		}
	}
	slices.SortStableFunc(found, func(a, b Replacement) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End))
	})
	return found, nil
}

// replacementBy is what a deployment replaced; one that is not over goes on until now.
func (s *Service) replacementBy(d types.Deployment, at time.Time) Replacement {
	definition := shortName(aws.ToString(d.TaskDefinition))
	r := Replacement{Start: at, End: s.window.End, What: "deployment of " + definition, Evidence: diag.Evidence{
		Source: sourceServices, Field: "deployments[].createdAt", Value: definition, At: at}}
	if updated := aws.ToTime(d.UpdatedAt); d.RolloutState == types.DeploymentRolloutStateCompleted && updated.After(at) {
		r.End = updated
	}
	return r
}
