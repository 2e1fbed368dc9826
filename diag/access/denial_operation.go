package access

import (
	"regexp"
	"strings"
)

// serviceIDs are the IAM prefixes of services whose ServiceID in the SDKs, written small and without blanks, is another
// ("Service Authorization Reference").
var serviceIDs = map[string]string{
	"cloudwatchlogs": "logs", "elasticloadbalancingv2": "elasticloadbalancing", "cloudwatchevents": "events",
	"eventbridge": "events", "sfn": "states", "efs": "elasticfilesystem", "apigatewayv2": "apigateway",
	"cognitoidentityprovider": "cognito-idp", "cognitoidentity": "cognito-identity",
	"elasticbeanstalk": "elasticbeanstalk",
	"emr":              "elasticmapreduce", "costexplorer": "ce", "applicationautoscaling": "application-autoscaling",
	"ecrpublic": "ecr-public", "sesv2": "ses", "servicecatalog": "servicecatalog", "resourcegroupstaggingapi": "tag",
	"elasticsearchservice": "es", "opensearch": "es", "codestarconnections": "codestar-connections", "ssoadmin": "sso",
	"applicationdiscoveryservice": "discovery", "amazonec2": "ec2", "amazons3": "s3", "amazonecs": "ecs",
	"amazonecr": "ecr",
	"awslambda": "lambda", "awssecretsmanager": "secretsmanager", "awskms": "kms", "amazonsqs": "sqs", "amazonsns": "sns",
	"amazondynamodb": "dynamodb", "amazondynamodbv2": "dynamodb", "awssimplesystemsmanagement": "ssm", "amazonrds": "rds",
	"amazonidentitymanagement": "iam", "awssecuritytokenservice": "sts",
}

// knownServices are those whose ServiceID is their IAM prefix.
var knownServices = strings.Fields(`ec2 s3 ecs ecr eks iam sts sqs sns ssm kms rds lambda dynamodb secretsmanager
	cloudformation cloudtrail cloudwatch autoscaling apigateway route53 kinesis firehose glue athena organizations acm
	elasticache redshift batch codebuild codedeploy codepipeline codecommit backup config guardduty servicediscovery xray
	wafv2 transfer amplify appsync inspector2 securityhub macie2 mq kafka sagemaker bedrock`)

// renamed are operations whose IAM action has another name; "" marks those that need more than one.
var renamed = map[string]string{
	"s3:ListObjects": "s3:ListBucket", "s3:ListObjectsV2": "s3:ListBucket", "s3:HeadBucket": "s3:ListBucket",
	"s3:HeadObject": "s3:GetObject", "s3:ListBuckets": "s3:ListAllMyBuckets", "s3:CreateMultipartUpload": "s3:PutObject",
	"s3:UploadPart": "s3:PutObject", "s3:CompleteMultipartUpload": "s3:PutObject", "s3:DeleteObjects": "s3:DeleteObject",
	"s3:ListObjectVersions": "s3:ListBucketVersions", "s3:CopyObject": "", "s3:UploadPartCopy": "",
	"s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
	"s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
	"s3:PutBucketEncryption":                "s3:PutEncryptionConfiguration",
	"s3:GetBucketEncryption":                "s3:GetEncryptionConfiguration",
	"s3:PutBucketLifecycleConfiguration":    "s3:PutLifecycleConfiguration",
	"s3:GetBucketLifecycleConfiguration":    "s3:GetLifecycleConfiguration",
	"s3:PutPublicAccessBlock":               "s3:PutBucketPublicAccessBlock",
	"s3:GetPublicAccessBlock":               "s3:GetBucketPublicAccessBlock",
	"lambda:Invoke":                         "lambda:InvokeFunction", "dynamodb:TransactWriteItems": "",
	"dynamodb:TransactGetItems": "",
	"dynamodb:ExecuteStatement": "", "sqs:SendMessageBatch": "sqs:SendMessage",
	"sqs:DeleteMessageBatch": "sqs:DeleteMessage",
}

