package wiretest

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/policies"
	"github.com/awsdiag/awsdiag/diag/guard"
)

const tasksTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// TestAccess asks over the wire whether a role may read a secret: first as its policy lets it, then with the policy
// gone, and then with a secret that denies it. Guarded clients prove that nothing but reads goes out.
func TestAccess(t *testing.T) {
	cfg, _ := peer(t)
	name := fmt.Sprintf("access-%d", time.Now().UnixNano()%1_000_000_000)
	ctx := t.Context()
	roles, secrets := iam.NewFromConfig(cfg), secretsmanager.NewFromConfig(cfg)
	made, err := roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name,
		AssumeRolePolicyDocument: aws.String(tasksTrust)})
	require.NoError(t, err)
	secret, err := secrets.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: &name, SecretString: aws.String("x")})
	require.NoError(t, err)
	_, err = roles.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("read"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}`)})
	require.NoError(t, err)

	ask := func() []diag.Code {
		g, err := guard.New(guard.Options{Reason: "wire test"})
		require.NoError(t, err)
		guarded := g.Config(cfg, "123456789012")
		directory := access.NewDirectory(iam.NewFromConfig(guarded), diag.Last(time.Hour, time.Now()))
		reader := &policies.Reader{Secrets: secretsmanager.NewFromConfig(guarded), Keys: kms.NewFromConfig(guarded),
			Repositories: ecr.NewFromConfig(guarded), Roles: directory, Account: "123456789012"}
		grant := access.NewGrant(directory.Role(*made.Role.Arn),
			access.SecretRead(*secret.ARN, "")...).With(access.WithPolicies(reader))
		report := diag.Run(ctx, diag.On(grant, access.GrantChecks()...))
		for _, i := range report.Inconclusive {
			assert.NotEqual(t, diag.KindPanic, i.Kind, i.Err)
			t.Logf("could not see: %s: %s", i.Code, i.Err)
		}
		for _, f := range report.Findings {
			t.Logf("%s %s: %s", f.Severity, f.Code, f.Summary)
		}
		return codes(report)
	}
	assert.Empty(t, ask())
	_, err = secrets.PutResourcePolicy(ctx, &secretsmanager.PutResourcePolicyInput{SecretId: secret.ARN,
		ResourcePolicy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}`)})
	if err != nil {
		t.Logf("the server takes no resource policies: %v", err)
	} else {
		assert.Contains(t, ask(), diag.Code("access.secret-permission-missing"))
		_, err = secrets.DeleteResourcePolicy(ctx, &secretsmanager.DeleteResourcePolicyInput{SecretId: secret.ARN})
		require.NoError(t, err)
	}
	_, err = roles.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: &name, PolicyName: aws.String("read")})
	require.NoError(t, err)
	assert.Contains(t, ask(), diag.Code("access.secret-permission-missing"))
	_, err = roles.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: &name,
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	require.NoError(t, err)
	assert.Contains(t, ask(), diag.Code("access.role-not-assumable"))
}
