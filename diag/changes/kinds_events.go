package changes

import (
	"maps"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// scheduleKinds are the events of what starts by itself: schedules, rules of EventBridge, state machines and the
// sources that feed functions; and of feature flags in AWS AppConfig.
func scheduleKinds() []kind {
	const events, flags = "events:", "appconfig:"
	rule, targets := ids(typeRule, "name"), ids(typeRule, "rule")
	schedule := ids("AWS::Scheduler::Schedule", "name")
	application := ids("AWS::AppConfig::Application", "applicationId")
	function := ids(typeFunction, "functionName", "=functionArn")
	machine := ids("AWS::StepFunctions::StateMachine", "stateMachineArn")
	profile := param("configurationProfileId", "configurationVersion")
	return []kind{
		{events + "PutRule", "schedule-changed", "set {target}{detail}", rule, param("scheduleExpression", "state"), nil},
		{events + "PutTargets", "schedule-changed", "set what {target} starts{detail}", targets, listOf("targets.arn"), nil},
		{events + "EnableRule", "schedule-changed", "enabled {target}", rule, nil, nil},
		{events + "DisableRule", "schedule-removed", "disabled {target}", rule, nil, enableRule},
		{events + "DeleteRule", "schedule-removed", "deleted {target}", rule, nil, nil},
		{events + "RemoveTargets", "schedule-removed", "took targets{detail} from {target}", targets, listOf("ids"), nil},
		{events + "DeleteEventBus", "schedule-removed", "deleted {target}", ids("AWS::Events::EventBus", "name"), nil, nil},
		{"scheduler:CreateSchedule", "schedule-changed", "created {target}{detail}", schedule,
			param("scheduleExpression", "state"), nil},
		{"scheduler:UpdateSchedule", "schedule-changed", "changed {target}{detail}", schedule,
			param("scheduleExpression", "state"), nil},
		{"scheduler:DeleteSchedule", "schedule-removed", "deleted {target}", schedule, nil, nil},
		{"states:UpdateStateMachine", "function-changed", "changed {target}", machine, nil, nil},
		{"states:DeleteStateMachine", "function-deleted", "deleted {target}", machine, nil, nil},

		{"lambda:DeleteFunctionConcurrency", "function-changed", "lifted the limit of {target}", function, nil, nil},
		{"lambda:PutProvisionedConcurrencyConfig", "function-changed", "set how many of {target} wait ready{detail}",
			function, param("provisionedConcurrentExecutions"), nil},
		{"lambda:DeleteProvisionedConcurrencyConfig", "function-changed", "let none of {target} wait ready", function,
			nil, nil},
		{"lambda:CreateEventSourceMapping", "function-changed", "fed {target} from a source{detail}", function,
			param("eventSourceArn"), nil},
		{"lambda:UpdateEventSourceMapping", "function-changed", "changed what feeds {target}{detail}", function,
			param("enabled", "batchSize"), nil},
		{"lambda:DeleteEventSourceMapping", "function-changed", "ended what feeds {target}", function, nil, nil},
		{"lambda:UpdateFunctionUrlConfig", "function-changed", "changed the address of {target}{detail}", function,
			param("authType"), nil},
		{"lambda:DeleteFunctionUrlConfig", "function-changed", "took the address of {target} away", function, nil, nil},
		{"lambda:DeleteAlias", "function-changed", "deleted an alias{detail} of {target}", function, param("name"), nil},

		{flags + "StartDeployment", "flag-changed", "rolled out a configuration{detail} of {target}", application, profile,
			stopFlags},
		{flags + "StopDeployment", "flag-changed", "stopped a roll-out{detail} of {target}", application,
			param("deploymentNumber"), nil},
		{flags + "UpdateConfigurationProfile", "flag-changed", "changed a configuration{detail} of {target}", application,
			profile, nil},
		{flags + "DeleteConfigurationProfile", "flag-changed", "deleted a configuration{detail} of {target}", application,
			profile, nil},
		{flags + "DeleteHostedConfigurationVersion", "flag-changed",
			"deleted a version of a configuration{detail} of {target}",
			application, profile, nil},
		{flags + "DeleteEnvironment", "flag-changed", "deleted an environment{detail} of {target}", application,
			param("environmentId"), nil},
	}
}

// reachKinds are the events of names and ways that VPCs share: Route 53 Resolver and its firewall, private zones, Cloud
// Map, transit gateways and prefix lists.
func reachKinds() []kind {
	const resolver, mesh = "route53resolver:", "servicediscovery:"
	vpc, rule := vpcOf, ids("AWS::Route53Resolver::ResolverRule", "resolverRuleId")
	endpoint := ids("AWS::Route53Resolver::ResolverEndpoint", "resolverEndpointId")
	block := ids("AWS::Route53Resolver::FirewallRuleGroup", "firewallRuleGroupId")
	domains := ids("AWS::Route53Resolver::FirewallDomainList", "firewallDomainListId")
	service := ids("AWS::ServiceDiscovery::Service", "serviceId", "id")
	routes := ids("AWS::EC2::TransitGatewayRouteTable", "transitGatewayRouteTableId")
	return []kind{
		{resolver + "AssociateResolverRule", "dns-settings-changed", "put a resolver rule{detail} on {target}", vpc,
			param("resolverRuleId"), nil},
		{resolver + "DisassociateResolverRule", "dns-removed", "took a resolver rule{detail} from {target}", vpc,
			param("resolverRuleId"), associateResolverRule},
		{resolver + "UpdateResolverRule", "dns-settings-changed", "changed {target}{detail}", rule,
			listOf("config.targetIps.ip"), nil},
		{resolver + "DeleteResolverRule", "dns-removed", "deleted {target}", rule, nil, nil},
		{resolver + "UpdateResolverEndpoint", "dns-settings-changed", "changed {target}", endpoint, nil, nil},
		{resolver + "DisassociateResolverEndpointIpAddress", "dns-removed", "took an address{detail} from {target}", endpoint,
			param("ipAddress.ip", "ipAddress.ipId"), nil},
		{resolver + "DeleteResolverEndpoint", "dns-removed", "deleted {target}", endpoint, nil, nil},
		{resolver + "AssociateFirewallRuleGroup", "dns-settings-changed", "put a DNS firewall{detail} on {target}",
			ids(typeVPC, "vpcId"), param("firewallRuleGroupId"), nil},
		{resolver + "CreateFirewallRule", "dns-settings-changed", "added a DNS firewall rule{detail} to {target}", block,
			param("action", "name"), nil},
		{resolver + "UpdateFirewallRule", "dns-settings-changed", "changed a DNS firewall rule{detail} of {target}", block,
			param("action", "name"), nil},
		{resolver + "UpdateFirewallDomains", "dns-settings-changed", "changed domains{detail} of {target}", domains,
			listOf("domains"), nil},
		{"route53:AssociateVPCWithHostedZone", "dns-settings-changed", "let {target} see a zone{detail}", vpc,
			param("hostedZoneId"), nil},
		{"route53:DisassociateVPCFromHostedZone", "dns-removed", "took a zone{detail} from {target}", vpc,
			param("hostedZoneId"), nil},
		{"route53:DeleteHostedZone", "dns-removed", "deleted {target}", ids(typeHostedZone, "id"), nil, nil},
		{"route53:UpdateHealthCheck", "dns-record-changed", "changed {target}{detail}",
			ids("AWS::Route53::HealthCheck", "healthCheckId"), settings, nil},
		{mesh + "DeregisterInstance", "dns-removed", "took an instance{detail} out of {target}", service,
			param("instanceId"), nil},
		{mesh + "UpdateService", "dns-settings-changed", "changed {target}", service, nil, nil},
		{mesh + "DeleteService", "dns-removed", "deleted {target}", service, nil, nil},

		{"ec2:ModifyManagedPrefixList", "prefix-list-changed", "changed {target}{detail}",
			ids("AWS::EC2::PrefixList", "prefixListId"), prefixes, nil},
		{"ec2:DeleteTransitGatewayRoute", "route-deleted", "deleted a route{detail} from {target}", routes,
			param("destinationCidrBlock"), nil},
		{"ec2:CreateTransitGatewayRoute", "route-changed", "added a route{detail} to {target}", routes,
			param("destinationCidrBlock"), nil},
		{"ec2:ReplaceTransitGatewayRoute", "route-changed", "replaced a route{detail} of {target}", routes,
			param("destinationCidrBlock"), nil},
		{"ec2:DisassociateTransitGatewayRouteTable", "network-link-removed", "took {target} from an attachment{detail}",
			routes, param("transitGatewayAttachmentId"), nil},
		{"ec2:DisableTransitGatewayRouteTablePropagation", "network-link-removed",
			"kept the routes of an attachment{detail} out of {target}", routes, param("transitGatewayAttachmentId"), nil},
		{"ec2:ModifyTransitGatewayVpcAttachment", "route-changed", "changed {target}",
			ids(typeAttachment, "transitGatewayAttachmentId"), nil, nil},
	}
}

// fleetKinds are the events of how hosts are made: launch templates, machine images and the machinery of Auto Scaling.
func fleetKinds() []kind {
	const scaling = "autoscaling:"
	template := ids(typeLaunchTemplate, "launchTemplateId", "=launchTemplateVersion.launchTemplateId",
		"=launchTemplate.launchTemplateId", "launchTemplateName")
	image := ids("AWS::EC2::Image", "imageId")
	asg := ids(typeScalingGroup, "autoScalingGroupName")
	return []kind{
		{"ec2:CreateLaunchTemplateVersion", "launch-template-changed", "wrote a new version{detail} of {target}", template,
			named("=launchTemplateVersion.versionNumber", "launchTemplateData.imageId", "launchTemplateData.instanceType"), nil},
		{"ec2:ModifyLaunchTemplate", "launch-template-changed", "made another version{detail} the default of {target}",
			template, param("defaultVersion", "setDefaultVersion"), nil},
		{"ec2:ModifyImageAttribute", "launch-template-changed", "changed {target}", image, nil, nil},
		{"ec2:DeleteLaunchTemplate", "launch-template-deleted", "deleted {target}", template, nil, nil},
		{"ec2:DeleteLaunchTemplateVersions", "launch-template-deleted", "deleted versions of {target}", template, nil, nil},
		{"ec2:DeregisterImage", "launch-template-deleted", "deregistered {target}", image, nil, nil},
		{"ec2:DisableImage", "launch-template-deleted", "disabled {target}", image, nil, nil},
		{scaling + "DeleteLaunchConfiguration", "launch-template-deleted", "deleted {target}",
			ids("AWS::AutoScaling::LaunchConfiguration", "launchConfigurationName"), nil, nil},
		{scaling + "PutScalingPolicy", "scaling-group-changed", "set a scaling policy{detail} of {target}", asg,
			param("policyName"), nil},
		{scaling + "DeletePolicy", "scaling-group-changed", "deleted a scaling policy{detail} of {target}", asg,
			param("policyName"), nil},
		{scaling + "PutScheduledUpdateGroupAction", "scaling-group-changed", "scheduled another size{detail} of {target}",
			asg,
			named("scheduledActionName", "minSize", "maxSize", "desiredCapacity"), nil},
		{scaling + "DeleteScheduledAction", "scaling-group-changed", "deleted a scheduled size{detail} of {target}", asg,
			param("scheduledActionName"), nil},
		{scaling + "PutLifecycleHook", "scaling-group-changed", "set a lifecycle hook{detail} of {target}", asg,
			param("lifecycleHookName", "lifecycleTransition"), nil},
		{scaling + "DeleteLifecycleHook", "scaling-group-changed", "deleted a lifecycle hook{detail} of {target}", asg,
			param("lifecycleHookName"), nil},
		{scaling + "RollbackInstanceRefresh", "scaling-group-changed", "took the new instances of {target} back", asg,
			nil, nil},
		{scaling + "DetachTrafficSources", "scaling-group-stopped", "took {target} out of where requests come from{detail}",
			asg,
			listOf("trafficSources.identifier"), nil},
		{scaling + "SetInstanceHealth", "instance-stopped", "set the health of {target}{detail}",
			ids(typeInstance, "instanceId"),
			param("healthStatus"), nil},
	}
}

// attributeNames tells which attributes were set, not their values: a policy is one of them.
func attributeNames(c *call) string {
	members, _ := c.params.get("attributes").value.(map[string]any)
	return some(slices.Sorted(maps.Keys(members)))
}

// cacheParameters lists the parameters of a cache that were set, by name.
func cacheParameters(c *call) string {
	var parts []string
	for _, p := range c.params.get("parameterNameValues").list() {
		name := p.get("parameterName").str()
		parts = append(parts, oneLine(name+" "+shown(name, p.get("parameterValue").str())))
	}
	return some(parts)
}

// prefixes tells which blocks came into a prefix list and which went.
func prefixes(c *call) string {
	var parts []string
	for _, way := range []struct{ word, path string }{{"with ", "addEntries.cidr"}, {"without ", "removeEntries.cidr"},
		{"with ", "addEntry.cidr"}, {"without ", "removeEntry.cidr"}} {
		for _, block := range c.params.all(way.path) {
			parts = append(parts, way.word+block)
		}
	}
	return some(parts)
}

// topicOf names the topic of a subscription, whose ARN goes on after the topic's with an id.
func topicOf(c *call) []diag.Resource {
	ref := c.params.first("subscriptionArn")
	if i := strings.LastIndex(ref, ":"); strings.Count(ref, ":") == 6 {
		return []diag.Resource{c.resource(typeTopic, ref[:i])}
	}
	return nil
}

// vpcOf is the VPC of an event about names. Route 53 is global and files its events in us-east-1; they tell where the
// VPC is ("AssociateVPCWithHostedZone", Amazon Route 53 API Reference).
func vpcOf(c *call) []diag.Resource {
	found := ids(typeVPC, "vPCId", "vPC.vPCId")(c)
	if region := c.params.first("vPC.vPCRegion"); region != "" {
		for i := range found {
			found[i].Region = region
		}
	}
	return found
}
