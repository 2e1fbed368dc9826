package triage_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	acm "github.com/aws/aws-sdk-go-v2/service/acm/types"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// site is a sound account without ECS, to break: a load balancer "web" in two zones in front of instances.
type site struct {
	*triagefake.Account
	now    time.Time
	lb     string
	groups []string
}

const (
	sitePeriods = 60
	secondHost  = "i-0hostB"
	siteCert    = "arn:aws:acm:eu-west-1:111122223333:certificate/7b1f3c52-90aa-4c0e-8d65-2f1f6a3b0e9d"
)

var siteNow = time.Date(2026, 6, 9, 10, 12, 40, 0, time.UTC)

// newSite makes the account; kind is "app", "net" or "lambda".
func newSite(kind string) *site {
	s := &site{Account: &triagefake.Account{ID: "111122223333", Region: "eu-west-1"}, now: siteNow}
	s.network()
	lb := albfake.LoadBalancer("web")
	lb.VpcId, lb.SecurityGroups = aws.String(ec2fake.VPC), []string{ec2fake.BalancerGroup}
	lb.CreatedTime = aws.Time(s.ago(90 * 24 * time.Hour))
	lb.AvailabilityZones = []elb.AvailabilityZone{
		{ZoneName: aws.String("eu-west-1a"), SubnetId: aws.String(ec2fake.PublicA)},
		{ZoneName: aws.String("eu-west-1b"), SubnetId: aws.String(ec2fake.PublicB)},
	}
	s.lb = *lb.LoadBalancerArn
	if kind == "net" {
		s.lb = strings.Replace(s.lb, "/app/", "/net/", 1)
		lb.LoadBalancerArn, lb.Type = aws.String(s.lb), elb.LoadBalancerTypeEnumNetwork
	}
	s.ELB.LoadBalancers = []elb.LoadBalancer{lb}
	s.ELB.TargetHealth = map[string][]elb.TargetHealthDescription{}
	s.ELB.LoadBalancerAttributes = map[string]map[string]string{s.lb: {}}
	s.ELB.TargetGroupAttributes = map[string]map[string]string{}
	s.ACM.Certificates = []acm.CertificateDetail{albfake.Certificate(siteCert, "pages.example.com", s.now)}
	s.serve(kind)
	s.measure(kind)
	return s
}

func (s *site) ago(d time.Duration) time.Time { return s.now.Add(-d) }

// network is that of [ec2fake.Healthy] with a second instance.
func (s *site) network() {
	healthy := ec2fake.Healthy()
	s.EC2.VPCs, s.EC2.Subnets, s.EC2.SecurityGroups = healthy.VPCs, healthy.Subnets, healthy.SecurityGroups
	s.EC2.NetworkInterfaces, s.EC2.RouteTables, s.EC2.NetworkACLs = healthy.NetworkInterfaces, healthy.RouteTables,
		healthy.NetworkACLs
	s.EC2.NATGateways, s.EC2.VPCEndpoints, s.EC2.PrefixLists = healthy.NATGateways, healthy.VPCEndpoints,
		healthy.PrefixLists
	s.EC2.VPCAttributes, s.EC2.Instances, s.EC2.InstanceStatuses = healthy.VPCAttributes, healthy.Instances,
		healthy.InstanceStatuses
	b := s.EC2.Instances[0]
	b.InstanceId, b.SubnetId, b.PrivateIpAddress = aws.String(secondHost), aws.String(ec2fake.PrivateB),
		aws.String("10.0.11.40")
	s.EC2.Instances = append(s.EC2.Instances, b)
	status := s.EC2.InstanceStatuses[0]
	status.InstanceId = b.InstanceId
	s.EC2.InstanceStatuses = append(s.EC2.InstanceStatuses, status)
	for _, n := range s.EC2.NetworkInterfaces {
		if *n.NetworkInterfaceId == ec2fake.InstanceFace {
			n.NetworkInterfaceId, n.SubnetId = aws.String("eni-0hostB"), b.SubnetId
			n.PrivateIpAddress = b.PrivateIpAddress
			n.Attachment = &ec2types.NetworkInterfaceAttachment{InstanceId: b.InstanceId}
			s.EC2.NetworkInterfaces = append(s.EC2.NetworkInterfaces, n)
			break
		}
	}
}

