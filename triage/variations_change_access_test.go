package triage_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag/access/accessfake"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/triage"
)

const bookingSecret = "arn:aws:secretsmanager:eu-south-1:628905137462:secret:booking/prod/db-1RBi0j"

// role returns a role by its name.
func (w *world) role(name string) *accessfake.Role {
	for i := range w.IAM.Roles {
		if aws.ToString(w.IAM.Roles[i].RoleName) == name {
			return &w.IAM.Roles[i]
		}
	}
	return nil
}

func accessEdits() []variation {
	denied := "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval " +
		"failed: unable to retrieve secret from asm: service call has been retried 1 time(s): " +
		"failed to fetch secret " + bookingSecret +
		" from secrets manager: AccessDeniedException: User: " +
		"arn:aws:sts::628905137462:assumed-role/BookingProd-TaskExecution/0f1e2d3c is not authorized to perform: " +
		"secretsmanager:GetSecretValue on resource: " + bookingSecret +
		" because no identity-based policy allows the secretsmanager:GetSecretValue action status code: 400"
	starts := func(w *world, reason string) {
		w.IAM.Recorded = nil
		for i := range 4 {
			w.stopped("quotes", time.Duration(30-6*i)*time.Minute, 0, neverStarted("%s", reason))
		}
		w.lacks("quotes")
	}
	unread := func(w *world, action string) {
		w.failures("quotes", 35*time.Minute, 2600)
		w.complain("quotes", 35*time.Minute,
			"botocore.exceptions.ClientError: An error occurred (AccessDeniedException) when calling the GetItem operation: User: "+
				"arn:aws:sts::628905137462:assumed-role/BookingProd-QuotesTask/3808bdc4c940bd821f104642f3ff4da6 is not authorized to perform: "+action+" on resource: "+
				"arn:aws:dynamodb:eu-south-1:628905137462:table/booking-prod-sessions because no identity-based policy allows the "+
				action+" action")
	}
	const policy = `{"roleName":"BookingProd-QuotesTask","policyName":"app"}`
	return []variation{
		{name: "policy deleted before the next start of tasks", kind: triage.TasksStopping, target: "quotes",
			spoil: func(w *world) {
				w.decoys(33 * time.Minute)
				w.role("BookingProd-TaskExecution").Inline = nil
				starts(w, denied)
				w.global(140*time.Minute, changesfake.Write{Action: "iam:DeleteRolePolicy", Who: "iam-hygiene",
					Params: `{"roleName":"BookingProd-TaskExecution","policyName":"read-secrets"}`})
			}, change: &culprit{code: "changes.role-policy-detached", on: "BookingProd-TaskExecution", by: "iam-hygiene",
				ago: 140 * time.Minute}},
		{name: "policy of the task role deleted", kind: triage.HTTP5xx, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.decoys(36 * time.Minute)
				w.role("BookingProd-QuotesTask").Inline = nil
				unread(w, "dynamodb:GetItem")
				w.global(37*time.Minute, changesfake.Write{Action: "iam:DeleteRolePolicy", Who: "iam-hygiene", Params: policy})
			}, change: &culprit{code: "changes.role-policy-detached", on: "BookingProd-QuotesTask", by: "iam-hygiene",
				ago: 37 * time.Minute}},
		{name: "policy of the task role rewritten", kind: triage.AccessDenied, target: "quotes", spoil: func(w *world) {
			w.decoys(36 * time.Minute)
			w.IAM.Recorded = nil
			w.role("BookingProd-QuotesTask").Inline = map[string]string{"app": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`}
			unread(w, "dynamodb:GetItem")
			w.global(37*time.Minute, changesfake.Write{Action: "iam:PutRolePolicy", Who: "tf-apply", Agent: terraform,
				Params: policy})
		}, change: &culprit{code: "changes.role-policy-changed", on: "BookingProd-QuotesTask", by: "Terraform",
			ago: 37 * time.Minute}},
		{name: "secret deleted", kind: triage.TasksStopping, target: "quotes", spoil: func(w *world) {
			w.decoys(33 * time.Minute)
			w.Secrets.Secrets[0].DeletedDate = aws.Time(w.ago(50 * time.Minute))
			starts(w,
				"ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "+
					"unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret "+
					bookingSecret+
					" from secrets manager: InvalidRequestException: You can't perform this operation on the secret because it was "+
					"marked for deletion.")
			w.by(50*time.Minute, changesfake.Write{Action: "secretsmanager:DeleteSecret", Who: "r.costa",
				Params: `{"secretId":"` + bookingSecret + `","recoveryWindowInDays":7}`})
		}, change: &culprit{code: "changes.secret-deleted", on: "booking/prod/db", by: "r.costa", ago: 50 * time.Minute}},
		{name: "key disabled that decrypts the secret", kind: triage.TasksStopping, target: "quotes", spoil: func(w *world) {
			w.decoys(33 * time.Minute)
			const key = "7c1d22e4-90ab-4cf1-8e65-1b2a9f0d3c44"
			w.Secrets.Secrets[0].KmsKeyId = aws.String("arn:aws:kms:eu-south-1:628905137462:key/" + key)
			starts(w,
				"ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "+
					"unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret "+
					bookingSecret+" from secrets manager: AccessDeniedException: Access to KMS is not allowed")
			w.by(90*time.Minute, changesfake.Write{Action: "kms:ScheduleKeyDeletion", Who: "r.costa",
				Params: `{"keyId":"` + key + `","pendingWindowInDays":7}`})
		}, change: &culprit{code: "changes.key-disabled", on: "7c1d22e4", by: "r.costa", ago: 90 * time.Minute}},
	}
}

// innocentEdits are troubles that no change caused, however near in time, and changes that caused none.
func innocentEdits() []variation {
	oom := func(w *world) {
		for i := range 4 {
			w.stopped("quotes", time.Duration(40-8*i)*time.Minute, 4*time.Minute,
				exited(137, "OutOfMemoryError: Container killed due to memory usage"))
		}
		w.metric("MemoryUtilization", "", "quotesservice", 60*time.Minute, always(99))
		w.errors("502", 38*time.Minute, 240)
	}
	return []variation{
		{name: "many changes and a sound account", kind: triage.Unknown, targetType: targetLoadBalancer,
			spoil: func(w *world) { w.decoys(30 * time.Minute) }},
		{name: "rule removed after it began", kind: triage.TasksStopping, target: "quotes", spoil: func(w *world) {
			oom(w)
			w.decoys(20 * time.Minute)
			w.by(12*time.Minute, changesfake.Write{Action: "ec2:AuthorizeSecurityGroupIngress", Who: "o.bauer",
				Params: `{"groupId":"sg-041b13132a55705f6","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":9100,"toPort":9100}]}}`})
			w.by(11*time.Minute, changesfake.Write{Action: "ecs:UpdateService", Who: "o.bauer",
				Params: `{"cluster":"` + *w.ECS.Clusters[0].ClusterName + `","service":"` + *w.service("quotes").ServiceName +
					`","forceNewDeployment":true}`})
		}, root: because("", "memory"), innocent: []string{"o.bauer"}},
		{name: "refused attempts right before", kind: triage.TasksStopping, target: "quotes", spoil: func(w *world) {
			oom(w)
			w.decoys(41 * time.Minute)
			cluster, service := *w.ECS.Clusters[0].ClusterName, *w.service("quotes").ServiceName
			w.by(42*time.Minute, changesfake.Write{Action: "ecs:UpdateService", Who: "intern", Error: "AccessDenied",
				Params: `{"cluster":"` + cluster + `","service":"` + service + `","desiredCount":9}`})
			w.by(41*time.Minute, changesfake.Write{Action: "ecs:UpdateService", Who: "intern",
				Error: "InvalidParameterException", Params: `{"cluster":"` + cluster + `","service":"` + service +
					`","taskDefinition":"nope"}`})
		}, root: because("", "memory"), innocent: []string{"intern"}},
		{name: "attempt that failed, then the one that did it", kind: triage.HTTP504, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.decoys(32 * time.Minute)
				group := w.closeIn(31 * time.Minute)
				failed := revokeOf(group, "intern")
				failed.Error = "Client.UnauthorizedOperation"
				w.by(32*time.Minute, failed)
				w.by(33*time.Minute, revokeOf(group, "o.bauer"))
			}, change: &culprit{code: "changes.security-group-rule-removed", on: "sg-041b13132a55705f6", by: "o.bauer",
				ago: 33 * time.Minute}, innocent: []string{"intern"}},
		{name: "rule removed and put back long before", kind: triage.TasksStopping, target: "quotes", spoil: func(w *world) {
			w.by(80*time.Minute, revokeOf("sg-041b13132a55705f6", "o.bauer"))
			again := revokeOf("sg-041b13132a55705f6", "o.bauer")
			again.Action = "ec2:AuthorizeSecurityGroupIngress"
			w.by(75*time.Minute, again)
			oom(w)
		}, root: because("", "memory"), innocent: []string{"o.bauer"}},
		{name: "rule removed and put back, another change broke it", kind: triage.HTTP504, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.decoys(35 * time.Minute)
				w.by(80*time.Minute, revokeOf("sg-041b13132a55705f6", "intern"))
				again := revokeOf("sg-041b13132a55705f6", "intern")
				again.Action = "ec2:AuthorizeSecurityGroupIngress"
				w.by(75*time.Minute, again)
				w.health("quotes", 31*time.Minute, "Target.Timeout", "Request timed out")
				w.errors("504", 31*time.Minute, 9400)
				w.by(34*time.Minute, changesfake.Write{Action: "ec2:ReplaceNetworkAclEntry", Who: "secops",
					Params: `{"networkAclId":"` + w.denyACL() + `","ruleNumber":10,"egress":false,"ruleAction":"deny"}`})
			}, change: &culprit{code: "changes.network-acl-changed", on: "acl-", by: "secops", ago: 34 * time.Minute},
			innocent: []string{"intern"}},
		{name: "rule removed and put back, and then the program hangs", kind: triage.HTTP504, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.decoys(35 * time.Minute)
				w.by(50*time.Minute, revokeOf("sg-041b13132a55705f6", "intern"))
				again := revokeOf("sg-041b13132a55705f6", "intern")
				again.Action = "ec2:AuthorizeSecurityGroupIngress"
				w.by(45*time.Minute, again)
				w.health("quotes", 31*time.Minute, "Target.Timeout", "Request timed out")
				w.errors("504", 31*time.Minute, 9400)
			}, root: because("", "timed out", "timeout"), innocent: []string{"intern"}},
		{name: "scale-out by Auto Scaling beside a leak", kind: triage.TasksStopping, target: "quotes",
			spoil: func(w *world) {
				oom(w)
				w.by(41*time.Minute, changesfake.Write{Action: "ecs:UpdateService",
					Who:    "ecs.application-autoscaling.amazonaws.com",
					Params: `{"service":"` + *w.service("quotes").ServiceName + `","desiredCount":3}`})
			}, root: because("", "memory"), innocent: []string{"autoscaling"}},
	}
}
