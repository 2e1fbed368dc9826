package changes

import "strings"

// routine are calls that change no configuration, whoever makes them: they deliver data, keep an agent's heartbeat,
// open a session, tag, or come and go with every task and instance. Keys are "service:EventName".
var routine = set(`
	logs:CreateLogStream logs:PutLogEvents logs:StartQuery logs:StopQuery logs:CreateExportTask logs:DeleteLogStream
	monitoring:PutMetricData
	sts:AssumeRole sts:AssumeRoleWithSAML sts:AssumeRoleWithWebIdentity sts:GetSessionToken sts:GetFederationToken
	signin:ConsoleLogin signin:CheckMfa signin:SwitchRole signin:ExitRole signin:UserAuthentication
	sso:Authenticate sso:Federate sso:GetRoleCredentials sso-oauth:CreateToken
	ssm:UpdateInstanceInformation ssm:PutInventory ssm:PutComplianceItems ssm:PutConfigurePackageResult
	ssm:UpdateInstanceAssociationStatus ssm:UpdateAssociationStatus ssm:TerminateSession ssm:ResumeSession
	ssm:CreateOpsItem ssm:UpdateOpsItem
	ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel ssmmessages:OpenControlChannel
		ssmmessages:OpenDataChannel
	ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:AttachNetworkInterface ec2:CreateSnapshot ec2:CreateSnapshots
	ec2:DeleteSnapshot ec2:CreateTags ec2:DeleteTags ec2:SharedSnapshotVolumeCreated ec2:CreateNetworkInterfacePermission
	ecs:SubmitTaskStateChange ecs:SubmitContainerStateChange ecs:SubmitAttachmentStateChanges ecs:DiscoverPollEndpoint
	ecs:RegisterContainerInstance ecs:TagResource ecs:UntagResource ecs:PutAttributes
	ecr:InitiateLayerUpload ecr:UploadLayerPart ecr:CompleteLayerUpload ecr:StartImageScan ecr:TagResource
	kms:Decrypt kms:Encrypt kms:GenerateDataKey kms:GenerateDataKeyWithoutPlaintext kms:ReEncrypt kms:CreateGrant
	rds:CreateDBSnapshot rds:DeleteDBSnapshot rds:AddTagsToResource rds:DownloadDBLogFilePortion
	elasticloadbalancing:AddTags elasticloadbalancing:RemoveTags
	iam:GenerateServiceLastAccessedDetails iam:GenerateCredentialReport iam:TagRole iam:UntagRole iam:TagPolicy
	secretsmanager:TagResource secretsmanager:UntagResource lambda:TagResource logs:TagResource logs:TagLogGroup
	ssm:AddTagsToResource ssm:RemoveTagsFromResource sns:TagResource sqs:TagQueue tagging:TagResources
	athena:StartQueryExecution cloudshell:CreateSession cloudshell:PutCredentials cloudshell:SendHeartBeat
	health:DescribeEventAggregates support:RefreshTrustedAdvisorCheck backup:StartBackupJob inspector2:BatchAssociate
	ssm:StartAssociationsOnce ec2messages:SendReply ec2messages:AcknowledgeMessage`)

// deployers are services that carry out what somebody else decided: a deployment, a stack, a rotation. What other
// services do on their own is routine: ECS registers targets, Auto Scaling replaces instances.
var deployers = set(`cloudformation.amazonaws.com member.org.stacksets.cloudformation.amazonaws.com
	stacksets.cloudformation.amazonaws.com codedeploy.amazonaws.com codepipeline.amazonaws.com servicecatalog.amazonaws.com
	secretsmanager.amazonaws.com elasticbeanstalk.amazonaws.com maintenance.elasticbeanstalk.amazonaws.com
	proton.amazonaws.com amplify.amazonaws.com`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// folded tells why a call is no change worth telling, "" if it is one.
func (c *call) folded() string {
	switch {
	case routine[c.action()]:
		return "routine call"
	case c.actor.servicePrincipal != "" && !deployers[c.actor.servicePrincipal]:
		return "by " + c.actor.servicePrincipal
	}
	return ""
}
