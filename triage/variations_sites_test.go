package triage_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	acm "github.com/aws/aws-sdk-go-v2/service/acm/types"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
	"github.com/awsdiag/awsdiag/triage"
)

const (
	sick   = elb.TargetHealthStateEnumUnhealthy
	unused = elb.TargetHealthStateEnumUnused
)

// hostCases are incidents of instances behind an Application Load Balancer.
func hostCases() []siteCase {
	return []siteCase{
		{name: "hosts stopped", kind: "app", symptom: triage.HTTP503, spoil: func(s *site) {
			for i := range s.EC2.Instances {
				s.EC2.Instances[i].State = &ec2types.InstanceState{Name: ec2types.InstanceStateNameStopped}
				s.EC2.Instances[i].StateTransitionReason = aws.String("User initiated (2026-06-09 09:41:10 GMT)")
				s.EC2.Instances[i].StateReason = &ec2types.StateReason{Code: aws.String("Client.UserInitiatedShutdown"),
					Message: aws.String("Client.UserInitiatedShutdown: User initiated shutdown")}
			}
			s.EC2.InstanceStatuses = nil
			s.sick(0, 0, unused, elb.TargetHealthReasonEnumInvalidState, "Target is in the stopped state")
			s.answered("503", 5200)
		}, root: because("i-0hosta i-0hostb web-pages", "stopped"), mustNot: []string{"security group"}},
		{name: "health check on a port that nobody opened", kind: "app", symptom: triage.HTTP5xx, spoil: func(s *site) {
			s.ELB.TargetGroups[0].HealthCheckPort = aws.String("9000")
			for i := range 2 {
				s.ELB.TargetHealth[s.groups[0]][i].HealthCheckPort = aws.String("9000")
			}
			s.sick(0, 0, sick, elb.TargetHealthReasonEnumTimeout, "Request timed out")
			s.change(40*time.Minute, "elasticloadbalancing:ModifyTargetGroup",
				`{"targetGroupArn":"`+s.groups[0]+`","healthCheckPort":"9000"}`,
				"AWS::ElasticLoadBalancingV2::TargetGroup "+s.groups[0])
		}, root: because("sg-0task web-pages", "9000")},
		{name: "health check on a closed port", kind: "app", symptom: triage.HTTP5xx, spoil: func(s *site) {
			s.EC2.SecurityGroups[1].IpPermissions = append(s.EC2.SecurityGroups[1].IpPermissions,
				ec2fake.TCP(8081, ec2fake.FromGroup(ec2fake.BalancerGroup)))
			s.ELB.TargetGroups[0].HealthCheckPort = aws.String("8081")
			for i := range 2 {
				s.ELB.TargetHealth[s.groups[0]][i].HealthCheckPort = aws.String("8081")
			}
			s.sick(0, 0, sick, elb.TargetHealthReasonEnumFailedHealthChecks, "Health checks failed")
		}, root: because("web-pages", "8081"), mustNot: []string{"security group"}},
		{name: "ingress of the targets revoked", kind: "app", symptom: triage.HTTP504, spoil: func(s *site) {
			s.EC2.SecurityGroups[1].IpPermissions = s.EC2.SecurityGroups[1].IpPermissions[1:]
			for i := range 2 {
				s.sick(i, 0, sick, elb.TargetHealthReasonEnumTimeout, "Request timed out")
			}
			s.answered("504", 8400)
			s.count("TargetConnectionErrorCount", 0, 8400)
		}, root: because("sg-0task", "8080")},
		{name: "network ACL drops the answers", kind: "app", symptom: triage.HTTP504, spoil: func(s *site) {
			acl := clone(&s.EC2.NetworkACLs[0])
			acl.NetworkAclId, acl.IsDefault = aws.String("acl-0tight"), aws.Bool(false)
			acl.Entries = []ec2types.NetworkAclEntry{ec2fake.ACLEntry(100, false, ec2types.RuleActionAllow, "-1", "0.0.0.0/0"),
				ec2fake.ACLEntry(100, true, ec2types.RuleActionAllow, "6", "0.0.0.0/0", 443, 443),
				ec2fake.ACLEntry(32767, true, ec2types.RuleActionDeny, "-1", "0.0.0.0/0"),
				ec2fake.ACLEntry(32767, false, ec2types.RuleActionDeny, "-1", "0.0.0.0/0")}
			acl.Associations = []ec2types.NetworkAclAssociation{{SubnetId: aws.String(ec2fake.PrivateA)},
				{SubnetId: aws.String(ec2fake.PrivateB)}}
			s.EC2.NetworkACLs[0].Associations = s.EC2.NetworkACLs[0].Associations[:2]
			s.EC2.NetworkACLs = append(s.EC2.NetworkACLs, *acl)
			for i := range 2 {
				s.sick(i, 0, sick, elb.TargetHealthReasonEnumTimeout, "Request timed out")
			}
			s.answered("504", 8400)
			s.count("TargetConnectionErrorCount", 0, 8400)
		}, root: because("acl-0tight", "acl")},
		{name: "targets too slow", kind: "app", symptom: triage.HTTP504, spoil: func(s *site) {
			s.answered("504", 310)
			s.stat("TargetResponseTime", "Average", 0.08, 14)
			s.stat("TargetResponseTime", "p99", 0.6, 60)
			s.group(0, "TargetResponseTime", "Average", 0.08, 22)
		}, root: because("web web-pages", "idle timeout", "up to 14"),
			mustNot: []string{"security group", "connections to targets"}},
		{name: "keep-alive shorter than the idle timeout", kind: "app", symptom: triage.HTTP502, spoil: func(s *site) {
			s.answered("502", 74)
		}, root: because("web", "close idle connections", "keep-alive"),
			mustNot: []string{"refuse", "security group", "went away"}},
		{name: "one program crashed", kind: "app", symptom: triage.HTTP502, spoil: func(s *site) {
			s.sick(0, 0, sick, elb.TargetHealthReasonEnumFailedHealthChecks, "Health checks failed")
			s.answered("502", 4100)
			s.count("TargetConnectionErrorCount", 0, 4100)
			s.group(0, "TargetConnectionErrorCount", "Sum", 0, 4100)
		}, root: because("web-pages", "refused", "listens"), mustNot: []string{"security group", "idle"}},
		{name: "path of the health check moved", kind: "app", symptom: triage.HTTP5xx, spoil: func(s *site) {
			s.sick(1, 0, sick, elb.TargetHealthReasonEnumResponseCodeMismatch, "Health checks failed with these codes: [404]")
		}, root: because("web-orders", "404"), mustNot: []string{"security group"}},
		{name: "HTTPS to a target that speaks HTTP", kind: "app", symptom: triage.HTTP502, spoil: func(s *site) {
			s.ELB.TargetGroups[1].Protocol = elb.ProtocolEnumHttps
			s.answered("502", 3900)
			s.count("TargetTLSNegotiationErrorCount", 0, 3900)
		}, root: because("web web-orders", "tls handshakes with targets"), mustNot: []string{"idle", "refuse"}},
		{name: "gRPC group, HTTP/1.1 program", kind: "app", symptom: triage.HTTP502, spoil: func(s *site) {
			g := &s.ELB.TargetGroups[1]
			g.ProtocolVersion, g.Matcher, g.HealthCheckPath = aws.String("GRPC"), &elb.Matcher{GrpcCode: aws.String("12")},
				aws.String("/AWS.ALB/healthcheck")
			s.sick(1, 0, sick, elb.TargetHealthReasonEnumFailedHealthChecks, "Health checks failed")
			s.answered("502", 3900)
		}, root: because("web-orders", "grpc"), mustNot: []string{"security group"}},
		{name: "HTTP/2 group, HTTP/1.1 program", kind: "app", symptom: triage.HTTP502, spoil: func(s *site) {
			s.ELB.TargetGroups[1].ProtocolVersion = aws.String("HTTP2")
			s.sick(1, 0, sick, elb.TargetHealthReasonEnumFailedHealthChecks, "Health checks failed")
			s.answered("502", 3900)
		}, root: because("web-orders", "http/2", "http2"), mustNot: []string{"security group"}},
		{name: "surge beyond the limit", kind: "app", symptom: triage.HTTP5xx, spoil: func(s *site) {
			s.count("RequestCount", 9000, 210000)
			s.count("RejectedConnectionCount", 0, 41000)
			s.answered("503", 39000)
		}, root: because("web", "limit", "reject"), mustNot: []string{"registered", "empty"}},
		{name: "sticky sessions pile up on one target", kind: "app", symptom: triage.Slow, spoil: func(s *site) {
			s.ELB.TargetGroupAttributes[s.groups[0]] = map[string]string{"stickiness.enabled": "true",
				"stickiness.type": "lb_cookie", "stickiness.lb_cookie.duration_seconds": "604800"}
			s.stat("TargetResponseTime", "Average", 0.08, 2.1)
			s.stat("TargetResponseTime", "p99", 0.6, 11)
			s.group(0, "TargetResponseTime", "Average", 0.08, 3.4)
		}, root: because("web web-pages", "take up to", "sticky"), mustNot: []string{"security group"}},
		{name: "a client's certificate authority, a policy too strict", kind: "app", symptom: triage.Unreachable,
			spoil: func(s *site) {
				s.ELB.Listeners[0].SslPolicy = aws.String("ELBSecurityPolicy-TLS13-1-3-2021-06")
				s.change(34*time.Minute, "elasticloadbalancing:ModifyListener",
					`{"listenerArn":"`+*s.ELB.Listeners[0].ListenerArn+`","sslPolicy":"ELBSecurityPolicy-TLS13-1-3-2021-06"}`,
					"AWS::ElasticLoadBalancingV2::Listener "+*s.ELB.Listeners[0].ListenerArn)
				s.count("ClientTLSNegotiationErrorCount", 4, 6100)
				s.count("RequestCount", 9000, 2900)
			}, root: because("web", "tls", "sslpolicy", "modifylistener"), mustNot: []string{"security group"}},
		{name: "certificate expired", kind: "app", symptom: triage.Unreachable, spoil: func(s *site) {
			s.expire(-20 * time.Hour)
			s.count("ClientTLSNegotiationErrorCount", 4, 8100)
			s.count("RequestCount", 9000, 900)
		}, root: because("web certificate", "expired"), mustNot: []string{"security group"}},
	}
}