// serve makes listener, rule and target groups: "web-pages" of instances and "web-orders" of addresses, or one alone.
func (s *site) serve(kind string) {
	pages := albfake.TargetGroup("web-pages", "web", 8080)
	pages.VpcId, pages.TargetType, pages.LoadBalancerArns = aws.String(ec2fake.VPC), elb.TargetTypeEnumInstance,
		[]string{s.lb}
	hosts := []elb.TargetHealthDescription{albfake.Target(ec2fake.InstanceA, 8080, ""),
		albfake.Target(secondHost, 8080, "")}
	for i := range hosts {
		hosts[i].Target.AvailabilityZone = nil // AWS tells it for addresses only
	}
	protocol := elb.ProtocolEnumHttps
	switch kind {
	case "net":
		pages.Protocol, pages.ProtocolVersion, pages.HealthCheckProtocol = elb.ProtocolEnumTcp, nil, elb.ProtocolEnumTcp
		pages.HealthCheckPath, pages.Matcher, pages.UnhealthyThresholdCount = nil, nil, aws.Int32(2)
		s.ELB.TargetGroupAttributes[*pages.TargetGroupArn] = map[string]string{"preserve_client_ip.enabled": "false"}
		s.ELB.LoadBalancerAttributes[s.lb]["load_balancing.cross_zone.enabled"] = "false"
		protocol = elb.ProtocolEnumTls
	case "lambda":
		pages.TargetType, pages.Port, pages.Protocol, pages.VpcId = elb.TargetTypeEnumLambda, nil, "", nil
		pages.HealthCheckEnabled, pages.ProtocolVersion, pages.HealthCheckPort = aws.Bool(false), nil, nil
		hosts = []elb.TargetHealthDescription{{
			Target: &elb.TargetDescription{Id: aws.String("arn:aws:lambda:eu-west-1:111122223333:function:pages"),
				AvailabilityZone: aws.String("all")},
			TargetHealth: &elb.TargetHealth{State: elb.TargetHealthStateEnumUnavailable,
				Reason:      elb.TargetHealthReasonEnumHealthCheckDisabled,
				Description: aws.String("Health checks are disabled for this target group")}}}
	}
	s.ELB.TargetGroups, s.groups = []elb.TargetGroup{pages}, []string{*pages.TargetGroupArn}
	s.ELB.TargetHealth[*pages.TargetGroupArn] = hosts
	l := albfake.Listener("web", 443, protocol, albfake.Forward(*pages.TargetGroupArn))
	l.LoadBalancerArn, l.SslPolicy = aws.String(s.lb), aws.String("ELBSecurityPolicy-TLS13-1-2-2021-06")
	l.Certificates = []elb.Certificate{{CertificateArn: aws.String(siteCert)}}
	s.ELB.Listeners = []elb.Listener{l}
	if kind != "app" {
		return
	}
	orders := albfake.TargetGroup("web-orders", "web", 8080)
	orders.VpcId = aws.String(ec2fake.VPC)
	s.ELB.TargetGroups, s.groups = append(s.ELB.TargetGroups, orders), append(s.groups, *orders.TargetGroupArn)
	s.ELB.TargetHealth[*orders.TargetGroupArn] = []elb.TargetHealthDescription{
		albfake.Target("10.0.10.20", 8080, "eu-west-1a"), albfake.Target("10.0.11.20", 8080, "eu-west-1b")}
	s.ELB.Rules = map[string][]elb.Rule{*l.ListenerArn: {albfake.PathRule("web", 443, 10,
		albfake.Forward(*orders.TargetGroupArn), "/orders/*")}}
}

// measure gives the account five hours of calm figures.
func (s *site) measure(kind string) {
	usual := map[string]float64{"RequestCount": 9000, "HTTPCode_Target_2XX_Count": 8900, "HTTPCode_Target_4XX_Count": 95,
		"HTTPCode_Target_5XX_Count": 2, "TargetResponseTime Average": 0.08, "TargetResponseTime p99": 0.6,
		"HealthyHostCount":   2,
		"UnHealthyHostCount": 0, "ClientTLSNegotiationErrorCount": 4, "NewFlowCount": 5000, "ActiveFlowCount": 300,
		"ProcessedBytes":         9e7,
		"TCP_Client_Reset_Count": 40, "TCP_Target_Reset_Count": 12, "TCP_ELB_Reset_Count": 5, "NewConnectionCount": 2500,
		"ActiveConnectionCount": 300}
	lb := metrics.LoadBalancerMetrics(s.lb)
	if kind == "net" {
		lb = nil
		for _, n := range []string{"NewFlowCount", "ActiveFlowCount", "ProcessedBytes", "TCP_Client_Reset_Count",
			"TCP_Target_Reset_Count",
			"TCP_ELB_Reset_Count", "ClientTLSNegotiationErrorCount"} {
			lb = append(lb, metrics.LoadBalancerMetric(s.lb, n, "Sum"))
		}
	}
	for _, tg := range s.groups {
		for _, m := range metrics.TargetGroupMetrics(s.lb, tg) {
			if kind == "lambda" && strings.Contains(m.Name, "Host") || kind == "net" && !strings.Contains(m.Name, "Host") {
				continue
			}
			lb = append(lb, m)
		}
	}
	for _, m := range lb {
		v, ok := usual[m.Name]
		if !ok {
			v, ok = usual[m.Name+" "+m.Stat]
		}
		if ok {
			s.put(m, 0, v)
		}
	}
}

