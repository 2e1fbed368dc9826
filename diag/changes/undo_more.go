package changes

import (
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

func disassociateWebACL(c *call, _ diag.Resource) []diag.Step {
	return steps("Take the web ACL away again, if it blocks what should pass.",
		command("aws wafv2 disassociate-web-acl --resource-arn %s", c.params.first("resourceArn")))
}

func attachOrgPolicy(c *call, _ diag.Resource) []diag.Step { return orgPolicy(c, "attach", "needed") }

func detachOrgPolicy(c *call, _ diag.Resource) []diag.Step {
	return orgPolicy(c, "detach", "it denies what is needed")
}

// orgPolicy puts a policy of the organization back to where it was; only the management account may.
func orgPolicy(c *call, verb, why string) []diag.Step {
	return steps("From the management account, "+verb+" the policy again, if "+why+".",
		command("aws organizations "+verb+"-policy --policy-id %s --target-id %s", c.params.first("policyId"),
			c.params.first("targetId")))
}

func enableAccessKey(c *call, r diag.Resource) []diag.Step {
	if c.params.first("status") != "Inactive" {
		return nil
	}
	return steps("Make the access key active again, if something still uses it.",
		command("aws iam update-access-key --user-name %s --access-key-id %s --status Active", r.ID,
			c.params.first("accessKeyId")))
}

func attachUserPolicy(c *call, r diag.Resource) []diag.Step {
	return steps("Attach the policy again, if the user needs it.",
		command("aws iam attach-user-policy --user-name %s --policy-arn %s", r.ID, c.params.first("policyArn")))
}

func addToGroup(c *call, r diag.Resource) []diag.Step {
	return steps("Put the user back into the group, if it needs what the group may do.",
		command("aws iam add-user-to-group --user-name %s --group-name %s", r.ID, c.params.first("groupName")))
}

func enableRule(c *call, r diag.Resource) []diag.Step {
	bus := c.params.first("eventBusName")
	if bus == "" {
		bus = "default"
	}
	return steps("Enable the rule again.", command("aws events enable-rule --name %s --event-bus-name %s", r.ID, bus))
}

func associateResolverRule(c *call, r diag.Resource) []diag.Step {
	return steps("Put the resolver rule back on the VPC.",
		command("aws route53resolver associate-resolver-rule --resolver-rule-id %s --vpc-id %s",
			c.params.first("resolverRuleId"), r.ID))
}

// stopFlags stops a roll-out that is still under way, and takes it back.
func stopFlags(c *call, r diag.Resource) []diag.Step {
	return steps("Take the configuration back, if the roll-out ended within the last three days or is still under way.",
		command("aws appconfig stop-deployment --allow-revert --application-id %s --environment-id %s --deployment-number %s",
			r.ID, c.params.first("environmentId"), c.response.first("deploymentNumber")))
}

func enableAlarms(c *call, _ diag.Resource) []diag.Step {
	return steps("Let the alarms act again.",
		command("aws cloudwatch enable-alarm-actions --alarm-names"+strings.Repeat(" %s", len(c.params.all("alarmNames"))),
			c.params.all("alarmNames")...))
}
