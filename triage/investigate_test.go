package triage_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// incident returns a pack by its name.
func incident(t testing.TB, id string) pack {
	all := packs(t)
	i := slices.IndexFunc(all, func(p pack) bool { return p.ID == id })
	require.GreaterOrEqual(t, i, 0, id)
	return all[i]
}

func TestTargetByNameAlone(t *testing.T) {
	p := incident(t, "api-container-out-of-memory")
	for _, target := range []string{"shop-prod-alb", "shop-prod-api", "shop-prod", "api"} {
		account := p.load(t)
		report, err := triage.Investigate(t.Context(), []triage.Scope{account.Scope()},
			triage.Symptom{Kind: triage.Unknown, Target: target}, triage.Options{Now: p.Symptom.Now})
		require.NoError(t, err, target)
		assert.Len(t, account.Calls(), report.Coverage.Calls, "%s: the search counts too", target)
		assert.Contains(t, lower(t, report.Roots()), "ecs.task-oom-killed", target)
	}
}

func TestQuestionsThatCannotBeAsked(t *testing.T) {
	p := incident(t, "api-container-out-of-memory")
	account := p.load(t)
	tests := []struct {
		name    string
		scopes  []triage.Scope
		symptom triage.Symptom
		kind    diag.Kind
		says    []string
	}{
		{"unknown symptom", []triage.Scope{account.Scope()}, triage.Symptom{Kind: "odd", Target: "x"}, diag.KindInvalid,
			[]string{"odd", "http-503"}},
		{"no target", []triage.Scope{account.Scope()}, triage.Symptom{Kind: triage.Slow}, diag.KindInvalid,
			[]string{"target"}},
		{"no scope", nil, triage.Symptom{Kind: triage.Slow, Target: "x"}, diag.KindInvalid, []string{"scope"}},
		{"nothing of that name", []triage.Scope{account.Scope()}, triage.Symptom{Kind: triage.Slow, Target: "nowhere"},
			diag.KindNotFound,
			[]string{"nowhere", "318274650912", "eu-west-1"}},
		{"no service of that name", []triage.Scope{account.Scope()},
			triage.Symptom{Kind: triage.Slow, Target: "shop-prod/apo"}, diag.KindNotFound,
			[]string{"shop-prod/apo", "there are", "shop-prod/api"}},
		{"no load balancer of that name", []triage.Scope{account.Scope()},
			triage.Symptom{Kind: triage.Slow, Target: "x", TargetType: "AWS::ElasticLoadBalancingV2::LoadBalancer"},
			diag.KindNotFound,
			[]string{`"x"`, "shop-prod-alb"}},
		{"another region", []triage.Scope{account.Scope()},
			triage.Symptom{Kind: triage.Slow, Target: "arn:aws:ecs:us-east-1:318274650912:service/shop-prod/api"},
			diag.KindInvalid,
			[]string{"us-east-1", "eu-west-1"}},
		{"noticed in the future", []triage.Scope{account.Scope()},
			triage.Symptom{Kind: triage.Slow, Target: "x", Since: p.Symptom.Now.Add(time.Hour)}, diag.KindInvalid,
			[]string{"after now"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := triage.Investigate(t.Context(), tt.scopes, tt.symptom, triage.Options{Now: p.Symptom.Now})
			require.Error(t, err)
			assert.Equal(t, tt.kind, diag.KindOf(err), err)
			assert.NotContains(t, err.Error(), "\n")
			for _, s := range tt.says {
				assert.Contains(t, err.Error(), s)
			}
		})
	}
}

func TestAmbiguousName(t *testing.T) {
	p := incident(t, "api-container-out-of-memory")
	account := p.load(t)
	for i := range account.ECS.Clusters {
		if c := &account.ECS.Clusters[i]; c.ClusterName != nil {
			*c.ClusterName = "shop-prod-alb" // now a load balancer and a cluster bear the name
			*c.ClusterArn = strings.ReplaceAll(*c.ClusterArn, "cluster/shop-prod", "cluster/shop-prod-alb")
		}
	}
	_, err := triage.Investigate(t.Context(), []triage.Scope{account.Scope()},
		triage.Symptom{Kind: triage.Unknown, Target: "shop-prod-alb"}, triage.Options{Now: p.Symptom.Now})
	require.Error(t, err)
	assert.Contains(t, err.Error(), "ambiguous")
	assert.Contains(t, err.Error(), "AWS::ECS::Cluster")
	assert.Contains(t, err.Error(), "AWS::ElasticLoadBalancingV2::LoadBalancer")
}

