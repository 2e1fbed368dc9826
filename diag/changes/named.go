package changes

import "github.com/awsdiag/awsdiag/diag"

// mention tells which resources an event names beside the one that it touches, where a trouble may stand on these.
type mention struct {
	typ, role string
	paths     []string
}

// mentions are the mentions of events, by action.
var mentions = map[string][]mention{
	"elasticloadbalancing:ModifyRule":        forwardsTo,
	"elasticloadbalancing:CreateRule":        forwardsTo,
	"elasticloadbalancing:ModifyListener":    forwardsToByDefault,
	"elasticloadbalancing:CreateListener":    forwardsToByDefault,
	"elasticloadbalancing:SetSecurityGroups": {{typeSecurityGroup, "given to it", []string{"securityGroups"}}},
	"elasticloadbalancing:SetSubnets": {{typeSubnet, "given to it",
		[]string{"subnets", "subnetMappings.subnetId"}}},
	"ecs:UpdateContainerInstancesState": {{typeCluster, "cluster", []string{"cluster"}}},
	"ecs:DeregisterContainerInstance":   {{typeCluster, "cluster", []string{"cluster"}}},
	"ecs:UpdateService": {{typeTaskDefinition, "runs",
		[]string{"=service.taskDefinition", "taskDefinition"}}},
	"application-autoscaling:PutScalingPolicy":    scales,
	"application-autoscaling:DeleteScalingPolicy": scales,
	"ec2:AssociateRouteTable":                     {{typeSubnet, "given to", []string{"subnetId"}}},
	"ec2:CreateRoute":                             leadsTo,
	"ec2:ReplaceRoute":                            leadsTo,
	"ec2:ModifyVpcEndpoint": {{typeSubnet, "taken from it", []string{"removeSubnetIds", "removeSubnetId"}},
		{typeSecurityGroup, "given to it", []string{"addSecurityGroupIds", "addSecurityGroupId"}}},
	"ec2:AttachVolume":                 {{typeInstance, "attached to", []string{"instanceId", "=instanceId"}}},
	"ec2:DetachVolume":                 {{typeInstance, "attached to", []string{"instanceId", "=instanceId"}}},
	"ec2:ReplaceNetworkAclAssociation": {{typeNetworkACL, "given to it", []string{"networkAclId"}}},
	"ec2:DetachInternetGateway":        {{typeVPC, "detached from", []string{"vpcId"}}},
	"ec2:DeleteNatGateway":             {{typeSubnet, "in", []string{"=subnetId"}}},
	"rds:ModifyDBInstance": {{typeSecurityGroup, "given to it", []string{"vpcSecurityGroupIds"}},
		{typeDBParameters, "given to it", []string{"dBParameterGroupName"}}},
	"rds:ModifyDBCluster":               {{typeSecurityGroup, "given to it", []string{"vpcSecurityGroupIds"}}},
	"iam:DetachRolePolicy":              {{typePolicy, "taken from it", []string{"policyArn"}}},
	"iam:AttachRolePolicy":              {{typePolicy, "given to it", []string{"policyArn"}}},
	"iam:RemoveRoleFromInstanceProfile": {{typeRole, "taken from it", []string{"roleName"}}},
	"autoscaling:DetachInstances":       {{typeInstance, "detached", []string{"instanceIds"}}},
	"autoscaling:UpdateAutoScalingGroup": {{typeLaunchTemplate, "given to it", []string{"launchTemplate.launchTemplateId",
		"launchTemplate.launchTemplateName"}}},
	"autoscaling:DetachTrafficSources": {{typeTargetGroup, "taken from it",
		[]string{"trafficSources.identifier"}}},
	"autoscaling:DetachLoadBalancerTargetGroups":        {{typeTargetGroup, "taken from it", []string{"targetGroupARNs"}}},
	"elasticache:ModifyCacheCluster":                    givenGroups,
	"elasticache:ModifyReplicationGroup":                givenGroups,
	"elasticache:ModifyServerlessCache":                 givenGroups,
	"elasticfilesystem:ModifyMountTargetSecurityGroups": {{typeSecurityGroup, "given to it", []string{"securityGroups"}}},
	"organizations:AttachPolicy":                        {{typeAccount, "put on", []string{"targetId"}}},
	"organizations:DetachPolicy":                        {{typeAccount, "taken from", []string{"targetId"}}},
	"lambda:CreateEventSourceMapping":                   {{typeQueue, "fed from", []string{"eventSourceArn"}}},
	"route53:DisassociateVPCFromHostedZone":             {{typeHostedZone, "zone", []string{"hostedZoneId"}}},
	"route53resolver:DisassociateResolverRule": {{"AWS::Route53Resolver::ResolverRule", "taken from it",
		[]string{"resolverRuleId"}}},
	"servicediscovery:DeregisterInstance": {{typeInstance, "taken out", []string{"instanceId"}}},
	"events:PutTargets":                   {{typeCluster, "starts tasks in", []string{"targets.arn"}}},
	"route53:ChangeResourceRecordSets":    {{typeHostedZone, "zone", []string{"hostedZoneId"}}},
}

// givenGroups are the security groups of a cache.
var givenGroups = []mention{{typeSecurityGroup, "given to it", []string{"securityGroupIds"}}}

// scales is the target of a scaling policy, which stands beside the service that it scales.
var scales = []mention{{typeScalable, "scaled by it", []string{"resourceId"}}}

var (
	forwardsTo = []mention{{typeTargetGroup, "forwards to",
		[]string{"actions.targetGroupArn", "actions.forwardConfig.targetGroups.targetGroupArn"}}}
	forwardsToByDefault = []mention{{typeTargetGroup, "forwards to",
		[]string{"defaultActions.targetGroupArn", "defaultActions.forwardConfig.targetGroups.targetGroupArn"}}}
	leadsTo = []mention{{typeNATGateway, "leads to", []string{"natGatewayId"}},
		{typeIGW, "leads to", []string{"gatewayId"}}, {typeInterface, "leads to", []string{"networkInterfaceId"}}}
)

// maxNamed bounds the resources that a change names beside what it touches.
const maxNamed = 8

// named returns what the event names beside what it touched.
func (c *call) named(made Change) []diag.Related {
	var found []diag.Related
	for _, m := range mentions[c.action()] {
		for _, path := range m.paths {
			for _, r := range ids(m.typ, path)(c) {
				if len(found) == maxNamed {
					continue
				}
				if rel := (diag.Related{Resource: r, Role: m.role}); !made.Touches(r) {
					found = append(found, rel)
				}
			}
		}
	}
	return found
}
