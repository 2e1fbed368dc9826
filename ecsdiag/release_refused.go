package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// ReleaseCall is a call of RegisterTaskDefinition or UpdateService.
type ReleaseCall struct {
	At time.Time
	// Who called, as CloudTrail names them; Role is the name of the role that they act as, "" for none.
	Who, Role string
	// Event is the name of the operation. Family is that of the task definition to register, Service and Cluster name the
	// service to update, by name or ARN; each is "" where CloudTrail left it out.
	Event, Family, Service, Cluster string
	// Code is the error, "" for a call that was taken. Message tells more.
	Code, Message string
}

// ReleaseAttempts are the calls that were to release something to a service.
type ReleaseAttempts struct {
	service *Service
	made    func(context.Context) ([]ReleaseCall, error)
	known   diag.Memo[[]ReleaseCall]
}

var _ diag.Subject = (*ReleaseAttempts)(nil)

// NewReleaseAttempts makes the attempts on a service. ECS keeps no refused ones: made is asked, who reads CloudTrail, for
// those of the region, the oldest first.
func NewReleaseAttempts(service *Service, made func(context.Context) ([]ReleaseCall, error)) *ReleaseAttempts {
	return &ReleaseAttempts{service: service, made: made}
}

// Resource names the service.
func (a *ReleaseAttempts) Resource() diag.Resource { return a.service.Resource() }

// Refused returns the calls on the service or its family of task definitions that failed and were not made good by a later
// one, the oldest first. Those that were throttled, or failed on AWS's side, are left out: they are made again.
func (a *ReleaseAttempts) Refused(ctx context.Context) ([]ReleaseCall, error) {
	return a.known.Get(ctx, func(ctx context.Context) ([]ReleaseCall, error) {
		all, err := a.made(ctx)
		svc, svcErr := a.service.Describe(ctx)
		if svc == nil {
			return nil, joined(err, svcErr)
		}
		family, _, _ := strings.Cut(afterSlash(primaryDefinition(svc)), ":")
		var refused []ReleaseCall
		for _, c := range all {
			switch {
			case !a.concerns(c, family):
			case c.Code == "":
				refused = slices.DeleteFunc(refused, func(r ReleaseCall) bool { return r.Event == c.Event })
			case !passing(c.Code):
				refused = append(refused, c)
			}
		}
		return refused, err
	})
}

func (a *ReleaseAttempts) concerns(c ReleaseCall, family string) bool {
	if c.Event == "RegisterTaskDefinition" {
		return family != "" && c.Family == family
	}
	return shortName(c.Service) == a.service.name && (c.Cluster == "" || shortName(c.Cluster) == a.service.cluster)
}

// ReleaseAttemptsChecks returns all checks of [ReleaseAttempts], for questions about a release that does not come out.
func ReleaseAttemptsChecks() []*diag.Check[*ReleaseAttempts] {
	return []*diag.Check[*ReleaseAttempts]{ReleaseRefused}
}

// ReleaseRefused reports that the newest calls that were to release something failed.
var ReleaseRefused = &diag.Check[*ReleaseAttempts]{
	Info: diag.Info{
		Code: "ecs.release-refused", Title: "Release refused", Severity: diag.SeverityError,
		Doc: "The newest calls that were to register a task definition of the service's family, or to update the service, " +
			"failed: ECS takes no such configuration, or the caller lacks a permission such as iam:PassRole. The service runs " +
			"on as it was.",
		Actions: []string{"cloudtrail:LookupEvents", "ecs:DescribeServices"},
		Breaks:  []diag.Mechanism{diag.Rollout},
		Limits:  "CloudTrail shows a call minutes after it was made, and leaves the request out of some that were denied.",
		Source:  "Amazon ECS API Reference: RegisterTaskDefinition, UpdateService",
	},
	Run: func(ctx context.Context, a *ReleaseAttempts) ([]diag.Finding, error) {
		all, err := a.Refused(ctx)
		if len(all) == 0 {
			return nil, err
		}
		return []diag.Finding{a.finding(all)}, err
	},
}

// finding tells of the calls, by the last of them.
func (a *ReleaseAttempts) finding(all []ReleaseCall) diag.Finding {
	first, last := all[0], all[len(all)-1]
	f := diag.Finding{Since: first.At,
		Summary: oneLine(fmt.Sprintf("a release of %s/%s by %s is refused: %s; %s", a.service.cluster, a.service.name, last.Who,
			strings.TrimSuffix(last.Code+": "+last.Message, ": "), calls(len(all), last.Event+" call", first.At, last.At))),
		NextSteps: []diag.Step{{Text: "Correct what the message names and release again; a role that may not be passed needs " +
			"iam:PassRole for who releases.", Changes: true,
			Doc: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-definition-errors.html"}},
	}
	if last.Role != "" {
		f.Related = append(f.Related, diag.Related{Resource: diag.Resource{Type: typeRole, ID: last.Role}, Role: "called by"})
	}
	for _, c := range all[max(0, len(all)-maxSamples):] {
		f.Evidence = append(f.Evidence, diag.Evidence{Source: "cloudtrail:LookupEvents", Field: c.Event + ".errorCode",
			Value: strings.TrimSuffix(c.Code+": "+c.Message, ": "), At: c.At})
	}
	return f
}
