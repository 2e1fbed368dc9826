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

// RedirectToNoListener reports a load balancer that redirects to a port of its own on which it has no listener: one
// that does nothing but redirect, and one that has a listener of the redirect's protocol, on another port. Where other
// rules serve something and no listener has the protocol, something in front may take the port, and it is left alone.
var RedirectToNoListener = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.redirect-to-no-listener", Title: "Redirect to a port without a listener",
		Doc: "All rules redirect, some of them to the host that was asked for on a port that no listener has, as HTTP to " +
			"HTTPS where the HTTPS listener is gone: clients that follow cannot connect, and no request reaches a target. A " +
			"warning where the listener of that protocol has another port: then the requests that are redirected are lost.",
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
		all := !slices.ContainsFunc(rules, func(r ListenerRule) bool { return !redirectsOnly(r) })
		var findings []diag.Finding
		for _, r := range rules {
			for _, a := range r.Rule.Actions {
				if a.Type != types.ActionTypeEnumRedirect || a.RedirectConfig == nil {
					continue
				}
				port, own := redirectedPort(r, a.RedirectConfig)
				if !own || slices.ContainsFunc(listeners, func(l types.Listener) bool { return aws.ToInt32(l.Port) == port }) {
					continue
				}
				f := lb.redirected(ctx, r, a.RedirectConfig, listeners)
				if !all {
					other := elsewhere(r, a.RedirectConfig, listeners)
					if other == nil {
						continue
					}
					f.Severity = diag.SeverityWarning
					f.Summary = fmt.Sprintf("%s redirects to port %d, where the load balancer has no listener: its %s listener is on "+
						"port %d", r, port, other.Protocol, aws.ToInt32(other.Port))
					f.NextSteps = []diag.Step{describeRules(r), {Text: fmt.Sprintf("Redirect to port %d.", aws.ToInt32(other.Port)),
						Changes: true}}
				}
				findings = append(findings, f)
			}
		}
		return findings, nil
	},
}

func redirectsOnly(r ListenerRule) bool {
	return !slices.ContainsFunc(r.Rule.Actions, func(a types.Action) bool {
		return a.Type != types.ActionTypeEnumRedirect || a.RedirectConfig == nil
	})
}

// elsewhere returns the listener that has the protocol that a rule redirects to, on whatever port, unless it is the
// rule's own.
func elsewhere(r ListenerRule, c *types.RedirectActionConfig, listeners []types.Listener) *types.Listener {
	protocol := defaultTo(c.Protocol, sameProtocol)
	i := slices.IndexFunc(listeners, func(l types.Listener) bool {
		return strings.EqualFold(string(l.Protocol), protocol) &&
			aws.ToString(l.ListenerArn) != aws.ToString(r.Listener.ListenerArn)
	})
	if i < 0 {
		return nil
	}
	return &listeners[i]
}

func (lb *LoadBalancer) redirected(
	ctx context.Context, r ListenerRule, c *types.RedirectActionConfig, listeners []types.Listener,
) diag.Finding {
	port, _ := redirectedPort(r, c)
	return diag.Finding{
		Resource: lb.resource(ctx),
		Summary: fmt.Sprintf("%s redirects to port %d, where the load balancer has no listener, and nothing else serves "+
			"requests", r, port),
		Evidence: []diag.Evidence{
			evidence(callRules, r.field("actions.redirectConfig"), target(c)),
			evidence(callListeners, "listeners[].port", listenerPorts(listeners)),
		},
		NextSteps: []diag.Step{describeRules(r), {Text: fmt.Sprintf("Create the listener on port %d again.", port),
			Changes: true, Command: fmt.Sprintf("aws elbv2 create-listener --load-balancer-arn %s --protocol HTTPS --port %d "+
				"--certificates CertificateArn=<certificate-arn> --default-actions Type=forward,TargetGroupArn=<target-group-arn>",
				defaultTo(r.Listener.LoadBalancerArn, "<load-balancer-arn>"), port)}},
	}
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
