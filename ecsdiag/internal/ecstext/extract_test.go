package ecstext

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func number(n int) *int { return &n }

func TestFields(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       Fields
	}{
		{"nothing", "Essential container in task exited", Fields{}},
		{
			"secret denied", "failed to fetch secret " +
				"arn:aws-cn:secretsmanager:cn-north-1:210987654321:secret:db/main-AbCdEf from secrets " +
				"manager: AccessDeniedException: User: arn:aws-cn:sts::210987654321:assumed-role/exec/0a1b is not authorized to " +
				"perform: secretsmanager:GetSecretValue on resource: " +
				"arn:aws-cn:secretsmanager:cn-north-1:210987654321:secret:db/main-AbCdEf",
			Fields{
				Secret: "arn:aws-cn:secretsmanager:cn-north-1:210987654321:secret:db/main-AbCdEf",
				Role:   "arn:aws-cn:sts::210987654321:assumed-role/exec/0a1b",
				Action: "secretsmanager:GetSecretValue", APIError: "AccessDeniedException",
			},
		},
		{
			"action after a line break", "is not authorized to perform:\n  logs:CreateLogStream on resource: " +
				"arn:aws-us-gov:logs:us-gov-west-1:210987654321:log-group:/ecs/web:log-stream:x.",
			Fields{Action: "logs:CreateLogStream", LogGroup: "/ecs/web"},
		},
		{
			"parameter by ARN", "User: arn:aws:sts::210987654321:assumed-role/exec/x is not authorized to perform: " +
				"ssm:GetParameters on " +
				"resource: arn:aws:ssm:eu-west-1:210987654321:parameter/prod/db because no identity-based policy allows it",
			Fields{
				Parameter: "arn:aws:ssm:eu-west-1:210987654321:parameter/prod/db", Action: "ssm:GetParameters",
				Role: "arn:aws:sts::210987654321:assumed-role/exec/x",
			},
		},
		{"parameter by name", "Invalid ssm parameters: /prod/db/password", Fields{Parameter: "/prod/db/password"}},
		{"JSON key", "did not contain json key password.", Fields{JSONKey: "password"}},
		{
			"role", "ECS was unable to assume the role 'arn:aws:iam::210987654321:role/team/exec' that was provided for " +
				"this task.",
			Fields{Role: "arn:aws:iam::210987654321:role/team/exec"},
		},
		{
			"call", "RequestError: send request failed caused by: Post " +
				"\"https://api.ecr.ap-south-1.amazonaws.com/\": dial tcp 13.234.8.23:443: i/o timeout",
			Fields{APIError: "RequestError", Endpoint: "api.ecr.ap-south-1.amazonaws.com"},
		},
		{"lookup", "dial tcp: lookup logs.eu-west-1.amazonaws.com on 10.0.0.2:53: no such host",
			Fields{Endpoint: "logs.eu-west-1.amazonaws.com"}},
		{"code of the second SDK", "https response error StatusCode: 403, api error Forbidden: " +
			"Forbidden.", Fields{APIError: "Forbidden"}},
		{
			"EFS", "stderr: Failed to resolve \"fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com\" - check",
			Fields{FileSystem: "fs-0123456789abcdef0", Endpoint: "fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com"},
		},
		{
			"subnet", "attempting to Create Network Interface with public IP assignment enabled in subnet " +
				"'subnet-0a1b2c3d4e5f60718'",
			Fields{Subnet: "subnet-0a1b2c3d4e5f60718"},
		},
		{"interface", "eni-0a1b2c3d4e5f60718: InsufficientFreeAddressesInSubnet",
			Fields{Interface: "eni-0a1b2c3d4e5f60718", APIError: "InsufficientFreeAddressesInSubnet"}},
		{"host", "Host EC2 (instance i-0a1b2c3d4e5f60718) terminated.", Fields{Instance: "i-0a1b2c3d4e5f60718"}},
		{"exit code", "Task exited. Exit code: 137", Fields{ExitCode: number(137)}},
		{"exit code 0", "container exited with code 0", Fields{ExitCode: number(0)}},
		{"status of a command is no exit code", "The specified log group does not exist.: exit status 1", Fields{}},
		{"log group", "log group '/ecs/web-1' does not exist", Fields{LogGroup: "/ecs/web-1"}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, StoppedReason(c.text).Fields) })
	}
}

