package albdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// RedirectLoop reports a rule that redirects to the address the request came from, and two that redirect to each other.
var RedirectLoop = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.redirect-loop", Title: "Rule redirects to itself",
		Doc: "A rule redirects requests to the protocol, port, host and path that they came with: clients go round until " +
			"they give up. A rule for every path that redirects to a fixed path on the same listener does the same, and so " +
			"do two listeners that redirect to each other; a warning there, if other rules take some requests before.",
		Severity: diag.SeverityError, Actions: actionsRules, Breaks: []diag.Mechanism{diag.Routing},
		Source: rulesSource + ", redirect actions",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		rules, err := lb.Rules(ctx)
		var findings []diag.Finding
		for _, r := range rules {
			for _, a := range r.Rule.Actions {
				if a.Type != types.ActionTypeEnumRedirect || a.RedirectConfig == nil || !loops(r, a.RedirectConfig) {
					continue
				}
				findings = append(findings, diag.Finding{
					Resource:  lb.resource(ctx),
					Summary:   fmt.Sprintf("%s redirects requests to where they came from: an endless loop", r),
					Evidence:  []diag.Evidence{evidence(callRules, r.field("actions.redirectConfig"), target(a.RedirectConfig))},
					NextSteps: []diag.Step{describeRules(r)},
				})
			}
		}
		return append(findings, lb.roundTrips(ctx, rules)...), err
	},
}

// passesOn is a rule that sends every request which comes to it to another port of the load balancer, as it is.
type passesOn struct {
	rule   ListenerRule
	config *types.RedirectActionConfig
	from   int32
	to     int32
	// first reports that no other rule takes a request before.
	first bool
}

// roundTrips finds listeners whose last word is to redirect to each other.
func (lb *LoadBalancer) roundTrips(ctx context.Context, rules []ListenerRule) []diag.Finding {
	var all []passesOn
	seen := map[string]int{}
	closed := map[string]bool{}
	for _, r := range rules {
		listener := aws.ToString(r.Listener.ListenerArn)
		if p, ok := passing(r); ok && !closed[listener] {
			p.first = seen[listener] == 0
			all = append(all, p)
		}
		seen[listener]++
		closed[listener] = closed[listener] || r.catchesAll()
	}
	slices.SortStableFunc(all, func(a, b passesOn) int { return cmp.Compare(a.from, b.from) })
	var findings []diag.Finding
	for i, a := range all {
		for _, b := range all[i+1:] {
			if a.to != b.from || b.to != a.from {
				continue
			}
			f := diag.Finding{
				Resource: lb.resource(ctx),
				Summary: fmt.Sprintf("%s redirects to port %d, and %s back to port %d: an endless loop", a.rule, a.to, b.rule,
					b.to),
				Evidence: []diag.Evidence{
					evidence(callRules, a.rule.field("actions.redirectConfig"), target(a.config)),
					evidence(callRules, b.rule.field("actions.redirectConfig"), target(b.config)),
				},
				NextSteps: []diag.Step{describeRules(a.rule), describeRules(b.rule)},
			}
			if !a.first || !b.first {
				f.Severity = diag.SeverityWarning
			}
			findings = append(findings, f)
		}
	}
	return findings
}

// passing reads a rule for every request that keeps host and path, and leads to another port of the load balancer.
func passing(r ListenerRule) (passesOn, bool) {
	for _, a := range r.Rule.Actions {
		if a.Type != types.ActionTypeEnumRedirect || a.RedirectConfig == nil || !r.catchesAll() ||
			defaultTo(a.RedirectConfig.Path, samePath) != samePath {
			continue
		}
		if port, own := redirectedPort(r, a.RedirectConfig); own && port != aws.ToInt32(r.Listener.Port) {
			return passesOn{rule: r, config: a.RedirectConfig, from: aws.ToInt32(r.Listener.Port), to: port}, true
		}
	}
	return passesOn{}, false
}

// The keywords that stand for what the request had, and are the defaults ("RedirectActionConfig", Elastic Load
// Balancing API Reference).
const (
	sameProtocol, samePort, sameHost, samePath = "#{protocol}", "#{port}", "#{host}", "/#{path}"
)

func loops(r ListenerRule, c *types.RedirectActionConfig) bool {
	protocol, port := defaultTo(c.Protocol, sameProtocol), defaultTo(c.Port, samePort)
	listenerPort := strconv.Itoa(int(aws.ToInt32(r.Listener.Port)))
	sameListener := (protocol == sameProtocol || strings.EqualFold(protocol, string(r.Listener.Protocol))) &&
		(port == samePort || port == listenerPort)
	path := defaultTo(c.Path, samePath)
	samePlace := path == samePath || (r.catchesAll() && !strings.Contains(path, "#{"))
	return sameListener && defaultTo(c.Host, sameHost) == sameHost && samePlace
}

func target(c *types.RedirectActionConfig) string {
	return fmt.Sprintf("%s://%s:%s%s", defaultTo(c.Protocol, sameProtocol), defaultTo(c.Host, sameHost),
		defaultTo(c.Port, samePort), defaultTo(c.Path, samePath))
}
