package triage

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/probe"
)

// The CloudFormation types that this package starts from or walks to.
const (
	typeLoadBalancer   = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	typeTargetGroup    = "AWS::ElasticLoadBalancingV2::TargetGroup"
	typeService        = "AWS::ECS::Service"
	typeCluster        = "AWS::ECS::Cluster"
	typeHosts          = "AWS::ECS::ContainerInstance" // all those of a cluster, by its name
	typeTask           = "AWS::ECS::Task"
	typeTaskDefinition = "AWS::ECS::TaskDefinition"
	typeLogGroup       = "AWS::Logs::LogGroup"
	typeInstance       = "AWS::EC2::Instance"
	typeDBInstance     = "AWS::RDS::DBInstance"
	typeDBCluster      = "AWS::RDS::DBCluster"
	typeSecret         = "AWS::SecretsManager::Secret"
	typeSubnet         = "AWS::EC2::Subnet"
	typeNATGateway     = "AWS::EC2::NatGateway"
	typePath           = "AWS::EC2::NetworkInsightsPath"
	typeEndpoint       = probe.ResourceType
)

// arnForms tell the type and the id of a resource from the service and the resource part of its ARN ("Service
// Authorization Reference", resource types of each service).
var arnForms = []struct {
	service, typ string
	resource     *regexp.Regexp
	id           string // expansion of the match
}{
	{"elasticloadbalancing", typeLoadBalancer, regexp.MustCompile(`^loadbalancer/(?:app|net|gwy)/([^/]+)/[^/]+$`), "$1"},
	{"elasticloadbalancing", typeTargetGroup, regexp.MustCompile(`^targetgroup/([^/]+)/[^/]+$`), "$1"},
	{"ecs", typeService, regexp.MustCompile(`^service/([^/]+)/([^/]+)$`), "$1/$2"},
	{"ecs", typeCluster, regexp.MustCompile(`^cluster/([^/]+)$`), "$1"},
	{"ecs", typeTask, regexp.MustCompile(`^task/([^/]+)/([^/]+)$`), "$2"},
	{"ecs", typeTaskDefinition, regexp.MustCompile(`^task-definition/([^/:]+:\d+)$`), "$1"},
	{"logs", typeLogGroup, regexp.MustCompile(`^log-group:([^:]+)(?::.*)?$`), "$1"},
	{"rds", typeDBInstance, regexp.MustCompile(`^db:([a-z][a-z0-9-]*)$`), "$1"},
	{"rds", typeDBCluster, regexp.MustCompile(`^cluster:([a-z][a-z0-9-]*)$`), "$1"},
	{"autoscaling", typeScalingGroup, regexp.MustCompile(`^autoScalingGroup:[^:]*:autoScalingGroupName/(.+)$`), "$1"},
	{"ec2", typeInstance, regexp.MustCompile(`^instance/(i-[0-9a-f]+)$`), "$1"},
	{"ssm", typeHybridNode, regexp.MustCompile(`^managed-instance/(mi-[0-9a-f]+)$`), "$1"},
}

// resourceOfARN returns the resource that an ARN names.
func resourceOfARN(s string) (diag.Resource, error) {
	a, err := arn.Parse(s)
	if err != nil {
		return diag.Resource{}, diag.Errorf(diag.KindInvalid, "target %q is not an ARN: %w", s, err)
	}
	for _, f := range arnForms {
		if m := f.resource.FindStringSubmatchIndex(a.Resource); m != nil && a.Service == f.service {
			return diag.ResourceOf(f.typ, string(f.resource.ExpandString(nil, f.id, a.Resource, m)), s), nil
		}
	}
	return diag.Resource{}, diag.Errorf(diag.KindInvalid, "target %q: no check starts from such a resource; known are %s",
		s, strings.Join(targetTypes(), ", "))
}

