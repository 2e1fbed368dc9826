package albdiag

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// LoadBalancerSurvey gathers a load balancer's neighbours and configuration, without its attributes.
var LoadBalancerSurvey = &diag.Survey[*LoadBalancer]{
	Name:     "alb.load-balancer",
	Actions:  []string{callLoadBalancers, callListeners, callRules, callTargetGroups},
	Links:    loadBalancerLinks,
	Settings: loadBalancerSettings,
}

// TargetGroupSurvey gathers a target group's neighbours and configuration, without its attributes.
var TargetGroupSurvey = &diag.Survey[*TargetGroup]{
	Name:     "alb.target-group",
	Actions:  []string{callTargetGroups, callTargetHealth},
	Links:    targetGroupLinks,
	Settings: targetGroupSettings,
}

// LoadBalancerAttributeSurvey and [TargetGroupAttributeSurvey] gather the attributes as settings, at the price of a
// call for each subject.
var LoadBalancerAttributeSurvey = &diag.Survey[*LoadBalancer]{
	Name:    "alb.load-balancer-attributes",
	Actions: []string{callLoadBalancers, callLoadBalancerAttributes},
	Settings: func(ctx context.Context, lb *LoadBalancer) ([]diag.Setting, error) {
		attributes, err := lb.Attributes(ctx)
		return asSettings(lb.resource(ctx), prefixed(attributes)), err
	},
}

// TargetGroupAttributeSurvey gathers the attributes of a target group as settings.
var TargetGroupAttributeSurvey = &diag.Survey[*TargetGroup]{
	Name:    "alb.target-group-attributes",
	Actions: []string{callTargetGroups, callTargetGroupAttributes},
	Settings: func(ctx context.Context, tg *TargetGroup) ([]diag.Setting, error) {
		attributes, err := tg.Attributes(ctx)
		return asSettings(tg.resource(ctx), prefixed(attributes)), err
	},
}

// RoleErring is the role of the links of [ErringGroupSurvey].
const RoleErring = "has the errors of"

// ErringGroupSurvey leads from a load balancer to the target groups that its errors come from, for a walk that came to
// it from one of its groups: what breaks requests may stand behind another. Where it makes errors itself and no metric
// tells of which group, those are led to that hold unhealthy targets.
var ErringGroupSurvey = &diag.Survey[*LoadBalancer]{
	Name:    "alb.erring-groups",
	Actions: append(actionsOf(HTTPErrors()), callTargetHealth),
	Links: func(ctx context.Context, lb *LoadBalancer) ([]diag.Link, error) {
		var links []diag.Link
		errs, unassigned := 0, 0
		for _, check := range HTTPErrors() {
			findings, _ := check.Run(ctx, lb) // the check itself tells what it could not see
			for _, f := range findings {
				before := len(links)
				for _, r := range f.Related {
					if f.Severity >= diag.SeverityWarning && r.Resource.Type == typeTargetGroup {
						links = append(links, diag.Link{From: lb.resource(ctx), To: r.Resource, Role: RoleErring})
					}
				}
				if f.Severity >= diag.SeverityError {
					errs++
					if len(links) == before {
						unassigned++
					}
				}
			}
		}
		if errs == 0 || unassigned < errs {
			return links, nil
		}
		return append(links, lb.ailingGroups(ctx)...), nil
	},
}

// maxAiling bounds the target groups whose health is asked to find the one that errors come from, each at the price of
// a call.
const maxAiling = 20

// ailingGroups leads to the target groups that hold unhealthy targets. What it cannot see is no error: it looks for
// what the metrics do not tell.
func (lb *LoadBalancer) ailingGroups(ctx context.Context) []diag.Link {
	groups, _ := lb.TargetGroups(ctx)
	groups = groups[:min(len(groups), maxAiling)]
	ailing := make([]bool, len(groups))
	_ = together(len(groups), func(i int) error {
		targets, err := groups[i].Targets(ctx)
		ailing[i] = slices.ContainsFunc(targets, func(t Target) bool {
			return t.State == types.TargetHealthStateEnumUnhealthy
		})
		return err
	})
	var links []diag.Link
	for i, tg := range groups {
		if ailing[i] {
			links = append(links, diag.Link{From: lb.resource(ctx), To: tg.resource(ctx), Role: RoleErring})
		}
	}
	return links
}