// certificateCases are incidents of what listeners show.
func certificateCases() []siteCase {
	turned := func(s *site) {
		s.count("ClientTLSNegotiationErrorCount", 4, 8100)
		s.count("RequestCount", 9000, 900)
	}
	return []siteCase{
		{name: "renewal stuck, and run out at last", kind: "app", symptom: triage.Errors, spoil: func(s *site) {
			s.expire(-30 * time.Minute)
			s.ACM.Certificates[0].RenewalSummary = &acm.RenewalSummary{RenewalStatus: acm.RenewalStatusPendingValidation,
				UpdatedAt: aws.Time(s.ago(40 * 24 * time.Hour))}
			turned(s)
		}, root: because("web certificate", "expired 30 min ago"), mustNot: []string{"security group"}},
		{name: "certificate revoked, network load balancer", kind: "net", symptom: triage.Unreachable, spoil: func(s *site) {
			s.ACM.Certificates[0].Status, s.ACM.Certificates[0].RevokedAt = acm.CertificateStatusRevoked,
				aws.Time(s.ago(40*time.Minute))
			s.count("ClientTLSNegotiationErrorCount", 4, 4100)
		}, root: because("web certificate", "revoked"), mustNot: []string{"security group"}},
		{name: "new host without a certificate", kind: "app", symptom: triage.Unreachable, spoil: func(s *site) {
			s.rule().Conditions = append(s.rule().Conditions, elb.RuleCondition{Field: aws.String("host-header"),
				HostHeaderConfig: &elb.HostHeaderConditionConfig{Values: []string{"orders.other.example"}}})
			s.count("ClientTLSNegotiationErrorCount", 4, 2600)
		}, root: because("web certificate", "orders.other.example"), mustNot: []string{"security group"}},
	}
}