// put gives a metric a usual value, and values at its end; the newest point lies seven minutes back.
func (s *site) put(m metrics.Metric, _ int, usual float64, last ...float64) {
	values := make([]float64, sitePeriods)
	for i := range values {
		values[i] = usual
		if usual > 50 {
			values[i] += float64((i*7919)%23) - 11
		}
	}
	copy(values[max(0, sitePeriods-len(last)):], last)
	newest := s.ago(7 * time.Minute).Truncate(5 * time.Minute)
	points := metricsfake.Every(5*time.Minute, newest.Add(-(sitePeriods-1)*5*time.Minute), values...)
	for i := range s.CloudWatch.Series {
		if s.CloudWatch.Series[i].Metric.String() == m.String() {
			s.CloudWatch.Series[i].Points = points
			return
		}
	}
	s.CloudWatch.Series = append(s.CloudWatch.Series, metricsfake.Series{Metric: m, Points: points})
}

// now6 is a value for the last half hour.
func now6(v float64) []float64 { return []float64{v, v + 3, v - 2, v + 1, v, v - 1} }

// count and stat set a metric of the load balancer, group that of a target group.
func (s *site) count(name string, before, now float64) {
	s.put(metrics.LoadBalancerMetric(s.lb, name, "Sum"), 0, before, now6(now)...)
}

func (s *site) stat(name, stat string, before, now float64) {
	s.put(metrics.LoadBalancerMetric(s.lb, name, stat), 0, before, now, now, now, now, now, now)
}

func (s *site) group(i int, name, stat string, before, now float64) {
	s.put(metrics.TargetGroupMetric(s.lb, s.groups[i], name, stat), 0, before, now, now, now, now, now, now)
}

// sick gives all targets of a group a health, from the n-th on.
func (s *site) sick(i, from int, state elb.TargetHealthStateEnum, reason elb.TargetHealthReasonEnum,
	description string) {
	targets := s.ELB.TargetHealth[s.groups[i]]
	for n := from; n < len(targets); n++ {
		targets[n].TargetHealth = &elb.TargetHealth{State: state, Reason: reason, Description: aws.String(description)}
	}
	if state == elb.TargetHealthStateEnumUnhealthy {
		s.group(i, "UnHealthyHostCount", "Maximum", 0, float64(len(targets)-from))
	}
	s.group(i, "HealthyHostCount", "Minimum", 2, float64(from))
}

// answered502 and its like count a code of the load balancer and in its total.
func (s *site) answered(code string, n float64) {
	s.count("HTTPCode_ELB_"+code+"_Count", 0, n)
	s.count("HTTPCode_ELB_5XX_Count", 0, n)
}

func (s *site) change(ago time.Duration, action, params string, resources ...string) {
	s.CloudTrail.Events = append(s.CloudTrail.Events,
		changesfake.Write{At: s.ago(ago), Action: action, Who: "deploy", Params: params,
			Resources: resources, ID: fmt.Sprintf("e-%d-%s", len(s.CloudTrail.Events), action)}.Event())
}

// siteCase is an incident at a site. kind is the site's.
type siteCase struct {
	name, kind string
	symptom    triage.SymptomKind
	spoil      func(*site)
	root       *verdict
	mustNot    []string
	open       string
}

func (c siteCase) run(t testing.TB) (*site, *diag.Report) {
	s := newSite(c.kind)
	c.spoil(s)
	report, err := triage.Investigate(t.Context(), []triage.Scope{s.Scope()}, triage.Symptom{Kind: c.symptom, Target: s.lb,
		Since: s.ago(25 * time.Minute)}, triage.Options{Now: s.now})
	require.NoError(t, err)
	return s, report
}
