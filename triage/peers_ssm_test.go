package triage_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/triage"
)

// TestPolicyNamesDoNotCount: other tools look for the policy AmazonSSMManagedInstanceCore by its name, and pass by
// IPv6. What counts is what the role may do, whatever its policies are called, and whether the agent is there.
func TestPolicyNamesDoNotCount(t *testing.T) {
	inline := func(w *world, document string) {
		w.permit()
		for i := range w.IAM.Roles {
			if r := &w.IAM.Roles[i]; aws.ToString(r.RoleName) == opsRole {
				r.Inline = map[string]string{"house-rules": document}
			}
		}
	}
	const core = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
	about := variation{kind: triage.SSMUnreachable, target: "reports", targetType: targetInstance}
	tests := []struct {
		name  string
		spoil func(*world)
		root  *verdict
		not   []string
	}{
		{"a policy of another name allows all: the role is not to blame", func(w *world) {
			inline(w,
				`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ssm:*","ssmmessages:*","ec2messages:*"],"Resource":"*"}]}`)
			w.unseen("reports", 34*time.Minute)
		}, because(reportsID, "connectionlost"), []string{"permission", "instance profile"}},
		{"the policy is attached, and the organization denies", func(w *world) {
			w.permit(core)
			w.IAM.Organization = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},` +
				`{"Effect":"Deny","Action":"ssm:UpdateInstanceInformation","Resource":"*"}]}`
			w.unseen("reports", 34*time.Minute)
		}, because(opsRole, "ssm:updateinstanceinformation"), []string{"endpoint"}},
		{"a policy of the name, of somebody's own, allows nothing", func(w *world) {
			inline(w, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`)
			w.unseen("reports", 34*time.Minute)
		}, because(opsRole, "ssm:updateinstanceinformation"), []string{"endpoint"}},
		{"a node that is online over IPv6", func(w *world) {
			w.unroute("Private", toInternet)
			table := w.table("Private")
			table.Routes = append(table.Routes, types.Route{DestinationIpv6CidrBlock: aws.String("::/0"),
				State:                       types.RouteStateActive,
				EgressOnlyInternetGatewayId: aws.String("eigw-0a1b2c3d4e5f60718"), Origin: types.RouteOriginCreateRoute})
		}, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := about
			v.spoil, v.root, v.mustNot = tt.spoil, tt.root, tt.not
			assert.Empty(t, v.wrong(t, v.run(t)))
		})
	}
}
