package albdiag_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
)

func TestReferences(t *testing.T) {
	w := newWorld()
	for _, ref := range []string{"shop", lbARN, "app/shop/50dc6c495c0c9188"} {
		lb := albdiag.NewLoadBalancer(w.elb, ref, w.source(), window)
		assert.Equal(t, "shop", lb.Resource().ID, ref)
		described, err := lb.Describe(t.Context())
		require.NoError(t, err, ref)
		assert.Equal(t, lbARN, aws.ToString(described.LoadBalancerArn))
	}
	for _, ref := range []string{"shop-api", apiARN, "targetgroup/shop-api/73e2d6bc24d8a067"} {
		tg := albdiag.NewTargetGroup(w.elb, ref, w.source(), window)
		assert.Equal(t, "shop-api", tg.Resource().ID, ref)
		described, err := tg.Describe(t.Context())
		require.NoError(t, err, ref)
		assert.Equal(t, apiARN, aws.ToString(described.TargetGroupArn))
	}
	assert.Equal(t, "111122223333", albdiag.NewLoadBalancer(w.elb, lbARN, w.source(), window).Resource().Account)
}

func TestWhatDoesNotExist(t *testing.T) {
	w := newWorld()
	_, err := albdiag.NewLoadBalancer(w.elb, "shopp", w.source(), window).Describe(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
	assert.ErrorContains(t, err, "shopp")
	_, err = albdiag.NewTargetGroup(w.elb, "shopp", w.source(), window).Targets(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
}

func TestFactsOfALoadBalancer(t *testing.T) {
	w := newWorld()
	lb := w.loadBalancer()
	groups, err := lb.SecurityGroups(t.Context())
	require.NoError(t, err)
	subnets, err := lb.Subnets(t.Context())
	require.NoError(t, err)
	vpc, err := lb.VPC(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"sg-07582c565c241740a"}, groups)
	assert.Equal(t, []string{"subnet-00d60ed8edcd067e9", "subnet-040010fcf6d92eb32"}, subnets)
	assert.Equal(t, "vpc-0d7b80443975b9a97", vpc)
	assert.Len(t, w.elb.Calls(), 1)
}

func TestTargets(t *testing.T) {
	w := newWorld()
	w.elb.TargetHealth[apiARN][1].HealthCheckPort = aws.String("9000")
	targets, err := w.targetGroup().Targets(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []albdiag.Target{
		{ID: "10.20.32.116", Port: 3000, HealthPort: 3000, Zone: "eu-west-1a", State: types.TargetHealthStateEnumHealthy},
		{ID: "10.20.39.14", Port: 3000, HealthPort: 9000, Zone: "eu-west-1b", State: types.TargetHealthStateEnumHealthy},
	}, targets)
}

func TestTargetNames(t *testing.T) {
	assert.Equal(t, "10.0.0.1:80", albdiag.Target{ID: "10.0.0.1", Port: 80}.String())
	assert.Equal(t, "[2001:db8::1]:80", albdiag.Target{ID: "2001:db8::1", Port: 80}.String())
	assert.Equal(t, "arn:aws:lambda:eu-west-1:1:function:f",
		albdiag.Target{ID: "arn:aws:lambda:eu-west-1:1:function:f"}.String())
	assert.Equal(t, "a target without an id", albdiag.Target{}.String())
}

func TestRulesInOrder(t *testing.T) {
	w := newWorld()
	w.addRule(2, albfake.Forward(webARN), "/a")
	w.addRule(100, albfake.Forward(webARN), "/b")
	rules, err := w.loadBalancer().Rules(t.Context())
	require.NoError(t, err)
	var names []string
	for _, r := range rules {
		names = append(names, r.String())
	}
	assert.Equal(t, []string{"the default rule of HTTP:80", "rule 2 of HTTPS:443", "rule 10 of HTTPS:443",
		"rule 100 of HTTPS:443",
		"the default rule of HTTPS:443"}, names)
}

func TestRulesKeepWhatWasRead(t *testing.T) {
	w := newWorld()
	w.elb.Truncate("elasticloadbalancing:DescribeRules")
	rules, err := w.loadBalancer().Rules(t.Context())
	assert.Equal(t, diag.KindThrottled, diag.KindOf(err))
	assert.Len(t, rules, 2, "the first page of each listener")
}

func TestDirectoryHandsOutOneSubject(t *testing.T) {
	w := newWorld()
	d := albdiag.NewDirectory(w.elb, w.source(), window)
	balancers, err := d.LoadBalancers(t.Context())
	require.NoError(t, err)
	require.Len(t, balancers, 1)
	assert.Same(t, balancers[0], d.LoadBalancer("shop"))
	assert.Same(t, balancers[0], d.LoadBalancer(lbARN))
	groups, err := balancers[0].TargetGroups(t.Context())
	require.NoError(t, err)
	assert.Same(t, groups[0], d.TargetGroup("shop-api"))
	calls := len(w.elb.Calls())
	_, err = d.TargetGroup(apiARN).Describe(t.Context())
	require.NoError(t, err)
	assert.Len(t, w.elb.Calls(), calls, "born described")
}

// TestDepth proves that the whole diagnosis of a load balancer and its groups takes no more round trips than the
// answers depend on each other: three by name (load balancer; target groups and listeners; health, rules and metrics),
// two by ARN.
func TestDepth(t *testing.T) {
	for ref, depth := range map[string]int{"shop": 3, lbARN: 2} {
		synctest.Test(t, func(t *testing.T) {
			const delay = time.Second
			w := newWorld()
			w.elb.Delay(delay)
			w.cw.Delay(delay)
			d := albdiag.NewDirectory(w.elb, w.source(), window)
			begun := time.Now()
			report := diag.Run(t.Context(), diag.On(d.LoadBalancer(ref), albdiag.LoadBalancerChecks()...),
				diag.Observe(d.LoadBalancer(ref), albdiag.LoadBalancerSurvey))
			assert.NoError(t, report.Err())
			t.Logf("%s: %d calls, %s of %s each", ref, report.Coverage.Calls, time.Since(begun), delay)
			assert.Less(t, time.Since(begun), time.Duration(depth)*delay*13/10)
			assert.Len(t, w.cw.Calls(), 1)
		})
	}
}

func TestSurveys(t *testing.T) {
	w := newWorld()
	links, err := albdiag.LoadBalancerSurvey.Links(t.Context(), w.loadBalancer())
	require.NoError(t, err)
	roles := map[string]string{}
	for _, l := range links {
		assert.Equal(t, lbARN, l.From.ARN)
		roles[l.To.ID] = l.Role
		assert.Equal(t, l.To.Type == "AWS::EC2::VPC", l.Context, l.To.Type)
	}
	assert.Equal(t, map[string]string{"shop-api": "routes to", "shop-web": "routes to",
		"sg-07582c565c241740a":     "guarded by",
		"subnet-00d60ed8edcd067e9": "placed in", "subnet-040010fcf6d92eb32": "placed in",
		"vpc-0d7b80443975b9a97": "placed in"}, roles)

	settings, err := albdiag.LoadBalancerSurvey.Settings(t.Context(), w.loadBalancer())
	require.NoError(t, err)
	values := map[string]string{}
	for _, s := range settings {
		values[s.Name] = s.Value
	}
	assert.Equal(t, "path-pattern /api/* -> forward shop-api=1", values["rule 10 of HTTPS:443"])
	assert.Empty(t, values["attribute idle_timeout.timeout_seconds"], "it costs a call of its own")

	settings, err = albdiag.LoadBalancerAttributeSurvey.Settings(t.Context(), w.loadBalancer())
	require.NoError(t, err)
	assert.Contains(t, settings, diag.Setting{Resource: settings[0].Resource,
		Name: "attribute idle_timeout.timeout_seconds", Value: "60"})
}

func TestSurveyOfATargetGroup(t *testing.T) {
	tests := []struct {
		typ  types.TargetTypeEnum
		id   string
		want diag.Resource
	}{
		{types.TargetTypeEnumInstance, "i-0636b2bea34952f64",
			diag.Resource{Type: "AWS::EC2::Instance", ID: "i-0636b2bea34952f64"}},
		{types.TargetTypeEnumLambda, "arn:aws:lambda:eu-west-1:111122223333:function:f:live",
			diag.Resource{Type: "AWS::Lambda::Function", ID: "f",
				ARN: "arn:aws:lambda:eu-west-1:111122223333:function:f:live"}},
		{types.TargetTypeEnumAlb, albfake.LoadBalancerARN("inner"),
			diag.Resource{Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: "inner",
				ARN: albfake.LoadBalancerARN("inner")}},
	}
	for _, tt := range tests {
		t.Run(string(tt.typ), func(t *testing.T) {
			w := newWorld()
			w.group().TargetType = tt.typ
			w.elb.TargetHealth[apiARN] = []types.TargetHealthDescription{albfake.Target(tt.id, 80, "")}
			links, err := albdiag.TargetGroupSurvey.Links(t.Context(), w.targetGroup())
			require.NoError(t, err)
			require.Len(t, links, 3)
			assert.True(t, links[0].Context)
			assert.Equal(t, "shop", links[0].To.ID)
			assert.Equal(t, diag.Link{From: links[0].To, To: links[0].From, Role: "routes to"}, links[1])
			assert.Equal(t, tt.want.In("111122223333", "eu-west-1"), links[2].To)
		})
	}
}

func TestSettingsOfATargetGroup(t *testing.T) {
	w := newWorld()
	settings, err := albdiag.TargetGroupSurvey.Settings(t.Context(), w.targetGroup())
	require.NoError(t, err)
	values := map[string]string{}
	for _, s := range settings {
		values[s.Name] = s.Value
	}
	assert.Equal(t,
		"HTTP GET /healthz on the traffic port, wants 200, every 30 s, timeout 5 s, unhealthy after 2 failures, healthy "+
			"after 5 passes", values["health check"])
	assert.Equal(t, "65", values["seconds till unhealthy"])

	settings, err = albdiag.TargetGroupAttributeSurvey.Settings(t.Context(), w.targetGroup())
	require.NoError(t, err)
	assert.Contains(t, settings, diag.Setting{Resource: settings[0].Resource,
		Name: "attribute deregistration_delay.timeout_seconds", Value: "300"})
}
