package albfake

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

const arnPrefix = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:"

// LoadBalancerARN is the ARN that [Healthy] gives to a load balancer of a name.
func LoadBalancerARN(name string) string {
	return arnPrefix + "loadbalancer/app/" + name + "/50dc6c495c0c9188"
}

// TargetGroupARN is the ARN that [Healthy] gives to a target group of a name.
func TargetGroupARN(name string) string {
	return arnPrefix + "targetgroup/" + name + "/73e2d6bc24d8a067"
}

// ListenerARN is the ARN that [Healthy] gives to the listener on a port.
func ListenerARN(loadBalancer string, port int) string {
	return fmt.Sprintf("%slistener/app/%s/50dc6c495c0c9188/%016d", arnPrefix, loadBalancer, port)
}

// Healthy makes a world with one Application Load Balancer in two zones, and nothing wrong: port 80 redirects to port
// 443, which sends /api/* to the target group name-api and all else to name-web, each with a healthy target in each
// zone.
func Healthy(name string) *Client {
	web, api := TargetGroupARN(name+"-web"), TargetGroupARN(name+"-api")
	c := &Client{
		LoadBalancers: []types.LoadBalancer{LoadBalancer(name)},
		Listeners: []types.Listener{
			Listener(name, 80, types.ProtocolEnumHttp, types.Action{Type: types.ActionTypeEnumRedirect, Order: aws.Int32(1),
				RedirectConfig: &types.RedirectActionConfig{Protocol: aws.String("HTTPS"), Port: aws.String("443"),
					Host: aws.String("#{host}"), Path: aws.String("/#{path}"), Query: aws.String("#{query}"),
					StatusCode: types.RedirectActionStatusCodeEnumHttp301}}),
			Listener(name, 443, types.ProtocolEnumHttps, Forward(web)),
		},
		TargetGroups: []types.TargetGroup{TargetGroup(name+"-web", name, 8080), TargetGroup(name+"-api", name, 3000)},
		TargetHealth: map[string][]types.TargetHealthDescription{
			web: {Target("10.20.33.130", 8080, "eu-west-1a"), Target("10.20.39.133", 8080, "eu-west-1b")},
			api: {Target("10.20.32.116", 3000, "eu-west-1a"), Target("10.20.39.14", 3000, "eu-west-1b")},
		},
	}
	c.Rules = map[string][]types.Rule{ListenerARN(name, 443): {PathRule(name, 443, 10, Forward(api), "/api/*")}}
	return c
}

// LoadBalancer makes an active, internet-facing Application Load Balancer.
func LoadBalancer(name string) types.LoadBalancer {
	return types.LoadBalancer{
		LoadBalancerArn: aws.String(LoadBalancerARN(name)), LoadBalancerName: aws.String(name),
		Type: types.LoadBalancerTypeEnumApplication, Scheme: types.LoadBalancerSchemeEnumInternetFacing,
		DNSName: aws.String(name + "-1234567890.eu-west-1.elb.amazonaws.com"), VpcId: aws.String("vpc-0d7b80443975b9a97"),
		State: &types.LoadBalancerState{Code: types.LoadBalancerStateEnumActive}, IpAddressType: types.IpAddressTypeIpv4,
		SecurityGroups: []string{"sg-07582c565c241740a"},
		AvailabilityZones: []types.AvailabilityZone{
			{ZoneName: aws.String("eu-west-1a"), SubnetId: aws.String("subnet-00d60ed8edcd067e9")},
			{ZoneName: aws.String("eu-west-1b"), SubnetId: aws.String("subnet-040010fcf6d92eb32")},
		},
	}
}

// Listener makes a listener with one default action.
func Listener(loadBalancer string, port int, protocol types.ProtocolEnum, action types.Action) types.Listener {
	return types.Listener{
		ListenerArn: aws.String(ListenerARN(loadBalancer, port)), LoadBalancerArn: aws.String(LoadBalancerARN(loadBalancer)),
		Port: aws.Int32(int32(port)), Protocol: protocol, DefaultActions: []types.Action{action},
	}
}

// Forward makes an action that forwards to one target group.
func Forward(targetGroupARN string) types.Action {
	return types.Action{Type: types.ActionTypeEnumForward, Order: aws.Int32(1), TargetGroupArn: aws.String(targetGroupARN),
		ForwardConfig: &types.ForwardActionConfig{TargetGroups: []types.TargetGroupTuple{
			{TargetGroupArn: aws.String(targetGroupARN), Weight: aws.Int32(1)},
		}}}
}

// PathRule makes a rule for paths.
func PathRule(loadBalancer string, port, priority int, action types.Action, paths ...string) types.Rule {
	return types.Rule{
		RuleArn:  aws.String(fmt.Sprintf("%s/%d", ListenerARN(loadBalancer, port), priority)),
		Priority: aws.String(strconv.Itoa(priority)), IsDefault: aws.Bool(false), Actions: []types.Action{action},
		Conditions: []types.RuleCondition{{Field: aws.String("path-pattern"), Values: paths,
			PathPatternConfig: &types.PathPatternConditionConfig{Values: paths}}},
	}
}

// TargetGroup makes a target group of IP targets with AWS's settings, but a health check at /healthz.
func TargetGroup(name, loadBalancer string, port int) types.TargetGroup {
	return types.TargetGroup{
		TargetGroupArn: aws.String(TargetGroupARN(name)), TargetGroupName: aws.String(name), Protocol: types.ProtocolEnumHttp,
		Port: aws.Int32(int32(port)), ProtocolVersion: aws.String("HTTP1"), TargetType: types.TargetTypeEnumIp,
		VpcId: aws.String("vpc-0d7b80443975b9a97"), LoadBalancerArns: []string{LoadBalancerARN(loadBalancer)},
		HealthCheckEnabled: aws.Bool(true), HealthCheckProtocol: types.ProtocolEnumHttp,
		HealthCheckPort: aws.String("traffic-port"), HealthCheckPath: aws.String("/healthz"),
		HealthCheckIntervalSeconds: aws.Int32(30), HealthCheckTimeoutSeconds: aws.Int32(5),
		HealthyThresholdCount: aws.Int32(5), UnhealthyThresholdCount: aws.Int32(2),
		Matcher: &types.Matcher{HttpCode: aws.String("200")},
	}
}

// Target makes a healthy target.
func Target(id string, port int, zone string) types.TargetHealthDescription {
	return types.TargetHealthDescription{
		Target: &types.TargetDescription{Id: aws.String(id), Port: aws.Int32(int32(port)),
			AvailabilityZone: aws.String(zone)},
		HealthCheckPort: aws.String(strconv.Itoa(port)),
		TargetHealth:    &types.TargetHealth{State: types.TargetHealthStateEnumHealthy},
	}
}

// Spoil gives the i-th target of a group of [Healthy] another health.
func (c *Client) Spoil(
	targetGroup string, i int, state types.TargetHealthStateEnum, reason types.TargetHealthReasonEnum, description string,
) {
	c.TargetHealth[TargetGroupARN(targetGroup)][i].TargetHealth =
		&types.TargetHealth{State: state, Reason: reason, Description: aws.String(description)}
}
