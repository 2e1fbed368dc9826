package albdiag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

func TestEmptyGroups(t *testing.T) {
	const code = "alb.rule-forwards-to-empty-group"
	tests := []struct {
		name     string
		spoil    func(*world)
		severity diag.Severity // zero: silent
		says     string
	}{
		{"503s go on", func(w *world) { w.counts(code503, 400, 420) }, diag.SeverityError,
			"rule 10 of HTTPS:443 sends requests for path-pattern /api/* to shop-api, which holds no target"},
		{"503s are over", func(w *world) { w.counts(code503, 400, 420, 0, 0, 0) }, diag.SeverityWarning, "shop-api"},
		{"no 503: nobody asks for it", func(w *world) {}, diag.SeverityInfo, "shop-api"},
		{"no metrics", func(w *world) { w.cw.Series = nil }, diag.SeverityWarning, "shop-api"},
		{"weight zero", func(w *world) {
			w.counts(code503, 400, 420)
			w.rules()[0].Actions[0].ForwardConfig.TargetGroups = []types.TargetGroupTuple{
				{TargetGroupArn: aws.String(apiARN), Weight: aws.Int32(0)},
				{TargetGroupArn: aws.String(webARN), Weight: aws.Int32(1)},
			}
		}, 0, ""},
		{"no rule", func(w *world) { w.elb.Rules = nil; w.counts(code503, 400, 420) }, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.elb.TargetHealth[apiARN] = nil
			tt.spoil(w)
			report := w.look(t)
			if tt.severity == 0 {
				for _, f := range report.Findings {
					assert.NotEqual(t, diag.Code(code), f.Code)
				}
				return
			}
			f := diagtest.Only(t, report, code)
			assert.Equal(t, tt.severity, f.Severity)
			assert.Contains(t, f.Summary, tt.says)
			assert.Equal(t, apiARN, f.Related[0].Resource.ARN)
		})
	}
}

func TestFixedResponses(t *testing.T) {
	fixed := func(code string) types.Action {
		return types.Action{Type: types.ActionTypeEnumFixedResponse,
			FixedResponseConfig: &types.FixedResponseActionConfig{StatusCode: aws.String(code)}}
	}
	tests := []struct {
		name     string
		spoil    func(*world)
		severity diag.Severity
	}{
		{"maintenance page before all others", func(w *world) { w.addRule(1, fixed("503"), "/*") }, diag.SeverityWarning},
		{"one path", func(w *world) { w.addRule(1, fixed("503"), "/old/*") }, diag.SeverityInfo},
		{"one path that is asked for", func(w *world) {
			w.addRule(1, fixed("503"), "/v1/*")
			w.counts("HTTPCode_ELB_503_Count", 400, 500, 600)
		}, diag.SeverityWarning},
		{"the default, beside errors of another kind", func(w *world) {
			w.elb.Listeners[1].DefaultActions = []types.Action{fixed("503")}
			w.counts("HTTPCode_ELB_503_Count", 400, 500, 600)
		}, diag.SeverityInfo},
		{"the default", func(w *world) { w.elb.Listeners[1].DefaultActions = []types.Action{fixed("503")} },
			diag.SeverityInfo},
		{"404", func(w *world) { w.addRule(1, fixed("404"), "/*") }, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			var found diag.Severity
			for _, f := range w.look(t).Findings {
				if f.Code == "alb.fixed-error-response" {
					found = f.Severity
				}
			}
			assert.Equal(t, tt.severity, found)
		})
	}
}

func TestShadowedRules(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*world)
		want  []diag.Code
	}{
		{"the same path later", func(w *world) { w.addRule(20, albfake.Forward(webARN), "/api/*") },
			[]diag.Code{"alb.rule-shadowed"}},
		{"after one that takes all", func(w *world) { w.addRule(5, albfake.Forward(webARN), "*") },
			[]diag.Code{"alb.rule-shadowed"}},
		{"another path", func(w *world) { w.addRule(20, albfake.Forward(webARN), "/api2/*") }, nil},
		{"a wider path before", func(w *world) { w.addRule(5, albfake.Forward(webARN), "/a*", "/b") },
			[]diag.Code{"alb.rule-shadowed"}},
		{"a narrower path before", func(w *world) { w.addRule(5, albfake.Forward(webARN), "/api/v1/*") }, nil},
		{"one of its hosts later", func(w *world) {
			w.addRule(20, albfake.Forward(webARN), "/api/*")
			w.onHost("20", "b.example.com")
		}, []diag.Code{"alb.rule-shadowed"}},
		{"another host before", func(w *world) {
			w.addRule(5, albfake.Forward(webARN), "/api/*")
			w.onHost("5", "b.example.com")
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			diagtest.Want(t, w.look(t), tt.want...)
		})
	}
}

// onHost lets a rule take requests for a host only.
func (w *world) onHost(priority, host string) {
	for i, r := range w.rules() {
		if aws.ToString(r.Priority) == priority {
			w.rules()[i].Conditions = append(r.Conditions, types.RuleCondition{Field: aws.String("host-header"),
				HostHeaderConfig: &types.HostHeaderConditionConfig{Values: []string{host}}})
		}
	}
}