func actionsOf(checks []*diag.Check[*LoadBalancer]) []string {
	var all []string
	for _, c := range checks {
		all = append(all, c.Actions...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func prefixed(attributes map[string]string) map[string]string {
	values := map[string]string{}
	for key, value := range attributes {
		values["attribute "+key] = value
	}
	return values
}

func loadBalancerLinks(ctx context.Context, lb *LoadBalancer) ([]diag.Link, error) {
	described, err := lb.Describe(ctx)
	if err != nil {
		return nil, err
	}
	groups, err := lb.TargetGroups(ctx)
	from := lb.resource(ctx)
	link := func(typ, id, role string, context bool) diag.Link {
		to := diag.Resource{Type: typ, ID: id}.In(from.Account, from.Region)
		return diag.Link{From: from, To: to, Role: role, Context: context}
	}
	var links []diag.Link
	for _, tg := range groups {
		links = append(links, diag.Link{From: from, To: tg.resource(ctx), Role: "routes to"})
	}
	for _, id := range described.SecurityGroups {
		links = append(links, link("AWS::EC2::SecurityGroup", id, "guarded by", false))
	}
	for _, zone := range described.AvailabilityZones {
		if zone.SubnetId != nil {
			links = append(links, link("AWS::EC2::Subnet", *zone.SubnetId, "placed in", false))
		}
	}
	if described.VpcId != nil {
		links = append(links, link("AWS::EC2::VPC", *described.VpcId, "placed in", true))
	}
	return links, err
}

func targetGroupLinks(ctx context.Context, tg *TargetGroup) ([]diag.Link, error) {
	described, err := tg.Describe(ctx)
	if err != nil {
		return nil, err
	}
	from := tg.resource(ctx)
	var links []diag.Link
	for _, arn := range described.LoadBalancerArns {
		balancer := loadBalancerRef(arn).resource(typeLoadBalancer)
		links = append(links, diag.Link{From: from, To: balancer, Role: "receives from", Context: true},
			// What breaks the group breaks requests: whoever comes from here has not asked the load balancer.
			diag.Link{From: balancer, To: from, Role: "routes to"})
	}
	targets, err := tg.Targets(ctx)
	for _, t := range standing(targets) {
		if to := targetResource(described.TargetType, t.ID); !to.IsZero() {
			links = append(links, diag.Link{From: from, To: to.In(from.Account, from.Region), Role: "sends to"})
		}
	}
	return links, err
}

// targetResource names what a target is, where its id alone tells. Of an IP address it does not.
func targetResource(typ types.TargetTypeEnum, id string) diag.Resource {
	switch {
	case typ == types.TargetTypeEnumInstance || strings.HasPrefix(id, "i-"):
		return diag.Resource{Type: "AWS::EC2::Instance", ID: id}
	case typ == types.TargetTypeEnumLambda && strings.Contains(id, ":function:"):
		_, name, _ := strings.Cut(id, ":function:")
		name, _, _ = strings.Cut(name, ":")
		return diag.ResourceOf("AWS::Lambda::Function", name, id)
	case typ == types.TargetTypeEnumAlb:
		return loadBalancerRef(id).resource(typeLoadBalancer)
	}
	return diag.Resource{}
}

func loadBalancerSettings(ctx context.Context, lb *LoadBalancer) ([]diag.Setting, error) {
	described, err := lb.Describe(ctx)
	if err != nil {
		return nil, err
	}
	rules, err := lb.Rules(ctx)
	values := map[string]string{
		"scheme": string(described.Scheme), "type": string(described.Type), "vpc": aws.ToString(described.VpcId),
		"security groups": strings.Join(slices.Sorted(slices.Values(described.SecurityGroups)), " "),
	}
	for _, r := range rules {
		values[r.String()] = r.conditions() + " -> " + does(r.Rule.Actions)
	}
	return asSettings(lb.resource(ctx), values), err
}

// does tells in a few words what actions do.
func does(actions []types.Action) string {
	var parts []string
	for _, a := range actions {
		part := string(a.Type)
		weights := forwards([]types.Action{a})
		for _, arn := range slices.Sorted(maps.Keys(weights)) {
			part += " " + targetGroupRef(arn).name + "=" + strconv.Itoa(weights[arn])
		}
		switch {
		case a.RedirectConfig != nil:
			part += " " + target(a.RedirectConfig)
		case a.FixedResponseConfig != nil:
			part += " " + aws.ToString(a.FixedResponseConfig.StatusCode)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func targetGroupSettings(ctx context.Context, tg *TargetGroup) ([]diag.Setting, error) {
	described, err := tg.Describe(ctx)
	if err != nil {
		return nil, err
	}
	values := map[string]string{
		"port": strconv.Itoa(int(aws.ToInt32(described.Port))), "protocol": string(described.Protocol),
		"protocol version": aws.ToString(described.ProtocolVersion), "target type": string(described.TargetType),
		"health check":           settingsOf(described).String(),
		"seconds till unhealthy": fmt.Sprint(int(settingsOf(described).untilUnhealthy().Seconds())),
	}
	return asSettings(tg.resource(ctx), values), nil
}

func asSettings(of diag.Resource, values map[string]string) []diag.Setting {
	var out []diag.Setting
	for _, name := range slices.Sorted(maps.Keys(values)) {
		out = append(out, diag.Setting{Resource: of, Name: name, Value: values[name]})
	}
	return out
}