// operations are names that only one AWS service gives to an operation, by the service's IAM prefix. Names that several
// services use ("GetAuthorizationToken", "CreateCluster", "TagResource") are not here: they prove nothing.
var operations = byOperation(map[string]string{
	"s3": `PutObject GetObject DeleteObject DeleteObjects HeadObject HeadBucket ListObjects ListObjectsV2
		ListObjectVersions
		ListBuckets CreateMultipartUpload UploadPart CompleteMultipartUpload AbortMultipartUpload CopyObject UploadPartCopy
		CreateBucket DeleteBucket PutBucketPolicy GetBucketPolicy DeleteBucketPolicy GetBucketLocation GetBucketAcl
		PutBucketAcl PutObjectAcl GetObjectAcl PutBucketVersioning GetBucketVersioning PutBucketTagging GetBucketTagging
		PutBucketEncryption GetBucketEncryption PutPublicAccessBlock PutBucketNotificationConfiguration PutBucketLogging
		GetObjectTagging PutObjectTagging PutBucketLifecycleConfiguration PutBucketWebsite PutBucketCors`,
	"ec2": `RunInstances TerminateInstances StartInstances StopInstances RebootInstances DescribeInstances
		DescribeInstanceStatus CreateVolume DeleteVolume AttachVolume DetachVolume DescribeVolumes CreateVpc DeleteVpc
		DescribeVpcs CreateSubnet DescribeSubnets CreateSecurityGroup DeleteSecurityGroup DescribeSecurityGroups
		AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress
		CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces AttachNetworkInterface AllocateAddress
		AssociateAddress ReleaseAddress DescribeAddresses CreateInternetGateway AttachInternetGateway CreateNatGateway
		CreateRoute CreateRouteTable DescribeRouteTables CreateVpcEndpoint DescribeVpcEndpoints CreateLaunchTemplate
		CreateKeyPair ImportKeyPair DescribeKeyPairs DescribeImages CreateImage RegisterImage DeregisterImage
		DescribeRegions DescribeAvailabilityZones ModifyInstanceAttribute DescribeInstanceTypes RequestSpotInstances
		CreateFleet DescribeLaunchTemplates GetConsoleOutput AssociateIamInstanceProfile`,
	"sts": `AssumeRole AssumeRoleWithWebIdentity AssumeRoleWithSAML GetSessionToken GetFederationToken
		DecodeAuthorizationMessage`,
	"iam": `CreateRole DeleteRole GetRole PassRole AttachRolePolicy DetachRolePolicy PutRolePolicy DeleteRolePolicy
		GetRolePolicy ListRoles ListRolePolicies ListAttachedRolePolicies UpdateAssumeRolePolicy CreateServiceLinkedRole
		CreateInstanceProfile AddRoleToInstanceProfile CreateAccessKey ListAccessKeys AttachUserPolicy PutUserPolicy
		SimulatePrincipalPolicy UploadServerCertificate ListServerCertificates CreateOpenIDConnectProvider`,
	"ecs": `RegisterTaskDefinition DeregisterTaskDefinition DescribeTaskDefinition ListTaskDefinitions RunTask StopTask
		DescribeTasks ExecuteCommand RegisterContainerInstance DescribeContainerInstances ListContainerInstances
		UpdateContainerInstancesState DiscoverPollEndpoint SubmitTaskStateChange`,
	"ecr": `BatchCheckLayerAvailability GetDownloadUrlForLayer BatchGetImage InitiateLayerUpload UploadLayerPart
		CompleteLayerUpload GetRepositoryPolicy SetRepositoryPolicy`,
	"eks": `DescribeNodegroup CreateNodegroup AccessKubernetesApi`,
	"secretsmanager": `GetSecretValue BatchGetSecretValue PutSecretValue CreateSecret DescribeSecret UpdateSecret ` +
		`RotateSecret`,
	"ssm": `GetParameter GetParameters GetParametersByPath PutParameter DeleteParameter DescribeParameters SendCommand
		GetCommandInvocation ListCommandInvocations TerminateSession ResumeSession DescribeInstanceInformation
		UpdateInstanceInformation StartAutomationExecution`,
	"kms": `GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncrypt CreateGrant RevokeGrant DescribeKey
		ScheduleKeyDeletion
		PutKeyPolicy GetKeyPolicy EnableKeyRotation`,
	"lambda": `CreateFunction UpdateFunctionCode UpdateFunctionConfiguration GetFunctionConfiguration
		CreateEventSourceMapping PublishLayerVersion GetLayerVersion InvokeFunction`,
	"dynamodb": `PutItem GetItem UpdateItem DeleteItem BatchWriteItem BatchGetItem TransactWriteItems TransactGetItems
		DescribeTimeToLive UpdateTimeToLive DescribeContinuousBackups`,
	"sqs": `SendMessage SendMessageBatch ReceiveMessage DeleteMessage DeleteMessageBatch GetQueueUrl GetQueueAttributes
		SetQueueAttributes ChangeMessageVisibility PurgeQueue`,
	"sns": `ConfirmSubscription SetTopicAttributes GetTopicAttributes CreatePlatformEndpoint ListSubscriptionsByTopic`,
	"logs": `CreateLogGroup DeleteLogGroup DescribeLogGroups CreateLogStream DescribeLogStreams PutLogEvents GetLogEvents
		FilterLogEvents PutRetentionPolicy PutSubscriptionFilter PutMetricFilter`,
	"cloudwatch":     `PutMetricData GetMetricData GetMetricStatistics PutMetricAlarm DescribeAlarms`,
	"cloudformation": `CreateChangeSet ExecuteChangeSet DescribeChangeSet DescribeStackEvents GetTemplateSummary`,
	"cloudtrail":     `LookupEvents`,
	"route53": `ChangeResourceRecordSets ListResourceRecordSets ListHostedZones ListHostedZonesByName ` +
		`GetHostedZone`,
	"autoscaling": `CreateAutoScalingGroup UpdateAutoScalingGroup DescribeAutoScalingGroups SetDesiredCapacity ` +
		`CreateLaunchConfiguration`,
	"elasticloadbalancing": `DescribeTargetHealth DescribeTargetGroups CreateTargetGroup RegisterTargets DeregisterTargets
		DescribeLoadBalancerAttributes`,
	"rds":         `CreateDBInstance ModifyDBInstance DescribeDBLogFiles DownloadDBLogFilePortion`,
	"codedeploy":  `PutLifecycleEventHookExecutionStatus`,
	"codebuild":   `BatchGetBuilds BatchGetProjects`,
	"events":      `PutTargets PutEvents RemoveTargets`,
	"firehose":    `PutRecordBatch`,
	"athena":      `StartQueryExecution GetQueryExecution`,
	"xray":        `PutTraceSegments PutTelemetryRecords`,
	"ses":         `SendRawEmail SendTemplatedEmail`,
	"cognito-idp": `AdminCreateUser AdminInitiateAuth AdminGetUser AdminSetUserPassword`,
})

