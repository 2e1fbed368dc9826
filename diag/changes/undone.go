package changes

import (
	"cmp"
	"strings"
)

// inverse are the events that take an event back, by action.
var inverse = map[string][]string{
	"ec2:RevokeSecurityGroupIngress":    {"ec2:AuthorizeSecurityGroupIngress"},
	"ec2:RevokeSecurityGroupEgress":     {"ec2:AuthorizeSecurityGroupEgress"},
	"ec2:AuthorizeSecurityGroupIngress": {"ec2:RevokeSecurityGroupIngress"},
	"ec2:AuthorizeSecurityGroupEgress":  {"ec2:RevokeSecurityGroupEgress"},
	"ec2:DeleteRoute":                   {"ec2:CreateRoute"}, "ec2:CreateRoute": {"ec2:DeleteRoute"},
	"ec2:CreateNetworkAclEntry": {"ec2:DeleteNetworkAclEntry"}, "ec2:DeleteNetworkAclEntry": {"ec2:CreateNetworkAclEntry"},
	"ec2:DetachInternetGateway": {"ec2:AttachInternetGateway"}, "ec2:StopInstances": {"ec2:StartInstances"},
	"ec2:DetachVolume": {"ec2:AttachVolume"}, "autoscaling:SuspendProcesses": {"autoscaling:ResumeProcesses"},
	"ecs:UpdateContainerInstancesState":      {"ecs:UpdateContainerInstancesState"},
	"elasticloadbalancing:DeregisterTargets": {"elasticloadbalancing:RegisterTargets"},
	"iam:DetachRolePolicy":                   {"iam:AttachRolePolicy"}, "iam:AttachRolePolicy": {"iam:DetachRolePolicy"},
	"iam:DeleteRolePolicy": {"iam:PutRolePolicy"}, "iam:PutRolePermissionsBoundary": {"iam:DeleteRolePermissionsBoundary"},
	"iam:RemoveRoleFromInstanceProfile": {"iam:AddRoleToInstanceProfile"},
	"kms:DisableKey":                    {"kms:EnableKey"}, "kms:ScheduleKeyDeletion": {"kms:EnableKey"},
	"secretsmanager:DeleteSecret": {"secretsmanager:RestoreSecret"}, "ssm:DeleteParameter": {"ssm:PutParameter"},
	"rds:StopDBInstance": {"rds:StartDBInstance"}, "rds:StopDBCluster": {"rds:StartDBCluster"},
	"logs:DeleteLogGroup":                      {"logs:CreateLogGroup"},
	"wafv2:AssociateWebACL":                    {"wafv2:DisassociateWebACL"},
	"wafv2:DisassociateWebACL":                 {"wafv2:AssociateWebACL"},
	"organizations:AttachPolicy":               {"organizations:DetachPolicy"},
	"organizations:DetachPolicy":               {"organizations:AttachPolicy"},
	"iam:UpdateAccessKey":                      {"iam:UpdateAccessKey"},
	"iam:DetachUserPolicy":                     {"iam:AttachUserPolicy"},
	"iam:RemoveUserFromGroup":                  {"iam:AddUserToGroup"},
	"events:DisableRule":                       {"events:EnableRule"},
	"monitoring:DisableAlarmActions":           {"monitoring:EnableAlarmActions"},
	"lambda:PutFunctionConcurrency":            {"lambda:DeleteFunctionConcurrency"},
	"route53resolver:AssociateResolverRule":    {"route53resolver:DisassociateResolverRule"},
	"route53resolver:DisassociateResolverRule": {"route53resolver:AssociateResolverRule"},
	"route53:AssociateVPCWithHostedZone":       {"route53:DisassociateVPCFromHostedZone"},
	"route53:DisassociateVPCFromHostedZone":    {"route53:AssociateVPCWithHostedZone"},
}

// markUndone sets when each change was taken back, where another one of the same resource and of the same setting says
// so. The changes are in order, the oldest first.
func markUndone(all []Change) {
	for i := range all {
		c := &all[i]
		by := inverse[c.action()]
		for j := i + 1; j < len(all) && len(by) > 0 && len(c.Resources) > 0; j++ {
			o := all[j]
			if contains(by, o.action()) && o.Touches(c.Resources[0]) && (o.action() != c.action() || o.detail != c.detail) &&
				undoes(*c, o) {
				c.Until = o.At
				break
			}
		}
	}
}

// undoes reports that two opposite changes are about the same setting: the one may tell more of it than the other, as a
// new route tells where it leads. States are opposite by being different.
func undoes(c, o Change) bool {
	if c.action() == o.action() {
		return true
	}
	a, b := cmp.Or(c.detail, o.detail), cmp.Or(o.detail, c.detail)
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

func (c Change) action() string {
	return strings.TrimSuffix(c.EventSource, ".amazonaws.com") + ":" + c.EventName
}
