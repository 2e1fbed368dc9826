package ecsdiag

import (
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

const sourceInit = "Amazon ECS Developer Guide: ResourceInitializationError errors"

// Rows whose trouble shows on the thing itself (the secret, the log group, the repository) need what they break: a
// finding
// of another package on that thing explains them.
var (
	breaksSecret = []diag.Mechanism{diag.SecretRead, diag.TaskStart}
	breaksLog    = []diag.Mechanism{diag.LogDelivery, diag.TaskStart}

	stepSecret = diag.Step{
		Text: "Read the secret's description (never its value): it must exist in this region and not be marked for " +
			"deletion.",
		Command: "aws secretsmanager describe-secret --secret-id {secret}",
	}
	stepGroup = diag.Step{
		Text:    "Look whether the log group exists.",
		Command: "aws logs describe-log-groups --log-group-name-prefix {log group}",
	}
)

// secretCauses are the troubles with secrets, parameters, environment files and log drivers: what the execution role
// fetches before a container starts.
var secretCauses = []cause{
	{
		code:   "ecs.task-secret-denied",
		title:  "Secret denied to the task",
		causes: []ecstext.Cause{ecstext.SecretAccessDenied},
		doc:    "The execution role is not allowed to read a secret or parameter of the task definition, or to decrypt it.",
		say:    "cannot start: role {role} is not authorized to read {secret} ({action})",
		breaks: breaksSecret,
		needs:  []diag.Mechanism{diag.SecretRead, diag.Permission},
		source: sourceInit,
		steps: []diag.Step{
			stepRole,
			{Text: "Read the inline policies of the role too.", Command: "aws iam list-role-policies --role-name {role}"},
			{Text: "Allow the role the action on this secret, or refer to one that it may read.", Changes: true, Doc: docInit},
		},
	},
	{
		code:   "ecs.task-secret-not-found",
		title:  "Secret does not exist",
		causes: []ecstext.Cause{ecstext.SecretNotFound},
		doc: "A secret, its version or a parameter of the task definition does not exist in the region, or is marked " +
			"for deletion.",
		say:    "cannot start: {secret} does not exist",
		breaks: breaksSecret,
		needs:  []diag.Mechanism{diag.SecretRead},
		source: sourceInit,
		steps:  []diag.Step{stepSecret, stepDefinition},
	},
	{
		code:   "ecs.task-secret-key-missing",
		title:  "Secret lacks a JSON key",
		causes: []ecstext.Cause{ecstext.SecretJSONKeyMissing},
		doc:    "The secret exists, but its value has no such JSON key as the task definition names.",
		say:    "cannot start: {secret} has no JSON key {key}",
		breaks: breaksSecret,
		needs:  []diag.Mechanism{diag.SecretRead},
		source: sourceInit,
		steps:  []diag.Step{stepDefinition, stepSecret},
	},
	{
		code:   "ecs.task-secret-invalid",
		title:  "Secret cannot be parsed",
		causes: []ecstext.Cause{ecstext.SecretInvalid},
		doc:    "The value of a secret is not the JSON that the task definition expects, or its reference is malformed.",
		say:    "cannot start: {secret} cannot be parsed",
		breaks: breaksSecret,
		source: sourceInit,
		steps:  []diag.Step{stepDefinition, stepSecret},
	},
	{
		code:   "ecs.task-secret-network",
		title:  "Secret store not reached",
		causes: []ecstext.Cause{ecstext.SecretNetwork},
		doc:    "The task gets no answer from Secrets Manager or Systems Manager: there is no network path from its subnet.",
		say:    "cannot start: they do not reach the secret store over the network",
		breaks: breaksSecret,
		needs:  []diag.Mechanism{diag.NetworkPath, diag.NameResolution},
		source: sourceInit,
		steps:  []diag.Step{stepNetwork},
	},
	{
		code:   "ecs.task-secret-throttled",
		title:  "Reading secrets is throttled",
		causes: []ecstext.Cause{ecstext.SecretThrottled},
		doc: "Secrets Manager or Systems Manager refuses reads because there are too many at a time, as when many tasks with " +
			"many secrets start at once. The tasks that ECS starts later may get through.",
		say:    "cannot start: reading {secret} is throttled",
		breaks: breaksSecret,
		source: sourceFailedToStart,
		steps: []diag.Step{stepTask,
			{Text: "Start fewer tasks at a time, read several values from one secret, or raise the " +
				"throughput of Parameter Store or the quota of GetSecretValue.", Changes: true}},
	},
	{
		code:   "ecs.task-secret-failed",
		title:  "Secret could not be read",
		causes: []ecstext.Cause{ecstext.SecretOther},
		doc:    "A secret or parameter could not be read; the text does not say more exactly why.",
		say:    "cannot start: reading {secret} fails",
		breaks: breaksSecret,
		needs:  []diag.Mechanism{diag.Permission, diag.NetworkPath, diag.NameResolution, diag.SecretRead},
		source: sourceInit,
		steps:  []diag.Step{stepTask, stepSecret},
	},
	{
		code:   "ecs.task-env-file-denied",
		title:  "Environment file denied",
		causes: []ecstext.Cause{ecstext.EnvFileDenied},
		doc:    "S3 denies the environment file of the task definition to the execution role.",
		say:    "cannot start: S3 denies the environment file",
		breaks: breaksSecret,
		needs:  []diag.Mechanism{diag.Permission},
		source: sourceInit,
		steps: []diag.Step{
			stepDefinition,
			{Text: "The execution role needs s3:GetObject on the file and s3:GetBucketLocation on the bucket.", Doc: docInit},
		},
	},
	{
		code:   "ecs.task-env-file-not-found",
		title:  "Environment file does not exist",
		causes: []ecstext.Cause{ecstext.EnvFileNotFound},
		doc:    "The environment file of the task definition, or its bucket, does not exist.",
		say:    "cannot start: the environment file does not exist in S3",
		breaks: breaksSecret,
		source: sourceInit,
		steps:  []diag.Step{stepDefinition},
	},
	{
		code:   "ecs.task-env-file-network",
		title:  "Environment file not reached",
		causes: []ecstext.Cause{ecstext.EnvFileNetwork},
		doc:    "The task gets no answer from S3 for its environment file.",
		say:    "cannot start: they do not reach S3 for the environment file",
		breaks: breaksSecret,
		needs:  []diag.Mechanism{diag.NetworkPath, diag.NameResolution},
		source: sourceInit,
		steps:  []diag.Step{stepNetwork},
	},
	{
		code:   "ecs.task-env-file-failed",
		title:  "Environment file could not be read",
		causes: []ecstext.Cause{ecstext.EnvFileOther},
		doc:    "The environment file could not be read; the text does not say more exactly why.",
		say:    "cannot start: reading the environment file fails",
		breaks: breaksSecret,
		needs:  []diag.Mechanism{diag.Permission, diag.NetworkPath},
		source: sourceInit,
		steps:  []diag.Step{stepTask, stepDefinition},
	},
	{
		code:    "ecs.task-log-group-missing",
		title:   "Log group does not exist",
		causes:  []ecstext.Cause{ecstext.LogGroupMissing},
		doc:     "The log group of the awslogs driver does not exist, and awslogs-create-group does not make it.",
		say:     "cannot start: log group {log group} does not exist",
		breaks:  breaksLog,
		needs:   []diag.Mechanism{diag.LogDelivery},
		source:  sourceInit,
		actions: actionsTasksAndDef,
		add:     addLogGroups,
		steps: []diag.Step{
			stepDefinition,
			{
				Text:    "Create the log group, or set awslogs-create-group and allow the execution role logs:CreateLogGroup.",
				Command: "aws logs create-log-group --log-group-name {log group}",
				Changes: true,
			},
		},
	},
	{
		code:   "ecs.task-log-driver-denied",
		title:  "Log driver denied",
		causes: []ecstext.Cause{ecstext.LogDriverDenied},
		doc:    "IAM denies the log driver to create or write its log stream or group.",
		say:    "cannot start: the log driver is denied {action}",
		breaks: breaksLog,
		needs:  []diag.Mechanism{diag.Permission},
		source: sourceInit,
		steps:  []diag.Step{stepRole, stepDefinition},
	},
	{
		code:   "ecs.task-log-driver-network",
		title:  "Log destination not reached",
		causes: []ecstext.Cause{ecstext.LogDriverNetwork},
		doc:    "The log driver gets no answer from CloudWatch Logs, or from where else it sends logs.",
		say:    "cannot start: the log driver does not reach {log destination}",
		breaks: breaksLog,
		needs:  []diag.Mechanism{diag.NetworkPath, diag.NameResolution},
		source: sourceInit,
		steps:  []diag.Step{stepNetwork, stepGroup},
	},
	{
		code:   "ecs.task-log-driver-failed",
		title:  "Log driver could not start",
		causes: []ecstext.Cause{ecstext.LogDriverOther},
		doc:    "The log driver could not start; the text does not say more exactly why.",
		say:    "cannot start: the log driver fails",
		breaks: breaksLog,
		needs:  []diag.Mechanism{diag.Permission, diag.NetworkPath},
		source: sourceInit,
		steps:  []diag.Step{stepTask, stepDefinition},
	},
}