func byOperation(names map[string]string) map[string]string {
	services := map[string]string{}
	for service, list := range names {
		for _, name := range strings.Fields(list) {
			services[name] = service
		}
	}
	return services
}

var (
	// called names the operation only: botocore and the AWS CLI.
	called = regexp.MustCompile(`when calling the (\w+) operation`)
	// operated names service and operation: the AWS SDK for Go v2.
	operated = regexp.MustCompile(`operation error ([A-Za-z0-9 ]+): (\w+)`)
	// missing names them the other way round: Lambda.
	missing = regexp.MustCompile(`(?i)permissions? to call (\w+) on (\w+)`)
	// raised names the operation and the service: Systems Manager Automation ("Troubleshooting Systems Manager
	// Automation").
	raised = regexp.MustCompile(`\bfrom (\w+) API of (\w+) Service`)
	// executed names the operation and the endpoint: the AWS SDK for PHP.
	executed = regexp.MustCompile(`executing "(\w+)" on "https://([a-z0-9-]+)\.`)
	// responded names the operation only: Fluent Bit.
	responded = regexp.MustCompile(`\b(\w+) API responded with error`)
	// logged is a line of the log of the AWS SDK for Ruby: service, and operation in its spelling.
	logged = regexp.MustCompile(`\[Aws::(\w+)::Client 4\d\d [^\]]*\] (\w+)\(`)
	// endpoint is the address of a service, also in the older form of Amazon SQS.
	endpoint = regexp.MustCompile(`https://(?:([a-z0-9-]+)\.[a-z0-9-]+|[a-z0-9-]+\.(queue))\.amazonaws\.com`)
	// passing is how Lambda and others refuse a role of another account ("Granting a user permissions to pass a role").
	passing = regexp.MustCompile(`(?i)\bpass role is not allowed`)
	assume  = regexp.MustCompile(`(?i)unable to assume (?:the |your )?(?:service[- ]linked )?role|` +
		`roles may not be assumed by root|cannot be assumed by`)
)