func TestEventFields(t *testing.T) {
	const group = "arn:aws:elasticloadbalancing:eu-west-1:210987654321:targetgroup/web/0123456789abcdef"
	for _, c := range []struct {
		name, text string
		want       Fields
	}{
		{
			"unhealthy on EC2", "(service web) (task aabbccddeeff00112233445566778899) (instance i-0a1b2c3d) (port " +
				"32768) is unhealthy in (target-group " + group + ") due to (reason Health checks failed with these codes: [502]).",
			Fields{
				Service: "web", TaskIDs: []string{"aabbccddeeff00112233445566778899"}, Instance: "i-0a1b2c3d", Port: 32768,
				TargetGroup: group, Reason: "Health checks failed with these codes: [502]",
			},
		},
		{
			"unhealthy in a task set", "(service web, taskSet ecs-svc/0123456789012345678) (port 80) is unhealthy in " +
				"(target-group web-tg) due to (reason Request timed out)",
			Fields{Service: "web", TaskSet: "ecs-svc/0123456789012345678", Port: 80, TargetGroup: "web-tg",
				Reason: "Request timed out"},
		},
		{
			"address as instance", "service web (instance 10.0.1.17) (port 8080) is unhealthy in target-group web-tg due " +
				"to (reason Timeout)",
			Fields{Service: "web", Instance: "10.0.1.17", Port: 8080, TargetGroup: "web-tg", Reason: "Timeout"},
		},
		{
			"classic", "service (web) (instance i-0a1b2c3d) is unhealthy in (elb web-elb) due to (reason Instance is down.)",
			Fields{Service: "web", Instance: "i-0a1b2c3d", LoadBalancer: "web-elb", Reason: "Instance is down"},
		},
		{
			"closest instance", "(service web) was unable to place a task because no container instance met all of its " +
				"requirements. The " +
				"closest matching (container-instance 0a1b2c3d-1111-2222-3333-444455556666) has insufficient memory available.",
			Fields{Service: "web", Instance: "0a1b2c3d-1111-2222-3333-444455556666"},
		},
		{
			"started", "(service web) has started 2 tasks: (task aabbccdd00112233) (task 99887766aabbccdd).",
			Fields{Service: "web", Count: 2, TaskIDs: []string{"aabbccdd00112233", "99887766aabbccdd"}},
		},
		{
			"in a zone", "(service web) has stopped 1 running tasks in eu-west-1b due to AZ rebalancing: (task " +
				"aabbccdd00112233).",
			Fields{Service: "web", Count: 1, Zone: "eu-west-1b", TaskIDs: []string{"aabbccdd00112233"}},
		},
		{"registered", "(service web) registered 3 targets in (target-group " + group + ")",
			Fields{Service: "web", Count: 3, TargetGroup: group}},
		{"deployment", "(service web) (deployment ecs-svc/0123456789012345678) deployment failed: tasks failed to start.",
			Fields{Service: "web", Deployment: "ecs-svc/0123456789012345678"}},
		{"rollout", "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/0123456789012345678.",
			Fields{Deployment: "ecs-svc/0123456789012345678"}},
		{"no service", "service call has been retried", Fields{}},
		{
			"ARNs of ECS", "arn:aws:ecs:eu-west-1:210987654321:task/prod/aabbccdd00112233 of " +
				"arn:aws:ecs:eu-west-1:210987654321:" +
				"task-definition/web:12 in arn:aws:ecs:eu-west-1:210987654321:cluster/prod on arn:aws:ecs:eu-west-1:210987654321:" +
				"container-instance/prod/99887766aabbccdd, arn:aws:ecs:eu-west-1:210987654321:service/prod/web.",
			Fields{
				TaskIDs: []string{"aabbccdd00112233"}, TaskDefinition: "web:12", Cluster: "prod", Instance: "99887766aabbccdd",
				Service: "web",
			},
		},
		{"alarm", "deployment failed: arn:aws:cloudwatch:eu-west-1:210987654321:alarm:web-5xx in " +
			"ALARM", Fields{Alarm: "web-5xx"}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, ServiceEvent(c.text).Fields) })
	}
}

func TestImageFields(t *testing.T) {
	const ecr = "210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn"
	for _, c := range []struct{ name, text, image, registry, repository, tag string }{
		{"nested repository", "failed to resolve ref \"" + ecr + "/team/web:v1\": not " +
			"found", ecr + "/team/web:v1", ecr, "team/web", "v1"},
		{"digest", "failed to resolve ref " + ecr + "/web@sha256:0a1b2c3d4e5f: not " +
			"found", ecr + "/web@sha256:0a1b2c3d4e5f", ecr, "web",
			"sha256:0a1b2c3d4e5f"},
		{"registry with a port", "manifest for registry.example:5000/a/b:2 not found", "registry.example:5000/a/b:2",
			"registry.example:5000", "a/b", "2"},
		{"Docker Hub", "pull access denied for acme/private, repository does not " +
			"exist", "acme/private", "", "acme/private", ""},
		{"official image", "manifest for nginx:1.99 not found: manifest unknown", "nginx:1.99", "", "nginx", "1.99"},
		{"quoted", "image 'acme/web:1' not found", "acme/web:1", "", "acme/web", "1"},
		{"repository alone", "The repository with name 'team/web' does not exist in the registry with id " +
			"'210987654321'", "", "",
			"team/web", ""},
		{"URL is no image, but names one", "Head \"https://quay.io/v2/acme/x/manifests/1\": dial tcp: i/o timeout", "",
			"quay.io", "acme/x", ""},
		{"file is no image", "write /var/lib/docker.d/tmp/GetImageBlob1: no space left on device", "", "", "", ""},
		{"verb is no image", "pull image manifest has been retried 5 time(s)", "", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ContainerReason("CannotPullContainerError: " + c.text).Fields
			assert.Equal(t, []string{c.image, c.registry, c.repository, c.tag},
				[]string{got.Image, got.Registry, got.Repository, got.Tag})
		})
	}
}
