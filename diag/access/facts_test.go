package access_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

const secretMissing = diag.Code("access.secret-permission-missing")

// TestFacts: the finding names which policy decides, and offers a statement only where that would do.
func TestFacts(t *testing.T) {
	for _, c := range []struct {
		name    string
		edits   []edit
		want    string
		changes bool
	}{
		{"no policy allows it", []edit{without("secretsmanager:*")}, "none of its 2 policies allows it", true},
		{"no policies at all", []edit{func(_ *accessfake.Client, r *accessfake.Role) { r.Inline, r.Attached = nil, nil }},
			"it has no policies", true},
		{"explicit deny", []edit{inline("lockdown", policy("Deny", secret, "secretsmanager:GetSecretValue"))},
			"the Deny statement Here of policy lockdown denies it", false},
		{"boundary", []edit{func(c *accessfake.Client, _ *accessfake.Role) {
			c.Policies[1].Documents["v1"] = policy("Allow", "*", "s3:*")
		}},
			"its permissions boundary team-boundary does not allow it", false},
		{"organization", []edit{func(c *accessfake.Client, _ *accessfake.Role) {
			c.Organization = policy("Allow", "*",
				"s3:*")
		}},
			"a service control policy of the organization does not allow it", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := diagtest.Only(t, diagtest.Run(t, grantOf(role(c.edits...), access.SecretRead(secret, "")...),
				access.GrantChecks()...), secretMissing)
			assert.Equal(t, "role orders may not use secretsmanager:GetSecretValue on secret shop/db-AbCdEf, needed for "+
				"secrets: "+c.want, f.Summary)
			assert.Equal(t, diag.Certain, f.Confidence)
			assert.Equal(t, "secretsmanager:GetSecretValue on "+secret, f.Evidence[0].Field, "a name is no secret")
			changes := false
			for _, s := range f.NextSteps {
				changes = changes || s.Changes
			}
			assert.Equal(t, c.changes, changes)
		})
	}
}

// TestStatement: the command allows just what is missing, in the words of policies.
func TestStatement(t *testing.T) {
	c := role(without("logs:*"))
	f := diagtest.Only(t, diagtest.Run(t, grantOf(c, access.LogDelivery(group+":*", false)...), access.GrantChecks()...),
		"access.log-permission-missing")
	assert.Equal(t, `aws iam put-role-policy --role-name orders --policy-name write-logs --policy-document `+
		`'{"Statement":[{"Effect":"Allow",`+
		`"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":["`+group+`:*"]}],"Version":"2012-10-17"}'`,
		f.NextSteps[1].Command)
	c.Roles[0].Inline["write-logs"] = access.Allow(
		access.Decision{Question: access.Question{Action: "logs:CreateLogStream", Resource: group + ":log-stream:*"}},
		access.Decision{Question: access.Question{Action: "logs:PutLogEvents", Resource: group + ":log-stream:*"}})
	assert.Empty(t, diagtest.Run(t, grantOf(c, access.LogDelivery(group, false)...), access.GrantChecks()...).Findings,
		"the statement would do")
	c = role(without("secretsmanager:*"))
	f = diagtest.Only(t, diagtest.Run(t, grantOf(c, access.SecretRead(secret, "")...), access.GrantChecks()...),
		secretMissing)
	assert.Contains(t, f.NextSteps[1].Command, `"Resource":["`+secret+`"]`)
}

// TestOneCallForAllNeeds: five checks and their sixteen questions share one simulation.
func TestOneCallForAllNeeds(t *testing.T) {
	c := role()
	diagtest.Want(t, diagtest.Run(t, grantOf(c, everything()...), access.GrantChecks()...))
	simulations := 0
	for _, call := range c.Calls() {
		if in, ok := call.Input.(*iam.SimulatePrincipalPolicyInput); ok {
			simulations++
			assert.LessOrEqual(t, len(in.ActionNames), 100)
		}
	}
	assert.Equal(t, 1, simulations)
	many := access.Need{Purpose: access.ForNode, Resources: []string{"*"}}
	for i := range 101 {
		many.Actions = append(many.Actions, fmt.Sprintf("ssm:Action%d", i))
	}
	c = role()
	diagtest.Run(t, grantOf(c, many), access.GrantChecks()...)
	assert.Equal(t, 2, strings.Count(fmt.Sprint(actionsOf(c)), "iam:SimulatePrincipalPolicy"))
}

func actionsOf(c *accessfake.Client) []string {
	var all []string
	for _, call := range c.Calls() {
		all = append(all, call.Action)
	}
	return all
}

// TestWithoutSimulator: who may not simulate gets a likely answer, and is told what it lacks.
func TestWithoutSimulator(t *testing.T) {
	c := role(without("secretsmanager:*"))
	c.Deny("iam:SimulatePrincipalPolicy")
	report := diagtest.Run(t, grantOf(c, access.SecretRead(secret, "")...), access.GrantChecks()...)
	f := diagtest.Only(t, report, secretMissing)
	assert.Equal(t, diag.Likely, f.Confidence)
	assert.Equal(t, "iam:GetRolePolicy", f.Evidence[0].Source)
	require.Error(t, report.Err(), "policies of the organization were not seen")
	healthy := role()
	healthy.Deny("iam:SimulatePrincipalPolicy")
	report = diagtest.Run(t, grantOf(healthy, everything()...), access.GrantChecks()...)
	assert.Empty(t, report.Findings)
	assert.Equal(t, diag.KindDenied, diag.KindOf(report.Err()))
}

// TestUnknownConditions: what hangs on a key that nobody knows here is neither allowed nor refused. A condition about
// something else changes nothing.
func TestUnknownConditions(t *testing.T) {
	conditional := `{"Statement":{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*",` +
		`"Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}}`
	c := role(inline("app", conditional))
	report := diagtest.Run(t, grantOf(c, access.SecretRead(secret, "")...), access.GrantChecks()...)
	assert.Empty(t, report.Findings)
	require.Len(t, report.Inconclusive, 1)
	assert.Equal(t, diag.KindIncomplete, report.Inconclusive[0].Kind)
	assert.Contains(t, report.Inconclusive[0].Err, "depends on aws:SourceVpc")
	other := role(inline("app", strings.Replace(conditional, "secretsmanager:GetSecretValue", "s3:GetObject", 1)))
	diagtest.Only(t, diagtest.Run(t, grantOf(other, access.SecretRead(secret, "")...), access.GrantChecks()...),
		secretMissing)
}

func TestRoleOfProfile(t *testing.T) {
	c := &accessfake.Client{}
	_, err := access.RoleOfProfile(context.Background(), c, "arn:aws:iam::111122223333:instance-profile/path/hosts")
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
	assert.Contains(t, err.Error(), "getting instance profile hosts")
	host := accessfake.InstanceRole("hosts")
	assert.True(t, c.Merge(nil, &iam.GetInstanceProfileOutput{InstanceProfile: accessfake.Profile("hosts", host)}))
	arn, err := access.RoleOfProfile(context.Background(), c, "hosts")
	require.NoError(t, err)
	assert.Equal(t, aws.ToString(host.Arn), arn)
}
