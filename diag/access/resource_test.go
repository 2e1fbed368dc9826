package access_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
	"github.com/awsdiag/awsdiag/diag/access/policies/policiesfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/images/imagesfake"
)

const foreignRepository = "arn:aws:ecr:eu-west-1:999999999999:repository/shared/base"

func lets(effect, principal string, actions string) string {
	return fmt.Sprintf(`{"Statement":[{"Sid":"There","Effect":%q,"Principal":{"AWS":%q},"Action":%q,"Resource":"*"}]}`,
		effect, principal, actions)
}

// TestResourcePolicies: what a resource says counts beside what the role's policies say, as IAM joins the two.
func TestResourcePolicies(t *testing.T) {
	orders, root := accessfake.RoleARN("orders"), "arn:aws:iam::111122223333:root"
	session := "arn:aws:sts::111122223333:assumed-role/orders/0f4c1d9b7a2f38"
	bounded := func(c *accessfake.Client, _ *accessfake.Role) {
		c.Policies[1].Documents["v1"] = policy("Allow", "*", "s3:*")
	}
	secretNeeds, keyNeeds := access.SecretRead(secret, ""), access.SecretRead(secret, key)
	for _, c := range []struct {
		name   string
		edits  []edit
		secret string // policy of the secret
		key    string // policy of the key
		images string // policy of the repository of another account
		needs  []access.Need
		want   string // end of the summary; empty for no finding
		writes string // how the step that changes begins
	}{
		{name: "the secret lets the role in", edits: []edit{without("secretsmanager:*")},
			secret: lets("Allow", orders, "secretsmanager:*"), needs: secretNeeds},
		{name: "the secret lets a session in", edits: []edit{without("secretsmanager:*")},
			secret: lets("Allow", session, "secretsmanager:*"), needs: secretNeeds},
		{name: "the secret lets everybody in", edits: []edit{without("secretsmanager:*")},
			secret: lets("Allow", "*", "secretsmanager:*"), needs: secretNeeds},
		{name: "the secret leaves it to the account", edits: []edit{without("secretsmanager:*")},
			secret: lets("Allow", root, "secretsmanager:*"),
			needs:  secretNeeds, want: "none of its 2 policies allows it", writes: "aws iam put-role-policy"},
		{name: "a boundary holds for roles all the same", edits: []edit{bounded},
			secret: lets("Allow", orders, "secretsmanager:*"),
			needs:  secretNeeds, want: "its permissions boundary team-boundary does not allow it"},
		{name: "the secret denies", secret: lets("Deny", "*", "secretsmanager:GetSecretValue"), needs: secretNeeds,
			want: "the Deny statement There of the resource policy of secret shop/db-AbCdEf denies it"},
		{name: "the secret denies another", secret: lets("Deny", accessfake.RoleARN("other"), "*"), needs: secretNeeds},
		{name: "the key leaves it to the account", key: policiesfake.Delegating(accessfake.Account), needs: keyNeeds},
		{name: "the key leaves it to the account, which gives nothing", edits: []edit{without("kms:*")},
			key:   policiesfake.Delegating(accessfake.Account),
			needs: keyNeeds, want: "none of its 2 policies allows it", writes: "aws iam put-role-policy"},
		{name: "the key names the role", edits: []edit{without("kms:*")}, key: lets("Allow", orders, "kms:Decrypt"),
			needs: keyNeeds},
		{name: "the key knows somebody else", key: lets("Allow", accessfake.RoleARN("admin"), "kms:*"), needs: keyNeeds,
			want:   "the key policy of KMS key 8f2b6c1e-0000-4000-8000-000000000001 does not allow it",
			writes: "aws kms put-key-policy --policy-name default --key-id " + key + " --policy '"},
		{name: "neither does", edits: []edit{without("kms:*")}, key: lets("Allow", accessfake.RoleARN("admin"), "kms:*"),
			needs: keyNeeds,
			want:  "does not allow it, and neither do the role's own policies", writes: "aws kms put-key-policy"},
		{name: "the repository of another account lets in", images: lets("Allow", root, "ecr:*"),
			needs: access.ImagePull(foreignRepository)},
		{name: "the repository of another account does not", images: lets("Allow", "arn:aws:iam::222222222222:root", "ecr:*"),
			needs: access.ImagePull(foreignRepository), want: "the policy of repository shared/base does not allow it",
			writes: "aws ecr set-repository-policy"},
		{name: "the repository of another account has no policy", needs: access.ImagePull(foreignRepository),
			want: "the policy of repository shared/base does not allow it", writes: "aws ecr set-repository-policy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := resources()
			o.keys.Keys[0].Policy, o.keys.Keys[0].Grants = c.key, nil
			image := imagesfake.Image("shared/base", "v1")
			foreign := "999999999999"
			image.RegistryId = &foreign
			o.images.Images = append(o.images.Images, image)
			if c.images != "" {
				o.images.Policies = map[string]string{foreignRepository: c.images}
			}
			if c.secret != "" {
				o.secrets.Policies = map[string]string{secret: c.secret}
			}
			iamFake := role(c.edits...)
			report := diagtest.Run(t, grantOf(iamFake, c.needs...).With(access.WithPolicies(o.reader())),
				access.GrantChecks()...)
			require.NoError(t, report.Err())
			if c.want == "" {
				assert.Empty(t, report.Findings)
				return
			}
			require.Len(t, report.Findings, 1)
			f := report.Findings[0]
			assert.Contains(t, f.Summary, c.want)
			var changes []string
			for _, s := range f.NextSteps {
				if s.Changes {
					changes = append(changes, s.Command)
				}
			}
			if c.writes == "" {
				assert.Empty(t, changes)
				return
			}
			require.NotEmpty(t, changes)
			assert.Contains(t, changes[0], c.writes)
		})
	}
}

// TestUnreadableResourcePolicy: a policy that could not be read leaves it open whether the role may, and is told.
func TestUnreadableResourcePolicy(t *testing.T) {
	o := resources()
	o.secrets.Deny("secretsmanager:GetResourcePolicy")
	report := diagtest.Run(t, grantOf(role(), access.SecretRead(secret, "")...).With(access.WithPolicies(o.reader())),
		access.GrantChecks()...)
	assert.Empty(t, report.Findings)
	assert.Equal(t, diag.KindDenied, diag.KindOf(report.Err()))
}

// TestSwappedRoles: a permission that the other role of the task definition has is told as given to the wrong one, for
// one simulation more, which is about the other role.
func TestSwappedRoles(t *testing.T) {
	c := role(without("secretsmanager:*"))
	other := accessfake.TaskRole("orders-app")
	other.Inline = map[string]string{"secrets": policy("Allow", "*", "secretsmanager:GetSecretValue")}
	c.Roles = append(c.Roles, other)
	directory := access.NewDirectory(c, window)
	grant := access.NewGrant(directory.Role(accessfake.RoleARN("orders")), access.SecretRead(secret, "")...).
		With(access.BesideRole(access.ExecutionRole, directory.Role(accessfake.RoleARN("orders-app"))))
	f := diagtest.Only(t, diagtest.Run(t, grant, access.GrantChecks()...), secretMissing)
	assert.Contains(t, f.Summary,
		"; the task role of the same task definition, orders-app, may: the permission was given to the wrong role")
	asked := map[string]int{}
	for _, call := range c.Calls() {
		if in, ok := call.Input.(*iam.SimulatePrincipalPolicyInput); ok {
			asked[*in.PolicySourceArn]++
		}
	}
	assert.Equal(t, map[string]int{accessfake.RoleARN("orders"): 1, accessfake.RoleARN("orders-app"): 1}, asked)
}