// anyARN returns the resource that an ARN names or belongs to, also one that no check looks at: see [mentionPlan].
func anyARN(s string) (diag.Resource, error) {
	known, err := resourceOfARN(s)
	a, parseErr := arn.Parse(s)
	if err == nil || parseErr != nil {
		return known, err
	}
	r, ok := resourceIn(s)
	if !ok {
		return diag.Resource{}, diag.Errorf(diag.KindInvalid, "target %q names no resource", s)
	}
	if r.Type == "" {
		r.Type, r.ID = genericType(a.Service, a.Resource), a.Resource[strings.LastIndexAny(a.Resource, ":/")+1:]
	}
	return r, nil
}

// targetTypes are the types that a symptom's target may have.
func targetTypes() []string {
	types := []string{typeEndpoint, typeSecret}
	for _, f := range moreARNs {
		types = append(types, f.typ)
	}
	for _, typ := range ec2Types {
		types = append(types, typ)
	}
	for _, f := range arnForms {
		types = append(types, f.typ)
	}
	slices.Sort(types)
	return slices.Compact(types)
}

var (
	instanceID = regexp.MustCompile(`^i-[0-9a-f]{8,17}$`)
	hybridID   = regexp.MustCompile(`^mi-[0-9a-f]{17}$`)
)

// parseTarget reads a target without asking AWS. The type is empty where a plain name leaves it open.
func parseTarget(target, typ string) (diag.Resource, error) {
	target = strings.TrimSpace(target)
	if typ != "" && !slices.Contains(targetTypes(), typ) {
		return diag.Resource{}, diag.Errorf(diag.KindInvalid, "target type %q: want one of %s", typ,
			strings.Join(targetTypes(), ", "))
	}
	if strings.HasPrefix(target, "arn:") {
		r, err := anyARN(target)
		if err == nil && typ != "" && r.Type != typ {
			err = diag.Errorf(diag.KindInvalid, "target %q is of type %s, not %s", target, r.Type, typ)
		}
		return r, err
	}
	if typ == "" {
		typ = typeOfName(target)
	}
	if typ == typeService && strings.Count(target, "/") != 1 {
		return diag.Resource{}, diag.Errorf(diag.KindInvalid, "target %q: name a service as cluster/service", target)
	}
	if typ == typeEndpoint {
		return endpointResource(target)
	}
	return diag.Resource{Type: typ, ID: target}, nil
}

// typeOfName tells the type where the form of a name leaves no doubt, else it returns "".
func typeOfName(name string) string {
	switch {
	case strings.Contains(name, "://"):
		return typeEndpoint
	case instanceID.MatchString(name):
		return typeInstance
	case hybridID.MatchString(name):
		return typeHybridNode
	case ec2ID.FindString(name) == name && name != "":
		kind, _, _ := strings.Cut(name, "-")
		return ec2Types[kind]
	case strings.HasPrefix(name, "/") && strings.HasSuffix(name, "/*"):
		return typeParameter
	case strings.HasPrefix(name, "/"):
		return typeLogGroup
	case strings.Count(name, "/") == 1:
		return typeService
	}
	return ""
}

// choose picks the one resource among those that have the target's name, or says why there is none or more than one.
func choose(target string, scopes []Scope, found []diag.Resource) (diag.Resource, error) {
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return diag.Resource{}, diag.Errorf(diag.KindNotFound, "target %q: no load balancer, target group, ECS cluster, ECS "+
			"service, database, instance, Auto Scaling group or log group has that name or address in %s", target,
			places(scopes))
	}
	var which []string
	for _, r := range found {
		which = append(which, fmt.Sprintf("%s %s in %s", r.Type, r.ID, Scope{Account: r.Account, Region: r.Region}))
	}
	return diag.Resource{}, diag.Errorf(diag.KindInvalid, "target %q is ambiguous: name its ARN or its type; it may be %s",
		target, strings.Join(which, ", "))
}

func places(scopes []Scope) string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = s.String()
	}
	return strings.Join(names, ", ")
}