// routeCases are incidents of listeners, rules and settings.
func routeCases() []siteCase {
	fixed := func(code string) []elb.Action {
		return []elb.Action{{Type: elb.ActionTypeEnumFixedResponse, Order: aws.Int32(1),
			FixedResponseConfig: &elb.FixedResponseActionConfig{StatusCode: aws.String(code)}}}
	}
	return []siteCase{
		{name: "weights of zero", kind: "app", symptom: triage.HTTP503, spoil: func(s *site) {
			s.rule().Actions = forward(share(s.groups[1], 0), share(s.spareGroup(), 0))
			s.answered("503", 2400)
			s.group(1, "RequestCount", "Sum", 9000, 0)
		}, root: because("web", "weight"), mustNot: []string{"security group"}},
		{name: "rule points at a group that holds nothing", kind: "app", symptom: triage.HTTP503, spoil: func(s *site) {
			s.rule().Actions = forward(share(s.spareGroup(), 1))
			s.answered("503", 2400)
			s.group(1, "RequestCount", "Sum", 9000, 0)
		}, root: because("web web-green", "no target"), mustNot: []string{"security group"}},
		{name: "maintenance page left on", kind: "app", symptom: triage.HTTP503, spoil: func(s *site) {
			l := *s.ELB.Listeners[0].ListenerArn
			r := albfake.PathRule("web", 443, 1, fixed("503")[0], "/*")
			s.ELB.Rules[l] = append(s.ELB.Rules[l], r)
			s.answered("503", 8900)
			s.count("RequestCount", 9000, 0)
		}, root: because("web", "answers 503 to every request"), mustNot: []string{"security group"}},
		{name: "redirect to itself", kind: "app", symptom: triage.Unreachable, spoil: func(s *site) {
			s.ELB.Listeners[0].DefaultActions = []elb.Action{{Type: elb.ActionTypeEnumRedirect, Order: aws.Int32(1),
				RedirectConfig: &elb.RedirectActionConfig{
					Protocol: aws.String("HTTPS"), Port: aws.String("443"), Host: aws.String("#{host}"), Path: aws.String("/#{path}"),
					StatusCode: elb.RedirectActionStatusCodeEnumHttp301}}}
			s.ELB.TargetGroups[0].LoadBalancerArns = nil
		}, root: because("web", "loop"), mustNot: []string{"security group"}},
		{name: "a rule for all put before the others", kind: "app", symptom: triage.Errors, spoil: func(s *site) {
			l := *s.ELB.Listeners[0].ListenerArn
			s.ELB.Rules[l] = append(s.ELB.Rules[l], albfake.PathRule("web", 443, 5, albfake.Forward(s.groups[0]), "/*"))
			s.group(1, "RequestCount", "Sum", 9000, 0)
			s.count("HTTPCode_Target_4XX_Count", 95, 3300)
		}, root: because("web", "never reached"), mustNot: []string{"security group"}},
		{name: "zone of half the targets not enabled", kind: "app", symptom: triage.HTTP5xx, spoil: func(s *site) {
			s.ELB.LoadBalancers[0].AvailabilityZones = s.ELB.LoadBalancers[0].AvailabilityZones[:1]
			s.sick(0, 1, unused, elb.TargetHealthReasonEnumNotInUse,
				"Target is in an Availability Zone that is not enabled for the load balancer")
			s.sick(1, 1, unused, elb.TargetHealthReasonEnumNotInUse,
				"Target is in an Availability Zone that is not enabled for the load balancer")
			s.answered("504", 300)
		}, root: because("web-pages web-orders", "zone")},
		{name: "no room to scale", kind: "app", symptom: triage.HTTP5xx, spoil: func(s *site) {
			s.ELB.LoadBalancers[0].State = &elb.LoadBalancerState{Code: elb.LoadBalancerStateEnumActiveImpaired,
				Reason: aws.String("Insufficient free addresses in subnet-0a1pub")}
			s.count("RejectedConnectionCount", 0, 2100)
			s.answered("503", 2100)
		}, root: because("web", "lacks the resources to scale")},
		{name: "web ACL cannot be asked", kind: "app", symptom: triage.HTTP5xx, spoil: func(s *site) {
			s.answered("500", 1400)
		}, root: because("web", "waf"), mustNot: []string{"login", "security group"}},
		{name: "login at the identity provider breaks", kind: "app", symptom: triage.HTTP5xx, spoil: func(s *site) {
			s.count("HTTPCode_ELB_5XX_Count", 0, 1500)
			s.count("ELBAuthError", 0, 1500)
		}, root: because("web", "561", "login")},
		{name: "strict about desync", kind: "app", symptom: triage.Unknown, spoil: func(s *site) {
			s.ELB.LoadBalancerAttributes[s.lb]["routing.http.desync_mitigation_mode"] = "strictest"
			s.count("HTTPCode_ELB_4XX_Count", 6, 2900)
			s.count("DesyncMitigationMode_NonCompliant_Request_Count", 0, 2900)
		}, root: because("web", "desync")},
	}
}

