package access_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ecr "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	kms "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
	"github.com/awsdiag/awsdiag/diag/access/policies"
	"github.com/awsdiag/awsdiag/diag/access/policies/policiesfake"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/images/imagesfake"
	"github.com/awsdiag/awsdiag/diag/secrets/secretsfake"
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
	return slices.Concat(access.ExecSession(access.ExecTargets{Key: key, LogGroup: group, Bucket: "arn:aws:s3:::sessions",
		CheckBucket: true}),
		access.ImagePull(repository), access.SecretRead(secret+":password::", key), access.ParameterRead(parameter, ""),
		access.LogDelivery(group, true), access.EnvironmentFile("arn:aws:s3:::config/prod.env"),
		access.Refused(access.Denial{Action: "dynamodb:PutItem",
			Resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}),
		access.DatabaseLogin("arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-ABCDEFGHIJKL01234/app"),
		access.ManagedNode([]string{"ssm:UpdateInstanceInformation"}),
		access.ContainerHost("arn:aws:ecs:eu-west-1:111122223333:cluster/prod"),
		access.FileSystems([]string{"arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"}),
		[]access.Need{{Purpose: access.ForNode, Actions: []string{"kms:Decrypt"}, Resources: []string{key}}},
		access.Refused(access.Denial{Action: "kms:Decrypt", Resource: key}),
		access.Refused(access.Denial{Action: "ecr:BatchGetImage", Resource: repository}),
		access.Refused(access.Denial{Action: "secretsmanager:GetSecretValue", Resource: secret}))
}

// policy is a document of one statement.
func policy(effect, resource string, actions ...string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"Here","Effect":%q,"Action":["%s"],"Resource":%q}]}`,
		effect,
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
	r.Inline = map[string]string{"app": policy("Allow", "*", "ssm:*", "ssmmessages:*", "secretsmanager:*", "kms:*",
		"s3:*", "dynamodb:*", "rds-db:*", "ecs:*", "elasticfilesystem:*")}
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

// owners are the resources that everything is about: a key that admits the role by a grant only, a secret and a
// repository without policies.
type owners struct {
	keys    policiesfake.Keys
	secrets secretsfake.Client
	images  imagesfake.Client
}

func resources() *owners {
	o := &owners{}
	o.keys.Keys = []policiesfake.Key{{ARN: key, Policy: `{"Statement":[]}`, Grants: []kms.GrantListEntry{
		{GranteePrincipal: aws.String(accessfake.RoleARN("orders")),
			Operations: []kms.GrantOperation{kms.GrantOperationDecrypt}}}}}
	o.secrets.Secrets = []secretsmanager.DescribeSecretOutput{secretsfake.Secret("shop/db")}
	o.images.Images = []ecr.ImageDetail{imagesfake.Image("shop/api", "v1")}
	return o
}

func (o *owners) reader() *policies.Reader {
	return &policies.Reader{Secrets: &o.secrets, Keys: &o.keys, Repositories: &o.images, Account: accessfake.Account}
}

func world(edits ...edit) diagtest.World[*access.Grant] {
	return func() (*access.Grant, []diagfake.Fake) {
		c, o := role(edits...), resources()
		return grantOf(c, everything()...).With(access.WithPolicies(o.reader())),
			[]diagfake.Fake{c, &o.keys, &o.secrets, &o.images}
	}
}
