package changes

import (
	"slices"
	"strings"
	"unicode"

	"github.com/awsdiag/awsdiag/diag"
)

// Family is a kind of change that many events make.
type Family struct {
	// Name is the family's code without its package: "route-deleted".
	Name string
	// What tells in a few words what happened: "a route was deleted".
	What string
	// Takes marks a family that takes away what others may lean on: it deletes, revokes, detaches, stops. Other families
	// only alter or add.
	Takes bool
	// Breaks are the mechanisms that such a change may break.
	Breaks []diag.Mechanism
}

// Families that other sources than CloudTrail may give their changes.
const (
	// Deployed is a new version that a pipeline rolled out.
	Deployed diag.Code = "changes.deployed"
	// Committed is a change of source code or of configuration under version control.
	Committed diag.Code = "changes.committed"
	// FlagChanged is a feature flag that was set.
	FlagChanged diag.Code = "changes.flag-changed"
)

// other is the family of everything that no other family takes.
const other = "other"

const codePrefix = "changes."

func code(family string) diag.Code { return diag.Code(codePrefix + family) }

// Code returns the code of the family's findings.
func (f Family) Code() diag.Code { return code(f.Name) }

// Confidence is how likely a trouble with what the family breaks, begun after such a change, is the change's doing.
func (f Family) Confidence() diag.Confidence {
	if f.Takes {
		return diag.Likely
	}
	return diag.Possible
}

func (f Family) title() string {
	r := []rune(f.What)
	return string(unicode.ToUpper(r[0])) + string(r[1:])
}

// Families returns all families.
func Families() []Family { return slices.Clone(families) }

// FamilyOf returns the family of a code; an unknown code belongs to the family "other".
func FamilyOf(c diag.Code) Family {
	name := strings.TrimPrefix(string(c), codePrefix)
	i := slices.IndexFunc(families, func(f Family) bool { return f.Name == name })
	if i < 0 {
		i = slices.IndexFunc(families, func(f Family) bool { return f.Name == other })
	}
	return families[i]
}

type mechanisms = []diag.Mechanism

// release is what a new version of a program, or of how it is run, may break.
var release = mechanisms{diag.Placement, diag.ImagePull, diag.SecretRead, diag.LogDelivery, diag.Application,
	diag.TaskStart,
	diag.TaskRun, diag.HealthCheck}

