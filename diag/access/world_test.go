package access_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

var window = diag.Last(3*time.Hour, accessfake.Now)

const (
	managed    = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
	bounds     = "arn:aws:iam::111122223333:policy/team-boundary"
	repository = "arn:aws:ecr:eu-west-1:111122223333:repository/shop/api"
	secret     = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf"
	parameter  = "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/key"
	key        = "arn:aws:kms:eu-west-1:111122223333:key/8f2b6c1e-0000-4000-8000-000000000001"
	group      = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/api"
)

// everything is all that the checks look at: needs of every purpose.
func everything() []access.Need {
	return slices.Concat(access.ExecSession(access.ExecTargets{Key: key, LogGroup: group, Bucket: "arn:aws:s3:::sessions", CheckBucket: true}),
		access.ImagePull(repository), access.SecretRead(secret+":password::", key), access.ParameterRead(parameter, ""),
		access.LogDelivery(group, true), access.ManagedNode([]string{"ssm:UpdateInstanceInformation"}))
}

// policy is a document of one statement.
func policy(effect, resource string, actions ...string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"Here","Effect":%q,"Action":["%s"],"Resource":%q}]}`, effect,
		strings.Join(actions, `","`), resource)
}

// edit changes a world before it is asked.
type edit func(c *accessfake.Client, r *accessfake.Role)

// role is a role that may do everything by an inline and a managed policy, and is trusted to tasks and hosts.
func role(edits ...edit) *accessfake.Client {
	c := &accessfake.Client{
		Roles: []accessfake.Role{accessfake.TaskRole("orders")},
		Policies: []accessfake.Policy{
			accessfake.Managed(managed, policy("Allow", "*", "ecr:*", "logs:*")),
			accessfake.Managed(bounds, policy("Allow", "*", "*")),
		},
	}
	r := &c.Roles[0]
	r.AssumeRolePolicyDocument = aws.String(accessfake.Trust("ecs-tasks.amazonaws.com", "ec2.amazonaws.com"))
	r.Attached = []string{managed}
	r.Inline = map[string]string{"app": policy("Allow", "*", "ssm:*", "ssmmessages:*", "secretsmanager:*", "kms:*", "s3:*")}
	r.PermissionsBoundary = &types.AttachedPermissionsBoundary{PermissionsBoundaryArn: aws.String(bounds)}
	for _, e := range edits {
		e(c, r)
	}
	return c
}

func without(pattern string) edit {
	return func(c *accessfake.Client, r *accessfake.Role) {
		r.Inline["app"] = strings.Replace(r.Inline["app"], pattern, "none:x", 1)
		c.Policies[0].Documents["v1"] = strings.Replace(c.Policies[0].Documents["v1"], pattern, "none:x", 1)
	}
}

func trusts(document string) edit {
	return func(_ *accessfake.Client, r *accessfake.Role) { r.AssumeRolePolicyDocument = aws.String(document) }
}

func inline(name, document string) edit {
	return func(_ *accessfake.Client, r *accessfake.Role) { r.Inline[name] = document }
}

func gone(c *accessfake.Client, _ *accessfake.Role) { c.Roles = nil }

func grantOf(c *accessfake.Client, needs ...access.Need) *access.Grant {
	return access.NewGrant(access.NewRole(c, accessfake.RoleARN("orders"), window), needs...)
}

func world(edits ...edit) diagtest.World[*access.Grant] {
	return func() (*access.Grant, []diagfake.Fake) {
		c := role(edits...)
		return grantOf(c, everything()...), []diagfake.Fake{c}
	}
}
