package triage_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/wire"
	"github.com/awsdiag/awsdiag/triage"
)

// recorded is when the recordings were taken.
var recorded = time.Unix(1_795_314_300, 0)

// TestRecordedServers investigates what two AWS-compatible servers answered to real clients, protocol by protocol.
// Their targets are healthy and they know no service events: nothing may be called broken that they did not say is.
func TestRecordedServers(t *testing.T) {
	speaks := map[string][]func(*cloudwatch.Options){
		"ministack": nil, // the SDK's own CBOR
		"moto":      {func(o *cloudwatch.Options) { o.Protocol = awsjson.New10(schemas.GraniteServiceVersion20100801) }},
	}
	for server, cloudWatch := range speaks {
		t.Run(server, func(t *testing.T) {
			replay, err := wire.Load(server)
			require.NoError(t, err)
			scope, err := triage.NewScope(t.Context(), replay.Config(),
				func(o *triage.ScopeOptions) { o.CloudWatch = cloudWatch })
			require.NoError(t, err)
			assert.NotEmpty(t, scope.Account)

			for _, target := range []string{balancer(t, server), service(t, server)} {
				report, err := triage.Investigate(t.Context(), []triage.Scope{scope},
					triage.Symptom{Kind: triage.HTTP503, Target: target}, triage.Options{Now: recorded})
				require.NoError(t, err)
				for _, i := range report.Inconclusive {
					assert.NotEqual(t, diag.KindPanic, i.Kind, "%s: %s", i.Code, i.Err)
					t.Logf("could not see: %s on %s: %s: %s", i.Code, i.Resource, i.Kind, i.Err)
				}
				for _, f := range report.Findings {
					t.Logf("%s %s: %s", f.Severity, f.Code, f.Summary)
				}
				text, err := json.Marshal(report)
				require.NoError(t, err)
				assert.NotEmpty(t, text)
			}
		})
	}
}

// find returns what a pattern's first group matches in a recorded answer.
func find(t *testing.T, server, operation, pattern string) string {
	exchanges, err := wire.Exchanges(server)
	require.NoError(t, err)
	i := slices.IndexFunc(exchanges, func(e wire.Exchange) bool { return e.Operation == operation && e.Variant == "" })
	require.GreaterOrEqual(t, i, 0, operation)
	body, err := url.PathUnescape(exchanges[i].Response())
	require.NoError(t, err)
	m := regexp.MustCompile(pattern).FindStringSubmatch(body)
	require.NotNil(t, m, "%s in %s", pattern, body)
	return m[1]
}

func balancer(t *testing.T, server string) string {
	return find(t, server, "DescribeLoadBalancers", `<LoadBalancerArn>([^<]+)</LoadBalancerArn>`)
}

func service(t *testing.T, server string) string {
	return find(t, server, "DescribeServices", `"serviceArn": ?"([^"]+)"`)
}
