package saved

import (
	"slices"
	"strings"
)

// Service is one AWS service under its three names.
type Service struct {
	// Name is the AWS CLI's name, such as "elbv2".
	Name string
	// Prefix stands before the colon of an IAM action, such as "elasticloadbalancing".
	Prefix string
	// ID is the SDK's ServiceID, such as "Elastic Load Balancing v2".
	ID string
}

// Services returns the services whose answers are read from a saved world, by name. It may hold those of others.
func Services() []Service {
	return []Service{
		{"acm", "acm", "ACM"},
		{"application-autoscaling", "application-autoscaling", "Application Auto Scaling"},
		{"autoscaling", "autoscaling", "Auto Scaling"},
		{"cloudtrail", "cloudtrail", "CloudTrail"},
		{"cloudwatch", "cloudwatch", "CloudWatch"},
		{"ec2", "ec2", "EC2"},
		{"ecr", "ecr", "ECR"},
		{"ecs", "ecs", "ECS"},
		{"elbv2", "elasticloadbalancing", "Elastic Load Balancing v2"},
		{"health", "health", "Health"},
		{"iam", "iam", "IAM"},
		{"kms", "kms", "KMS"},
		{"logs", "logs", "CloudWatch Logs"},
		{"pi", "pi", "PI"},
		{"rds", "rds", "RDS"},
		{"secretsmanager", "secretsmanager", "Secrets Manager"},
		{"ssm", "ssm", "SSM"},
		{"sts", "sts", "STS"},
		{"xray", "xray", "XRay"},
	}
}

// ServiceByName returns the service with an AWS CLI name.
func ServiceByName(name string) (Service, bool) {
	return find(func(s Service) bool { return s.Name == name })
}

// ServiceByID returns the service with an SDK ServiceID. For a service that is not in [Services] it makes the names
// up from the id, in the way most services have theirs, and returns false.
func ServiceByID(id string) (Service, bool) {
	if s, ok := find(func(s Service) bool { return s.ID == id }); ok {
		return s, true
	}
	name := strings.ToLower(strings.ReplaceAll(id, " ", ""))
	return Service{Name: name, Prefix: name, ID: id}, false
}

func find(match func(Service) bool) (Service, bool) {
	all := Services()
	if i := slices.IndexFunc(all, match); i >= 0 {
		return all[i], true
	}
	return Service{}, false
}
