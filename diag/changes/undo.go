package changes

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// What takes a change back, where the event itself holds all that is needed. Nothing here is executed.

// plain are texts that a shell leaves as they are.
var plain = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// quote makes one word of a value, for a POSIX shell.
func quote(s string) string {
	if plain.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// command fills quoted values into a command line; "" if one of them is empty.
func command(format string, values ...string) string {
	var quoted []any
	for _, v := range values {
		if v == "" {
			return ""
		}
		quoted = append(quoted, quote(v))
	}
	return fmt.Sprintf(format, quoted...)
}

// words quotes each of several values.
func words(values []string) string {
	var quoted []string
	for _, v := range values {
		quoted = append(quoted, quote(v))
	}
	return strings.Join(quoted, " ")
}

func grantIngress(c *call, r diag.Resource) []diag.Step {
	return steps("Add the rule again, if it is needed.",
		command("aws ec2 authorize-security-group-ingress --group-id %s --ip-permissions %s", r.ID, c.permissions()))
}

func grantEgress(c *call, r diag.Resource) []diag.Step {
	return steps("Add the rule again, if it is needed.",
		command("aws ec2 authorize-security-group-egress --group-id %s --ip-permissions %s", r.ID, c.permissions()))
}

func revokeIngress(c *call, r diag.Resource) []diag.Step {
	return steps("Remove the rule again, if it is not wanted.",
		command("aws ec2 revoke-security-group-ingress --group-id %s --ip-permissions %s", r.ID, c.permissions()))
}

func revokeEgress(c *call, r diag.Resource) []diag.Step {
	return steps("Remove the rule again, if it is not wanted.",
		command("aws ec2 revoke-security-group-egress --group-id %s --ip-permissions %s", r.ID, c.permissions()))
}

func deleteRoute(c *call, r diag.Resource) []diag.Step {
	return steps("Delete the route again, if it leads traffic astray.",
		command("aws ec2 delete-route --route-table-id %s --destination-cidr-block %s", r.ID,
			c.params.first("destinationCidrBlock")))
}

func attachGateway(c *call, r diag.Resource) []diag.Step {
	return steps("Attach the gateway again.",
		command("aws ec2 attach-internet-gateway --internet-gateway-id %s --vpc-id %s", r.ID, c.params.first("vpcId")))
}

func deleteEntry(c *call, r diag.Resource) []diag.Step {
	way := "--ingress"
	if c.params.first("egress") == "true" {
		way = "--egress"
	}
	return steps("Delete the entry again, if it blocks what is needed.",
		command("aws ec2 delete-network-acl-entry --network-acl-id %s --rule-number %s "+way, r.ID,
			c.params.first("ruleNumber")))
}

func startInstance(c *call, _ diag.Resource) []diag.Step {
	return steps("Start the instances again.",
		"aws ec2 start-instances --instance-ids "+words(c.params.all("instancesSet.instanceId")))
}

func resume(_ *call, r diag.Resource) []diag.Step {
	return steps("Let the group work again.", command("aws autoscaling resume-processes --auto-scaling-group-name %s",
		r.ID))
}

// rollBack goes back by one revision: the event does not say which one ran before.
func rollBack(c *call, r diag.Resource) []diag.Step {
	family, revision, ok := strings.Cut(lastPart(c.params.first("taskDefinition")), ":")
	cluster, service, _ := strings.Cut(r.ID, "/")
	n, err := strconv.Atoi(revision)
	if !ok || err != nil || n < 2 {
		return nil
	}
	return steps(fmt.Sprintf("Roll back to revision %d, if that is what ran before.", n-1),
		command("aws ecs update-service --cluster %s --service %s --task-definition %s", cluster, service,
			fmt.Sprintf("%s:%d", family, n-1)))
}

func undrain(c *call, _ diag.Resource) []diag.Step {
	if c.params.first("status") != "DRAINING" {
		return nil
	}
	head := command("aws ecs update-container-instances-state --cluster %s --status ACTIVE --container-instances ",
		c.params.first("cluster"))
	if head == "" {
		return nil
	}
	return steps("Let the instances take tasks again.", head+words(c.params.all("containerInstances")))
}

func deleteRule(c *call, _ diag.Resource) []diag.Step {
	return steps("Delete the rule again, if it sends requests astray.",
		command("aws elbv2 delete-rule --rule-arn %s", c.response.first("rules.ruleArn")))
}

func register(c *call, r diag.Resource) []diag.Step {
	return steps("Register the targets again.", targetCommand(c, "register-targets", r))
}

func deregister(c *call, r diag.Resource) []diag.Step {
	return steps("Deregister the targets again, if they should not take requests.",
		targetCommand(c, "deregister-targets", r))
}

func targetCommand(c *call, verb string, r diag.Resource) string {
	var list []string
	for _, t := range c.params.get("targets").list() {
		s := "Id=" + t.get("id").str()
		if port := t.get("port").str(); port != "" {
			s += ",Port=" + port
		}
		list = append(list, s)
	}
	if len(list) == 0 || r.ARN == "" {
		return ""
	}
	return "aws elbv2 " + verb + " --target-group-arn " + quote(r.ARN) + " --targets " + words(list)
}

func attach(c *call, r diag.Resource) []diag.Step {
	return steps("Attach the policy again, if the role needs it.",
		command("aws iam attach-role-policy --role-name %s --policy-arn %s", r.ID, c.params.first("policyArn")))
}

func detach(c *call, r diag.Resource) []diag.Step {
	return steps("Detach the policy again, if it denies what is needed.",
		command("aws iam detach-role-policy --role-name %s --policy-arn %s", r.ID, c.params.first("policyArn")))
}

func deleteBoundary(_ *call, r diag.Resource) []diag.Step {
	return steps("Take the boundary away, if it is too narrow and the role had none before.",
		command("aws iam delete-role-permissions-boundary --role-name %s", r.ID))
}

func addRole(c *call, r diag.Resource) []diag.Step {
	return steps("Put the role back into the instance profile.",
		command("aws iam add-role-to-instance-profile --instance-profile-name %s --role-name %s", r.ID,
			c.params.first("roleName")))
}

func enableKey(_ *call, r diag.Resource) []diag.Step {
	return steps("Enable the key again.", command("aws kms enable-key --key-id %s", r.ID))
}

func cancelDeletion(_ *call, r diag.Resource) []diag.Step {
	return steps("Cancel the deletion and enable the key again.", command("aws kms cancel-key-deletion --key-id %s", r.ID))
}

func restoreSecret(_ *call, r diag.Resource) []diag.Step {
	return steps("Restore the secret while its recovery window lasts.",
		command("aws secretsmanager restore-secret --secret-id %s", r.ID))
}

func startDatabase(_ *call, r diag.Resource) []diag.Step {
	return steps("Start the database again.", command("aws rds start-db-instance --db-instance-identifier %s", r.ID))
}

func startCluster(_ *call, r diag.Resource) []diag.Step {
	return steps("Start the cluster again.", command("aws rds start-db-cluster --db-cluster-identifier %s", r.ID))
}

func createLogGroup(_ *call, r diag.Resource) []diag.Step {
	return steps("Create the log group again; its events are lost.",
		command("aws logs create-log-group --log-group-name %s", r.ID))
}
