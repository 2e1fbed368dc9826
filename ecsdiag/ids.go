package ecsdiag

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/awsdiag/awsdiag/diag"
)

// The resource types of this package and of its neighbours.
const (
	typeCluster        = "AWS::ECS::Cluster"
	typeService        = "AWS::ECS::Service"
	typeTask           = "AWS::ECS::Task"
	typeTaskDefinition = "AWS::ECS::TaskDefinition"
	// typeContainerInstance has no CloudFormation type; the name follows the others.
	typeContainerInstance = "AWS::ECS::ContainerInstance"
	typeInstance          = "AWS::EC2::Instance"
	typeSecurityGroup     = "AWS::EC2::SecurityGroup"
	typeSubnet            = "AWS::EC2::Subnet"
	typeTargetGroup       = "AWS::ElasticLoadBalancingV2::TargetGroup"
	typeClassicLB         = "AWS::ElasticLoadBalancing::LoadBalancer"
	typeLogGroup          = "AWS::Logs::LogGroup"
	typeRole              = "AWS::IAM::Role"
	typeSecret            = "AWS::SecretsManager::Secret"
	typeParameter         = "AWS::SSM::Parameter"
	typeRepository        = "AWS::ECR::Repository"
	// typeImage has no CloudFormation type either.
	typeImage = "AWS::ECR::Image"
)

// shortName returns the last part of an ARN's path, or a name as it is.
func shortName(arnOrName string) string { return arnOrName[strings.LastIndex(arnOrName, "/")+1:] }

// afterSlash returns what follows the resource kind in an ARN: "family:revision", or a name as it is.
func afterSlash(arnOrName string) string {
	if !strings.HasPrefix(arnOrName, "arn:") {
		return arnOrName
	}
	_, name, _ := strings.Cut(arnOrName, "/")
	return name
}

// serviceNames splits an ARN, "cluster/service" or "service" into cluster and service; the cluster may be empty, as it
// is in the ARN format of before 2018 ("Amazon Resource Names (ARNs) and IDs" in the Amazon ECS developer guide).
func serviceNames(ref string) (cluster, service string) {
	path := afterSlash(ref)
	if i := strings.LastIndex(path, "/"); i >= 0 {
		return path[:i], path[i+1:]
	}
	return "", path
}

func clusterResource(name, clusterARN string) diag.Resource {
	return diag.ResourceOf(typeCluster, shortName(name), clusterARN)
}

func taskResource(taskARN string) diag.Resource {
	return diag.ResourceOf(typeTask, shortName(taskARN), taskARN)
}

func taskDefinitionResource(ref string) diag.Resource {
	r := diag.ResourceOf(typeTaskDefinition, afterSlash(ref), "")
	if strings.HasPrefix(ref, "arn:") {
		r = diag.ResourceOf(typeTaskDefinition, afterSlash(ref), ref)
	}
	return r
}

// targetGroupResource takes the name from an ARN of the form "…:targetgroup/name/id".
func targetGroupResource(targetGroupARN string) diag.Resource {
	name, _, _ := strings.Cut(afterSlash(targetGroupARN), "/")
	return diag.ResourceOf(typeTargetGroup, name, targetGroupARN)
}

func roleResource(roleARN string) diag.Resource {
	return diag.ResourceOf(typeRole, shortName(roleARN), roleARN)
}

// secretSuffix is what Secrets Manager appends to the name in an ARN ("What's in a Secrets Manager secret?").
var secretSuffix = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)

// secretResource names what a container definition's valueFrom refers to: a Secrets Manager secret by its name, without
// JSON key, stage and version, or a Systems Manager parameter, whose name may stand alone ("Secret" in the Amazon ECS
// API reference).
func secretResource(valueFrom string) diag.Resource {
	a, err := arn.Parse(valueFrom)
	if err != nil {
		return diag.Resource{Type: typeParameter, ID: valueFrom}
	}
	if a.Service == "ssm" {
		name := strings.TrimPrefix(a.Resource, "parameter")
		if strings.Count(name, "/") == 1 {
			name = strings.TrimPrefix(name, "/")
		}
		return diag.ResourceOf(typeParameter, name, valueFrom)
	}
	parts := strings.SplitN(a.Resource, ":", 3)
	if len(parts) > 1 {
		a.Resource = parts[0] + ":" + parts[1]
	}
	name := strings.TrimPrefix(a.Resource, "secret:")
	return diag.ResourceOf(typeSecret, secretSuffix.ReplaceAllString(name, ""), a.String())
}

// beside returns a resource without an ARN of its own that lives in the account and region of another.
func beside(of diag.Resource, typ, id string) diag.Resource {
	return diag.Resource{Type: typ, ID: id, Account: of.Account, Region: of.Region}
}
