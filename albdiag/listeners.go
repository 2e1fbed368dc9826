package albdiag

import (
	"context"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
)

// NoListeners reports a load balancer that listens on no port.
var NoListeners = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.no-listeners", Title: "Load balancer without listeners",
		Doc:      "The load balancer listens on no port: clients cannot connect.",
		Severity: diag.SeverityError, Actions: []string{callLoadBalancers, callListeners},
		Breaks: []diag.Mechanism{diag.Routing, diag.Request}, Source: "Listeners for your Application Load Balancers",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		listeners, err := lb.Listeners(ctx)
		if err != nil || len(listeners) > 0 {
			return nil, err
		}
		arn, err := lb.ARN(ctx)
		return []diag.Finding{{
			Resource: lb.resource(ctx),
			Summary:  fmt.Sprintf("load balancer %s has no listener: clients cannot connect", lb.ref.name),
			Evidence: []diag.Evidence{evidence(callListeners, "listeners", "[]")},
			NextSteps: []diag.Step{{Text: "See its listeners, and add the one that is missing.",
				Command: "aws elbv2 describe-listeners --load-balancer-arn " + arn}},
		}}, err
	},
}
