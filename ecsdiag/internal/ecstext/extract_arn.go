package ecstext

import (
	"regexp"
	"strings"
)

// arn finds ARNs of every partition, redacted regions and accounts included. Groups: service, resource.
var arn = regexp.MustCompile("arn:aws[a-z-]*:([a-z0-9-]+):[^:\\s]*:[^:\\s]*:([^\\s\"'`‘’,;()\\[\\]{}<>\\\\]+)")

func (f *Fields) addARNs(text string) {
	for _, m := range arn.FindAllStringSubmatch(text, -1) {
		whole, resource := strings.TrimRight(m[0], ".:"), strings.TrimRight(m[2], ".:")
		f.addARN(m[1], whole, resource)
	}
}

func (f *Fields) addARN(service, whole, resource string) {
	kind, name := splitResource(resource)
	switch service + " " + kind {
	case "secretsmanager secret":
		keep(&f.Secret, whole)
	case "ssm parameter":
		keep(&f.Parameter, whole)
	case "iam role":
		f.Role = whole // a role says more than the session of an earlier place
	case "sts assumed-role":
		keep(&f.Role, whole)
	case "elasticloadbalancing targetgroup":
		keep(&f.TargetGroup, whole)
	case "elasticloadbalancing loadbalancer":
		keep(&f.LoadBalancer, whole)
	case "logs log-group":
		group, _, _ := strings.Cut(name, ":")
		keep(&f.LogGroup, group)
	case "ecr repository":
		keep(&f.Repository, name)
	case "elasticfilesystem file-system":
		keep(&f.FileSystem, name)
	case "cloudwatch alarm":
		keep(&f.Alarm, name)
	case "ecs task":
		f.addTask(lastPart(name))
	case "ecs container-instance":
		keep(&f.Instance, lastPart(name))
	case "ecs cluster":
		keep(&f.Cluster, name)
	case "ecs service":
		keep(&f.Service, lastPart(name))
	case "ecs task-definition":
		keep(&f.TaskDefinition, name)
	}
}

// splitResource cuts "role/name", "secret:name" and "targetgroup/name/id" after the type.
func splitResource(resource string) (kind, name string) {
	i := strings.IndexAny(resource, "/:")
	if i < 0 {
		return resource, ""
	}
	return resource[:i], resource[i+1:]
}

func keep(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

func lastPart(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
