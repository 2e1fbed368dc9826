package health

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	limits = "AWS Health answers accounts with Business support or more only, and tells of an issue when AWS has " +
		"confirmed it, often half an hour after it began."
	source = "Event, AWS Health API Reference"
	// ServiceType is the type of the resource that stands for an AWS service in a region; its id is AWS Health's name
	// for the service, such as "EC2".
	ServiceType = "AWS::Health::Service"
)

var actions = []string{entitiesAction, detailsAction, eventsAction}

// kind are the services whose trouble breaks the same.
type kind struct {
	code, title string
	// services are AWS Health's names of them; the last kind takes all others.
	services string
	breaks   []diag.Mechanism
}

// kinds joins AWS Health's services ("DescribeEventTypes", AWS Health API Reference) with what their trouble breaks.
var kinds = []kind{
	{"host-issue", "AWS reports trouble of EC2 or its volumes", "EC2 EBS AUTOSCALING EC2AUTOSCALING",
		[]diag.Mechanism{diag.NetworkPath, diag.HostRun, diag.AgentConnect, diag.Placement, diag.TaskStart, diag.TaskRun}},
	{"network-issue", "AWS reports trouble of its network",
		"VPC DIRECTCONNECT TRANSITGATEWAY VPN NATGATEWAY INTERNETCONNECTIVITY PRIVATELINK",
		[]diag.Mechanism{diag.NetworkPath, diag.NameResolution}},
	{"container-issue", "AWS reports trouble of ECS or Fargate", "ECS FARGATE",
		[]diag.Mechanism{diag.AgentConnect, diag.Placement, diag.TaskStart, diag.TaskRun, diag.TaskCount, diag.Rollout}},
	{"image-issue", "AWS reports trouble of its image registry", "ECR", []diag.Mechanism{diag.ImagePull}},
	{"balancer-issue", "AWS reports trouble of load balancing", "ELASTICLOADBALANCING ELB",
		[]diag.Mechanism{diag.TargetReachable, diag.HealthCheck, diag.Routing, diag.Request}},
	{"database-issue", "AWS reports trouble of RDS", "RDS AURORA", []diag.Mechanism{diag.DBServe, diag.DBAccept}},
	{"permission-issue", "AWS reports trouble of IAM", "IAM STS", []diag.Mechanism{diag.Permission}},
	{"secret-issue", "AWS reports trouble of secrets, parameters or keys", "SECRETSMANAGER SSM KMS",
		[]diag.Mechanism{diag.SecretRead, diag.AgentConnect, diag.Session}},
	{"name-issue", "AWS reports trouble of DNS", "ROUTE53", []diag.Mechanism{diag.NameResolution}},
	{"log-issue", "AWS reports trouble of CloudWatch", "CLOUDWATCH LOGS", []diag.Mechanism{diag.LogDelivery}},
	{"dependency-issue", "AWS reports trouble of another service", "", []diag.Mechanism{diag.Application}},
}

func (k kind) has(service string) bool {
	if k.services != "" {
		return slices.Contains(strings.Fields(k.services), service)
	}
	return !slices.ContainsFunc(kinds[:len(kinds)-1], func(o kind) bool { return o.has(service) })
}

// EventChecks returns all checks of AWS Health.
func EventChecks() []*diag.Check[*Events] { return slices.Clone(eventChecks()) }

var eventChecks = sync.OnceValue(func() []*diag.Check[*Events] {
	checks := []*diag.Check[*Events]{NotSubscribed}
	for _, k := range kinds {
		checks = append(checks, k.check())
	}
	return checks
})

// NotSubscribed tells that the account may not read AWS Health, so that nobody takes silence for an all-clear.
var NotSubscribed = &diag.Check[*Events]{
	Info: diag.Info{
		Code: "health.not-subscribed", Title: "AWS Health not to be read",
		Doc: "AWS Health answers accounts with a Business support plan or better only. Whether AWS has a trouble of " +
			"its own stands on its public pages.",
		Severity: diag.SeverityInfo, Actions: actions, Limits: limits,
		Source: "Accessing the AWS Health API, AWS Health User Guide",
	},
	Run: func(ctx context.Context, e *Events) ([]diag.Finding, error) {
		subscribed, err := e.Subscribed(ctx)
		if subscribed || err != nil {
			return nil, err
		}
		return []diag.Finding{{
			Summary:  "AWS Health was not read: the account has no Business support plan",
			Evidence: []diag.Evidence{{Source: eventsAction, Field: "error", Value: "SubscriptionRequiredException"}},
			NextSteps: []diag.Step{{Text: "Look at AWS's public page whether a service has trouble in the region.",
				Doc: "https://health.aws.amazon.com/health/status"}},
		}}, nil
	},
}

func (k kind) check() *diag.Check[*Events] {
	return &diag.Check[*Events]{
		Info: diag.Info{
			Code: diag.Code("health." + k.code), Title: k.title,
			Doc: "AWS Health tells of an issue or of maintenance of a service, within the window. It is told as a cause only " +
				"of what broke after it " +
				"began on a resource that it names, or that runs on that service.",
			Severity: diag.SeverityInfo, Confidence: diag.Likely, Actions: actions, Breaks: k.breaks, Change: true,
			Limits: limits, Source: source,
		},
		Run: func(ctx context.Context, e *Events) ([]diag.Finding, error) {
			issues, err := e.Issues(ctx)
			var findings []diag.Finding
			for _, i := range issues {
				if k.has(i.Service) && (!i.Maintenance || len(i.Entities) > 0) {
					findings = append(findings, i.findings()...)
				}
			}
			return findings, err
		},
	}
}