// derive concludes the action from the name of the operation, where service and operation leave no doubt.
func (d *Denial) derive(flat string) {
	if d.Kind == BadCredentials {
		return
	}
	if action := actionOf(flat); action != "" {
		d.Action, d.Derived = action, append(d.Derived, derivedAction)
	}
	if d.Action == "sts:AssumeRole" && d.Resource == "" {
		d.Resource = trim(first(roleARNField, flat))
	}
}

func actionOf(flat string) string {
	if m := operated.FindStringSubmatch(flat); m != nil {
		return actionIn(m[1], m[2])
	}
	if m := missing.FindStringSubmatch(flat); m != nil {
		return actionIn(m[2], m[1])
	}
	if m := raised.FindStringSubmatch(flat); m != nil {
		return actionIn(m[2], m[1])
	}
	if m := executed.FindStringSubmatch(flat); m != nil {
		return actionIn(m[2], m[1])
	}
	if m := logged.FindStringSubmatch(flat); m != nil {
		return actionIn(m[1], camel(m[2]))
	}
	for _, by := range []*regexp.Regexp{called, responded} {
		if m := by.FindStringSubmatch(flat); m != nil {
			return actionAt(m[1], flat)
		}
	}
	switch {
	case passing.MatchString(flat):
		return "iam:PassRole"
	case assume.MatchString(flat):
		return "sts:AssumeRole"
	}
	return ""
}

// actionAt returns the action of an operation whose service stands at most in an address.
func actionAt(operation, flat string) string {
	if service := operations[operation]; service != "" {
		return iamAction(service, operation)
	}
	m := endpoint.FindStringSubmatch(flat)
	switch {
	case m == nil:
		return ""
	case m[2] != "":
		return actionIn("sqs", operation)
	}
	return actionIn(m[1], operation)
}

// camel turns "assume_role" into "AssumeRole".
func camel(snake string) string {
	var text strings.Builder
	for part := range strings.SplitSeq(snake, "_") {
		if part != "" {
			text.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return text.String()
}

// actionIn returns the action of an operation of a service, given by its ServiceID.
func actionIn(service, operation string) string {
	id := strings.ToLower(strings.ReplaceAll(service, " ", ""))
	if prefix := serviceIDs[id]; prefix != "" {
		return iamAction(prefix, operation)
	}
	for _, known := range knownServices {
		if known == id {
			return iamAction(id, operation)
		}
	}
	return ""
}

func iamAction(prefix, operation string) string {
	action := prefix + ":" + operation
	if name, ok := renamed[action]; ok {
		return name
	}
	return action
}
