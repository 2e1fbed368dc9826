package ecsdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

const sourceDeployments = "ecs:DescribeServiceDeployments"

// actionsDeployments are those of [Service.FailedDeployment].
var actionsDeployments = []string{"ecs:ListServiceDeployments", sourceDeployments, "ecs:DescribeServiceRevisions"}

// WithDeployments lets a service read its deployments beyond those that DescribeServices still knows, and their
// revisions. They are asked for only where a deployment failed or went back.
func WithDeployments(api DeploymentAPI) ServiceOption {
	return func(s *Service) { s.history = api }
}

// FailedDeployment is a deployment that did not get to its end, with the revisions it was between.
type FailedDeployment struct {
	types.ServiceDeployment
	// Failed is the revision that was to be deployed, Steady the one that the service went back to or came from. Each is
	// nil if ECS does not tell.
	Failed, Steady *types.ServiceRevision
}

// FailedDeployment returns the newest deployment of the window that was stopped or rolled back; nil if there is none,
// or without [WithDeployments]. ECS keeps deployments for 90 days ("View service history using Amazon ECS service
// deployments").
func (s *Service) FailedDeployment(ctx context.Context) (*FailedDeployment, error) {
	if s.history == nil {
		return nil, nil
	}
	return s.failed.Get(ctx, func(ctx context.Context) (*FailedDeployment, error) {
		arns, listErr := s.failedDeployments(ctx)
		if len(arns) == 0 {
			return nil, listErr
		}
		out, err := s.history.DescribeServiceDeployments(ctx, &ecs.DescribeServiceDeploymentsInput{
			ServiceDeploymentArns: arns[:1]})
		if err != nil {
			return nil, joined(listErr, fmt.Errorf("describing deployment %s: %w", shortName(arns[0]), err))
		}
		if len(out.ServiceDeployments) == 0 {
			return nil, joined(listErr, failed("deployments of "+s.name, out.Failures, 0, 1))
		}
		d := &FailedDeployment{ServiceDeployment: out.ServiceDeployments[0]}
		return d, joined(listErr, s.addRevisions(ctx, d))
	})
}

// ended are the statuses of a deployment that does not get to its end.
var ended = []types.ServiceDeploymentStatus{types.ServiceDeploymentStatusStopped,
	types.ServiceDeploymentStatusStopRequested, types.ServiceDeploymentStatusRollbackRequested,
	types.ServiceDeploymentStatusRollbackInProgress, types.ServiceDeploymentStatusRollbackSuccessful,
	types.ServiceDeploymentStatusRollbackFailed}

// failedDeployments returns the ARNs of the window's failed deployments, newest first. One that was made before the
// window may have failed in it.
func (s *Service) failedDeployments(ctx context.Context) ([]string, error) {
	in := &ecs.ListServiceDeploymentsInput{Cluster: aws.String(s.cluster), Service: aws.String(s.name), Status: ended,
		CreatedAt: &types.CreatedAt{After: aws.Time(s.window.Start.Add(-s.window.Duration()))}}
	var all []types.ServiceDeploymentBrief
	for {
		page, err := s.history.ListServiceDeployments(ctx, in)
		if err != nil {
			return newestFirst(all), fmt.Errorf("listing deployments of %s/%s: %w", s.cluster, s.name, err)
		}
		all = append(all, page.ServiceDeployments...)
		if in.NextToken = page.NextToken; aws.ToString(in.NextToken) == "" {
			return newestFirst(all), nil
		}
	}
}

func newestFirst(all []types.ServiceDeploymentBrief) []string {
	slices.SortStableFunc(all, func(a, b types.ServiceDeploymentBrief) int {
		return -aws.ToTime(a.CreatedAt).Compare(aws.ToTime(b.CreatedAt))
	})
	arns := mapped(all, func(d types.ServiceDeploymentBrief) string { return aws.ToString(d.ServiceDeploymentArn) })
	return slices.DeleteFunc(arns, func(arn string) bool { return arn == "" })
}

// addRevisions reads what was to be deployed and what it went back to.
func (s *Service) addRevisions(ctx context.Context, d *FailedDeployment) error {
	target, back := "", ""
	if d.TargetServiceRevision != nil {
		target = aws.ToString(d.TargetServiceRevision.Arn)
	}
	if d.Rollback != nil {
		back = aws.ToString(d.Rollback.ServiceRevisionArn)
	}
	if len(d.SourceServiceRevisions) > 0 {
		back = cmp.Or(back, aws.ToString(d.SourceServiceRevisions[0].Arn))
	}
	arns := slices.DeleteFunc([]string{target, back}, func(arn string) bool { return arn == "" })
	if len(arns) == 0 {
		return nil
	}
	out, err := s.history.DescribeServiceRevisions(ctx, &ecs.DescribeServiceRevisionsInput{ServiceRevisionArns: arns})
	if err != nil {
		return fmt.Errorf("describing %d revisions of %s/%s: %w", len(arns), s.cluster, s.name, err)
	}
	for i := range out.ServiceRevisions {
		switch r := &out.ServiceRevisions[i]; aws.ToString(r.ServiceRevisionArn) {
		case target:
			d.Failed = r
		case back:
			d.Steady = r
		}
	}
	return failed("revisions of "+s.name, out.Failures, len(out.ServiceRevisions), len(arns))
}

// addDeployment tells what ECS keeps of a deployment that failed: why, which alarm or how many failures, and what the
// revision changed.
func addDeployment(ctx context.Context, s *Service, g *group) error {
	d, err := s.FailedDeployment(ctx)
	if d == nil {
		return joined(err, g.addDifferences(ctx, s))
	}
	g.proof = append(g.proof, d.evidence()...)
	if d.Failed == nil || d.Steady == nil {
		return err
	}
	refs := []string{aws.ToString(d.Steady.TaskDefinition), aws.ToString(d.Failed.TaskDefinition)}
	definitions, defErr := s.definitions.all(ctx, refs)
	if len(definitions) == len(refs) && refs[0] != refs[1] {
		g.proof = append(g.proof, quoteDifferences(definitions[0], definitions[1])...)
		g.also = append(g.also, diag.Related{Resource: taskDefinitionResource(refs[1]), Role: "failed revision"},
			diag.Related{Resource: taskDefinitionResource(refs[0]), Role: "steady revision"})
	}
	return joined(err, defErr)
}

// evidence quotes why the deployment ended.
func (d *FailedDeployment) evidence() []diag.Evidence {
	id := "serviceDeployments[" + shortName(aws.ToString(d.ServiceDeploymentArn)) + "]."
	e := []diag.Evidence{evidenceAt(sourceDeployments, id+"status", string(d.Status), aws.ToTime(d.FinishedAt))}
	add := func(field, value string) {
		if value != "" {
			e = append(e, evidence(sourceDeployments, id+field, value))
		}
	}
	add("statusReason", aws.ToString(d.StatusReason))
	if r := d.Rollback; r != nil {
		add("rollback.reason", aws.ToString(r.Reason))
	}
	if a := d.Alarms; a != nil {
		add("alarms.triggeredAlarmNames", strings.Join(a.TriggeredAlarmNames, ", "))
	}
	if b := d.DeploymentCircuitBreaker; b != nil && b.Threshold > 0 {
		add(
			"deploymentCircuitBreaker",
			fmt.Sprintf("%s: %d failures, threshold %d", b.Status, b.FailureCount, b.Threshold),
		)
	}
	return e
}
