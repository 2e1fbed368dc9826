package albdiag

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// RedirectToNoListener reports a load balancer that does nothing but redirect to a port of its own on which it has no
// listener. One of which other rules serve something may stand behind another one that takes the port, and is left alone.
var RedirectToNoListener = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.redirect-to-no-listener", Title: "Everything is redirected to a port without a listener",
		Doc: "All rules redirect, some of them to the host that was asked for on a port that no listener has, as HTTP to " +
			"HTTPS where the HTTPS listener is gone: clients that follow cannot connect, and no request reaches a target.",
		Severity: diag.SeverityError, Actions: actionsRules, Breaks: []diag.Mechanism{diag.Routing},
		Source: rulesSource + ", redirect actions",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		listeners, err := lb.Listeners(ctx)
		if err != nil {
			return nil, err
		}
		rules, err := lb.Rules(ctx)
		if err != nil {
			return nil, err
		}
		var findings []diag.Finding
		for _, r := range rules {
			for _, a := range r.Rule.Actions {
				if a.Type != types.ActionTypeEnumRedirect || a.RedirectConfig == nil {
					return nil, nil
				}
				port, own := redirectedPort(r, a.RedirectConfig)
				if !own || slices.ContainsFunc(listeners, func(l types.Listener) bool { return aws.ToInt32(l.Port) == port }) {
					continue
				}
				findings = append(findings, diag.Finding{
					Resource: lb.resource(ctx),
					Summary: fmt.Sprintf("%s redirects to port %d, where the load balancer has no listener, and nothing else serves "+
						"requests", r, port),
					Evidence: []diag.Evidence{
						evidence(callRules, r.field("actions.redirectConfig"), target(a.RedirectConfig)),
						evidence(callListeners, "listeners[].port", listenerPorts(listeners)),
					},
					NextSteps: []diag.Step{describeRules(r), {Text: fmt.Sprintf("Create the listener on port %d again.", port),
						Changes: true, Command: fmt.Sprintf("aws elbv2 create-listener --load-balancer-arn %s --protocol HTTPS --port %d "+
							"--certificates CertificateArn=<certificate-arn> --default-actions Type=forward,TargetGroupArn=<target-group-arn>",
							defaultTo(r.Listener.LoadBalancerArn, "<load-balancer-arn>"), port)}},
				})
			}
		}
		return findings, nil
	},
}

// redirectedPort returns the port that a rule redirects to, and reports that it is one of the host that was asked for.
func redirectedPort(r ListenerRule, c *types.RedirectActionConfig) (int32, bool) {
	if defaultTo(c.Host, sameHost) != sameHost {
		return 0, false
	}
	port := defaultTo(c.Port, samePort)
	if port == samePort {
		return aws.ToInt32(r.Listener.Port), true
	}
	n, err := strconv.ParseInt(port, 10, 32)
	return int32(n), err == nil
}

func listenerPorts(listeners []types.Listener) string {
	var ports []string
	for _, l := range listeners {
		ports = append(ports, strconv.Itoa(int(aws.ToInt32(l.Port))))
	}
	slices.Sort(ports)
	return strings.Join(ports, " ")
}