// TestBlindIsNoAllClear denies and throttles each action of a sound account in turn: the report must say so, and must
// not call anything broken that it could not see.
func TestBlindIsNoAllClear(t *testing.T) {
	p := incident(t, "healthy-rolling-deployment")
	sound := p.load(t)
	p.investigate(t, sound)
	faults := map[diag.Kind]func(diagfake.Fake, string){
		diag.KindDenied:    func(f diagfake.Fake, action string) { f.Deny(action) },
		diag.KindThrottled: func(f diagfake.Fake, action string) { f.Throttle(action) },
	}
	// What was found without the call needs no mention of it.
	spare := []string{"rds:DescribeDBClusters"} // the endpoint is that of an instance
	for prefix, f := range sound.Fakes() {
		for _, action := range f.Actions() {
			if slices.Contains(spare, action) {
				continue
			}
			for kind, fault := range faults {
				account := p.load(t)
				fault(account.Fakes()[prefix], action)
				report := p.investigate(t, account)
				assert.Error(t, report.Err(), "%s %s", action, kind)
				assert.Less(t, report.Worst(), diag.SeverityWarning, "%s %s: %v", action, kind, report.Findings)
				assert.True(t, slices.ContainsFunc(report.Inconclusive, func(i diag.Inconclusive) bool { return i.Kind == kind }),
					"%s %s", action, kind)
			}
		}
	}
}

func TestBudgetOfCalls(t *testing.T) {
	p := incident(t, "task-ingress-rule-revoked")
	account := p.load(t)
	report, err := triage.Investigate(t.Context(), []triage.Scope{account.Scope()}, p.symptom(),
		triage.Options{Now: p.Symptom.Now, Budget: diag.Budget{Calls: 9}})
	require.NoError(t, err)
	assert.LessOrEqual(t, len(account.Calls()), 9)
	assert.Equal(t, diag.KindBudget, diag.KindOf(report.Err()))
}

// TestSameBytes runs an investigation a hundred times, with answers that take random time and now many, now few calls
// at once.
func TestSameBytes(t *testing.T) {
	p := incident(t, "two-faults-log-group-and-host-port")
	var first string
	for i := range 100 {
		account := p.load(t)
		account.Delay(time.Duration(rand.IntN(4)) * 50 * time.Microsecond)
		report, err := triage.Investigate(t.Context(), []triage.Scope{account.Scope()}, p.symptom(),
			triage.Options{Now: p.Symptom.Now, Concurrency: 1 + rand.IntN(24)})
		require.NoError(t, err)
		text, err := json.Marshal(report)
		require.NoError(t, err)
		if i == 0 {
			first = string(text)
		}
		if first != string(text) {
			require.Fail(t, "another story", "run %d: …%s", i, firstDifference(first, string(text)))
		}
	}
}

// TestHouseCheckInTheCatalogue joins a check of one's own with the built-in ones.
func TestHouseCheckInTheCatalogue(t *testing.T) {
	noOwner := &diag.Check[*ecsdiag.Service]{
		Info: diag.Info{Code: "house.no-owner", Title: "No owner", Doc: "Nobody owns it.", Severity: diag.SeverityWarning,
			Actions: []string{"ecs:DescribeServices"}},
		Run: func(context.Context, *ecsdiag.Service) ([]diag.Finding, error) {
			return []diag.Finding{{Summary: "no owner",
				Evidence: []diag.Evidence{{Source: "ecs:DescribeServices", Value: "none"}}}}, nil
		},
	}
	catalogue := triage.Default()
	builtIn := catalogue["AWS::ECS::Service"]
	catalogue["AWS::ECS::Service"] = func(s *triage.Scene, r, from diag.Resource) diag.Plan {
		return diag.Join(builtIn(s, r, from), diag.On(s.Service(r), noOwner))
	}
	p := incident(t, "healthy-rolling-deployment")
	account := p.load(t)
	report, err := triage.Investigate(t.Context(), []triage.Scope{account.Scope()}, p.symptom(),
		triage.Options{Now: p.Symptom.Now, Catalogue: catalogue})
	require.NoError(t, err)
	assert.Contains(t, told(report.Roots()), "house.no-owner ECS::Service shop-blue/catalog")
}

// TestScopes finds a name in the one of two accounts that has it, and says so when a link leads out of both.
func TestScopes(t *testing.T) {
	p, q := incident(t, "api-container-out-of-memory"), incident(t, "task-ingress-rule-revoked")
	scopes := []triage.Scope{p.load(t).Scope(), q.load(t).Scope()}
	report, err := triage.Investigate(t.Context(), scopes, q.symptom(), triage.Options{Now: q.Symptom.Now})
	require.NoError(t, err)
	require.NotEmpty(t, report.Roots())
	root := report.Roots()[0]
	assert.Equal(t, scopes[1].Account, root.Resource.Account)
	assert.True(t, q.Root.matches(t, root), told(report.Roots()))
}

func TestEmptyAccount(t *testing.T) {
	account := &triagefake.Account{ID: "111122223333", Region: "eu-west-1"}
	_, err := triage.Investigate(t.Context(), []triage.Scope{account.Scope()},
		triage.Symptom{Kind: triage.HTTP503, Target: "web"}, triage.Options{})
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
}

func TestInfos(t *testing.T) {
	assert.NoError(t, diag.Validate(triage.Infos()...))
}

// firstDifference returns where b leaves a, with what is around.
func firstDifference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	around := func(s string) string { return s[max(0, i-200):min(len(s), i+100)] }
	return around(a) + "\ninstead of\n" + around(b)
}