// otherKinds are incidents of Network Load Balancers and Lambda functions.
func otherKinds() []siteCase {
	return []siteCase{
		{name: "no listener answers behind the network load balancer", kind: "net", symptom: triage.Unreachable,
			spoil: func(s *site) {
				s.sick(0, 0, sick, elb.TargetHealthReasonEnumFailedHealthChecks, "Health checks failed")
			}, root: because("web-pages", "8080"), mustNot: []string{"security group"}},
		{name: "a zone without a target that serves, and cross-zone off", kind: "net", symptom: triage.Unreachable,
			spoil: func(s *site) {
				s.ELB.TargetHealth[s.groups[0]] = s.ELB.TargetHealth[s.groups[0]][:1]
				s.group(0, "HealthyHostCount", "Minimum", 2, 1)
				s.zoneHosts(0, "eu-west-1a", 1, 1)
				s.zoneHosts(0, "eu-west-1b", 1, 0)
			}, root: because("web", "eu-west-1b"), mustNot: []string{"security group"}},
		{name: "targets reset connections", kind: "net", symptom: triage.Errors, spoil: func(s *site) {
			s.count("TCP_Target_Reset_Count", 12, 2700)
		}, root: because("web", "reset"), mustNot: []string{"security group"}},
		{name: "ports to the targets used up", kind: "net", symptom: triage.Errors, spoil: func(s *site) {
			s.count("PortAllocationErrorCount", 0, 900)
		}, root: because("web", "port"), mustNot: []string{"security group"}},
		{name: "targets of the network load balancer locked away", kind: "net", symptom: triage.Unreachable,
			spoil: func(s *site) {
				s.EC2.SecurityGroups[1].IpPermissions = s.EC2.SecurityGroups[1].IpPermissions[1:]
				s.sick(0, 0, sick, elb.TargetHealthReasonEnumTimeout, "Request timed out")
			}, root: because("sg-0task", "8080")},
		{name: "function throws", kind: "lambda", symptom: triage.HTTP502, spoil: func(s *site) {
			s.answered("502", 2300)
			s.group(0, "LambdaUserError", "Sum", 0, 2300)
		}, root: because("web web-pages", "lambda function"),
			mustNot: []string{"keep-alive", "idle connections", "security group"}},
		{name: "function cannot be invoked", kind: "lambda", symptom: triage.HTTP502, spoil: func(s *site) {
			s.answered("502", 2300)
			s.group(0, "LambdaInternalError", "Sum", 0, 2300)
		}, root: because("web web-pages", "lambda"), mustNot: []string{"keep-alive", "idle connections", "security group"}},
		{name: "security groups of the network load balancer drop clients", kind: "net", symptom: triage.Unreachable,
			spoil: func(s *site) {
				s.EC2.SecurityGroups[0].IpPermissions = []ec2types.IpPermission{ec2fake.TCP(8443, ec2fake.FromCIDR("0.0.0.0/0"))}
				s.count("NewFlowCount", 5000, 0)
				s.count("SecurityGroupBlockedFlowCount_Inbound_TCP", 0, 4800)
			}, root: because("sg-0alb web", "443", "blocked")},
	}
}

// TestSites diagnoses load balancers that stand alone: the cause first, and sound sites silent.
func TestSites(t *testing.T) {
	all := slices.Concat(hostCases(), certificateCases(), routeCases(), otherKinds(), soundSites())
	diagnose(t, len(all), func(i int) (string, string) { return all[i].name, all[i].open },
		func(t *testing.T, i int) (*diag.Report, string) {
			_, report := all[i].run(t)
			return report, variation{root: all[i].root, mustNot: all[i].mustNot}.wrong(t, report)
		})
}
