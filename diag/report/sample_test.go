package report_test

import (
	"context"
	"fmt"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// thing is a subject of which a test says everything beforehand.
type thing struct {
	resource diag.Resource
	findings map[diag.Code]diag.Finding
	errs     map[diag.Code]error
	links    []diag.Link
	events   []diag.Event
}

func (t *thing) Resource() diag.Resource { return t.resource }

// judge makes a check which says what its subject was told to say.
func judge(code diag.Code, severity diag.Severity, breaks, needs []diag.Mechanism) *diag.Check[*thing] {
	return &diag.Check[*thing]{
		Info: diag.Info{Code: code, Title: "t", Doc: "d", Severity: severity, Breaks: breaks, Needs: needs,
			Actions: []string{"ecs:DescribeTasks", "ecs:DescribeServices", "logs:FilterLogEvents", "ec2:DescribeSecurityGroups"},
			Limits:  limits[code]},
		Run: func(_ context.Context, s *thing) ([]diag.Finding, error) {
			f, found := s.findings[code]
			if !found {
				return nil, s.errs[code]
			}
			return []diag.Finding{f}, s.errs[code]
		},
	}
}

// change makes a check of what somebody did.
func change(code diag.Code, breaks diag.Mechanism) *diag.Check[*thing] {
	c := judge(code, diag.SeverityInfo, mechanisms(breaks), nil)
	c.Change = true
	return c
}

var limits = map[diag.Code]string{
	"ecs.task-oom-killed": "ECS forgets stopped tasks after about an hour",
	"logs.error-class":    "only the first 10,000 log events of the window are read",
}

func mechanisms(m ...diag.Mechanism) []diag.Mechanism { return m }

func checks() []*diag.Check[*thing] {
	return []*diag.Check[*thing]{
		judge("ecs.task-oom-killed", diag.SeverityError, mechanisms(diag.TaskRun), nil),
		judge("alb.no-healthy-targets", diag.SeverityError, mechanisms(diag.Routing), mechanisms(diag.TaskRun)),
		judge("alb.http-503", diag.SeverityError, mechanisms(diag.Request), mechanisms(diag.Routing, diag.TaskRun)),
		judge("ec2.rule-too-wide", diag.SeverityWarning, nil, nil),
		judge("rds.storage-low", diag.SeverityError, mechanisms(diag.DBServe), nil),
		judge("ecs.no-circuit-breaker", diag.SeverityInfo, nil, nil),
		change("changes.ecs-service-updated", diag.TaskRun),
		judge("logs.error-class", diag.SeverityError, mechanisms(diag.Application), mechanisms(diag.DBServe)),
	}
}

var now = time.Date(2026, 3, 2, 8, 30, 15, 0, time.UTC)

func at(clock string) time.Time {
	t, err := time.Parse(time.TimeOnly, clock)
	if err != nil {
		panic(err)
	}
	return time.Date(2026, 3, 2, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

func resource(typ, id string) diag.Resource {
	return diag.Resource{Type: typ, ID: id, Account: "111122223333", Region: "eu-central-1"}
}

var (
	lb      = resource("AWS::ElasticLoadBalancingV2::LoadBalancer", "tickets-alb")
	tg      = resource("AWS::ElasticLoadBalancingV2::TargetGroup", "tickets-web")
	service = resource("AWS::ECS::Service", "tickets/web")
	group   = resource("AWS::EC2::SecurityGroup", "sg-0aa11bb22cc33dd44")
	db      = resource("AWS::RDS::DBInstance", "tickets-db")
)

func investigate(things ...*thing) *diag.Report {
	var plans []diag.Plan
	survey := &diag.Survey[*thing]{
		Name:   "test.thing",
		Links:  func(_ context.Context, t *thing) ([]diag.Link, error) { return t.links, nil },
		Events: func(_ context.Context, t *thing, _ diag.Window) ([]diag.Event, error) { return t.events, nil },
	}
	for _, t := range things {
		plans = append(plans, diag.On(t, checks()...), diag.Observe(t, survey))
	}
	runner := diag.Runner{Window: diag.Last(3*time.Hour, now), Focus: lb}
	return runner.Run(context.Background(), plans...)
}

func link(from, to diag.Resource) []diag.Link { return []diag.Link{{From: from, To: to, Role: "uses"}} }

// broken is a load balancer whose tasks are killed for memory, with a few other things about.
func broken() *diag.Report {
	r := investigate(
		&thing{resource: lb, links: link(lb, tg), findings: map[diag.Code]diag.Finding{"alb.http-503": {
			Summary:  "tickets-alb answered 412 of 9310 requests with 503 in the last 30 minutes (4.4 %)",
			Since:    at("08:02:00"),
			Evidence: []diag.Evidence{{Source: "cloudwatch:GetMetricData", Field: "HTTPCode_ELB_503_Count", Value: "412"}},
		}}},
		&thing{resource: tg, links: link(tg, service), findings: map[diag.Code]diag.Finding{"alb.no-healthy-targets": {
			Summary:  "no healthy target: 0 of 2 are in service",
			Since:    at("08:01:00"),
			Evidence: []diag.Evidence{{Source: "elasticloadbalancing:DescribeTargetHealth", Value: "unhealthy"}},
		}}},
		&thing{resource: service, findings: map[diag.Code]diag.Finding{
			"ecs.task-oom-killed": oomKilled(),
			"ecs.no-circuit-breaker": {Summary: "deployments of tickets/web are not rolled back on failure",
				Evidence: oneFact()},
		}, events: serviceEvents()},
		&thing{resource: group, findings: map[diag.Code]diag.Finding{"ec2.rule-too-wide": {
			Summary: "sg-0aa11bb22cc33dd44 admits 0.0.0.0/0 on port 22",
			Evidence: []diag.Evidence{{Source: "ec2:DescribeSecurityGroups", Field: "ipPermissions[0].ipRanges",
				Value: "0.0.0.0/0"}},
			NextSteps: []diag.Step{{Text: "Take the rule away.", Changes: true,
				Command: "aws ec2 revoke-security-group-ingress --group-id sg-0aa11bb22cc33dd44 --protocol tcp --port 22 --cidr 0.0.0.0/0"}},
		}}, errs: map[diag.Code]error{"logs.error-class": denied("logs:FilterLogEvents", "tickets")}},
		&thing{resource: db, findings: map[diag.Code]diag.Finding{"rds.storage-low": {
			Summary: "tickets-db has 1.2 GiB of 100 GiB storage left", Since: at("05:10:00"), SinceAtLeast: true,
			Confidence: diag.Likely,
			Evidence:   oneFact(),
		}}, errs: map[diag.Code]error{
			"logs.error-class": denied("logs:FilterLogEvents", "tickets-db"),
			"ecs.task-oom-killed": diag.Errorf(diag.KindThrottled,
				"listing tasks: operation error ECS: ListTasks: Rate exceeded"),
		}},
	)
	r.Coverage.Calls = 17
	return r
}

func oneFact() []diag.Evidence { return []diag.Evidence{{Source: "test:Fact", Field: "x", Value: "1"}} }

func denied(action, what string) error {
	return diag.Errorf(diag.KindDenied, "reading log group /ecs/%s: api error AccessDeniedException: User: "+
		"arn:aws:iam::111122223333:user/reader is not authorized to perform: %s on resource: "+
		"arn:aws:logs:eu-central-1:111122223333:log-group:/ecs/%s",
		what, action, what)
}

func oomKilled() diag.Finding {
	return diag.Finding{
		Summary: "8 tasks of tickets/web were killed for memory in 28 minutes: container web reached its limit of 512 MiB",
		Since:   at("08:00:41"),
		Evidence: []diag.Evidence{
			{Source: "ecs:DescribeTasks", Field: "containers[web].exitCode", Value: "137", At: at("08:00:41")},
			{Source: "ecs:DescribeTasks", Field: "containers[web].reason", At: at("08:00:41"),
				Value: "OutOfMemoryError: Container killed due to memory usage"},
			{Source: "ecs:DescribeTaskDefinition", Field: "containerDefinitions[web].memory", Value: "512"},
		},
		Related: []diag.Related{
			{Resource: resource("AWS::ECS::TaskDefinition", "tickets-web:31"), Role: "task definition"},
			{Resource: resource("AWS::ECS::Task", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"), Role: "killed"},
		},
		NextSteps: []diag.Step{
			{Text: "Compare the memory of the two last revisions.",
				Command: "aws ecs describe-task-definition --task-definition tickets-web:31 " +
					"--query 'taskDefinition.containerDefinitions[].[name, memory, memoryReservation]' --region eu-central-1"},
			{Text: "Go back to the revision before until the leak is found.", Changes: true,
				Command: "aws ecs update-service --cluster tickets --service web --task-definition tickets-web:30 --region eu-central-1",
				Doc:     "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-console-v2.html"},
		},
	}
}

func serviceEvents() []diag.Event {
	var events []diag.Event
	add := func(clock, kind, text string) {
		events = append(events, diag.Event{At: at(clock), Kind: kind, Source: "ecs:DescribeServices", Text: text})
	}
	for i := range 20 {
		add(fmt.Sprintf("06:%02d:00", i*2), "service-event", fmt.Sprintf("(service web) has reached a steady state. [%d]", i))
	}
	add("07:51:12", "deployment", "deployment of tickets-web:31 began")
	add("07:56:40", "deployment", "deployment of tickets-web:31 completed")
	for i := range 28 {
		add(fmt.Sprintf("08:%02d:41", i), "task-stopped",
			fmt.Sprintf("task %d: OutOfMemoryError: Container killed due to memory usage", i/4))
	}
	return events
}

// healthy found nothing and saw everything.
func healthy() *diag.Report {
	return investigate(&thing{resource: lb, links: link(lb, tg)}, &thing{resource: tg}, &thing{resource: service,
		findings: map[diag.Code]diag.Finding{"ecs.no-circuit-breaker": {Summary: "deployments are not rolled back on failure",
			Evidence: oneFact()}}})
}

// blind found nothing and could not see everything.
func blind() *diag.Report {
	return investigate(&thing{resource: lb, errs: map[diag.Code]error{
		"alb.http-503": diag.Errorf(diag.KindUnreachable,
			"reading metrics: operation error CloudWatch: GetMetricData, https response error StatusCode: 500")}},
		&thing{resource: group, errs: map[diag.Code]error{"ec2.rule-too-wide": diag.Errorf(diag.KindDenied,
			"describing security groups: operation error EC2: DescribeSecurityGroups, api error UnauthorizedOperation: You are "+
				"not authorized to perform this operation.")}})
}

// changed is a release that nothing shows to have done harm but the time, beside a database that may have.
func changed() *diag.Report {
	return investigate(
		&thing{resource: lb, links: link(lb, tg), findings: map[diag.Code]diag.Finding{"alb.http-503": {
			Summary: "tickets-alb answers 503", Since: at("08:02:00"), Evidence: oneFact()}}},
		&thing{resource: tg, links: link(tg, service)},
		&thing{resource: service, links: link(service, db), findings: map[diag.Code]diag.Finding{
			"ecs.task-oom-killed": oomKilled(),
			"changes.ecs-service-updated": {Summary: "ci updated ECS service tickets/web (task definition tickets-web:31)",
				Since: at("07:51:12"), Confidence: diag.Possible, Evidence: []diag.Evidence{{Source: "cloudtrail:LookupEvents",
					Field: "eventName", Value: "UpdateService", At: at("07:51:12")}},
				NextSteps: []diag.Step{{Text: "Roll back to revision 30, if that is what ran before.", Changes: true,
					Command: "aws ecs update-service --cluster tickets --service web --task-definition tickets-web:30"}}},
		}},
		&thing{resource: db, errs: map[diag.Code]error{"rds.storage-low": denied("cloudwatch:GetMetricData", "tickets-db")}},
	)
}

// lonely is one warning that explains nothing.
func lonely() *diag.Report {
	return investigate(&thing{resource: group, findings: map[diag.Code]diag.Finding{"ec2.rule-too-wide": {
		Summary: "port 22 is open to everybody", Evidence: oneFact(), Confidence: diag.Possible}}})
}
