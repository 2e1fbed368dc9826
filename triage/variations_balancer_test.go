package triage_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/triage"
)

// rule returns the rule that forwards /api/* to "quotes".
func (w *world) rule() *elb.Rule {
	for arn, rules := range w.ELB.Rules {
		for i := range rules {
			if aws.ToString(rules[i].Priority) == "10" {
				return &w.ELB.Rules[arn][i]
			}
		}
	}
	return nil
}

// spare adds a target group without targets to the load balancer, and returns its ARN.
func (w *world) spare() string {
	g := *clone(&w.ELB.TargetGroups[1])
	arn := "arn:aws:elasticloadbalancing:eu-south-1:628905137462:targetgroup/Booking-QuotesGreen/0a4e6f2b77d1c935"
	g.TargetGroupArn, g.TargetGroupName = aws.String(arn), aws.String("Booking-QuotesGreen")
	w.ELB.TargetGroups = append(w.ELB.TargetGroups, g)
	return arn
}

func forward(groups ...elb.TargetGroupTuple) []elb.Action {
	a := elb.Action{Type: elb.ActionTypeEnumForward, Order: aws.Int32(1),
		ForwardConfig: &elb.ForwardActionConfig{TargetGroups: groups}}
	if len(groups) == 1 {
		a.TargetGroupArn = groups[0].TargetGroupArn
	}
	return []elb.Action{a}
}

func share(arn string, weight int32) elb.TargetGroupTuple {
	return elb.TargetGroupTuple{TargetGroupArn: aws.String(arn), Weight: aws.Int32(weight)}
}

// asRequested writes actions as CloudTrail tells them.
func asRequested(actions []elb.Action) string {
	a := actions[0]
	if a.FixedResponseConfig != nil {
		return `[{"type":"fixed-response","order":1,"fixedResponseConfig":{"statusCode":"` +
			*a.FixedResponseConfig.StatusCode + `","contentType":"text/html"}}]`
	}
	var groups []string
	for _, g := range a.ForwardConfig.TargetGroups {
		groups = append(groups, fmt.Sprintf(`{"targetGroupArn":%q,"weight":%d}`, *g.TargetGroupArn, *g.Weight))
	}
	return `[{"type":"forward","order":1,"forwardConfig":{"targetGroups":[` + strings.Join(groups, ",") + `]}}]`
}

// releasedAt has a service deployed anew at some times, with 502s while its tasks are replaced.
func (w *world) releasedAt(name string, agos ...time.Duration) {
	service := w.service(name)
	for _, ago := range agos {
		w.change(ago, "gitlab-deploy", "ecs:UpdateService",
			fmt.Sprintf(`{"cluster":%q,"service":%q,"forceNewDeployment":true}`, *service.ClusterArn, *service.ServiceName))
		for _, counter := range []string{"HTTPCode_ELB_502_Count", "HTTPCode_ELB_5XX_Count"} {
			w.metric(counter, "", "lb", ago, func(i int, old float64) float64 {
				if i < 2 {
					return 300
				}
				return old
			})
		}
	}
	last := agos[len(agos)-1]
	service.Deployments[0].CreatedAt, service.Deployments[0].UpdatedAt = aws.Time(w.ago(last)),
		aws.Time(w.ago(last-5*time.Minute))
}

