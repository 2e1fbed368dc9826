package albdiag_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
	"github.com/awsdiag/awsdiag/internal/saved"
)

// calls make the SDK values of each recorded operation.
var calls = map[string]func() (in, out any){
	"DescribeLoadBalancers": func() (any, any) {
		return new(elbv2.DescribeLoadBalancersInput), new(elbv2.DescribeLoadBalancersOutput)
	},
	"DescribeLoadBalancerAttributes": func() (any, any) {
		return new(elbv2.DescribeLoadBalancerAttributesInput), new(elbv2.DescribeLoadBalancerAttributesOutput)
	},
	"DescribeListeners": func() (any, any) {
		return new(elbv2.DescribeListenersInput),
			new(elbv2.DescribeListenersOutput)
	},
	"DescribeRules": func() (any, any) { return new(elbv2.DescribeRulesInput), new(elbv2.DescribeRulesOutput) },
	"DescribeTargetGroups": func() (any, any) {
		return new(elbv2.DescribeTargetGroupsInput),
			new(elbv2.DescribeTargetGroupsOutput)
	},
	"DescribeTargetGroupAttributes": func() (any, any) {
		return new(elbv2.DescribeTargetGroupAttributesInput), new(elbv2.DescribeTargetGroupAttributesOutput)
	},
	"DescribeTargetHealth": func() (any, any) {
		return new(elbv2.DescribeTargetHealthInput),
			new(elbv2.DescribeTargetHealthOutput)
	},
	"GetMetricData": func() (any, any) {
		return new(cloudwatch.GetMetricDataInput),
			new(cloudwatch.GetMetricDataOutput)
	},
}

// pack is a recorded account and the time it was recorded at.
type pack struct {
	elb albfake.Client
	cw  metricsfake.Client
	now time.Time
}

func loadPack(t *testing.T, name string) *pack {
	t.Helper()
	folder := filepath.Join("testdata", "packs", name)
	text, err := os.ReadFile(filepath.Join(folder, "now.txt"))
	require.NoError(t, err)
	p := new(pack)
	p.now, err = time.Parse(time.RFC3339, strings.TrimSpace(string(text)))
	require.NoError(t, err)
	documents, err := saved.Read(os.DirFS(folder))
	require.NoError(t, err)
	for _, d := range documents {
		create, ok := calls[d.Operation]
		if !ok {
			continue // listener certificates
		}
		in, out := create()
		require.NoError(t, saved.Decode(d.Input, in))
		require.NoError(t, saved.Decode(d.Output, out))
		require.True(t, p.elb.Merge(in, out) || p.cw.Merge(in, out), d.Operation)
	}
	return p
}

// plan examines all load balancers and target groups of a pack.
func (p *pack) plan(t *testing.T, length time.Duration) diag.Plan {
	t.Helper()
	window := diag.Last(length, p.now)
	directory := albdiag.NewDirectory(&p.elb, metrics.NewSource(&p.cw, window), window)
	var plan diag.Plan
	balancers, err := directory.LoadBalancers(t.Context())
	require.NoError(t, err)
	for _, lb := range balancers {
		plan = diag.Join(plan, diag.On(lb, albdiag.LoadBalancerChecks()...), diag.Observe(lb, albdiag.LoadBalancerSurvey))
	}
	groups, err := directory.TargetGroups(t.Context())
	require.NoError(t, err)
	for _, tg := range groups {
		plan = diag.Join(plan, diag.On(tg, albdiag.TargetGroupChecks()...), diag.Observe(tg, albdiag.TargetGroupSurvey))
	}
	return plan
}

// expectation is what the load balancer and its target groups show of an incident: the codes, of warning or worse, and
// a word of the summary.
type expectation map[diag.Code]string

var packs = map[string]expectation{
	"api-container-out-of-memory": {"alb.http-503": "targets died together",
		"alb.http-502": "went away while they had requests"},
	"database-connections-exhausted": {"alb.http-5xx-from-targets": "answered 5xx"},
	"exec-without-ssmmessages":       {},
	"gateway-timeout-burst-balance-empty": {"alb.http-504": "longer to answer than the idle timeout",
		"alb.slow-responses": "still going on"},
	"health-check-path-404":        {"alb.target-response-code-mismatch": "answers 404 instead of 200"},
	"healthy-rolling-deployment":   {},
	"healthy-scale-in-and-jobs":    {},
	"missing-environment-variable": {},
	"nat-gateway-deleted-image-pull-timeout": {"alb.http-5xx-from-targets": "answered 5xx",
		"alb.slow-responses": "before"},
	"no-memory-left-on-container-instances": {},
	"secret-denied-to-execution-role":       {},
	"ssm-endpoints-removed":                 {},
	"task-ingress-rule-revoked": {"alb.http-504": "nothing comes back", "alb.target-connection-errors": "they time out",
		"alb.target-timeout": "request timed out", "alb.no-healthy-targets": "fails open"},
	"two-faults-log-group-and-host-port": {},
}

func TestPacks(t *testing.T) {
	folders, err := os.ReadDir(filepath.Join("testdata", "packs"))
	require.NoError(t, err)
	require.Len(t, folders, len(packs))
	for _, folder := range folders {
		for _, length := range []time.Duration{time.Hour, 3 * time.Hour, 6 * time.Hour} {
			t.Run(folder.Name()+"/"+length.String(), func(t *testing.T) {
				p := loadPack(t, folder.Name())
				report := diag.Runner{Window: diag.Last(length, p.now)}.Run(t.Context(), p.plan(t, length))
				assert.NoError(t, report.Err())
				want, ok := packs[folder.Name()]
				require.True(t, ok)
				found := map[diag.Code]bool{}
				for _, f := range report.Findings {
					t.Logf("%s %s %s since %s: %s %v", f.Severity, f.Code, f.Resource.ID, f.Since.Format("15:04"), f.Summary,
						f.ExplainedBy)
					if f.Severity < diag.SeverityWarning {
						continue
					}
					word, expected := want[f.Code]
					assert.True(t, expected, "unexpected: %s: %s", f.Code, f.Summary)
					assert.Contains(t, f.Summary, word)
					found[f.Code] = true
				}
				assert.Len(t, found, len(want))
			})
		}
	}
}

// TestPacksAreReadOnce proves that a whole account is read without asking anything twice, and its metrics in one call.
func TestPacksAreReadOnce(t *testing.T) {
	p := loadPack(t, "api-container-out-of-memory")
	plan := p.plan(t, time.Hour)
	diag.Run(t.Context(), plan)
	counts := map[string]int{}
	for _, c := range slices.Concat(p.elb.Calls(), p.cw.Calls()) {
		counts[c.Action]++
	}
	t.Log(counts)
	assert.LessOrEqual(t, counts["cloudwatch:GetMetricData"], 2)
	assert.Equal(t, 2, counts["elasticloadbalancing:DescribeTargetHealth"])
	assert.Equal(t, 2, counts["elasticloadbalancing:DescribeTargetGroups"],
		"all of the account, and those of the load balancer")
	assert.Equal(t, 1, cmp.Or(counts["elasticloadbalancing:DescribeLoadBalancers"], 1))
}
