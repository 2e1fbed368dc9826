package albdiag

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// stateTrouble is one row of the table that makes the checks of load-balancer states.
type stateTrouble struct {
	state  types.LoadBalancerStateEnum
	info   diag.Info
	says   string
	advice string
}

func stateTroubles() []stateTrouble {
	return []stateTrouble{
		{
			state: types.LoadBalancerStateEnumFailed, says: "could not be set up",
			advice: "Read why it failed, and make it anew.",
			info: diag.Info{Code: "alb.load-balancer-failed", Title: "Load balancer failed", Severity: diag.SeverityError,
				Doc: "AWS could not set the load balancer up. It serves nothing."},
		},
		{
			state: types.LoadBalancerStateEnumProvisioning, says: "is still being set up and serves nothing yet",
			advice: "Wait a few minutes.",
			info: diag.Info{Code: "alb.load-balancer-provisioning", Title: "Load balancer being set up",
				Severity: diag.SeverityWarning,
				Doc:      "The load balancer is new and does not route traffic yet."},
		},
		{
			state: types.LoadBalancerStateEnumActiveImpaired, says: "routes traffic but lacks the resources to scale",
			advice: "See whether its subnets have at least eight free addresses each.",
			info: diag.Info{Code: "alb.load-balancer-impaired", Title: "Load balancer cannot scale",
				Severity: diag.SeverityWarning,
				Doc: "The load balancer routes traffic but does not have what it needs to scale, most often free addresses " +
					"in its subnets."},
		},
	}
}

// LoadBalancerStates are the checks of the states in which a load balancer does not fully work.
func LoadBalancerStates() []*diag.Check[*LoadBalancer] {
	var checks []*diag.Check[*LoadBalancer]
	for _, row := range stateTroubles() {
		row.info.Actions = []string{callLoadBalancers}
		row.info.Breaks = []diag.Mechanism{diag.Routing}
		row.info.Source = "LoadBalancerState, Elastic Load Balancing API Reference"
		checks = append(checks, &diag.Check[*LoadBalancer]{Info: row.info, Run: row.run})
	}
	return checks
}

func (r stateTrouble) run(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
	described, err := lb.Describe(ctx)
	if err != nil || described.State == nil || described.State.Code != r.state {
		return nil, err
	}
	f := diag.Finding{
		Resource: lb.resource(ctx),
		Summary:  fmt.Sprintf("load balancer %s %s", lb.ref.name, r.says),
		Evidence: []diag.Evidence{evidence(callLoadBalancers, "loadBalancers[0].state.code", string(r.state))},
		NextSteps: []diag.Step{{Text: r.advice, Command: fmt.Sprintf(
			"aws elbv2 describe-load-balancers --names %s --query 'LoadBalancers[].[State,AvailabilityZones]'", lb.ref.name)}},
	}
	if reason := aws.ToString(described.State.Reason); reason != "" {
		f.Summary += ": " + reason
		f.Evidence = append(f.Evidence, evidence(callLoadBalancers, "loadBalancers[0].state.reason", reason))
	}
	if r.state == types.LoadBalancerStateEnumProvisioning && described.CreatedTime != nil {
		f.Since = *described.CreatedTime
	}
	return []diag.Finding{f}, nil
}
