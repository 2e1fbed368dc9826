package access

import (
	"context"
	"slices"
	"sync"

	"github.com/awsdiag/awsdiag/diag"
)

// permission is one row of the table of checks on what a role may do.
type permission struct {
	purpose Purpose
	code    diag.Code
	title   string
	doc     string
	breaks  diag.Mechanism
	source  string
	// policy is what the policy of the step is called.
	policy string
}

const limitPermission = "Policies of buckets, queues, topics and tables, session policies and policies of VPC " +
	"endpoints are not seen: they may allow or refuse what the role's own policies do not. Where the caller may not " +
	"simulate, policies of the organization are not seen either."

// permissions are what roles are needed for.
var permissions = []permission{
	{ForExec, "access.exec-permission-missing", "Task role lacks permissions for ECS Exec",
		"The policies of the task role do not allow the agent of ECS Exec what a session takes: the ssmmessages channels, " +
			"and the key, log group and bucket that the cluster is configured with.",
		diag.Session, "Amazon ECS Developer Guide: Amazon ECS task IAM role, permissions required for ECS Exec", "ecs-exec"},
	{ForImage, "access.image-permission-missing", "Execution role may not pull the image",
		"The policies of the execution role do not allow to get a token for Amazon ECR or to read the image's repository.",
		diag.ImagePull, "Amazon ECS Developer Guide: Amazon ECS task execution IAM role", "pull-image"},
	{ForSecret, "access.secret-permission-missing", "Execution role may not read a secret",
		"The policies of the execution role do not allow to read a secret or parameter of the task definition, or to " +
			"decrypt it.",
		diag.SecretRead, "Amazon ECS Developer Guide: Amazon ECS task execution IAM role, required IAM permissions for " +
			"secrets", "read-secrets"},
	{ForLogs, "access.log-permission-missing", "Execution role may not write logs",
		"The policies of the execution role do not allow the log driver to write to its log group.",
		diag.LogDelivery, "Amazon ECS Developer Guide: Send Amazon ECS logs to CloudWatch", "write-logs"},
	{ForEnvFile, "access.env-file-permission-missing", "Execution role may not read an environment file",
		"The policies of the execution role do not allow to read an environment file of the task definition from its bucket.",
		diag.SecretRead, "Amazon ECS Developer Guide: Pass environment variables to an Amazon ECS container",
		"read-env-files"},
	{ForProgram, "access.program-permission-missing", "Task role may not do what the program asks",
		"The program in the task logged that AWS refused a call, and the policies of its role do indeed not allow it.",
		diag.Application, "AWS Identity and Access Management User Guide: Troubleshoot access denied error messages", "app"},
	{ForDatabase, "access.database-permission-missing", "Role may not log in to the database",
		"The policies of the role do not allow rds-db:connect as the database user that the client names: the database " +
			"refuses the token (\"PAM authentication failed\" in PostgreSQL, \"Access denied\" in MySQL).",
		diag.DBAccept, "Amazon RDS User Guide: Creating and using an IAM policy for IAM database access", "connect-database"},
	{ForNode, "access.node-permission-missing", "Instance role lacks permissions for Systems Manager",
		"The policies of the instance's role do not allow SSM Agent what a managed node takes.",
		diag.AgentConnect, "AWS Systems Manager User Guide: Configure instance permissions required for Systems Manager",
		"managed-node"},
	{ForHost, "access.host-permission-missing", "Instance role lacks permissions for Amazon ECS",
		"The policies of the instance's role do not allow the ECS agent to register the instance in its cluster and to find " +
			"where to connect.",
		diag.AgentConnect, "Amazon ECS Developer Guide: Amazon ECS container instance IAM role", "container-host"},
	{ForFiles, "access.file-system-permission-missing", "Task role may not mount a file system",
		"A mount was denied, the volume authorizes with IAM, and the policies of the task role do not allow the mount. The policy of " +
			"the file system, which is not read, may allow it instead.",
		diag.TaskStart, "Amazon EFS User Guide: Using IAM to control file system data access", "mount-files"},
}

// actions are what the check's facts call: those of the role, and of the policies of the resources it is about.
func (p permission) actions() []string {
	return slices.Concat(actionsGrant, map[Purpose][]string{
		ForExec: actionsKey, ForNode: actionsKey, ForImage: {callRepositoryPolicy},
		ForSecret:  append([]string{callSecretPolicy}, actionsKey...),
		ForProgram: append([]string{callSecretPolicy, callRepositoryPolicy}, actionsKey...),
	}[p.purpose])
}

func (p permission) check() *diag.Check[*Grant] {
	return &diag.Check[*Grant]{
		Info: diag.Info{Code: p.code, Title: p.title, Doc: p.doc, Severity: diag.SeverityError, Actions: p.actions(),
			Breaks: []diag.Mechanism{diag.Permission, p.breaks}, Limits: limitPermission, Source: p.source},
		Run: p.run,
	}
}

func (p permission) run(ctx context.Context, g *Grant) ([]diag.Finding, error) {
	if !g.needed(p.purpose) {
		return nil, nil
	}
	decided, err := g.decisions(ctx, p.purpose)
	for i := range decided {
		decided[i] = decided[i].forbidden(g.denials).untrusted(arnPart(g.role.arn, partAccount), g.denials)
	}
	refused := slices.DeleteFunc(decided, func(d Decision) bool { return d.Effect == Allowed })
	if len(refused) == 0 {
		return nil, err
	}
	var swapped bool
	var swapErr error
	var group sync.WaitGroup
	group.Go(func() { swapped, swapErr = g.swapped(ctx, refused) })
	v, verdictErr := g.role.verdict(ctx, refused, g.denials)
	group.Wait()
	err = joined(err, verdictErr, swapErr)
	var findings []diag.Finding
	for _, fact := range facts {
		if denied := v.denied[fact]; len(denied) > 0 {
			finding := p.finding(v, fact, denied)
			if fact == byNothing && swapped {
				g.tellSwapped(&finding)
			}
			findings = append(findings, finding)
		}
	}
	return findings, err
}