func balancerVariations() []variation {
	modify := func(w *world) {
		w.change(32*time.Minute, "gitlab-deploy", "elasticloadbalancing:ModifyRule",
			`{"ruleArn":"`+*w.rule().RuleArn+`","actions":`+asRequested(w.rule().Actions)+`}`,
			"AWS::ElasticLoadBalancingV2::ListenerRule "+*w.rule().RuleArn)
	}
	wrong := []string{"security group", "out of memory", "image"}
	return []variation{
		{name: "rule forwards to an empty group", kind: triage.HTTP503, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.rule().Actions = forward(share(w.spare(), 1))
				modify(w)
				w.errors("503", 31*time.Minute, 10400)
				w.metric("RequestCount", "", short(w.group("quotes")), 31*time.Minute, always(0))
			}, root: because("quotesgreen listener-rule", "no registered", "no target", "empty"), mustNot: wrong},
		{name: "weight zero for the only group that lives", kind: triage.HTTP503, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.rule().Actions = forward(share(w.group("quotes"), 0), share(w.spare(), 100))
				modify(w)
				w.errors("503", 31*time.Minute, 10400)
				w.metric("RequestCount", "", short(w.group("quotes")), 31*time.Minute, always(0))
			}, root: because("quotesgreen listener-rule", "weight", "no registered", "no target"), mustNot: wrong},
		{name: "fixed response", kind: triage.HTTP503, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.rule().Actions = []elb.Action{{Type: elb.ActionTypeEnumFixedResponse, Order: aws.Int32(1),
				FixedResponseConfig: &elb.FixedResponseActionConfig{StatusCode: aws.String("503"),
					ContentType: aws.String("text/html"), MessageBody: aws.String("<h1>Maintenance</h1>")}}}
			modify(w)
			w.errors("503", 31*time.Minute, 10400)
			w.metric("HTTP_Fixed_Response_Count", "", "lb", 31*time.Minute, always(10400))
			w.metric("RequestCount", "", short(w.group("quotes")), 31*time.Minute, always(0))
		}, root: because("listener-rule bookingp-lb55f65", "fixed"), mustNot: wrong},
		{name: "targets in a zone that is not enabled", kind: triage.HTTP5xx, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				lb := &w.ELB.LoadBalancers[0]
				lb.AvailabilityZones = lb.AvailabilityZones[:1]
				w.change(33*time.Minute, "terraform", "elasticloadbalancing:SetSubnets",
					`{"loadBalancerArn":"`+*lb.LoadBalancerArn+`","subnets":["subnet-00a6fc6f5bc36810e"]}`,
					"AWS::ElasticLoadBalancingV2::LoadBalancer "+*lb.LoadBalancerArn)
				for _, name := range []string{"quotes", "site"} {
					w.ELB.TargetHealth[w.group(name)][1].TargetHealth = &elb.TargetHealth{State: elb.TargetHealthStateEnumUnused,
						Reason:      "Target.NotInUse",
						Description: aws.String("Target is in an Availability Zone that is not enabled for the load balancer")}
					w.metric("HealthyHostCount", "", short(w.group(name)), 32*time.Minute, always(1))
				}
				w.errors("503", 31*time.Minute, 900)
			}, root: because("quotestg sitetg bookingp-lb55f65", "zone"), mustNot: wrong},
		{name: "connections cut before the answer", kind: triage.HTTP502, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.errors("502", 35*time.Minute, 160)
			}, root: because("bookingp-lb55f65 quotestg sitetg", "502", "keep-alive"), mustNot: wrong},
		{name: "cut off at every release", kind: triage.HTTP502, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.ELB.TargetGroupAttributes[w.group("quotes")] = map[string]string{"deregistration_delay.timeout_seconds": "3"}
			w.metric("TargetResponseTime", "p99", "", 3*time.Hour, always(9))
			w.releasedAt("quotes", 80*time.Minute, 22*time.Minute)
		}, root: because("quotestg", "to drain"), mustNot: wrong},
		{name: "crashes under requests", kind: triage.HTTP502, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.errors("502", 40*time.Minute, 320)
			w.metric("TargetConnectionErrorCount", "", "lb", 40*time.Minute, always(150))
			for i := range 6 {
				task := w.stopped("quotes", time.Duration(52-8*i)*time.Minute, 6*time.Minute, exited(139, ""))
				w.logs("quotes", *task.TaskArn, w.now.Sub(*task.ExecutionStoppedAt)+time.Second,
					"Fatal Python error: Segmentation fault", "Current thread 0x00007f3a (most recent call first):",
					`  File "/app/render.py", line 88 in draw`)
			}
			w.metric("HealthyHostCount", "", short(w.group("quotes")), 40*time.Minute, always(1))
		}, root: because(quotesSays, "139", "segmentation", "sigsegv"), mustNot: wrong},
		{name: "program too slow to answer", kind: triage.HTTP504, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.errors("504", 35*time.Minute, 420)
			w.metric("TargetResponseTime", "Average", "", 35*time.Minute, always(21))
			w.metric("TargetResponseTime", "p99", "", 35*time.Minute, always(60))
			for ago := 35 * time.Minute; ago > 0; ago -= 2 * time.Minute {
				w.logs("quotes", *w.tasks("quotes")[0].TaskArn, ago, "[CRITICAL] WORKER TIMEOUT (pid:31)",
					"[ERROR] Worker (pid:31) was sent SIGKILL! Perhaps out of memory?")
			}
		}, root: because(quotesSays+" bookingp-lb55f65", "timeout", "504"),
			mustNot: []string{"security group", "image", "out of memory"}},
		{name: "upstream of the program down", kind: triage.HTTP5xx, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.failures("quotes", 35*time.Minute, 2600)
			w.complain("quotes", 35*time.Minute,
				"requests.exceptions.ConnectionError: HTTPSConnectionPool(host='rates.partner.example', port=443): Max retries "+
					"exceeded with url: /v2/rates "+
					"(Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f1c>: Failed to establish a new "+
					"connection: [Errno 111] Connection refused'))")
		}, root: because(quotesSays, "rates.partner.example", "connection refused"), mustNot: wrong},
		{name: "upstream's name gone", kind: triage.HTTP5xx, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.failures("quotes", 35*time.Minute, 2600)
			w.complain("quotes", 35*time.Minute, "Error: getaddrinfo ENOTFOUND rates.internal.booking.example")
		}, root: because(quotesSays, "rates.internal.booking.example", "enotfound"), mustNot: wrong},
		{name: "task role may not read the table", kind: triage.AccessDenied, target: "quotes", spoil: func(w *world) {
			w.failures("quotes", 35*time.Minute, 2600)
			w.change(37*time.Minute, "terraform", "iam:DeleteRolePolicy",
				`{"roleName":"BookingProd-QuotesTask","policyName":"sessions"}`, "AWS::IAM::Role BookingProd-QuotesTask")
			w.complain("quotes", 35*time.Minute,
				"botocore.exceptions.ClientError: An error occurred (AccessDeniedException) when calling the GetItem operation: User: "+
					"arn:aws:sts::628905137462:assumed-role/BookingProd-QuotesTask/3808bdc4c940bd821f104642f3ff4da6 is not authorized "+
					"to perform: dynamodb:GetItem on resource: "+
					"arn:aws:dynamodb:eu-south-1:628905137462:table/booking-prod-sessions because no identity-based policy allows the "+
					"dynamodb:GetItem action")
		}, root: because(quotesSays, "dynamodb:getitem"), mustNot: wrong},
		{name: "task role may not write the bucket", kind: triage.Errors, target: "quotes", spoil: func(w *world) {
			w.failures("quotes", 35*time.Minute, 400)
			w.complain("quotes", 35*time.Minute,
				"AccessDenied: User: "+
					"arn:aws:sts::628905137462:assumed-role/BookingProd-QuotesTask/3808bdc4c940bd821f104642f3ff4da6 is not "+
					"authorized to perform: "+
					`s3:PutObject on resource: "arn:aws:s3:::booking-prod-exports/2026/05/12.csv" because no identity-based policy allows the s3:PutObject action`)
		}, root: because(quotesSays, "s3:putobject"), mustNot: wrong},
	}
}
