package access_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

// admin is the document of AdministratorAccess ("AdministratorAccess", AWS Managed Policy Reference Guide).
const (
	adminARN = "arn:aws:iam::aws:policy/AdministratorAccess"
	admin    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
)

// narrow is a role with one inline policy and one attached one.
func narrow(documents ...string) *accessfake.Client {
	c := &accessfake.Client{Roles: []accessfake.Role{accessfake.TaskRole("orders")},
		Policies: []accessfake.Policy{accessfake.Managed(managed, policy("Allow", "*", "ecr:GetAuthorizationToken",
			"logs:PutLogEvents"))}}
	c.Roles[0].Attached = []string{managed}
	c.Roles[0].Inline = map[string]string{"app": policy("Allow", secret, "secretsmanager:*")}
	for i, d := range documents {
		c.Roles[0].Inline[string(rune('a'+i))] = d
	}
	return c
}

func roleWorld(c func() *accessfake.Client) diagtest.World[*access.Role] {
	return func() (*access.Role, []diagfake.Fake) {
		fake := c()
		return access.NewRole(fake, accessfake.RoleARN("orders"), window), []diagfake.Fake{fake}
	}
}

func TestRoleChecksConform(t *testing.T) {
	broken := map[diag.Code]string{
		"access.role-administrator":  admin,
		"access.pass-role-too-broad": policy("Allow", "*", "iam:Pass*"),
		"access.wildcards-too-broad": policy("Allow", "*", "s3:*", "secretsmanager:*"),
	}
	for _, check := range access.RoleChecks() {
		require.Contains(t, broken, check.Code)
		diagtest.Conform(t, check, diagtest.Worlds[*access.Role]{
			Healthy: roleWorld(func() *accessfake.Client { return narrow() }),
			Broken:  roleWorld(func() *accessfake.Client { return narrow(broken[check.Code]) }),
		})
	}
}

// TestRoleWidth tells what is too wide, and leaves alone what a resource, a condition or a Deny narrows.
func TestRoleWidth(t *testing.T) {
	for _, tt := range []struct {
		name, document string
		want           []string
	}{
		{"everything", admin, []string{"role orders may do everything (*), by policy a"}},
		{"everything, otherwise written", policy("Allow", "*", "*:*"),
			[]string{"role orders may do everything (*), by policy a"}},
		{"pass any role", policy("Allow", "*", "iam:PassRole", "ecs:RunTask"),
			[]string{"role orders may pass any role on (iam:PassRole), by policy a"}},
		{"all of IAM", policy("Allow", "*", "iam:*"), []string{"role orders may pass any role on (iam:*), by policy a",
			"role orders may use whole services on every resource (iam:*), by policy a"}},
		{"whole services", policy("Allow", "*", "S3:*", "logs:*", "kms:*"),
			[]string{"role orders may use whole services on every resource (s3:*, kms:*), by policy a"}},
		{"pass one role", policy("Allow", "arn:aws:iam::111122223333:role/task", "iam:PassRole"), nil},
		{"under a condition",
			`{"Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":` +
				`{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}}}`, nil},
		{"denied", policy("Deny", "*", "*"), nil},
		{"all but", `{"Statement":{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}}`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			role, _ := roleWorld(func() *accessfake.Client { return narrow(tt.document) })()
			report := diagtest.Run(t, role, access.RoleChecks()...)
			var said []string
			for _, f := range report.Findings {
				said = append(said, f.Summary)
				assert.Equal(t, diag.SeverityInfo, f.Severity)
			}
			assert.ElementsMatch(t, tt.want, said)
			assert.Empty(t, report.Roots(), "advice leads nowhere")
		})
	}
}

// TestAttachedAdministrator: a policy of AWS that is attached is read like any other.
func TestAttachedAdministrator(t *testing.T) {
	c := narrow()
	c.Policies = append(c.Policies, accessfake.Managed(adminARN, admin))
	c.Roles[0].Attached = append(c.Roles[0].Attached, adminARN)
	c.Roles[0].Description = aws.String("task")
	f := diagtest.Only(t, diagtest.Run(t, access.NewRole(c, accessfake.RoleARN("orders"), window), access.RoleChecks()...),
		"access.role-administrator")
	assert.Contains(t, f.Summary, "by policy AdministratorAccess")
	assert.Equal(t, "iam:GetPolicyVersion", f.Evidence[0].Source)
}