var families = []Family{
	{"security-group-rule-removed", "a rule was removed from a security group", true, mechanisms{diag.NetworkPath}},
	{"security-group-rule-added", "a rule was added to a security group", false, nil},
	{"security-group-rule-changed", "a rule of a security group was rewritten", false, mechanisms{diag.NetworkPath}},
	{"security-group-deleted", "a security group was deleted", true, mechanisms{diag.NetworkPath}},
	{"network-interface-changed", "a network interface was changed", false, mechanisms{diag.NetworkPath}},
	{"route-deleted", "a route was deleted", true, mechanisms{diag.NetworkPath}},
	{"route-changed", "routes were changed", false, mechanisms{diag.NetworkPath}},
	{"gateway-detached", "a gateway was detached or deleted", true, mechanisms{diag.NetworkPath}},
	{"nat-gateway-deleted", "a NAT gateway was deleted", true, mechanisms{diag.NetworkPath}},
	{"address-released", "an elastic IP was taken away", true, mechanisms{diag.NetworkPath}},
	{"vpc-endpoint-deleted", "a VPC endpoint was deleted", true, mechanisms{diag.NetworkPath, diag.NameResolution}},
	{"vpc-endpoint-changed", "a VPC endpoint was created or changed", false,
		mechanisms{diag.Permission, diag.NetworkPath, diag.NameResolution}},
	{"network-acl-entry-deleted", "an entry was deleted from a network ACL", true, mechanisms{diag.NetworkPath}},
	{"network-acl-changed", "a network ACL was changed", false, mechanisms{diag.NetworkPath}},
	{"network-link-removed", "a link between networks was removed", true, mechanisms{diag.NetworkPath}},
	{"dns-settings-changed", "the DNS settings of a VPC or a resolver were changed", false,
		mechanisms{diag.NameResolution}},
	{"dns-removed", "a zone, a rule or an endpoint of name resolution was taken away", true,
		mechanisms{diag.NameResolution}},
	{"prefix-list-changed", "a prefix list was changed", false, mechanisms{diag.NetworkPath}},
	{"dns-record-changed", "DNS records were changed", false, mechanisms{diag.NameResolution}},

	{"instance-stopped", "an instance was stopped, rebooted or terminated", true,
		mechanisms{diag.HostRun, diag.AgentConnect}},
	{"instance-started", "an instance was launched or started", false, nil},
	{"instance-changed", "the settings of an instance were changed", false,
		mechanisms{diag.Permission, diag.NetworkPath, diag.HostRun, diag.AgentConnect}},
	{"volume-changed", "a volume was changed", false, mechanisms{diag.HostRun}},
	{"volume-detached", "a volume was detached or deleted", true, mechanisms{diag.HostRun}},
	{"scaling-group-changed", "an Auto Scaling group was changed", false, mechanisms{diag.HostRun, diag.Placement}},
	{"scaling-group-stopped", "an Auto Scaling group was deleted or its work suspended", true,
		mechanisms{diag.HostRun, diag.Placement}},
	{"launch-template-changed", "a launch template or a machine image was changed", false,
		mechanisms{diag.HostRun, diag.AgentConnect, diag.Placement}},
	{"launch-template-deleted", "a launch template or a machine image was deleted", true, mechanisms{diag.Placement}},
	{"command-run", "a command was run on hosts or in a task", false, mechanisms{diag.HostRun, diag.Application}},
	{"managed-node-deregistered", "a node was taken out of Systems Manager", true,
		mechanisms{diag.AgentConnect, diag.Session}},
	{"document-changed", "a Systems Manager document was changed", false, mechanisms{diag.Session}},

	{"task-definition-registered", "a task definition was registered", false, release},
	{"task-definition-deregistered", "a task definition was taken back", true, mechanisms{diag.TaskStart, diag.Rollout}},
	{"service-updated", "an ECS service was created or updated", false,
		append(mechanisms{diag.NetworkPath, diag.TaskCount, diag.Rollout}, release...)},
	{"service-deleted", "an ECS service was deleted", true, mechanisms{diag.TaskCount}},
	{"task-stopped", "a task was stopped by hand", true, mechanisms{diag.TaskRun, diag.TaskCount}},
	{"container-instance-drained", "container instances were drained or deregistered", true,
		mechanisms{diag.Placement, diag.TaskRun}},
	{"cluster-changed", "the capacity or settings of a cluster were changed", false, mechanisms{diag.Placement}},
	{"scaling-changed", "the limits or policies of automatic scaling were changed", false, mechanisms{diag.TaskCount}},
	{"scaling-removed", "a scaling policy was deleted, or an alarm was deleted or kept from acting", true,
		mechanisms{diag.TaskCount}},

	{"listener-changed", "a listener or a rule of it was changed", false, mechanisms{diag.Routing, diag.Request}},
	{"listener-deleted", "a listener or a rule of it was deleted", true, mechanisms{diag.Routing, diag.Request}},
	{"target-group-changed", "the settings of a target group were changed", false,
		mechanisms{diag.TargetReachable, diag.HealthCheck, diag.Request}},
	{"target-group-attributes-changed", "the attributes of a target group were changed", false,
		mechanisms{diag.Routing, diag.Request}},
	{"target-group-deleted", "a target group was deleted", true, mechanisms{diag.Routing}},
	{"targets-deregistered", "targets were taken out of a target group by hand", true, mechanisms{diag.Routing}},
	{"targets-registered", "targets were put into a target group by hand", false, mechanisms{diag.HealthCheck}},
	{"load-balancer-changed", "the settings of a load balancer were changed", false,
		mechanisms{diag.NetworkPath, diag.Routing, diag.Request}},
	{"load-balancer-deleted", "a load balancer was deleted", true, mechanisms{diag.Routing, diag.Request}},
	{"certificate-changed", "a certificate was imported, renewed or changed", false, mechanisms{diag.TLS, diag.Request}},
	{"certificate-deleted", "a certificate was deleted or revoked", true, mechanisms{diag.Request}},
	{"firewall-changed", "a web application firewall was changed", false, mechanisms{diag.Request}},
	{"edge-changed", "a CloudFront distribution or an API gateway was changed", false, mechanisms{diag.Request}},
	{"edge-deleted", "a CloudFront distribution or a part of an API gateway was deleted", true, mechanisms{diag.Request}},

	{"role-policy-detached", "a policy was taken from a role", true, mechanisms{diag.Permission}},
	{"role-policy-changed", "a policy of a role was added or rewritten", false, mechanisms{diag.Permission}},
	{"policy-changed", "a managed policy was rewritten", false, mechanisms{diag.Permission}},
	{"policy-deleted", "a managed policy or a version of it was deleted", true, mechanisms{diag.Permission}},
	{"role-trust-changed", "the trust policy of a role was rewritten", false, mechanisms{diag.Permission}},
	{"permissions-boundary-changed", "the permissions boundary of a role was changed", false, mechanisms{diag.Permission}},
	{"role-deleted", "a role or instance profile was taken away", true, mechanisms{diag.Permission}},
	{"resource-policy-changed", "a resource policy was rewritten", false, mechanisms{diag.Permission}},
	{"resource-policy-deleted", "a resource policy was deleted", true, mechanisms{diag.Permission}},
	{"organization-policy-changed", "a policy of the organization was changed", false, mechanisms{diag.Permission}},
	{"user-access-changed", "what a user or group may do was changed", false, mechanisms{diag.Permission}},
	{"user-access-removed", "a user or group lost a key or a policy", true, mechanisms{diag.Permission}},
	{"key-disabled", "a KMS key was disabled or is to be deleted", true, mechanisms{diag.Permission, diag.SecretRead}},
	{"grant-revoked", "a grant on a KMS key was taken back", true, mechanisms{diag.Permission}},

	{"parameter-changed", "a parameter was changed", false, mechanisms{diag.SecretRead, diag.Application, diag.DBAccept}},
	{"parameter-deleted", "a parameter was deleted", true, mechanisms{diag.SecretRead}},
	{"secret-rotated", "a secret was given a new value", false, mechanisms{diag.SecretRead, diag.DBAccept,
		diag.Application}},
	{"secret-created", "a secret was created or restored", false, nil},
	{"secret-deleted", "a secret was deleted", true, mechanisms{diag.SecretRead}},

	{"database-modified", "a database or its parameters were modified", false,
		mechanisms{diag.NetworkPath, diag.DBServe, diag.DBAccept, diag.TLS}},
	{"database-restarted", "a database was rebooted or failed over", true, mechanisms{diag.DBServe, diag.DBAccept}},
	{"database-stopped", "a database was stopped or deleted", true, mechanisms{diag.DBServe, diag.DBAccept,
		diag.NameResolution}}, // the name of one that is deleted goes with it

	{"cache-changed", "a cache was modified", false, mechanisms{diag.NetworkPath, diag.Application}},
	{"cache-stopped", "a cache was rebooted, failed over or deleted", true,
		mechanisms{diag.NetworkPath, diag.NameResolution, diag.Application}},
	{"dependency-changed", "a table, queue, topic, broker or file system was changed", false,
		mechanisms{diag.Application, diag.TaskStart}},
	{"dependency-deleted", "a table, queue, topic, broker or file system was taken away", true,
		mechanisms{diag.Application, diag.TaskStart}},

	{"image-pushed", "an image was pushed", false,
		mechanisms{diag.ImagePull, diag.Application, diag.TaskStart, diag.TaskRun,
			diag.HealthCheck}},
	{"image-deleted", "images were deleted", true, mechanisms{diag.ImagePull}},
	{"lifecycle-policy-changed", "the rule by which images expire was changed", false, mechanisms{diag.ImagePull}},
	{"log-group-deleted", "a log group was deleted", true, mechanisms{diag.LogDelivery, diag.TaskStart}},
	{"log-group-changed", "the settings of a log group were changed", false, mechanisms{diag.LogDelivery}},
	{"function-changed", "a function was changed", false, mechanisms{diag.Application}},
	{"function-deleted", "a function was deleted", true, mechanisms{diag.Application}},
	{"schedule-changed", "a schedule or a rule of EventBridge was changed", false, mechanisms{diag.Application}},
	{"schedule-removed", "a schedule or a rule of EventBridge was taken away or disabled", true,
		mechanisms{diag.Application}},
	{"stack-changed", "a stack was changed", false, nil},
	{"deployed", "a new version was deployed", false, append(mechanisms{diag.Rollout}, release...)},
	{"committed", "code or configuration was committed", false, mechanisms{diag.Application}},
	{"flag-changed", "a feature flag or a configuration in AppConfig was changed", false, mechanisms{diag.Application}},
	{other, "something else was changed", false, nil},
}
