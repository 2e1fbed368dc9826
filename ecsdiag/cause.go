package ecsdiag

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

// cause is one row of the tables of causes: it makes one check, which gives one finding per service for all signs of
// the
// row's causes.
type cause struct {
	code   diag.Code
	title  string
	doc    string
	causes []ecstext.Cause
	// pick, if set, chooses the signs in place of causes.
	pick func(context.Context, *Service, signs) ([]sign, error)
	// say completes "3 tasks of prod/api …" or, with none known, "tasks of prod/api …"; see [group.fill] for {image} and
	// the like.
	say    string
	breaks []diag.Mechanism
	needs  []diag.Mechanism
	// mild marks what is nobody's fault and mends itself: an info as long as the service has its tasks.
	mild bool
	// patience is for how long something mild may go on before it is a warning; zero for as long as it likes.
	patience time.Duration
	// lasts marks what stays as it is after its signs: a release that did not come out is missing until a later one does.
	lasts bool
	info  bool // never more than an info
	// confidence is that of the findings; zero means certain.
	confidence diag.Confidence
	steps      []diag.Step
	// actions are those of the facts, with what add calls.
	actions []string
	// add, if set, gathers into the group what needs further facts; what it gathered is kept with an error.
	add    func(context.Context, *Service, *group) error
	source string
}

// retention is how long ECS is sure to know a stopped task ("Viewing Amazon ECS stopped task errors": "stopped tasks
// only
// appear … for at least one hour").
const retention = time.Hour

const limitStopped = "ECS forgets stopped tasks after about an hour and service events beyond the latest 100; tasks " +
	"of replaced deployments are left aside."

func (c cause) check() *diag.Check[*Service] {
	severity := diag.SeverityError
	if c.info || c.mild {
		severity = diag.SeverityInfo
	}
	actions := c.actions
	if actions == nil {
		actions = actionsTasks
	}
	return &diag.Check[*Service]{
		Info: diag.Info{
			Code: c.code, Title: c.title, Doc: c.doc, Severity: severity, Confidence: c.confidence, Actions: actions,
			Breaks: c.breaks, Needs: c.needs,
			Limits: limitStopped, Source: c.source,
		},
		Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) { return c.run(ctx, s) },
	}
}

func (c cause) run(ctx context.Context, s *Service) ([]diag.Finding, error) {
	found, err := s.readSigns(ctx)
	g := group{subject: s, service: found.service, signs: found.with(c.causes...)}
	if c.pick != nil && found.service != nil {
		var pickErr error
		g.signs, pickErr = c.pick(ctx, s, found)
		err = joined(err, pickErr)
	}
	if len(g.signs) == 0 {
		return nil, err
	}
	if c.add != nil {
		err = joined(err, c.add(ctx, s, &g))
	}
	g.addOneHost(ctx)
	return []diag.Finding{g.finding(c)}, err
}

// causeChecks makes the checks of a table.
func causeChecks(table []cause) []*diag.Check[*Service] { return mapped(table, cause.check) }

// group is all signs of one cause on one service.
type group struct {
	subject *Service
	service *types.Service
	signs   []sign
	// What a row's add gathered: names that the texts lack, the end of the summary, evidence and related resources.
	names map[string]string
	tail  string
	proof []diag.Evidence
	// leadUp is since when that led to the first sign.
	leadUp time.Time
	also   []diag.Related
	// confidence, if set, replaces the row's.
	confidence diag.Confidence
}

func (g *group) first() sign { return g.signs[0] }
func (g *group) last() sign  { return g.signs[len(g.signs)-1] }

// stops returns the signs that are stopped tasks.
func (g *group) stops() []sign {
	return slices.DeleteFunc(slices.Clone(g.signs), func(s sign) bool { return s.task == nil })
}

// repeated is how many signs, of which one is recent, make a trouble that goes on.
const (
	repeated = 2
	recent   = 30 * time.Minute
	// once is within which time the signs of one stop lie: the event that a target is unhealthy and the end of its task.
	once = 5 * time.Minute
)

// severity is error while the trouble goes on: the service lacks tasks, a deployment is not through, or tasks keep
// stopping. A trouble that is over is a warning.
func (g *group) severity(c cause) diag.Severity {
	short := g.service.RunningCount < g.service.DesiredCount || unfinished(g.service)
	goesOn := len(g.signs) >= repeated && g.subject.window.End.Sub(g.last().at) < recent
	stays := c.patience > 0 && goesOn && g.last().at.Sub(g.first().at) >= c.patience
	switch {
	case c.info, c.mild && !short && !stays:
		return diag.SeverityInfo
	case c.mild:
		return diag.SeverityWarning
	case short, goesOn:
		return diag.SeverityError
	}
	return diag.SeverityWarning
}

// unfinished reports a primary deployment that has not completed.
func unfinished(svc *types.Service) bool {
	return slices.ContainsFunc(svc.Deployments, func(d types.Deployment) bool {
		return isPrimary(d) && (d.RolloutState == types.DeploymentRolloutStateInProgress ||
			d.RolloutState == types.DeploymentRolloutStateFailed)
	})
}

func (g *group) finding(c cause) diag.Finding {
	return diag.Finding{
		Severity: g.severity(c), Confidence: g.confidence, Resource: g.subject.resource(g.service),
		Summary: g.summary(c.say), Since: g.first().at, SinceAtLeast: g.mayBeOlder(), Until: g.until(c), LeadUp: g.leadUp,
		Evidence: append(g.evidence(), g.proof...), Related: append(g.related(), g.also...), NextSteps: mapped(c.steps,
			g.step),
	}
}

// until returns when a trouble was over that came once and is made good: all tasks run again, and nothing like it came
// since.
func (g *group) until(c cause) time.Time {
	if c.lasts && !g.releasedSince() {
		return time.Time{}
	}
	short := g.service.RunningCount < g.service.DesiredCount || unfinished(g.service)
	if short || g.last().at.Sub(g.first().at) > once || g.subject.window.End.Sub(g.last().at) < recent {
		return time.Time{}
	}
	return g.last().at
}

// releasedSince reports a deployment that was begun after the last sign and completed: not the one that ECS rolled back
// to, which begins with it.
func (g *group) releasedSince() bool {
	return slices.ContainsFunc(g.service.Deployments, func(d types.Deployment) bool {
		return isPrimary(d) && d.RolloutState == types.DeploymentRolloutStateCompleted &&
			aws.ToTime(d.CreatedAt).After(g.last().at.Add(time.Minute))
	})
}

// mayBeOlder reports a first sign so near to the edge of what ECS keeps that earlier ones may be forgotten, or a
// deployment that counts more failed tasks than are seen: unless the deployment is younger than that.
func (g *group) mayBeOlder() bool {
	first := g.first()
	if first.task == nil || first.task.Archived {
		return false
	}
	forgotten := g.subject.window.End.Sub(first.at) >= retention-10*time.Minute
	for _, d := range g.service.Deployments {
		switch {
		case !isPrimary(d):
		case aws.ToTime(d.CreatedAt).After(g.subject.window.End.Add(-retention - 10*time.Minute)):
			return false
		case int(d.FailedTasks) > len(g.stops()):
			forgotten = true
		}
	}
	return forgotten
}
