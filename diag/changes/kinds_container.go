package changes

import (
	"cmp"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// containerKinds are the events of ECS ("Actions", Amazon ECS API Reference), of ECR and of Application Auto Scaling.
func containerKinds() []kind {
	definition := ids(typeTaskDefinition, "=taskDefinition.taskDefinitionArn", "taskDefinition")
	repository := ids(typeRepository, "repositoryName")
	cluster := ids(typeCluster, "cluster", "clusterName", "=cluster.clusterName")
	image := param("imageTag", "imageIds.imageTag", "imageIds.imageDigest")
	return []kind{
		{"ecs:RegisterTaskDefinition", "task-definition-registered", "registered {target}{detail}", definition, images, nil},
		{"ecs:DeregisterTaskDefinition", "task-definition-deregistered", "deregistered {target}", definition, nil, nil},
		{"ecs:DeleteTaskDefinitions", "task-definition-deregistered", "deleted {target}",
			ids(typeTaskDefinition, "taskDefinitions"), nil, nil},
		{"ecs:UpdateService", "service-updated", "updated {target}{detail}", ecsService, update, rollBack},
		{"ecs:CreateService", "service-updated", "created {target}{detail}", ecsService, update, nil},
		{"ecs:UpdateServicePrimaryTaskSet", "service-updated", "moved {target} to another task set{detail}", ecsService,
			param("primaryTaskSet"), nil},
		{"ecs:StopServiceDeployment", "service-updated", "stopped a deployment{detail}", (*call).listed,
			param("serviceDeploymentArn"), nil},
		{"ecs:DeleteService", "service-deleted", "deleted {target}", ecsService, nil, nil},
		{"ecs:StopTask", "task-stopped", "stopped {target}{detail}", ids(typeTask, "task"), param("reason"), nil},
		{"ecs:RunTask", "other", "ran a task{detail} on {target}", cluster, param("taskDefinition"), nil},
		{"ecs:ExecuteCommand", "command-run", "ran a command in {target}{detail}", ids(typeTask, "task"), param("container"),
			nil},
		{"ecs:UpdateContainerInstancesState", "container-instance-drained", "set {target} to another state{detail}",
			containerInstances, param("status"), undrain},
		{"ecs:DeregisterContainerInstance", "container-instance-drained", "deregistered {target}", containerInstances, nil,
			nil},
		{"ecs:PutClusterCapacityProviders", "cluster-changed", "set the capacity providers of {target}{detail}", cluster,
			param("capacityProviders"), nil},
		{"ecs:UpdateCluster", "cluster-changed", "changed {target}{detail}", cluster, settings, nil},
		{"ecs:UpdateClusterSettings", "cluster-changed", "changed {target}", cluster, nil, nil},
		{"ecs:DeleteCluster", "cluster-changed", "deleted {target}", cluster, nil, nil},
		{"ecs:UpdateCapacityProvider", "cluster-changed", "changed a capacity provider{detail}", (*call).listed,
			param("name"), nil},
		{"ecs:DeleteCapacityProvider", "cluster-changed", "deleted a capacity provider{detail}", (*call).listed,
			param("capacityProvider"), nil},
		{"application-autoscaling:RegisterScalableTarget", "scaling-changed", "set the scaling limits of {target}{detail}",
			scalable, named("minCapacity", "maxCapacity"), nil},
		{"application-autoscaling:DeregisterScalableTarget", "scaling-changed", "ended the scaling of {target}", scalable,
			nil, nil},
		{"application-autoscaling:PutScalingPolicy", "scaling-changed", "set a scaling policy{detail} of {target}", scalable,
			named("policyName", "targetTrackingScalingPolicyConfiguration.targetValue"), nil},
		{"application-autoscaling:DeleteScalingPolicy", "scaling-removed", "deleted a scaling policy{detail} of {target}",
			scalable, param("policyName"), nil},
		{"ecr:PutImage", "image-pushed", "pushed an image{detail} to {target}", repository, image, nil},
		{"ecr:BatchDeleteImage", "image-deleted", "deleted images{detail} from {target}", repository, image, nil},
		{"ecr:DeleteRepository", "image-deleted", "deleted {target}", repository, nil, nil},
		{"ecr:PutLifecyclePolicy", "lifecycle-policy-changed", "set the lifecycle policy of {target}", repository, nil, nil},
		{"ecr:SetRepositoryPolicy", "resource-policy-changed", "rewrote the policy of {target}", repository, nil, nil},
		{"ecr:DeleteRepositoryPolicy", "resource-policy-deleted", "deleted the policy of {target}", repository, nil, nil},
	}
}

// ecsService names a service by its cluster too: "prod/api". Without a cluster the call is about the default one.
func ecsService(c *call) []diag.Resource {
	name := c.params.first("service", "serviceName")
	if arn := c.response.first("service.serviceArn"); strings.Count(arn, "/") == 2 {
		return []diag.Resource{c.resource(typeService, arn)}
	}
	if name == "" {
		return nil
	}
	if strings.Count(name, "/") == 2 {
		return []diag.Resource{c.resource(typeService, name)}
	}
	cluster := cmp.Or(c.response.first("service.clusterArn"), c.params.first("cluster"), "default")
	return []diag.Resource{c.resource(typeService, lastPart(cluster)+"/"+lastPart(name))}
}

func lastPart(s string) string { return s[strings.LastIndex(s, "/")+1:] }

// containerInstances have no CloudFormation type; the name follows the others.
func containerInstances(c *call) []diag.Resource {
	return ids("AWS::ECS::ContainerInstance", "containerInstances", "containerInstance")(c)
}

// scalable names the service that Application Auto Scaling scales: "service/prod/api".
func scalable(c *call) []diag.Resource {
	id := c.params.first("resourceId")
	if name, ok := strings.CutPrefix(id, "service/"); ok {
		return []diag.Resource{c.resource(typeService, name)}
	}
	return c.listed()
}

// images tells what a task definition runs, and with how much.
func images(c *call) string {
	var parts []string
	for _, container := range c.params.get("containerDefinitions").list() {
		if image := container.get("image").str(); image != "" {
			parts = append(parts, "image "+lastPart(image))
		}
	}
	for _, name := range []string{"cpu", "memory"} {
		if v := c.params.first(name); v != "" {
			parts = append(parts, name+" "+v)
		}
	}
	return some(parts)
}

// update tells what a service was told to be.
func update(c *call) string {
	var parts []string
	if td := c.params.first("taskDefinition"); td != "" {
		parts = append(parts, setting{name: "task definition", value: lastPart(td), was: c.ranBefore(td)}.String())
	}
	if n := c.params.first("desiredCount"); n != "" {
		told := "desired count " + n
		if ran := c.response.first("service.runningCount"); ran != "" && ran != n && c.name == "UpdateService" {
			told += " while " + ran + " ran"
		}
		parts = append(parts, told)
	}
	if c.params.first("forceNewDeployment") == "true" {
		parts = append(parts, "a new deployment of the same")
	}
	for _, s := range []struct{ path, name string }{
		// The call takes them together: that they stand here does not say that each is new.
		{"networkConfiguration.awsvpcConfiguration.assignPublicIp", "public IP"},
		{"networkConfiguration.awsvpcConfiguration.subnets", "in"},
		{"networkConfiguration.awsvpcConfiguration.securityGroups", "behind"},
		{"loadBalancers.targetGroupArn", "target group"}, {"loadBalancers.containerPort", "container port"},
		{"capacityProviderStrategy.capacityProvider", "capacity provider"},
		{"deploymentConfiguration.minimumHealthyPercent", "minimum healthy percent"},
		{"deploymentConfiguration.maximumPercent", "maximum percent"},
		{"healthCheckGracePeriodSeconds", "health check grace period seconds"}, {"platformVersion", "platform version"},
		{"enableExecuteCommand", "enable execute command"}, {"serviceRegistries.registryArn", "service registry"}} {
		if values := c.params.all(s.path); len(values) > 0 {
			for i, v := range values {
				values[i] = shortName(v)
			}
			parts = append(parts, s.name+" "+some(values))
		}
	}
	return some(parts)
}

// shortName is what people call what an ARN names: a target group by its name, other things by what comes last.
func shortName(ref string) string {
	if _, group, ok := strings.Cut(ref, ":targetgroup/"); ok {
		name, _, _ := strings.Cut(group, "/")
		return name
	}
	return lastPart(ref)
}

// ranBefore returns the task definition that the deployment before ran, as the answer to UpdateService tells of
// deployments that are not the primary one; "" if there is none, or more than one.
func (c *call) ranBefore(now string) string {
	was := ""
	for _, d := range c.response.get("service", "deployments").list() {
		td := lastPart(d.get("taskDefinition").str())
		if d.get("status").str() == "PRIMARY" || td == "" || td == lastPart(now) {
			continue
		}
		if was != "" && was != td {
			return ""
		}
		was = td
	}
	return was
}
