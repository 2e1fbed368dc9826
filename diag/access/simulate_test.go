package access_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
)

// picky is IAM where it answers in the other forms that it has: the results of an action's resources stand within one
// result of the action, and mixtures of services are refused.
type picky struct {
	*accessfake.Client
	refusesMixtures bool
	asked           [][]string // the actions of each call that was answered
}

func (p *picky) SimulatePrincipalPolicy(ctx context.Context, in *iam.SimulatePrincipalPolicyInput,
	options ...func(*iam.Options)) (*iam.SimulatePrincipalPolicyOutput, error) {
	services := map[string]bool{}
	for _, a := range in.ActionNames {
		service, _, _ := strings.Cut(a, ":")
		services[service] = true
	}
	if p.refusesMixtures && len(services) > 1 {
		return nil, &types.InvalidInputException{Message: aws.String("Actions require different authorization information.")}
	}
	p.asked = append(p.asked, in.ActionNames)
	out, err := p.Client.SimulatePrincipalPolicy(ctx, in, options...)
	if err != nil {
		return nil, err
	}
	var grouped []types.EvaluationResult
	for _, e := range out.EvaluationResults {
		i := slices.IndexFunc(grouped, func(g types.EvaluationResult) bool { return *g.EvalActionName == *e.EvalActionName })
		if i < 0 {
			i = len(grouped)
			grouped = append(grouped, types.EvaluationResult{EvalActionName: e.EvalActionName, EvalResourceName: aws.String("*"),
				EvalDecision:                types.PolicyEvaluationDecisionTypeImplicitDeny,
				OrganizationsDecisionDetail: e.OrganizationsDecisionDetail})
		}
		grouped[i].ResourceSpecificResults = append(grouped[i].ResourceSpecificResults, types.ResourceSpecificResult{
			EvalResourceName: e.EvalResourceName, EvalResourceDecision: e.EvalDecision, MatchedStatements: e.MatchedStatements,
			MissingContextValues:              e.MissingContextValues,
			PermissionsBoundaryDecisionDetail: e.PermissionsBoundaryDecisionDetail})
	}
	out.EvaluationResults = grouped
	return out, nil
}

// TestFormsOfTheSimulator: the same decisions, in whichever form IAM gives them, and as few calls as it lets.
func TestFormsOfTheSimulator(t *testing.T) {
	client := func() *accessfake.Client {
		r := accessfake.TaskRole("exec")
		r.Inline = map[string]string{"read": policy("Allow", secret, "secretsmanager:GetSecretValue"),
			"never": policy("Deny", key, "kms:Decrypt")}
		return &accessfake.Client{Roles: []accessfake.Role{r}}
	}
	questions := []access.Question{{Action: "secretsmanager:GetSecretValue", Resource: secret},
		{Action: "secretsmanager:GetSecretValue", Resource: secret + "x"}, {Action: "kms:Decrypt", Resource: key},
		{Action: "kms:DescribeKey", Resource: key}}
	want := []access.Effect{access.Allowed, access.ImplicitDeny, access.ExplicitDeny, access.ImplicitDeny}
	for _, tt := range []struct {
		name    string
		refuses bool
		calls   int
	}{{"within the action's result", false, 1}, {"mixtures refused", true, 2}} {
		t.Run(tt.name, func(t *testing.T) {
			api := &picky{Client: client(), refusesMixtures: tt.refuses}
			decisions, err := access.NewRole(api, "arn:aws:iam::111122223333:role/exec", window).Simulate(t.Context(),
				questions...)
			require.NoError(t, err)
			var got []access.Effect
			for i, d := range decisions {
				assert.Equal(t, questions[i], d.Question)
				assert.True(t, d.Simulated)
				got = append(got, d.Effect)
			}
			assert.Equal(t, want, got)
			assert.Equal(t, []string{"role_exec_never"}, decisions[2].Policies)
			assert.Len(t, api.asked, tt.calls)
		})
	}
}

// TestRecordedSpecifics: results that were recorded within that of an action are given again for each resource.
func TestRecordedSpecifics(t *testing.T) {
	in := &iam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String("arn:aws:iam::111122223333:role/exec"),
		ActionNames: []string{"kms:Decrypt"}, ResourceArns: []string{key, secret}}
	client := &accessfake.Client{Roles: []accessfake.Role{accessfake.TaskRole("exec")}}
	require.True(t, client.Merge(in, &iam.SimulatePrincipalPolicyOutput{EvaluationResults: []types.EvaluationResult{
		{EvalActionName: aws.String("kms:Decrypt"), EvalResourceName: aws.String("*"),
			EvalDecision: types.PolicyEvaluationDecisionTypeImplicitDeny,
			ResourceSpecificResults: []types.ResourceSpecificResult{
				{EvalResourceName: aws.String(key), EvalResourceDecision: types.PolicyEvaluationDecisionTypeAllowed},
				{EvalResourceName: aws.String(secret), EvalResourceDecision: types.PolicyEvaluationDecisionTypeExplicitDeny}}}}}))
	role := access.NewRole(client, *in.PolicySourceArn, window)
	decisions, err := role.Simulate(t.Context(), access.Question{Action: "kms:Decrypt", Resource: key},
		access.Question{Action: "kms:Decrypt", Resource: secret})
	require.NoError(t, err)
	assert.Equal(t, access.Allowed, decisions[0].Effect)
	assert.Equal(t, access.ExplicitDeny, decisions[1].Effect)
}
