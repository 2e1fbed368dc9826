package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// LoadBalancerContainerMismatch finds a load balancer entry that names a container or port which the task definition
// does
// not have.
var LoadBalancerContainerMismatch = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.load-balancer-container-mismatch", Title: "Load balancer names an unknown container or port",
		Doc: "The service registers a container port in a target group that its task definition does not map. That the " +
			"target group's own default " +
			"port differs says nothing: ECS registers each task with the container's port.",
		Severity: diag.SeverityError, Actions: actionsDefinition, Breaks: []diag.Mechanism{diag.Routing,
			diag.TargetReachable},
		Source: "Amazon ECS API reference: LoadBalancer",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		svc, err := s.Describe(ctx)
		if err != nil || len(svc.LoadBalancers) == 0 {
			return nil, err
		}
		td, err := s.TaskDefinition(ctx)
		if td == nil {
			return nil, err
		}
		var findings []diag.Finding
		for _, b := range svc.LoadBalancers {
			if fault := mismatch(b, td); fault != "" {
				findings = append(findings, mismatchFinding(s, svc, td, b, fault))
			}
		}
		return findings, err
	},
}

// mismatch tells what of a load balancer entry the task definition lacks, or "".
func mismatch(b types.LoadBalancer, td *types.TaskDefinition) string {
	if b.ContainerName == nil {
		return ""
	}
	c := containerNamed(td, *b.ContainerName)
	if c == nil {
		return "has no container " + *b.ContainerName
	}
	for _, m := range c.PortMappings {
		if b.ContainerPort == nil || aws.ToInt32(m.ContainerPort) == *b.ContainerPort || m.ContainerPortRange != nil {
			return ""
		}
	}
	if b.ContainerPort == nil {
		return ""
	}
	return fmt.Sprintf("maps no port %d in container %s", *b.ContainerPort, *b.ContainerName)
}

func mismatchFinding(s *Service, svc *types.Service, td *types.TaskDefinition, b types.LoadBalancer,
	fault string) diag.Finding {
	ref := aws.ToString(td.TaskDefinitionArn)
	f := diag.Finding{
		Resource: s.resource(svc),
		Summary: fmt.Sprintf("%s/%s cannot be reached by its load balancer: task definition %s %s", s.cluster, s.name,
			afterSlash(ref), fault),
		Evidence: []diag.Evidence{
			evidence(sourceServices, "loadBalancers", fmt.Sprintf("container %s port %d", aws.ToString(b.ContainerName),
				aws.ToInt32(b.ContainerPort))),
			evidence(sourceTaskDefinition, "containerDefinitions", portsOf(td)),
		},
		Related: []diag.Related{{Resource: taskDefinitionResource(ref), Role: "task definition"}},
		NextSteps: []diag.Step{{Text: "Compare the port mappings.", Command: "aws ecs describe-task-definition " +
			"--task-definition " + afterSlash(ref) + " --query 'taskDefinition.containerDefinitions[].[name,portMappings]'"}},
	}
	if b.TargetGroupArn != nil {
		f.Related = append(f.Related, diag.Related{Resource: targetGroupResource(*b.TargetGroupArn), Role: "target group"})
	}
	return f
}

func portsOf(td *types.TaskDefinition) string {
	var all []string
	for _, c := range td.ContainerDefinitions {
		all = append(all, aws.ToString(c.Name)+" "+strings.Join(mapped(c.PortMappings, portText), " "))
	}
	return strings.Join(all, ", ")
}

// GracePeriodShort finds tasks that are stopped for failed load balancer health checks soon after their grace period.
var GracePeriodShort = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.grace-period-short", Title: "Tasks stopped soon after their grace period",
		Doc: "Tasks are stopped for failed load balancer health checks within three minutes of the end of their grace " +
			"period and never serve. If the " +
			"application is only slow to start, a longer grace period lets it; if it never gets healthy, none does.",
		Severity: diag.SeverityInfo, Confidence: diag.Possible, Actions: actionsTasks, Limits: limitStopped,
		Source: "Amazon ECS API reference: Service.healthCheckGracePeriodSeconds",
	},
	Run: runGracePeriod,
}

// soonAfterGrace are the tasks that were stopped before they can have served.
func soonAfterGrace(signs []sign, grace int32) []sign {
	return slices.DeleteFunc(slices.Clone(signs), func(x sign) bool {
		return x.task == nil || x.task.StartedAt == nil || x.at.Sub(*x.task.StartedAt).Seconds() >= float64(grace)+180
	})
}

// addGrace tells how long tasks lived that all were stopped soon after their grace period: not one of them got healthy.
func addGrace(_ context.Context, _ *Service, g *group) error {
	grace := aws.ToInt32(g.service.HealthCheckGracePeriodSeconds)
	if soon := soonAfterGrace(g.stops(), grace); len(soon) >= repeated && len(soon) == len(g.stops()) {
		g.tail = fmt.Sprintf(", %s after they started (grace period %ds)", words.Span(lifetime(soon)), grace)
		g.proof = append(g.proof, evidence(sourceServices, "healthCheckGracePeriodSeconds", fmt.Sprint(grace)))
	}
	return nil
}

func runGracePeriod(ctx context.Context, s *Service) ([]diag.Finding, error) {
	found, err := s.readSigns(ctx)
	if found.service == nil {
		return nil, err
	}
	grace := aws.ToInt32(found.service.HealthCheckGracePeriodSeconds)
	g := group{subject: s, service: found.service, signs: soonAfterGrace(found.with(elbCauses...), grace)}
	if len(g.signs) < repeated {
		return nil, err
	}
	lived := words.Span(lifetime(g.signs))
	return []diag.Finding{{
		Resource: s.resource(found.service),
		Summary: fmt.Sprintf("%d tasks of %s were stopped %s after they started, on average; their grace period is %d s",
			len(g.signs), g.name(), lived, grace),
		Evidence: append(g.evidence(), evidence(sourceServices, "healthCheckGracePeriodSeconds", fmt.Sprint(grace))),
		NextSteps: []diag.Step{{Text: "If the log of a task shows that it was about to serve, lengthen the grace period.",
			Changes: true,
			Command: fmt.Sprintf("aws ecs update-service --cluster %s --service %s --health-check-grace-period-seconds %d",
				s.cluster, s.name, 2*max(grace, 60))}},
	}}, err
}
