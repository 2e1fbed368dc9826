package triage_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// TestRolesAreTheCause: the role stands above what could not be done with it.
func TestRolesAreTheCause(t *testing.T) {
	for _, c := range []struct {
		pack         string
		root, effect diag.Code
		role         string
	}{
		{"exec-without-ssmmessages", "access.exec-permission-missing", "ecs.exec-agent-stopped", "KitchenProd-OrdersTask"},
		{"secret-denied-to-execution-role", "access.secret-permission-missing", "ecs.task-secret-denied",
			"parcels-task-execution"},
	} {
		t.Run(c.pack, func(t *testing.T) {
			p := incident(t, c.pack)
			account := p.load(t)
			roots := p.investigate(t, account).Roots()
			require.NotEmpty(t, roots)
			assert.Equal(t, c.root, roots[0].Code)
			assert.Equal(t, c.role, roots[0].Resource.ID)
			require.NotEmpty(t, roots[0].Explains)
			var explained []diag.Code
			for _, e := range roots[0].Explains {
				explained = append(explained, e.Code)
			}
			assert.Contains(t, explained, c.effect)
			simulations := map[string]int{}
			for _, call := range account.IAM.Calls() {
				if in, ok := call.Input.(*iam.SimulatePrincipalPolicyInput); ok {
					simulations[short(*in.PolicySourceArn)]++
				}
			}
			assert.Equal(t, 1, simulations[c.role])
			for role, n := range simulations {
				assert.Equal(t, 1, n, "%s: the other role of the task definition is asked once too", role)
			}
		})
	}
}

// TestSoundRolesAreSilent asks about the roles of every service and host of the accounts that nothing is wrong with.
func TestSoundRolesAreSilent(t *testing.T) {
	for _, id := range []string{"healthy-rolling-deployment", "healthy-scale-in-and-jobs"} {
		p := incident(t, id)
		account := p.load(t)
		asked := map[string]triage.SymptomKind{}
		for _, s := range account.ECS.Services {
			asked[short(*s.ClusterArn)+"/"+*s.ServiceName] = triage.AccessDenied
		}
		for _, i := range account.EC2.Instances {
			if i.IamInstanceProfile != nil {
				asked[*i.InstanceId] = triage.SSMUnreachable
			}
		}
		for target, kind := range asked {
			account := p.load(t)
			assert.Empty(t, permissions(ask(t, p, account, kind, target)), "%s of %s", target, id)
			assert.Contains(t, account.IAM.Actions(), "iam:SimulatePrincipalPolicy", "%s of %s", target, id)
		}
	}
}

func ask(t *testing.T, p pack, account *triagefake.Account, kind triage.SymptomKind, target string) *diag.Report {
	report, err := triage.Investigate(t.Context(), []triage.Scope{account.Scope()},
		triage.Symptom{Kind: kind, Target: target, Since: p.Symptom.Since},
		triage.Options{Now: p.Symptom.Now})
	require.NoError(t, err)
	return report
}

// permissions returns what was found or left open about roles.
func permissions(report *diag.Report) []string {
	var all []string
	for _, f := range report.Findings {
		if strings.HasPrefix(string(f.Code), "access.") {
			all = append(all, f.Summary)
		}
	}
	for _, i := range report.Inconclusive {
		if strings.HasPrefix(string(i.Code), "access.") {
			all = append(all, i.Err)
		}
	}
	return all
}

// TestNodeRole: a node whose role lost its policies is told by its role.
func TestNodeRole(t *testing.T) {
	p := incident(t, "healthy-scale-in-and-jobs")
	account := p.load(t)
	for i := range account.IAM.Roles {
		account.IAM.Roles[i].Attached = nil
	}
	account.IAM.Recorded = nil
	for _, i := range account.EC2.Instances {
		if i.IamInstanceProfile == nil {
			continue
		}
		report := ask(t, p, account, triage.SSMUnreachable, *i.InstanceId)
		assert.Len(t, permissions(report), 1, aws.ToString(i.InstanceId))
		return
	}
	require.Fail(t, "no host with a profile")
}
