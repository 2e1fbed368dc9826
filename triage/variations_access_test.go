package triage_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ecr "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	iam "github.com/aws/aws-sdk-go-v2/service/iam/types"
	kms "github.com/aws/aws-sdk-go-v2/service/kms/types"
	ssm "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag/access/accessfake"
	"github.com/awsdiag/awsdiag/diag/access/policies/policiesfake"
	"github.com/awsdiag/awsdiag/triage"
)

const (
	booking       = "628905137462"
	executionName = "BookingProd-TaskExecution"
	quotesTask    = "BookingProd-QuotesTask"
	executionARN  = "arn:aws:iam::" + booking + ":role/" + executionName
	quotesTaskARN = "arn:aws:iam::" + booking + ":role/" + quotesTask
	ownKey        = "arn:aws:kms:eu-south-1:" + booking + ":key/5d2c7a90-1111-4f4e-9a51-b7f2f3d0a001"
	sharedImage   = "arn:aws:ecr:eu-south-1:904418273355:repository/shared/quotes"
)

// one is a document of one statement, with or without a principal.
func one(effect, principal, action, resource string) string {
	who := ""
	if principal != "" {
		who = fmt.Sprintf(`"Principal":{"AWS":%q},`, principal)
	}
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"Only","Effect":%q,%s"Action":%q,"Resource":%q}]}`,
		effect, who, action, resource)
}

// refuses is how the agent tells that the execution role may not fetch a secret.
func refuses(action, on, reason string) string {
	return "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: " +
		"unable to retrieve secret from asm: service call has been " +
		"retried 1 time(s): failed to fetch secret " + bookingSecret +
		" from secrets manager: AccessDeniedException: User: arn:aws:sts::" + booking + ":assumed-role/" + executionName +
		"/0f1e2d3c is not authorized to perform: " + action + " on resource: " + on + " " + reason +
		" status code: 400, request id: 5b1c"
}

// neverStarts has tasks of the quotes service fail to start.
func (w *world) neverStarts(reason string) {
	w.IAM.Recorded = nil
	for i := range 4 {
		w.stopped("quotes", time.Duration(30-6*i)*time.Minute, 0, neverStarted("%s", reason))
	}
	w.lacks("quotes")
}

// refusedInLog has the program log a refused call.
func (w *world) refusedInLog(line string) {
	w.IAM.Recorded = nil
	w.failures("quotes", 35*time.Minute, 2600)
	w.complain("quotes", 35*time.Minute, line)
}

// ownKey has the database's secret encrypted by a key of the customer's own.
func (w *world) ownKey(id, policy string, grants ...kms.GrantListEntry) {
	for i := range w.Secrets.Secrets {
		w.Secrets.Secrets[i].KmsKeyId = aws.String(id)
	}
	w.KMS.Keys = []policiesfake.Key{{ARN: ownKey, Aliases: []string{"alias/booking"}, Policy: policy, Grants: grants}}
}

// quotesDefinition is the task definition that the quotes service runs.
func (w *world) quotesDefinition() *types.TaskDefinition {
	return w.definition(*w.service("quotes").TaskDefinition)
}

// gated gives the private subnets an endpoint of a service with a policy.
func (w *world) gated(service, policy string) {
	w.endpoint(service, *w.EC2.SecurityGroups[0].GroupId, true)
	w.EC2.VPCEndpoints[len(w.EC2.VPCEndpoints)-1].PolicyDocument = aws.String(policy)
}

func bySDK(call, action, on, reason string) string {
	return "botocore.exceptions.ClientError: An error occurred (AccessDeniedException) when calling the " + call +
		" operation: User: arn:aws:sts::" + booking + ":assumed-role/" + quotesTask +
		"/3808bdc4c940bd821f104642f3ff4da6 is not authorized to perform: " + action + " on resource: " + on + " " + reason
}

func accessVariations() []variation {
	const (
		getSecret  = "secretsmanager:GetSecretValue"
		noIdentity = "because no identity-based policy allows the secretsmanager:GetSecretValue action"
	)
	onExecution := strings.ToLower(executionName)
	onTask := strings.ToLower(quotesTask)
	wrongWays := []string{"security group", "route", "memory", "out of addresses"}
	start := func(name string, spoil func(*world), root *verdict) variation {
		return variation{name: name, kind: triage.TasksStopping, target: "quotes", spoil: spoil, root: root,
			mustNot: wrongWays}
	}
	program := func(name string, spoil func(*world), root *verdict) variation {
		return variation{name: name, kind: triage.AccessDenied, target: "quotes", spoil: spoil, root: root,
			mustNot: wrongWays}
	}
	unattached := func(w *world) {
		w.role(executionName).Inline = nil
	}
	return []variation{
		start("secret's own policy denies", func(w *world) {
			w.Secrets.Policies = map[string]string{bookingSecret: one("Deny", "*", getSecret, "*")}
			w.neverStarts(refuses(getSecret, bookingSecret, "with an explicit deny in a resource-based policy"))
		}, because(onExecution, "deny statement only of the resource policy of secret booking/prod/db")),
		start("key policy does not know the role", func(w *world) {
			w.ownKey(ownKey, one("Allow", "arn:aws:iam::"+booking+":role/Admin", "kms:*", "*"))
			w.role(executionName).Inline["kms"] = one("Allow", "", "kms:Decrypt", ownKey)
			w.neverStarts(strings.ReplaceAll(refuses("", "", ""), "User:", "Access to KMS is not allowed"))
		}, because(onExecution, "the key policy of kms key 5d2c7a90")),
		start("key by an alias that the role may not use", func(w *world) {
			w.ownKey("alias/booking", policiesfake.Delegating(booking))
			w.neverStarts(refuses("kms:Decrypt", ownKey, "because no identity-based policy allows the kms:Decrypt action"))
		}, because(onExecution, "kms:decrypt on key 5d2c7a90")),
		start("statement was given to the task role", func(w *world) {
			unattached(w)
			w.role(quotesTask).Inline["read-secrets"] = one("Allow", "", getSecret, bookingSecret)
			w.neverStarts(refuses(getSecret, bookingSecret, noIdentity))
		}, because(onExecution, "given to the wrong role")),
		start("roles swapped in the task definition", func(w *world) {
			td := w.quotesDefinition()
			td.TaskRoleArn, td.ExecutionRoleArn = td.ExecutionRoleArn, td.TaskRoleArn
			w.neverStarts(strings.ReplaceAll(refuses(getSecret, bookingSecret, noIdentity), executionName, quotesTask))
		}, because(onTask, "wrong role")),
		start("permissions boundary shuts secrets out", func(w *world) {
			bounds := "arn:aws:iam::" + booking + ":policy/workload-boundary"
			w.IAM.Policies = append(w.IAM.Policies, accessfake.Managed(bounds, one("Allow", "", "s3:*", "*")))
			w.role(executionName).PermissionsBoundary = &iam.AttachedPermissionsBoundary{PermissionsBoundaryArn: aws.String(bounds)}
			w.neverStarts(refuses(getSecret, bookingSecret,
				"because no permissions boundary allows the secretsmanager:GetSecretValue action"))
		}, because(onExecution, "permissions boundary workload-boundary does not allow")),
		start("organization shuts Secrets Manager out", func(w *world) {
			w.IAM.Organization = `{"Statement":[{"Effect":"Allow","NotAction":"secretsmanager:*","Resource":"*"}]}`
			w.neverStarts(refuses(getSecret, bookingSecret, "with an explicit deny in a service control policy"))
		}, because(onExecution, "service control policy")),
		start("trust policy lets in EC2 only", func(w *world) {
			w.role(executionName).AssumeRolePolicyDocument = aws.String(accessfake.Trust("ec2.amazonaws.com"))
			w.neverStarts("ECS was unable to assume the role '" + executionARN +
				"' that was provided for this task. Please verify that the role being passed has the proper trust relationship " +
				"and permissions")
		}, because(onExecution, "cannot be assumed by ecs-tasks.amazonaws.com")),
		start("trust policy names another account as the source", func(w *world) {
			w.role(executionName).AssumeRolePolicyDocument = aws.String(`{"Statement":{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}}}}`)
			w.neverStarts("ECS was unable to assume the role '" + executionARN +
				"' that was provided for this task. Please verify that the role being passed has the proper trust relationship " +
				"and permissions")
		}, because(onExecution, "aws:sourceaccount")),
		start("role deleted", func(w *world) {
			for i := range w.IAM.Roles {
				if aws.ToString(w.IAM.Roles[i].RoleName) == executionName {
					w.IAM.Roles[i].RoleName = aws.String("gone")
				}
			}
			w.neverStarts("ECS was unable to assume the role '" + executionARN +
				"' that was provided for this task. Please verify that the role being passed has the proper trust relationship " +
				"and permissions")
		}, because(onExecution, "does not exist")),
		start("explicit deny in the role's own policy", func(w *world) {
			w.role(executionName).Inline["quarantine"] = one("Deny", "", "secretsmanager:*", "*")
			w.neverStarts(refuses(getSecret, bookingSecret, "with an explicit deny in an identity-based policy"))
		}, because(onExecution, "deny statement only of policy quarantine")),
		start("log group may not be made", func(w *world) {
			w.quotesDefinition().ContainerDefinitions[0].LogConfiguration.Options["awslogs-create-group"] = "true"
			w.neverStarts("ResourceInitializationError: failed to validate logger args: create stream has been retried 1 " +
				"times: failed to create Cloudwatch log group: AccessDeniedException: User: arn:aws:sts::" +
				booking + ":assumed-role/" + executionName +
				"/0f1e is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:eu-south-1:" + booking +
				":log-group:quotes:log-stream: because no identity-based policy allows the logs:CreateLogGroup action status " +
				"code: 400 : exit status 1")
		}, because(onExecution, "logs:createloggroup")),
		start("log stream may not be made", func(w *world) {
			w.role(executionName).Inline["no-logs"] = one("Deny", "", "logs:*", "*")
			w.neverStarts("ResourceInitializationError: failed to validate logger args: create stream has been retried 1 " +
				"times: failed to create Cloudwatch log stream: AccessDeniedException: User: arn:aws:sts::" +
				booking + ":assumed-role/" + executionName +
				"/0f1e is not authorized to perform: logs:CreateLogStream on resource: arn:aws:logs:eu-south-1:" + booking +
				":log-group:quotes:log-stream:quotes/quotes/1 with an explicit deny in an identity-based policy status code: 400 " +
				": exit status 1")
		}, because(onExecution, "deny statement only of policy no-logs")),
		start("repository of another account keeps the account out", func(w *world) {
			w.quotesDefinition().ContainerDefinitions[0].Image = aws.String("904418273355.dkr.ecr.eu-south-1.amazonaws.com/shared/quotes:1.4")
			w.ECR.Images = append(w.ECR.Images, foreignImage())
			w.ECR.Policies = map[string]string{sharedImage: one("Allow", "arn:aws:iam::333333333333:root", "ecr:*", "*")}
			w.neverStarts("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref " +
				"904418273355.dkr.ecr.eu-south-1.amazonaws.com/shared/quotes:1.4: " +
				"pulling from host 904418273355.dkr.ecr.eu-south-1.amazonaws.com failed with status code [manifests 1.4]: 403 Forbidden")
		}, because(onExecution, "policy of repository shared/quotes")).blindTo("triage.scope.links"),
		start("environment file may not be read", func(w *world) {
			w.quotesDefinition().ContainerDefinitions[0].EnvironmentFiles = []types.EnvironmentFile{{Type: types.EnvironmentFileTypeS3, Value: aws.String("arn:aws:s3:::booking-config/quotes.env")}}
			w.neverStarts("ResourceInitializationError: failed to download env files: file download command: non empty error " +
				"stream: service call has been retried 1 time(s): operation error S3: HeadObject, https response error " +
				"StatusCode: 403, RequestID: 1, HostID: 2, api error Forbidden: Forbidden")
		}, because(onExecution, "s3:getobject on booking-config/quotes.env", "booking-config/quotes.env")),
		start("parameter is encrypted by a key that the role may not use", func(w *world) {
			c := &w.quotesDefinition().ContainerDefinitions[0]
			c.Secrets = append(c.Secrets, types.Secret{Name: aws.String("RATES_KEY"),
				ValueFrom: aws.String("/booking/prod/rates-key")})
			w.SSM.Parameters = append(w.SSM.Parameters,
				ssm.ParameterMetadata{Name: aws.String("/booking/prod/rates-key"), Type: ssm.ParameterTypeSecureString,
					KeyId: aws.String("alias/booking"), LastModifiedDate: aws.Time(w.ago(900 * time.Hour))})
			w.KMS.Keys = []policiesfake.Key{{ARN: ownKey, Aliases: []string{"alias/booking"},
				Policy: policiesfake.Delegating(booking)}}
			w.neverStarts("ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval " +
				"failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: " +
				"User: arn:aws:sts::" +
				booking + ":assumed-role/" + executionName + "/0f1e is not authorized to perform: kms:Decrypt on resource: " +
				ownKey + " because no identity-based policy allows the kms:Decrypt action status code: 400")
		}, because(onExecution, "kms:decrypt on key 5d2c7a90")),
		start("parameter may not be read", func(w *world) {
			c := &w.quotesDefinition().ContainerDefinitions[0]
			c.Secrets = append(c.Secrets, types.Secret{Name: aws.String("RATES_KEY"),
				ValueFrom: aws.String("/shared/rates-key")})
			w.neverStarts("ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval " +
				"failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: " +
				"User: arn:aws:sts::" +
				booking + ":assumed-role/" + executionName +
				"/0f1e is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:eu-south-1:" + booking +
				":parameter/shared/rates-key because no identity-based policy allows the ssm:GetParameters action status code: 400")
		}, because(onExecution, "ssm:getparameters on parameter /shared/rates-key")),
		program("task role may not use the table", func(w *world) {
			w.role(quotesTask).Inline = map[string]string{"app": one("Allow", "", "s3:GetObject", "*")}
			w.refusedInLog(bySDK("GetItem", "dynamodb:GetItem",
				"arn:aws:dynamodb:eu-south-1:"+booking+":table/booking-prod-sessions",
				"because no identity-based policy allows the dynamodb:GetItem action"))
		}, because(onTask, "dynamodb:getitem on table/booking-prod-sessions", "dynamodb:getitem")),
		program("task role may not send to the queue", func(w *world) {
			w.role(quotesTask).Inline = map[string]string{"app": one("Allow", "", "dynamodb:*", "*")}
			w.refusedInLog("AccessDenied: User: arn:aws:sts::" + booking + ":assumed-role/" + quotesTask +
				"/3808 is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:eu-south-1:" + booking +
				":booking-prod-quotes because no identity-based policy allows the sqs:sendmessage action")
		}, because(onTask, "sqs:sendmessage")),
		program("statement for the bucket is on the execution role", func(w *world) {
			w.role(quotesTask).Inline = map[string]string{"app": one("Allow", "", "dynamodb:*", "*")}
			w.role(executionName).Inline["bucket"] = one("Allow", "", "s3:*", "*")
			w.refusedInLog(bySDK("PutObject", "s3:PutObject", `"arn:aws:s3:::booking-prod-assets-7462/quotes/1.pdf"`,
				"because no identity-based policy allows the s3:PutObject action"))
		}, because(onTask, "given to the wrong role")),
		program("role to be assumed does not trust the task role", func(w *world) {
			partner := accessfake.TaskRole("partner-access")
			partner.Arn = aws.String("arn:aws:iam::" + booking + ":role/partner-access")
			partner.AssumeRolePolicyDocument = aws.String(`{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` +
				booking + `:role/Admin"},"Action":"sts:AssumeRole"}}`)
			w.IAM.Roles = append(w.IAM.Roles, partner)
			w.role(quotesTask).Inline["assume"] = one("Allow", "", "sts:AssumeRole", *partner.Arn)
			w.refusedInLog(bySDK("AssumeRole", "sts:AssumeRole", *partner.Arn, ""))
		}, because(onTask, "the trust policy of role partner-access does not allow it")),
		program("task role may not assume the other role", func(w *world) {
			partner := accessfake.TaskRole("partner-access")
			partner.Arn = aws.String("arn:aws:iam::" + booking + ":role/partner-access")
			partner.AssumeRolePolicyDocument = aws.String(`{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` +
				booking + `:root"},"Action":"sts:AssumeRole"}}`)
			w.IAM.Roles = append(w.IAM.Roles, partner)
			w.refusedInLog(bySDK("AssumeRole", "sts:AssumeRole", *partner.Arn,
				"because no identity-based policy allows the sts:AssumeRole action"))
		}, because(onTask, "sts:assumerole on role/partner-access")),
		start("endpoint policy keeps the secret back", func(w *world) {
			w.neverStarts(refuses(getSecret, bookingSecret,
				"because no VPC endpoint policy allows the secretsmanager:GetSecretValue action"))
		}, because(onExecution, "the policy of the vpc endpoint")),
		start("policy of the endpoint of Secrets Manager keeps the secret back", func(w *world) {
			w.gated("secretsmanager", one("Allow", "*", getSecret,
				"arn:aws:secretsmanager:eu-south-1:"+booking+":secret:other-*"))
			w.neverStarts(refuses(getSecret, bookingSecret,
				"because no VPC endpoint policy allows the secretsmanager:GetSecretValue action"))
		}, because("vpce-", "its statement only allows it on arn:aws:secretsmanager:eu-south-1:"+booking+
			":secret:other-* only")),
		program("policy of the endpoint of the queues was narrowed to another queue", func(w *world) {
			w.gated("sqs", one("Allow", "*", "sqs:*", "arn:aws:sqs:eu-south-1:"+booking+":other"))
			w.refusedInLog(bySDK("SendMessage", "sqs:sendmessage", "arn:aws:sqs:eu-south-1:"+booking+":booking-prod-quotes",
				"because no VPC endpoint policy allows the sqs:sendmessage action"))
		}, because("vpce-", "the policy of vpc endpoint vpce-")),
		program("policy of the endpoint of the queues denies", func(w *world) {
			w.gated("sqs", one("Deny", "*", "sqs:SendMessage", "*"))
			w.refusedInLog(bySDK("SendMessage", "sqs:sendmessage", "arn:aws:sqs:eu-south-1:"+booking+":booking-prod-quotes",
				"with an explicit deny in a VPC endpoint policy"))
		}, because("vpce-", "its statement only denies it")),
		program("session policy bounds the program", func(w *world) {
			w.role(quotesTask).Inline["table"] = one("Allow", "", "dynamodb:*", "*")
			w.refusedInLog(bySDK("PutItem", "dynamodb:PutItem",
				"arn:aws:dynamodb:eu-south-1:"+booking+":table/booking-prod-sessions",
				"because no session policy allows the dynamodb:PutItem action"))
		}, because(onTask, "when the session began")),
		program("explicit deny for the program", func(w *world) {
			w.role(quotesTask).Inline["freeze"] = one("Deny", "", "dynamodb:*", "*")
			w.refusedInLog(bySDK("PutItem", "dynamodb:PutItem",
				"arn:aws:dynamodb:eu-south-1:"+booking+":table/booking-prod-sessions",
				"with an explicit deny in an identity-based policy"))
		}, because(onTask, "deny statement only of policy freeze")),
		{name: "sound: secret that lets the role in by itself", kind: triage.AccessDenied, target: "quotes",
			spoil: func(w *world) {
				w.IAM.Recorded = nil
				unattached(w)
				w.Secrets.Policies = map[string]string{bookingSecret: one("Allow", executionARN, getSecret, "*")}
			}},
		{name: "sound: key that admits by a grant", kind: triage.AccessDenied, target: "quotes", spoil: func(w *world) {
			w.IAM.Recorded = nil
			w.ownKey("alias/booking", `{"Statement":[]}`,
				kms.GrantListEntry{GranteePrincipal: aws.String(executionARN),
					Operations: []kms.GrantOperation{kms.GrantOperationDecrypt}})
		}},
		{name: "sound: repository of another account that lets in", kind: triage.AccessDenied, target: "quotes",
			spoil: func(w *world) {
				w.IAM.Recorded = nil
				w.quotesDefinition().ContainerDefinitions[0].Image = aws.String("904418273355.dkr.ecr.eu-south-1.amazonaws.com/shared/quotes:1.4")
				w.ECR.Images = append(w.ECR.Images, foreignImage())
				w.ECR.Policies = map[string]string{sharedImage: one("Allow", booking, "ecr:*", "*")}
			}, unseen: "triage.scope.links"},
		{name: "sound: a line of the log that only looks refused", kind: triage.AccessDenied, target: "quotes",
			spoil: func(w *world) {
				w.IAM.Recorded = nil
				task := *w.tasks("quotes")[0].TaskArn
				w.logs("quotes", task, 20*time.Minute, "INFO policy check passed: user is authorized to perform dynamodb:GetItem")
			}},
	}
}

func foreignImage() ecr.ImageDetail {
	return ecr.ImageDetail{RegistryId: aws.String("904418273355"), RepositoryName: aws.String("shared/quotes"),
		ImageTags:   []string{"1.4"},
		ImageDigest: aws.String("sha256:" + strings.Repeat("4f1c", 16)), ImagePushedAt: aws.Time(accessfake.Now)}
}
