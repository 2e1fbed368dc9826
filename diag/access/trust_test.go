package access_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

// TestTrust: strings and arrays, one statement and many, and conditions that tasks fulfil let a service in.
func TestTrust(t *testing.T) {
	for _, c := range []struct {
		name, document string
		want           string // who it lets in, where that is not the service; empty if the service may assume it
	}{
		{"strings", `{"Statement":{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},` +
			`"Action":"sts:AssumeRole"}}`, ""},
		{"arrays", `{"Statement":[{"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com",` +
			`"ecs-tasks.amazonaws.com"]},` +
			`"Action":["sts:AssumeRole","sts:TagSession"]}]}`, ""},
		{"wildcard action", `{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},` +
			`"Action":"sts:*"}]}`, ""},
		{"second statement", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},` +
			`"Action":"sts:AssumeRole"},` +
			`{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}`, ""},
		{"own account", `{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},` +
			`"Action":"sts:AssumeRole",` +
			`"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"},` +
			`"ArnLike":{"aws:SourceArn":"arn:aws:ecs:eu-west-1:111122223333:*"}}}]}`, ""},
		{"another account", `{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},` +
			`"Action":"sts:AssumeRole",` +
			`"Condition":{"StringEquals":{"aws:SourceAccount":"999999999999"}}}]}`,
			"only where StringEquals of aws:SourceAccount is met (999999999999); here it is 111122223333"},
		{"another region", `{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},` +
			`"Action":"sts:AssumeRole",` +
			`"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:ecs:us-east-1:111122223333:*"}}}]}`,
			"only where ArnLike of aws:SourceArn is met (arn:aws:ecs:us-east-1:111122223333:*); here it is " +
				"arn:aws:ecs:eu-west-1:111122223333"},
		{"any source", `{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},` +
			`"Action":"sts:AssumeRole",` +
			`"Condition":{"StringLike":{"aws:SourceArn":"arn:aws:ecs:*"}}}]}`, ""},
		{"the agent's service instead",
			`{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs.amazonaws.com"},"Action":"sts:AssumeRole"}]}`,
			"Service:ecs.amazonaws.com"},
		{"another action", `{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},` +
			`"Action":"sts:TagSession"}]}`,
			"Service:ecs-tasks.amazonaws.com"},
		{"nobody", `{"Statement":[]}`, "nobody"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, grantOf(role(trusts(c.document)), access.ExecSession(access.ExecTargets{Key: key})...),
				access.RoleNotAssumable)
			assert.NoError(t, report.Err())
			if c.want == "" {
				assert.Empty(t, report.Findings)
				return
			}
			f := diagtest.Only(t, report, "access.role-not-assumable")
			lets := "lets in "
			if strings.HasPrefix(c.want, "only") {
				lets = "lets it in "
			}
			assert.Equal(t, "role orders cannot be assumed by ecs-tasks.amazonaws.com: its trust policy "+lets+c.want, f.Summary)
			step := f.NextSteps[len(f.NextSteps)-1]
			assert.True(t, step.Changes)
			_, document, _ := strings.Cut(step.Command, "--policy-document ")
			mended := role(trusts(strings.Trim(document, "'")))
			assert.Empty(t, diagtest.Run(t, grantOf(mended, access.ExecSession(access.ExecTargets{Key: key})...),
				access.RoleNotAssumable).Findings)
		})
	}
}

func TestTrustThatDenies(t *testing.T) {
	report := diagtest.Run(t, grantOf(role(trusts(`{"Statement":[{"Effect":"Deny","Principal":"*","Action":"*"}]}`)),
		access.ImagePull(repository)...), access.RoleNotAssumable)
	f := diagtest.Only(t, report, "access.role-not-assumable")
	assert.Contains(t, f.Summary, "a Deny statement of its trust policy refuses it")
	assert.Len(t, f.NextSteps, 1, "a statement more would not do")
}