func TestRedirectLoops(t *testing.T) {
	config := func(protocol, port, host, path string) *types.RedirectActionConfig {
		return &types.RedirectActionConfig{Protocol: aws.String(protocol), Port: aws.String(port), Host: aws.String(host),
			Path: aws.String(path)}
	}
	tests := []struct {
		name   string
		config *types.RedirectActionConfig
		loops  bool
	}{
		{"to HTTPS", config("HTTPS", "443", "#{host}", "/#{path}"), false},
		{"to the same port", config("#{protocol}", "80", "#{host}", "/#{path}"), true},
		{"nothing changed", &types.RedirectActionConfig{}, true},
		{"to another host", config("HTTP", "80", "www.example.com", "/#{path}"), false},
		{"all paths to one", config("HTTP", "80", "#{host}", "/home"), true},
		{"to a deeper path, for ever", config("HTTP", "80", "#{host}", "/v2/#{path}"), false},
		{"to another port", config("#{protocol}", "8080", "#{host}", "/#{path}"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.elb.Listeners[0].DefaultActions[0].RedirectConfig = tt.config
			if tt.loops {
				diagtest.Want(t, w.look(t), "alb.redirect-loop")
			} else {
				diagtest.Want(t, w.look(t))
			}
		})
	}
}

// TestRedirectsToEachOther: port 80 redirects to 443, and what else 443 does decides.
func TestRedirectsToEachOther(t *testing.T) {
	back := func(port, host, path string) types.Action {
		return types.Action{Type: types.ActionTypeEnumRedirect,
			RedirectConfig: &types.RedirectActionConfig{Protocol: aws.String("HTTP"),
				Port: aws.String(port), Host: aws.String(host), Path: aws.String(path),
				StatusCode: types.RedirectActionStatusCodeEnumHttp302}}
	}
	same := back("80", "#{host}", "/#{path}")
	always := func(a types.Action, rules bool) func(*world) {
		return func(w *world) {
			w.elb.Listeners[1].DefaultActions = []types.Action{a}
			if !rules {
				w.elb.Rules = nil
			}
		}
	}
	tests := []struct {
		name     string
		spoil    func(*world)
		severity diag.Severity // zero for none
	}{
		{"all of it goes back", always(same, false), diag.SeverityError},
		{"what no rule takes goes back", always(same, true), diag.SeverityWarning},
		{"a rule for everything goes back", func(w *world) { w.addRule(1, same, "/*") }, diag.SeverityError},
		{"a rule for everything that is never reached", func(w *world) {
			w.addRule(1, albfake.Forward(webARN), "/*")
			w.addRule(2, same, "/*")
		}, 0},
		{"one path goes back", func(w *world) { w.addRule(1, same, "/plain/*") }, 0},
		{"to another host", always(back("80", "www.example.com", "/#{path}"), false), 0},
		{"to another path", always(back("80", "#{host}", "/moved"), false), 0},
		{"sound", func(*world) {}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			report := diagtest.Run(t, w.loadBalancer(), albdiag.RedirectLoop)
			if tt.severity == 0 {
				diagtest.Want(t, report)
				return
			}
			f := diagtest.Only(t, report, "alb.redirect-loop")
			assert.Equal(t, tt.severity, f.Severity)
			assert.Contains(t, f.Summary, "the default rule of HTTP:80 redirects to port 443, and ")
			assert.Contains(t, f.Summary, "back to port 80: an endless loop")
		})
	}
}

func TestZonesWithoutTargets(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*world)
		want  []diag.Code
	}{
		{"cross-zone on", func(*world) {}, nil},
		{"off for the group", func(w *world) {
			w.elb.TargetGroupAttributes = map[string]map[string]string{apiARN: {"load_balancing.cross_zone.enabled": "false"}}
		}, []diag.Code{"alb.zone-without-healthy-targets"}},
		{"off for the other group", func(w *world) {
			w.elb.TargetGroupAttributes = map[string]map[string]string{webARN: {"load_balancing.cross_zone.enabled": "false"}}
		}, nil},
		{"off, and nobody knows where the targets sit", func(w *world) {
			w.elb.TargetGroupAttributes = map[string]map[string]string{apiARN: {"load_balancing.cross_zone.enabled": "false"}}
			w.elb.TargetHealth[apiARN][0].Target.AvailabilityZone = nil
		}, nil},
		{"off for the load balancer", func(w *world) {
			w.elb.LoadBalancerAttributes = map[string]map[string]string{lbARN: {"load_balancing.cross_zone.enabled": "false"}}
		}, []diag.Code{"alb.zone-without-healthy-targets"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.elb.TargetHealth[apiARN] = w.elb.TargetHealth[apiARN][:1]
			tt.spoil(w)
			diagtest.Want(t, w.look(t), tt.want...)
		})
	}
}