// findings tells an issue on each resource that it names, or else on the service. Of a public issue it is a possibility
// only that it touches the account.
func (i Issue) findings() []diag.Finding {
	f := diag.Finding{
		Summary: i.String(), Since: i.Start, Until: i.End,
		Evidence: []diag.Evidence{
			{Source: eventsAction, Field: "eventTypeCode", Value: i.Code, At: i.Start},
			{Source: eventsAction, Field: "statusCode", Value: i.status(), At: i.Start},
			{Source: eventsAction, Field: "arn", Value: i.ARN, At: i.Start},
		},
		NextSteps: []diag.Step{{Text: "Read what AWS says and follow its advice; nothing in the account has to be mended for it.",
			Command: "aws health describe-event-details --region us-east-1 --event-arns " + i.ARN,
			Doc:     "https://health.aws.amazon.com/health/home"}},
	}
	if i.Text != "" {
		f.Evidence = append(f.Evidence, diag.Evidence{Source: detailsAction, Field: "latestDescription", Value: i.Text,
			At: i.Start})
	}
	if len(i.Entities) == 0 {
		f.Resource, f.Confidence = i.Resource(), diag.Possible
		return []diag.Finding{f}
	}
	var each []diag.Finding
	for _, entity := range i.Entities {
		on := f
		on.Resource = i.entity(entity)
		on.Evidence = append(slices.Clone(f.Evidence),
			diag.Evidence{Source: entitiesAction, Field: "entityValue", Value: entity, At: i.Start})
		each = append(each, on)
	}
	return each
}

// Resource is the service that the issue is about, for links that lead to it.
func (i Issue) Resource() diag.Resource { return diag.Resource{Type: ServiceType, ID: i.Service} }

// String tells the issue in one line.
func (i Issue) String() string {
	what := "trouble"
	if i.Maintenance {
		what = "maintenance"
	}
	s := fmt.Sprintf("AWS reports %s of %s in %s since %s (%s)", what, i.Service, i.Region,
		i.Start.UTC().Format(time.RFC3339), i.status())
	if i.Text != "" {
		s += ": " + i.Text
	}
	return s
}

func (i Issue) status() string {
	if i.Open {
		return "open"
	}
	return "closed"
}

// entityTypes are the types of entities that are named by an id of their own.
var entityTypes = []struct{ prefix, typ string }{
	{"i-", "AWS::EC2::Instance"}, {"vol-", "AWS::EC2::Volume"}, {"nat-", "AWS::EC2::NatGateway"},
	{"subnet-", "AWS::EC2::Subnet"}, {"vpce-", "AWS::EC2::VPCEndpoint"},
}

// entityARNs are the types of entities that are named by an ARN: the service and how its resource part begins.
var entityARNs = []struct{ service, prefix, typ string }{
	{"rds", "db:", "AWS::RDS::DBInstance"}, {"rds", "cluster:", "AWS::RDS::DBCluster"},
	{"ecs", "service/", "AWS::ECS::Service"},
	{"ecs", "task/", "AWS::ECS::Task"}, {"ecs", "cluster/", "AWS::ECS::Cluster"},
	{"ec2", "instance/", "AWS::EC2::Instance"},
	{"elasticloadbalancing", "loadbalancer/app/", "AWS::ElasticLoadBalancingV2::LoadBalancer"},
	{"elasticloadbalancing", "loadbalancer/net/", "AWS::ElasticLoadBalancingV2::LoadBalancer"},
}

// entity is a resource as AWS Health names it: an id, a name or an ARN ("AffectedEntity", AWS Health API Reference).
func (i Issue) entity(value string) diag.Resource {
	for _, t := range entityTypes {
		if strings.HasPrefix(value, t.prefix) {
			return diag.Resource{Type: t.typ, ID: value}
		}
	}
	a, err := arn.Parse(value)
	if err != nil {
		if i.Service == "RDS" {
			return diag.Resource{Type: "AWS::RDS::DBInstance", ID: value}
		}
		return diag.Resource{Type: ServiceType, ID: i.Service + " " + value}
	}
	for _, t := range entityARNs {
		if id, ok := strings.CutPrefix(a.Resource, t.prefix); ok && a.Service == t.service {
			switch t.prefix {
			case "task/":
				id = id[strings.LastIndex(id, "/")+1:]
			case "loadbalancer/app/", "loadbalancer/net/":
				id, _, _ = strings.Cut(id, "/")
			}
			return diag.ResourceOf(t.typ, id, value)
		}
	}
	return diag.ResourceOf(ServiceType, i.Service+" "+a.Resource, value)
}

// EventSurvey puts issues on the timeline.
var EventSurvey = &diag.Survey[*Events]{
	Name:    "health.events",
	Actions: actions,
	Events: func(ctx context.Context, e *Events, window diag.Window) ([]diag.Event, error) {
		issues, err := e.Issues(ctx)
		var events []diag.Event
		for _, i := range issues {
			events = append(events, diag.Event{At: i.Start, Resource: i.Resource(), Source: eventsAction, Kind: "aws-health",
				Text: i.String()})
			if !i.End.IsZero() && window.Contains(i.End) {
				events = append(events, diag.Event{At: i.End, Resource: i.Resource(), Source: eventsAction, Kind: "aws-health",
					Text: "AWS reports the end of " + i.Code})
			}
		}
		return events, err
	},
}
