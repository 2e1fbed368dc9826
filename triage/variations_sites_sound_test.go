package triage_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	acm "github.com/aws/aws-sdk-go-v2/service/acm/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/triage"
)

// rule returns the rule for /orders/*.
func (s *site) rule() *elb.Rule { return &s.ELB.Rules[*s.ELB.Listeners[0].ListenerArn][0] }

// spareGroup adds a target group without targets to the load balancer, and returns its ARN.
func (s *site) spareGroup() string {
	g := albfake.TargetGroup("web-green", "web", 8080)
	g.VpcId = s.ELB.TargetGroups[0].VpcId
	s.ELB.TargetGroups = append(s.ELB.TargetGroups, g)
	return *g.TargetGroupArn
}

// zoneHosts counts the healthy targets of a group in one zone.
func (s *site) zoneHosts(i int, zone string, before, now float64) {
	s.put(metrics.TargetGroupZoneMetric(s.lb, s.groups[i], zone, "HealthyHostCount", "Minimum"), 0, before, now, now, now,
		now, now, now)
}

// expire gives the listener's certificate its end, counted from now.
func (s *site) expire(left time.Duration) {
	s.ACM.Certificates[0].NotAfter = aws.Time(s.now.Add(left))
	if left < 0 {
		s.ACM.Certificates[0].Status = acm.CertificateStatusExpired
	}
}

// soundSites are sites where figures move or settings look odd, and nothing is wrong.
func soundSites() []siteCase {
	calm := func(name, kind string, symptom triage.SymptomKind, spoil func(*site)) siteCase {
		return siteCase{name: "sound: " + name, kind: kind, symptom: symptom, spoil: spoil}
	}
	return []siteCase{
		calm("application", "app", triage.HTTP502, func(*site) {}),
		calm("network", "net", triage.Unreachable, func(*site) {}),
		calm("function", "lambda", triage.HTTP5xx, func(*site) {}),
		calm("traffic drops at night", "app", triage.HTTP5xx, func(s *site) { s.count("RequestCount", 9000, 420) }),
		calm("scale-in", "app", triage.HTTP503, func(s *site) {
			s.ELB.TargetHealth[s.groups[1]][1].TargetHealth = &elb.TargetHealth{State: elb.TargetHealthStateEnumDraining,
				Reason:      elb.TargetHealthReasonEnumDeregistrationInProgress,
				Description: aws.String("Target deregistration is in progress")}
			s.group(1, "HealthyHostCount", "Minimum", 2, 1)
		}),
		calm("canary with weight zero", "app", triage.HTTP503, func(s *site) {
			s.rule().Actions = forward(share(s.groups[1], 100), share(s.spareGroup(), 0))
		}),
		calm("a few 502 of a deployment", "app", triage.HTTP502, func(s *site) {
			s.put(metrics.LoadBalancerMetric(s.lb, "HTTPCode_ELB_502_Count", "Sum"), 0, 0, 7, 5, 0, 0, 0, 0)
		}),
		calm("sticky, slow start, short delay", "app", triage.Slow, func(s *site) {
			s.ELB.TargetGroupAttributes[s.groups[0]] = map[string]string{"stickiness.enabled": "true",
				"stickiness.type":             "lb_cookie",
				"slow_start.duration_seconds": "120", "deregistration_delay.timeout_seconds": "10"}
		}),
		calm("network, clients come and go", "net", triage.Errors,
			func(s *site) { s.count("TCP_Client_Reset_Count", 40, 90) }),
		calm("network, one zone each", "net", triage.Unreachable, func(s *site) {
			s.zoneHosts(0, "eu-west-1a", 1, 1)
			s.zoneHosts(0, "eu-west-1b", 1, 1)
		}),
		calm("certificate renewed in time", "app", triage.Unreachable, func(s *site) { s.expire(62 * 24 * time.Hour) }),
		calm("strict about desync, and nobody minds", "app", triage.HTTP5xx, func(s *site) {
			s.ELB.LoadBalancerAttributes[s.lb]["routing.http.desync_mitigation_mode"] = "strictest"
		}),
		calm("scanners", "app", triage.HTTP5xx, func(s *site) { s.count("ClientTLSNegotiationErrorCount", 4, 40) }),
	}
}
