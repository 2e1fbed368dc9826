package albdiag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// blocks are requests that a rule of a web ACL blocked, in the last periods.
func (w *world) blocks(acl, rule string, last ...float64) {
	w.set(metrics.Metric{Namespace: "AWS/WAFV2", Name: "BlockedRequests", Stat: "Sum", Dimensions: []metrics.Dimension{
		{Name: "Region", Value: "eu-west-1"}, {Name: "Rule", Value: rule}, {Name: "WebACL", Value: acl}}}, 0, last...)
}

func TestWebACL(t *testing.T) {
	served := func(w *world, last ...float64) {
		w.set(metrics.LoadBalancerMetric(lbARN, "HTTPCode_Target_2XX_Count", "Sum"), 11900, last...)
	}
	refused := func(w *world, n float64) {
		w.counts("HTTPCode_ELB_4XX_Count", n, n, n)
		w.set(metrics.LoadBalancerMetric(lbARN, "RequestCount", "Sum"), 12000, 12000-n, 12000-n, 12000-n)
	}
	tests := []struct {
		name     string
		spoil    func(*world)
		says     string
		severity diag.Severity
		related  int
	}{
		{"a rule shuts clients out", func(w *world) {
			refused(w, 9000)
			served(w, 2900, 2900, 2900)
			w.blocks("shop-acl", "ALL", 9000, 9000, 9000)
			w.blocks("shop-acl", "AWS-AWSManagedRulesCommonRuleSet", 8950, 8950, 8950)
			w.blocks("shop-acl", "rate-limit", 50, 50, 50)
		}, ": a web ACL of AWS WAF blocks them (403): rule AWS-AWSManagedRulesCommonRuleSet of web ACL shop-acl",
			diag.SeverityWarning, 1},
		{"an attack is refused", func(w *world) {
			w.counts("HTTPCode_ELB_4XX_Count", 90000, 90000, 90000)
			served(w, 11800, 11900, 11850)
			w.blocks("shop-acl", "rate-limit", 90000, 90000, 90000)
		}, "rule rate-limit of web ACL shop-acl", diag.SeverityInfo, 1},
		{"two rules", func(w *world) {
			refused(w, 3000)
			w.blocks("shop-acl", "geo", 2000, 2000, 2000)
			w.blocks("shop-acl", "bots", 1000, 1000, 1000)
		}, "rule geo of web ACL shop-acl, rule bots of web ACL shop-acl", diag.SeverityInfo, 1},
		{"the web ACL of another", func(w *world) {
			refused(w, 3000)
			w.blocks("other-acl", "bots", 40, 30, 20)
		}, "clients send malformed or too large requests", diag.SeverityInfo, 0},
		{"blocked at another time", func(w *world) {
			refused(w, 3000)
			w.blocks("shop-acl", "bots", 9000, 9000, 9000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
		}, "clients send malformed or too large requests", diag.SeverityInfo, 0},
		{"addresses of bad reputation", func(w *world) {
			refused(w, 3000)
			w.counts("LowReputationRequestsDenied", 3000, 3000, 3000)
		}, ": requests from addresses of bad reputation are denied (403, resource-level DDoS protection)", diag.SeverityInfo, 0},
		{"most are refused, for whatever reason", func(w *world) {
			refused(w, 9000)
			served(w, 2900, 2900, 2900)
		}, "probably clients send malformed", diag.SeverityWarning, 0},
		{"a fifth of the clients is refused", func(w *world) {
			refused(w, 2400)
			served(w, 9600, 9600, 9600)
		}, "probably clients send malformed", diag.SeverityWarning, 0},
		{"scanners on top of as many clients", func(w *world) {
			refused(w, 9000)
			served(w, 11800, 12000, 11900)
		}, "probably clients send malformed", diag.SeverityInfo, 0},
		{"scanners in a lull", func(w *world) {
			refused(w, 9000)
			served(w, 9900, 9800, 9700)
		}, "probably clients send malformed", diag.SeverityInfo, 0},
		{"fewer clients, and fewer still refused", func(w *world) {
			refused(w, 2400)
			served(w, 11500, 11400, 11300)
		}, "probably clients send malformed", diag.SeverityInfo, 0},
		{"most were refused", func(w *world) {
			w.counts("HTTPCode_ELB_4XX_Count", 9000, 9000, 0, 0, 0, 0)
			served(w, 2900, 2900, 11900, 11900, 11900, 11900)
		}, "not any more", diag.SeverityInfo, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			f := diagtest.Only(t, w.look(t), "alb.http-4xx")
			assert.Contains(t, f.Summary, tt.says)
			assert.Equal(t, tt.severity, f.Severity)
			assert.Len(t, f.Related, tt.related)
		})
	}
}

// TestWebACLsAreReadOnce: the metrics are those of the Region, not of one load balancer, and where nothing is refused
// nobody asks.
func TestWebACLsAreReadOnce(t *testing.T) {
	w := newWorld()
	w.blocks("shop-acl", "bots", 3000, 3000, 3000)
	d := albdiag.NewDirectory(w.elb, w.source(), window)
	require.NoError(t, diag.Run(t.Context(), diag.On(d.LoadBalancer(lbARN), albdiag.HTTPErrors()...)).Err())
	quiet := len(w.cw.Calls())

	w = newWorld()
	w.counts("HTTPCode_ELB_4XX_Count", 3000, 3000, 3000)
	d = albdiag.NewDirectory(w.elb, w.source(), window)
	require.NoError(t, diag.Run(t.Context(), diag.On(d.LoadBalancer(lbARN), albdiag.HTTPErrors()...)).Err())
	assert.Equal(t, quiet+1, len(w.cw.Calls()))
	require.NoError(t, diag.Run(t.Context(), diag.On(d.LoadBalancer(lbARN), albdiag.HTTPErrors()...)).Err())
	assert.Equal(t, quiet+1, len(w.cw.Calls()))
}
