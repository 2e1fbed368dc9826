package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

const (
	sourceEvents = "Amazon ECS Developer Guide: Amazon ECS service event messages"
	docEvents    = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html"
)

// needsTasks are what a service must be able to do to keep its tasks: what stands behind each is told by the trouble
// that breaks it.
var needsTasks = []diag.Mechanism{
	diag.Placement, diag.ImagePull, diag.SecretRead, diag.LogDelivery, diag.TaskStart, diag.TaskRun, diag.TargetReachable,
	diag.HealthCheck, diag.TaskCount,
}

var stepDeployments = diag.Step{
	Text:    "List the latest deployments with their outcomes.",
	Command: "aws ecs list-service-deployments --cluster {cluster} --service {service}",
}

// elbCauses say that a load balancer finds tasks unhealthy.
var elbCauses = []ecstext.Cause{ecstext.ELBHealthCheckFailed, ecstext.UnhealthyTarget}

// serviceCauses are the troubles of hosts, roles, load balancing and deployments that ECS reports of a service.
var serviceCauses = []cause{
	{
		code:   "ecs.task-failed-elb-health-check",
		title:  "Tasks replaced for failed load balancer health checks",
		causes: elbCauses,
		doc: "ECS stops tasks that the load balancer finds unhealthy, and starts others in their place. The reason is " +
			"in the target group's health checks; what containers say after that is a consequence.",
		say:    "are unhealthy in target group {target group} and replaced: {reason}",
		add:    addGrace,
		breaks: []diag.Mechanism{diag.TaskCount},
		needs:  []diag.Mechanism{diag.HealthCheck, diag.TargetReachable, diag.NetworkPath, diag.Application},
		source: sourceEvents,
		steps: []diag.Step{
			{
				Text:    "Read what the load balancer says of each target.",
				Command: "aws elbv2 describe-target-health --target-group-arn {target group arn}",
			},
			{
				Text:    "Compare path, port and expected codes of the health check with what the application serves.",
				Command: "aws elbv2 describe-target-groups --target-group-arns {target group arn}",
			},
			stepService,
		},
	},
	{
		code:   "ecs.tasks-replaced-unhealthy",
		title:  "Unhealthy tasks replaced",
		causes: []ecstext.Cause{ecstext.TasksReplacedUnhealthy},
		doc:    "ECS started tasks in place of unhealthy ones.",
		say:    "are found unhealthy and replaced",
		breaks: []diag.Mechanism{diag.TaskCount},
		needs:  []diag.Mechanism{diag.HealthCheck, diag.TargetReachable, diag.TaskCount, diag.TaskRun, diag.HostRun},
		source: sourceEvents,
		steps:  []diag.Step{stepService},
	},
	{
		code:   "ecs.target-group-missing",
		title:  "Target group does not exist",
		causes: []ecstext.Cause{ecstext.TargetGroupMissing},
		doc:    "The target group that the service registers its tasks in does not exist any more.",
		say:    "cannot be registered: target group {target group} does not exist",
		breaks: []diag.Mechanism{diag.Routing, diag.TaskCount},
		source: sourceEvents,
		steps: []diag.Step{
			stepService,
			{Text: "Point the service at a target group that exists.", Changes: true, Doc: docEvents},
		},
	},
	{
		code:   "ecs.target-registration-failed",
		title:  "Targets cannot be registered",
		causes: []ecstext.Cause{ecstext.TargetMissing, ecstext.TargetChangeFailed},
		doc:    "ECS cannot register its tasks in the target group or take them out, or does not find them there.",
		say:    "cannot be kept registered in {target group}",
		breaks: []diag.Mechanism{diag.Routing},
		needs:  []diag.Mechanism{diag.Permission},
		source: sourceEvents,
		steps:  []diag.Step{stepService},
	},
	{
		code:   "ecs.task-host-terminated",
		title:  "Host of the task went away",
		causes: []ecstext.Cause{ecstext.HostTerminated, ecstext.InstanceDeregistered},
		doc:    "The EC2 host was stopped, terminated or deregistered, and its tasks with it.",
		say:    "stopped because their host went away",
		breaks: breaksRun,
		needs:  []diag.Mechanism{diag.HostRun},
		mild:   true,
		source: sourceStopped,
		steps:  []diag.Step{stepTask, stepService},
	},
	{
		code:   "ecs.task-host-maintenance",
		title:  "Task retired by AWS",
		causes: []ecstext.Cause{ecstext.HostMaintenance, causeInfrastructure},
		doc:    "AWS retires the task or maintains the hardware below it; ECS starts another.",
		say:    "were retired by AWS for maintenance or the health of its hardware",
		breaks: breaksRun,
		mild:   true,
		source: sourceStopped,
		steps:  []diag.Step{stepService},
	},
	{
		code:   "ecs.task-spot-interrupted",
		title:  "Spot capacity reclaimed",
		causes: []ecstext.Cause{ecstext.SpotInterrupted},
		doc:    "AWS took Spot capacity back; ECS starts other tasks as capacity allows.",
		say:    "were stopped: Spot capacity was reclaimed",
		breaks: breaksRun,
		mild:   true,
		source: sourceStopped,
		steps: []diag.Step{
			stepService,
			{Text: "Keep a base of on-demand capacity in the capacity provider strategy.", Changes: true},
		},
	},
	{
		code:   "ecs.task-stopped-by-user",
		title:  "Task stopped by a person or program",
		causes: []ecstext.Cause{ecstext.UserStopped},
		doc:    "Somebody called StopTask. ECS replaces the task.",
		say:    "were stopped by a StopTask call",
		info:   true,
		source: sourceStopped,
		breaks: breaksRun,
		steps: []diag.Step{
			{
				Text: "Find out who called StopTask.",
				Command: "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=StopTask " +
					"--max-results 20",
			},
		},
	},
	{
		code:   "ecs.task-role-not-assumable",
		title:  "Role cannot be assumed",
		causes: []ecstext.Cause{ecstext.RoleAssumeFailed},
		doc: "ECS cannot assume the task or execution role: it does not exist, or its trust policy does not name " +
			"ecs-tasks.amazonaws.com.",
		say:    "cannot start: ECS cannot assume role {role}",
		breaks: []diag.Mechanism{diag.TaskStart, diag.SecretRead},
		needs:  []diag.Mechanism{diag.Permission},
		source: sourceEvents,
		steps: []diag.Step{
			{
				Text:    "Read the trust policy of the role.",
				Command: "aws iam get-role --role-name {role} --query Role.AssumeRolePolicyDocument",
			},
		},
	},
	{
		code:   "ecs.service-iam-misconfigured",
		title:  "ECS lacks permissions for the service",
		causes: []ecstext.Cause{ecstext.IAMMisconfigured, ecstext.InfraRoleDenied, ecstext.AccessDenied},
		doc:    "Permissions or a trust policy were changed, so that ECS can no longer maintain the service.",
		say:    "cannot be maintained: ECS is denied what it needs ({action})",
		breaks: []diag.Mechanism{diag.TaskStart, diag.TaskCount},
		needs:  []diag.Mechanism{diag.Permission},
		source: sourceEvents,
		steps: []diag.Step{
			stepService,
			{Text: "Look at the service-linked role.", Command: "aws iam get-role --role-name AWSServiceRoleForECS"},
		},
	},
	{
		code:   "ecs.service-throttled",
		title:  "ECS is throttled for the service",
		causes: []ecstext.Cause{ecstext.Throttled},
		doc:    "Calls that ECS makes for the service are throttled, so that tasks start or stop late.",
		say:    "are slow to start or stop: ECS is throttled",
		breaks: []diag.Mechanism{diag.TaskCount},
		source: sourceEvents,
		steps:  []diag.Step{stepService},
	},
	{
		code:   "ecs.service-internal-error",
		title:  "ECS reports an internal error",
		causes: []ecstext.Cause{ecstext.InternalError},
		doc: "ECS reports an error of its own. For Fargate it may stand for a subnet in a zone that Fargate does not " +
			"serve.",
		say:    "cannot start: ECS reports an internal error",
		breaks: breaksStart,
		source: sourceEvents,
		steps:  []diag.Step{stepService, stepTask},
	},
	{
		code:     "ecs.service-scale-in-blocked",
		title:    "Scale-in blocked by task protection",
		causes:   []ecstext.Cause{ecstext.TaskProtection},
		doc:      "Tasks under scale-in protection keep the service from becoming steady.",
		say:      "are under scale-in protection and keep the service from becoming steady",
		mild:     true,
		patience: 2 * time.Hour,
		breaks:   []diag.Mechanism{diag.Rollout},
		source:   sourceEvents,
		add:      addSurplus,
		steps: []diag.Step{stepService, {Text: "See which tasks are protected, until when, and end the protection of those " +
			"that are done.", Command: "aws ecs get-task-protection --cluster {cluster}",
			Doc: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html"}},
	},
	{
		code:   "ecs.deployment-failed",
		lasts:  true,
		title:  "Deployment failed",
		causes: []ecstext.Cause{ecstext.DeploymentFailed, ecstext.CircuitBreakerFailed},
		doc: "A deployment failed, as a rule because the circuit breaker counted too many tasks that did not start or " +
			"were unhealthy.",
		say:     "are not replaced by the new revision: the deployment failed",
		breaks:  []diag.Mechanism{diag.Rollout},
		needs:   needsTasks,
		actions: append(slices.Clone(actionsTasksAndDef), actionsDeployments...),
		add:     addDeployment,
		source:  sourceEvents,
		steps:   []diag.Step{stepService, stepDeployments},
	},
	{
		code:    "ecs.deployment-rolled-back",
		lasts:   true,
		title:   "Deployment rolled back",
		causes:  []ecstext.Cause{ecstext.DeploymentRollback, ecstext.CircuitBreakerRollback},
		doc:     "The service went back, or goes back, to an earlier deployment.",
		say:     "are those of an earlier revision: the deployment was rolled back",
		breaks:  []diag.Mechanism{diag.Rollout},
		needs:   append([]diag.Mechanism{diag.Rollout}, needsTasks...),
		actions: append(slices.Clone(actionsTasksAndDef), actionsDeployments...),
		add:     addDeployment,
		source:  sourceEvents,
		steps:   []diag.Step{stepService, stepDeployments},
	},
	{
		code:    "ecs.deployment-alarm",
		title:   "Deployment ended by an alarm",
		causes:  []ecstext.Cause{ecstext.DeploymentAlarm},
		doc:     "A CloudWatch alarm of the deployment configuration went off, and the deployment was ended.",
		say:     "are not replaced by the new revision: alarm {alarm} ended the deployment",
		breaks:  []diag.Mechanism{diag.Rollout},
		needs:   append([]diag.Mechanism{diag.Request, diag.Routing}, needsTasks...),
		actions: append(slices.Clone(actionsTasksAndDef), actionsDeployments...),
		add:     addDeployment,
		source:  sourceEvents,
		steps: []diag.Step{
			stepService,
			{Text: "Look at the alarm.", Command: "aws cloudwatch describe-alarms --alarm-names {alarm}"},
		},
	},
	{
		code:   "ecs.deployment-config-blocked",
		title:  "Deployment blocked by its percentages",
		causes: []ecstext.Cause{ecstext.DeploymentConfigBlocked},
		doc:    "minimumHealthyPercent and maximumPercent leave no task that may be stopped or started.",
		say:    "cannot be replaced: minimumHealthyPercent and maximumPercent block each other",
		breaks: []diag.Mechanism{diag.Rollout, diag.TaskCount},
		source: sourceEvents,
		steps: []diag.Step{
			{
				Text: "Read the percentages and the desired count.",
				Command: "aws ecs describe-services --cluster {cluster} --services {service} --query " +
					"'services[0].[desiredCount,deploymentConfiguration]'",
			},
		},
	},
	{
		code:   "ecs.service-start-impaired",
		title:  "Tasks fail to start again and again",
		causes: []ecstext.Cause{ecstext.StartImpaired},
		doc:    "ECS is unable to consistently start tasks successfully and slows its launches.",
		say:    "fail again and again: ECS is unable to consistently start tasks and slows its launches",
		breaks: []diag.Mechanism{diag.Rollout, diag.TaskCount},
		needs:  needsTasks,
		source: sourceEvents,
		steps:  []diag.Step{stepService},
	},
	{
		code:   "ecs.service-not-steady",
		title:  "Service does not become steady",
		causes: []ecstext.Cause{ecstext.NotSteady},
		doc:    "ECS reports that the service does not become steady, without a reason that is known.",
		say:    "do not reach a steady state",
		breaks: []diag.Mechanism{diag.TaskCount},
		needs:  needsTasks,
		source: sourceEvents,
		steps:  []diag.Step{stepService},
	},
}

// addSurplus tells how many more tasks run than should.
func addSurplus(_ context.Context, _ *Service, g *group) error {
	if run, want := g.service.RunningCount, g.service.DesiredCount; run > want {
		g.tail = fmt.Sprintf(" (%d run, %d should)", run, want)
		g.proof = append(g.proof, evidence(sourceServices, "runningCount, desiredCount", fmt.Sprintf("%d, %d", run, want)))
	}
	return nil
}
