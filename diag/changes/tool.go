package changes

import "strings"

// tools are programs that call AWS, by what stands in the user agents of their calls, the most telling first. The SDKs
// and the CLI name themselves ("CloudTrail record contents", AWS CloudTrail User Guide, userAgent); tools built on them
// add their own name. The console shows as a browser or as "AWS Internal".
var tools = []struct{ mark, with string }{
	{"opentofu/", "with OpenTofu"}, {"terraform", "with Terraform"}, {"pulumi", "with Pulumi"},
	{"crossplane", "with Crossplane"},
	{"ansible", "with Ansible"}, {"aws-cdk", "with the AWS CDK"}, {"serverless", "with the Serverless Framework"},
	{"aws-sam-cli", "with AWS SAM"}, {"ecspresso", "with ecspresso"}, {"copilot", "with AWS Copilot"},
	{"eksctl", "with eksctl"},
	{"configure-aws-credentials", "from GitHub Actions"}, {"cloudshell", "in CloudShell"},
	{"cloudformation.amazonaws.com", "through CloudFormation"},
	{"aws-cli/", "with the AWS CLI"}, {"boto3/", "with a Python program"}, {"botocore/", "with a Python program"},
	{"aws-sdk-", "with a program"}, {"apn/", "with a program"},
	{"console.amazonaws.com", "in the console"}, {"signin.amazonaws.com", "in the console"},
	{"mozilla/", "in the console"},
	{"aws internal", "in the console"},
}

// With tells with what the change was made, in plain words: "with Terraform", "in the console", "through
// CloudFormation". It is empty where that cannot be told.
func (c Change) With() string {
	if service, ok := strings.CutSuffix(c.Actor.Via, ".amazonaws.com"); ok && c.Actor.Via != c.Actor.Name {
		return "through " + serviceName(service)
	}
	if c.fromConsole {
		return "in the console"
	}
	agent := strings.ToLower(c.UserAgent)
	for _, t := range tools {
		if strings.Contains(agent, t.mark) {
			return t.with
		}
	}
	return ""
}

// serviceName is what people call a service that makes calls for them.
func serviceName(prefix string) string {
	known := map[string]string{"cloudformation": "CloudFormation", "codedeploy": "CodeDeploy",
		"codepipeline": "CodePipeline",
		"autoscaling":  "Auto Scaling", "servicecatalog": "Service Catalog", "elasticbeanstalk": "Elastic Beanstalk",
		"ssm":            "Systems Manager",
		"secretsmanager": "Secrets Manager", "backup": "AWS Backup", "config": "AWS Config", "ecs": "ECS"}
	if name, ok := known[prefix]; ok {
		return name
	}
	return prefix
}
