package changes_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
)

func deletion(identity string) types.Event {
	return types.Event{EventId: aws.String("e"), EventName: aws.String("DeleteRoute"),
		EventSource: aws.String("ec2.amazonaws.com"),
		EventTime:   aws.Time(now.Add(-time.Hour)), ReadOnly: aws.String("false"),
		CloudTrailEvent: aws.String(`{"requestParameters":{"routeTableId":"rtb-1"},"userIdentity":` + identity + `}`)}
}

// TestActors reads the forms of identity that the CloudTrail User Guide lists ("CloudTrail userIdentity element").
func TestActors(t *testing.T) {
	for _, tt := range []struct{ name, identity, kind, want, short string }{
		{"user", `{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ops/ann","userName":"ann"}`, "IAMUser", "ann",
			"ann"},
		{"user without a name", `{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ops/ann"}`, "IAMUser", "ann", "ann"},
		{"assumed role", `{"type":"AssumedRole","principalId":"AROA:ann",` +
			`"arn":"arn:aws:sts::111122223333:assumed-role/admin/ann",` +
			`"sessionContext":{"sessionIssuer":{"userName":"admin","arn":"arn:aws:iam::111122223333:role/admin"}}}`,
			"AssumedRole", "ann (role admin)", "ann"},
		{"role without a session", `{"type":"AssumedRole","sessionContext":{"sessionIssuer":{"userName":"admin"}}}`,
			"AssumedRole", "admin", "admin"},
		{"through CloudFormation",
			`{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/admin/ann",` +
				`"invokedBy":"cloudformation.amazonaws.com","sessionContext":{"sessionIssuer":{"userName":"admin"}}}`,
			"AssumedRole", "ann (role admin) through cloudformation.amazonaws.com", "ann"},
		{"root", `{"type":"Root","arn":"arn:aws:iam::111122223333:root"}`, "Root", "root", "root"},
		{"deploying service", `{"type":"AWSService","invokedBy":"codedeploy.amazonaws.com"}`, "AWSService",
			"codedeploy.amazonaws.com", "codedeploy.amazonaws.com"},
		{"federated", `{"type":"FederatedUser","arn":"arn:aws:sts::111122223333:federated-user/ann"}`, "FederatedUser",
			"ann", "ann"},
		{"SAML", `{"type":"SAMLUser","principalId":"xyz:ann@example.com","userName":"ann@example.com"}`, "SAMLUser",
			"ann@example.com", "ann@example.com"},
		{"web identity", `{"type":"WebIdentityUser",` +
			`"principalId":"token.actions.githubusercontent.com:sts.amazonaws.com:repo","userName":"repo:shop/api"}`,
			"WebIdentityUser", "repo:shop/api", "repo:shop/api"},
		{"another account", `{"type":"AWSAccount","accountId":"444455556666"}`, "AWSAccount", "444455556666", "444455556666"},
		{"identity center", `{"type":"IdentityCenterUser","onBehalfOf":{"userId":"ann-id"}}`, "IdentityCenterUser", "ann-id",
			"ann-id"},
		{"nobody", `{}`, "", "somebody", "somebody"},
		{"not an object", `"root"`, "", "somebody", "somebody"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := only(t, deletion(tt.identity))
			assert.Equal(t, tt.kind, c.Actor.Kind)
			assert.Equal(t, tt.want, c.Actor.String())
			assert.Equal(t, tt.short+" deleted a route from route table rtb-1", c.Summary)
		})
	}
}

func TestNoise(t *testing.T) {
	linked := func(service string) string {
		return `{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForX/x",` +
			`"sessionContext":{"sessionIssuer":{"userName":"AWSServiceRoleForX",` +
			`"arn":"arn:aws:iam::111122223333:role/aws-service-role/` + service + `/AWSServiceRoleForX"}}}`
	}
	write := func(action, who, failure string) types.Event {
		return changesfake.Write{At: now.Add(-time.Hour), Action: action, Who: who, Error: failure}.Event()
	}
	reads := write("ec2:DescribeInstances", "ann", "")
	reads.CloudTrailEvent = aws.String(`{"eventName":"DescribeInstances","eventSource":"ec2.amazonaws.com",` +
		`"readOnly":true}`)
	for _, tt := range []struct {
		name    string
		event   types.Event
		why     string
		refused bool
	}{
		{"service-linked role of ECS", deletion(linked("ecs.amazonaws.com")), "by ecs.amazonaws.com", false},
		{"service-linked role of Auto Scaling", deletion(linked("autoscaling.amazonaws.com")),
			"by autoscaling.amazonaws.com", false},
		{"service-linked role of stack sets", deletion(linked("stacksets.cloudformation.amazonaws.com")), "", false},
		{"ECS registers a target", write("elasticloadbalancing:RegisterTargets", "ecs.amazonaws.com", ""),
			"by ecs.amazonaws.com", false},
		{"a person registers a target", write("elasticloadbalancing:RegisterTargets", "ann", ""), "", false},
		{"scaling of a service", write("ecs:UpdateService", "ecs.application-autoscaling.amazonaws.com", ""),
			"by ecs.application-autoscaling.amazonaws.com", false},
		{"log stream", write("logs:CreateLogStream", "ann", ""), "routine call", false},
		{"heartbeat", write("ssm:UpdateInstanceInformation", "i-1", ""), "routine call", false},
		{"rotation by the service", write("secretsmanager:RotationSucceeded", "secretsmanager.amazonaws.com", ""), "", false},
		{"failed", write("ec2:DeleteRoute", "ann", "InvalidRoute.NotFound"), "failed", false},
		{"denied", write("ec2:DeleteRoute", "ann", "Client.UnauthorizedOperation"), "", true},
		{"denied in another spelling", write("iam:PutRolePolicy", "ann", "AccessDenied"), "", true},
		{"read", reads, "no write event", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sweep, err := changes.NewTrail(&changesfake.Client{Events: []types.Event{tt.event}}, window,
				changes.WithPacer(nil)).Sweep(t.Context())
			require.NoError(t, err)
			switch {
			case tt.refused:
				assert.Empty(t, sweep.Changes)
				require.Len(t, sweep.Refused, 1)
				assert.Contains(t, sweep.Refused[0].Summary, "ann was refused ")
				assert.NotEmpty(t, sweep.Refused[0].ErrorMessage)
				assert.Empty(t, changes.Findings(sweep.Refused), "a refused call changed nothing")
			case tt.why != "":
				assert.Empty(t, sweep.Changes)
				require.Len(t, sweep.Folded, 1)
				assert.Equal(t, tt.why, sweep.Folded[0].Why)
				assert.Equal(t, 1, sweep.Folded[0].Count)
			default:
				assert.Len(t, sweep.Changes, 1)
			}
		})
	}
}
