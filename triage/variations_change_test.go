package triage_test

import (
	"time"

	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
)

// bystanders are who made the changes that have nothing to do with any trouble.
var bystanders = []string{"p.novak", "billing-deploy", "data-platform", "k.osei", "nightly-iac"}

// by adds a call of somebody.
func (w *world) by(ago time.Duration, write changesfake.Write) {
	write.At, write.Account, write.Region = w.ago(ago), w.ID, w.Region
	w.CloudTrail.Events = append(w.CloudTrail.Events, write.Event())
}

// global adds a call to a global service, which CloudTrail files in us-east-1.
func (w *world) global(ago time.Duration, write changesfake.Write) {
	write.At, write.Account, write.Region = w.ago(ago), w.ID, "us-east-1"
	w.GlobalTrail.Events = append(w.GlobalTrail.Events, write.Event())
}

// decoys are changes of other people's resources around some time: of the same kinds that break things.
func (w *world) decoys(around time.Duration) {
	for i, d := range []changesfake.Write{
		{Action: "ec2:RevokeSecurityGroupIngress", Params: `{"groupId":"sg-0feedbeef12345678"}`,
			Resources: []string{"AWS::EC2::SecurityGroup sg-0feedbeef12345678"}},
		{Action: "ec2:DeleteRoute", Params: `{"routeTableId":"rtb-0feedbeef12345678","destinationCidrBlock":"0.0.0.0/0"}`},
		{Action: "rds:ModifyDBInstance",
			Params: `{"dBInstanceIdentifier":"ledger-staging","dBInstanceClass":"db.t4g.small"}`},
		{Action: "ecs:UpdateService", Params: `{"cluster":"analytics","service":"ingest","desiredCount":0}`},
		{Action: "ecs:RegisterTaskDefinition",
			Response: `{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:eu-south-1:628905137462:task-definition/ingest:7"}}`},
		{Action: "logs:PutRetentionPolicy", Params: `{"logGroupName":"/ecs/ingest","retentionInDays":7}`},
		{Action: "secretsmanager:PutSecretValue", Params: `{"secretId":"analytics/token"}`},
		{Action: "ssm:PutParameter", Params: `{"name":"/analytics/batch-size","overwrite":true}`},
		{Action: "elasticloadbalancing:ModifyTargetGroup",
			Params: `{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-south-1:628905137462:targetgroup/Ingest/0a1b2c3d4e5f6071","healthCheckPath":"/ok"}`},
		{Action: "autoscaling:SetDesiredCapacity",
			Params: `{"autoScalingGroupName":"analytics-workers","desiredCapacity":9}`},
		{Action: "lambda:UpdateFunctionConfiguration20150331v2", Params: `{"functionName":"thumbnailer","timeout":20}`},
		{Action: "ecr:BatchDeleteImage", Params: `{"repositoryName":"ingest","imageIds":[{"imageTag":"old"}]}`},
		{Action: "s3:PutBucketPolicy", Params: `{"bucketName":"analytics-lake"}`},
		{Action: "ec2:StopInstances", Params: `{"instancesSet":{"items":[{"instanceId":"i-0feedbeef12345678"}]}}`},
	} {
		d.Who = bystanders[i%len(bystanders)]
		w.by(around+time.Duration(i-7)*50*time.Second, d)
	}
	w.global(around+time.Minute, changesfake.Write{Action: "iam:DetachRolePolicy", Who: bystanders[0],
		Params: `{"roleName":"analytics-ingest","policyArn":"arn:aws:iam::aws:policy/AmazonS3FullAccess"}`})
	w.global(around+2*time.Minute, changesfake.Write{Action: "route53:ChangeResourceRecordSets", Who: bystanders[3],
		Params: `{"hostedZoneId":"Z0FEEDBEEF","changeBatch":{"changes":[{"action":"UPSERT","resourceRecordSet":{"name":"dash.analytics.example.","type":"A"}}]}}`})
}

// changeVariations are incidents that somebody's change caused, and such that none did, among many changes of others.
func changeVariations() []variation {
	var all []variation
	for _, theme := range [][]variation{networkEdits(), releaseEdits(), accessEdits(), capacityEdits(), databaseEdits(),
		innocentEdits()} {
		all = append(all, theme...)
	}
	return all
}
