package changes_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
)

const arnGroup = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/front/6d0ecf831eec9f09"

// TestUndoing: the command that takes a change back, as a shell takes it, from what the event holds.
func TestUndoing(t *testing.T) {
	const listener = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/front/50dc/f2f7"
	const rule = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/front/50dc/f2f7/9683"
	for _, tt := range []struct{ action, params, response, undo string }{
		{"ec2:DetachInternetGateway", `{"internetGatewayId":"igw-1","vpcId":"vpc-1"}`, ``,
			"aws ec2 attach-internet-gateway --internet-gateway-id igw-1 --vpc-id vpc-1"},
		{"ec2:DetachInternetGateway", `{"internetGatewayId":"igw-1"}`, ``, ""}, // of which VPC, the event does not say
		{"autoscaling:SuspendProcesses", `{"autoScalingGroupName":"web hosts","scalingProcesses":["Launch"]}`, ``,
			"aws autoscaling resume-processes --auto-scaling-group-name 'web hosts'"},
		{"elasticloadbalancing:CreateRule", `{"listenerArn":"` + listener + `","priority":5}`,
			`{"rules":[{"ruleArn":"` + rule + `"}]}`,
			"aws elbv2 delete-rule --rule-arn " + rule},
		{"elasticloadbalancing:RegisterTargets",
			`{"targetGroupArn":"` + arnGroup + `","targets":[{"id":"i-1","port":8080},{"id":"i-2"}]}`, ``,
			"aws elbv2 deregister-targets --target-group-arn " + arnGroup + " --targets Id=i-1,Port=8080 Id=i-2"},
		{"elasticloadbalancing:RegisterTargets", `{"targetGroupArn":"` + arnGroup + `"}`, ``, ""},
		{"iam:AttachRolePolicy", `{"roleName":"api","policyArn":"` + arnPolicy + `"}`, ``,
			"aws iam detach-role-policy --role-name api --policy-arn " + arnPolicy},
		{"iam:PutRolePermissionsBoundary", `{"roleName":"api","permissionsBoundary":"` + arnPolicy + `"}`, ``,
			"aws iam delete-role-permissions-boundary --role-name api"},
		{"iam:RemoveRoleFromInstanceProfile", `{"instanceProfileName":"hosts","roleName":"host"}`, ``,
			"aws iam add-role-to-instance-profile --instance-profile-name hosts --role-name host"},
		{"organizations:DetachPolicy", `{"policyId":"p-1a2b3c4d","targetId":"ou-1"}`, ``,
			"aws organizations attach-policy --policy-id p-1a2b3c4d --target-id ou-1"},
		{"iam:RemoveUserFromGroup", `{"userName":"ci","groupName":"deployers"}`, ``,
			"aws iam add-user-to-group --user-name ci --group-name deployers"},
		{"iam:DetachRolePolicy", `{"roleName":"it's","policyArn":"` + arnPolicy + `"}`, ``,
			`aws iam attach-role-policy --role-name 'it'\''s' --policy-arn ` + arnPolicy},
	} {
		t.Run(tt.action+tt.params, func(t *testing.T) {
			c := only(t, changesfake.Write{At: now.Add(-time.Hour), Action: tt.action, Who: "omar.h", Params: tt.params,
				Response: tt.response}.Event())
			undo := ""
			for _, s := range c.Steps {
				assert.True(t, s.Changes, "what takes something back changes the account")
				undo = s.Command
			}
			assert.Equal(t, tt.undo, undo)
		})
	}
}
