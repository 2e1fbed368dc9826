package ec2diag

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Service is an AWS service by the end of its endpoint service name: "ecr.api" in "com.amazonaws.eu-west-1.ecr.api".
// Any such end will do ("AWS services that integrate with AWS PrivateLink").
type Service string

// The services that tasks and hosts need most.
const (
	ECRAPI         Service = "ecr.api"
	ECRDKR         Service = "ecr.dkr"
	S3             Service = "s3"
	DynamoDB       Service = "dynamodb"
	Logs           Service = "logs"
	SSM            Service = "ssm"
	SSMMessages    Service = "ssmmessages"
	EC2Messages    Service = "ec2messages"
	SecretsManager Service = "secretsmanager"
	KMS            Service = "kms"
	STS            Service = "sts"
	ECS            Service = "ecs"
	ECSAgent       Service = "ecs-agent"
	ECSTelemetry   Service = "ecs-telemetry"
	// AnyService stands for the internet: whatever has no endpoint.
	AnyService Service = "internet"
)

// ImageServices are what pulling an image from Amazon ECR needs: its API, its registry, and Amazon S3, which holds the
// layers ("Amazon ECR interface VPC endpoints").
func ImageServices() []Service { return []Service{ECRAPI, ECRDKR, S3} }

// ManagementServices are what SSM Agent needs. It does without ec2messages since version 3.3.40.0 ("Improve the
// security of EC2 instances by using VPC endpoints for Systems Manager").
func ManagementServices() []Service { return []Service{SSM, SSMMessages} }

// AgentServices are what the ECS agent of a container instance needs ("Amazon ECS interface VPC endpoints").
func AgentServices() []Service { return []Service{ECS, ECSAgent, ECSTelemetry} }

// hasGateway reports a service that gateway endpoints exist for.
func (s Service) hasGateway() bool { return s == S3 || s == DynamoDB }

// serviceOf returns the service of an endpoint of AWS: what follows the region in its name.
func serviceOf(e types.VpcEndpoint) Service {
	name := strings.TrimPrefix(aws.ToString(e.ServiceName), "cn.")
	name, ok := strings.CutPrefix(name, "com.amazonaws.")
	if !ok {
		return ""
	}
	_, service, _ := strings.Cut(name, ".")
	return Service(service)
}

// regionOf returns the region of an endpoint of AWS.
func regionOf(e types.VpcEndpoint) string {
	name := strings.TrimPrefix(aws.ToString(e.ServiceName), "cn.")
	region, _, _ := strings.Cut(strings.TrimPrefix(name, "com.amazonaws."), ".")
	return region
}

// servicesText lists services as a sentence does.
func servicesText(services []Service) string {
	var names []string
	for _, s := range services {
		names = append(names, string(s))
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}
