package ecsdiag

import (
	"context"
	"regexp"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

var (
	breaksPlacement = []diag.Mechanism{diag.Placement}

	actionsPlacement = []string{"ecs:DescribeServices", "ecs:ListTasks", "ecs:DescribeTasks", "ecs:DescribeTaskDefinition",
		"ecs:ListContainerInstances", "ecs:DescribeContainerInstances"}

	stepInstances = diag.Step{
		Text: "List what each container instance has left.",
		Command: "aws ecs describe-container-instances --cluster {cluster} --container-instances $(aws ecs " +
			"list-container-instances --cluster {cluster} --query 'containerInstanceArns[]' --output text)",
	}
	stepCapacity = diag.Step{Text: "Add container instances, ask for less, or let old tasks stop first " +
		"(minimumHealthyPercent below 100).", Changes: true, Doc: docEvents}
)

// onHosts makes a row about tasks that find no place on container instances, with the numbers of each.
func onHosts(code diag.Code, title, doc, say string, causes ...ecstext.Cause) cause {
	return cause{
		code: code, title: title, doc: doc, say: say, causes: causes, breaks: breaksPlacement,
		needs:   []diag.Mechanism{diag.HostRun, diag.AgentConnect},
		actions: actionsPlacement, add: addPlacement, source: sourceEvents, steps: []diag.Step{stepInstances,
			stepDefinition, stepCapacity},
	}
}

// placementCauses are the reasons for which a task finds no place.
var placementCauses = []cause{
	onHosts("ecs.placement-no-memory", "No memory left for a task",
		"No container instance has as much memory left as a task asks for.",
		"cannot be placed: insufficient memory available on every container instance", ecstext.PlacementMemory),
	onHosts("ecs.placement-no-cpu", "No CPU left for a task",
		"No container instance has as many CPU units left as a task asks for.",
		"cannot be placed: insufficient CPU units on every container instance", ecstext.PlacementCPU),
	onHosts("ecs.placement-no-gpu", "No GPU left for a task",
		"No container instance has as many GPUs left as a task asks for.",
		"cannot be placed: no container instance has a GPU left", ecstext.PlacementGPU),
	onHosts("ecs.placement-port-in-use", "Host port taken",
		"Every container instance already uses a host port that the task definition fixes.",
		"cannot be placed: every container instance is already using a host port of the task", ecstext.PlacementPort,
		ecstext.PlacementPortLimit),
	onHosts("ecs.placement-no-eni", "No network interface left",
		"No container instance can attach another network interface.",
		"cannot be placed: no container instance can attach another network interface", ecstext.PlacementENI),
	onHosts("ecs.placement-attribute-missing", "Required attribute missing",
		"No container instance has an attribute that the task definition requires.",
		"cannot be placed: no container instance has an attribute that the task requires", ecstext.PlacementAttribute),
	onHosts("ecs.placement-constraint-unmet", "Placement constraint unmet",
		"No container instance satisfies the placement constraints.",
		"cannot be placed: no container instance satisfies the placement constraints", ecstext.PlacementConstraint),
	onHosts("ecs.placement-no-instances", "No container instance",
		"The cluster or capacity provider has no container instance.",
		"cannot be placed: the cluster has no container instance for them", ecstext.PlacementNoInstances),
	onHosts("ecs.placement-unmet", "No container instance fits",
		"No container instance met all requirements; the event does not say which.",
		"cannot be placed: no container instance meets all requirements", ecstext.PlacementUnmet, ecstext.PlacementOther),
	onHosts("ecs.placement-agent-disconnected", "Agent not connected",
		"The agent of the closest matching container instance is not connected, or did not start the task in time.",
		"cannot be placed: the agent of the container instance is not connected", ecstext.AgentDisconnected),
	{
		code:   "ecs.placement-provisioning-limit",
		title:  "Too many tasks in provisioning",
		causes: []ecstext.Cause{ecstext.ProvisioningLimit},
		doc:    "The cluster has as many tasks waiting for capacity as it may (PROVISIONING).",
		say:    "cannot be placed: too many tasks wait for capacity in the cluster",
		breaks: breaksPlacement,
		source: sourceEvents,
		needs:  []diag.Mechanism{diag.HostRun},
		steps:  []diag.Step{stepService},
	},
	{
		code:   "ecs.placement-zone",
		title:  "No place in a zone",
		causes: []ecstext.Cause{ecstext.PlacementZone},
		doc:    "A task could not be placed in one Availability Zone. On Fargate that zone has no capacity at present.",
		say:    "cannot be placed in one Availability Zone",
		breaks: breaksPlacement,
		needs:  []diag.Mechanism{diag.HostRun, diag.AgentConnect},
		source: sourceEvents,
		steps:  []diag.Step{stepService, {Text: "Use subnets in more zones.", Changes: true, Doc: docEvents}},
	},
	{
		code:   "ecs.placement-fargate-capacity",
		title:  "No Fargate capacity",
		causes: []ecstext.Cause{ecstext.FargateCapacity},
		doc:    "Fargate has no capacity in the zone at present.",
		say:    "cannot be placed: Fargate has no capacity at present",
		breaks: breaksPlacement,
		source: sourceEvents,
		steps: []diag.Step{
			stepService,
			{
				Text:    "Use subnets in more zones, or a capacity provider strategy with FARGATE beside FARGATE_SPOT.",
				Changes: true,
			},
		},
	},
	{
		code:   "ecs.placement-instance-capacity",
		title:  "No EC2 capacity",
		causes: []ecstext.Cause{ecstext.ManagedInstanceCapacity},
		doc:    "EC2 has no capacity for the instances that the capacity provider would launch.",
		say:    "cannot be placed: EC2 has no capacity for the instances they need",
		breaks: breaksPlacement,
		source: sourceEvents,
		steps:  []diag.Step{stepService},
	},
	{
		code:   "ecs.placement-quota-reached",
		title:  "Account quota reached",
		causes: []ecstext.Cause{ecstext.QuotaExceeded},
		doc:    "A quota of the account is reached: concurrent tasks, vCPUs or Spot instances.",
		say:    "cannot be placed: a quota of the account is reached",
		add:    addQuota,
		breaks: breaksPlacement,
		source: sourceEvents,
		steps: []diag.Step{
			{Text: "List the quotas of Fargate.", Command: "aws service-quotas list-service-quotas --service-code fargate"},
			stepService,
		},
	},
	{
		code:   "ecs.placement-compute-incompatible",
		title:  "Task definition does not fit the compute",
		causes: []ecstext.Cause{ecstext.ComputeIncompatible},
		doc:    "The task definition does not fit the launch type or capacity provider of the service.",
		say:    "cannot be placed: the task definition does not fit the launch type or capacity provider",
		breaks: breaksPlacement,
		source: sourceEvents,
		steps:  []diag.Step{stepDefinition, stepService},
	},
}

// limitedNumber is what the account may not run more of: "You’ve reached the limit on the number of vCPUs you can run
// concurrently" ("Amazon ECS service event messages").
var limitedNumber = regexp.MustCompile(`limit on the number of ([\w -]{1,40}?) (?:that )?you can`)

// addQuota names the quota.
func addQuota(_ context.Context, _ *Service, g *group) error {
	if m := limitedNumber.FindStringSubmatch(g.last().text); m != nil {
		g.tail = " (number of " + m[1] + " that may run at once)"
	}
	return nil
}
