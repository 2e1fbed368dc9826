package triage

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// typeListening is what questions where a program listens are filed under.
const typeListening = "AWS::Logs::LogStream"

// listeningPlan examines a question that a bridge filed.
func listeningPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	if l, ok := s.filed(r).(*logs.Listening); ok {
		return diag.On(l, logs.ListeningChecks()...)
	}
	return diag.Plan{}
}

// listening joins what load balancers do not reach with what the programs behind them say of where they listen. It
// costs no call of its own: the targets and the log are read in any case.
func (s *Scene) listening() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name:    "triage.listening",
		Actions: slices.Concat(ecsdiag.ServiceSurvey.Actions, []string{"elasticloadbalancing:DescribeTargetHealth"}),
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			described, err := service.Describe(ctx)
			if err != nil || len(described.LoadBalancers) == 0 {
				return nil, err
			}
			definition, err := service.TaskDefinition(ctx)
			var links []diag.Link
			for _, t := range ecsdiag.LogTargets(definition) {
				var groups []string
				for _, b := range described.LoadBalancers {
					if aws.ToString(b.ContainerName) == t.Container && b.TargetGroupArn != nil {
						groups = append(groups, *b.TargetGroupArn)
					}
				}
				if len(groups) == 0 || t.StreamPrefix == "" || !fits(t.Region, s.Scope.Region) {
					continue
				}
				made := logs.NewListening(s.LogGroup(diag.Resource{ID: t.Group}), t.StreamPrefix+"/"+t.Container+"/",
					func(ctx context.Context) ([]int, error) { return s.unreached(ctx, groups) })
				r := made.Resource()
				subject(s, typeListening, r.ID, func() *logs.Listening { return made })
				links = append(links, diag.Link{From: service.Resource(), To: r, Role: "says where it listens in"})
			}
			return links, err
		},
	}
}

// unreached returns the ports on which targets give no answer to their health checks, of some target groups.
func (s *Scene) unreached(ctx context.Context, groups []string) ([]int, error) {
	var ports []int
	var errs []error
	for _, arn := range groups {
		targets, err := s.balancers.TargetGroup(arn).Targets(ctx)
		errs = append(errs, err)
		for _, t := range targets {
			if t.Failing() && (t.Reason == elbv2.TargetHealthReasonEnumTimeout ||
				t.Reason == elbv2.TargetHealthReasonEnumFailedHealthChecks) {
				ports = append(ports, t.Port, t.HealthPort)
			}
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports), errors.Join(errs...)
}
