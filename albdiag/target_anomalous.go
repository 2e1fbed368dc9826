package albdiag

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// TargetAnomalous reports targets that the load balancer itself finds to fail more than the others of their group.
var TargetAnomalous = &diag.Check[*TargetGroup]{
	Info: diag.Info{
		Code: "alb.target-anomalous", Title: "A target fails more than the others",
		Doc: "Targets pass their health checks, and answer with errors or break connections far more often than the others of " +
			"their group: one of them is sick, and the others are well. A warning while the group's errors matter.",
		Severity: diag.SeverityWarning, Actions: []string{callTargetGroups, callTargetHealth, callMetrics},
		Breaks: []diag.Mechanism{diag.Application, diag.TargetReachable},
		Needs:  []diag.Mechanism{diag.HostRun, diag.TaskRun, diag.NetworkPath},
		Limits: "Only Application Load Balancers look for anomalies, in groups of several healthy targets.",
		Source: "Automatic target weights, anomaly detection, Application Load Balancers",
	},
	Run: func(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
		described, err := tg.Describe(ctx)
		if err != nil {
			return nil, err
		}
		targets, err := tg.Targets(ctx)
		sick := slices.DeleteFunc(standing(targets), func(t Target) bool { return !t.Anomalous })
		if len(sick) == 0 {
			return nil, err
		}
		f := diag.Finding{
			Resource: tg.resource(ctx), Severity: diag.SeverityInfo,
			Summary: fmt.Sprintf("%s fails more than the others of %s, by the load balancer's anomaly detection: %s",
				words.Count(len(sick), "target"), nameOf(described), names(sick)),
			NextSteps: []diag.Step{
				{Text: "Read its log, and compare the target with the others: version, host, zone. Replace it if nothing else helps."},
				look(described),
			},
		}
		for _, t := range sick[:min(len(sick), maxNamed)] {
			f.Evidence = append(f.Evidence, evidence(callTargetHealth,
				"targetHealthDescriptions["+t.String()+"].anomalyDetection.result",
				string(types.AnomalyResultEnumAnomalous)))
		}
		if slices.ContainsFunc(sick, func(t Target) bool { return t.Mitigated }) {
			f.Summary += "; it gets fewer requests for it"
		} else {
			f.NextSteps = append(f.NextSteps, diag.Step{Changes: true,
				Text: "Let the load balancer send it less: anomaly mitigation works with the algorithm weighted_random.",
				Command: "aws elbv2 modify-target-group-attributes --target-group-arn " + arnOf(described) + " --attributes " +
					"Key=load_balancing.algorithm.type,Value=weighted_random Key=load_balancing.algorithm.anomaly_mitigation,Value=on"})
		}
		hurts, err := tg.errorsMatter(ctx, described)
		if hurts {
			f.Severity = diag.SeverityWarning
		}
		return []diag.Finding{f}, err
	},
}

// errorsMatter reports that a load balancer of the group has errors now that its targets make.
func (tg *TargetGroup) errorsMatter(ctx context.Context, described *types.TargetGroup) (bool, error) {
	if tg.directory == nil {
		return false, nil
	}
	var errs []error
	for _, arn := range described.LoadBalancerArns {
		p, ok, err := tg.directory.LoadBalancer(arn).picture(ctx)
		errs = append(errs, err)
		if !ok {
			continue
		}
		for _, name := range []string{"HTTPCode_Target_5XX_Count", "HTTPCode_ELB_502_Count", "HTTPCode_ELB_504_Count"} {
			if o, ok := p.outbreak(p.counter(name), errorBounds); ok && o.ongoing {
				return true, errors.Join(errs...)
			}
		}
	}
	return false, errors.Join(errs...)
}
