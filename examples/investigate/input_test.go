package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// world is a saved world of one file.
func world(t *testing.T, name, content string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	return dir
}

func TestBadInput(t *testing.T) {
	away(t)
	inDemo := []string{"-world", "demo", "-now", "2026-05-14T09:42:30Z"}
	malformed := world(t, "ecs.json", `[{"service": "ecs", "operation": `)
	unknownService := world(t, "x.json", `{"service": "quantum", "operation": "ListQubits", "output": {}}`)
	for _, test := range []struct {
		name string
		args []string
		want []string // what the line must name: the input and what is allowed
	}{
		{"an unknown flag", []string{"-frobnicate"}, []string{"-frobnicate", "-h lists the flags"}},
		{"a flag without its value", []string{"-target"}, []string{"-target", "-h lists the flags"}},
		{"an argument", []string{"shop-prod-alb"}, []string{`"shop-prod-alb"`, "-target"}},
		{"an unknown symptom", []string{"-symptom", "sad"}, []string{`"sad"`, "http-503", "unknown"}},
		{"an unknown format", []string{"-format", "yaml"}, []string{`"yaml"`, "text, json, markdown or html"}},
		{"an unknown protocol", []string{"-endpoint", "http://127.0.0.1:1", "-cloudwatch-protocol", "soap", "-target", "x"},
			[]string{`"soap"`, "cbor, json or query"}},
		{"a bad now", []string{"-now", "yesterday"}, []string{`-now "yesterday"`, "2026-02-11T14:05:00Z"}},
		{"a bad since", []string{"-since", "noonish"}, []string{`-since "noonish"`, "2026-02-11T14:05:00Z", "45m"}},
		{"a since after now", []string{"-target", "ferry-prod-alb", "-since", "2026-05-14T10:00:00Z"},
			[]string{"-since", "after now", "2026-05-14T09:42:30Z"}},
		{"a negative since", []string{"-since", "-5m"}, []string{"-since"}},
		{"a bad budget", []string{"-budget", "soon"}, []string{`-budget "soon"`, "30s"}},
		{"a budget of nothing", []string{"-budget", "0s"}, []string{"-budget", "30s"}},
		{"a target that is not there", append(inDemo, "-target", "nope"), []string{`"nope"`, "123456789012", "eu-west-2"}},
		{"a service that is not there", append(inDemo, "-target", "ferry-prod/nope"), []string{`"ferry-prod/nope"`}},
		{"a target that is not in the demo", []string{"-target", "nope"}, []string{`"nope"`, "demo account", "-world"}},
		{"a target type that is none", append(inDemo, "-target", "x", "-target-type", "AWS::Quantum::Thing"),
			[]string{"AWS::Quantum::Thing", "AWS::ECS::Service"}},
		{"no target", inDemo, []string{"-target is missing", "ARN"}},
		{"a world that is not there", []string{"-world", "/nowhere", "-now", "2026-05-14T09:42:30Z", "-target", "x"},
			[]string{"/nowhere", "folder"}},
		{"a world that is a file", []string{"-world", "main.go", "-now", "2026-05-14T09:42:30Z", "-target", "x"},
			[]string{"main.go", "folder"}},
		{"an empty world", []string{"-world", t.TempDir(), "-now", "2026-05-14T09:42:30Z", "-target", "x"},
			[]string{"-world", ".json"}},
		{"a world without a name", []string{"-world", "", "-target", "x"}, []string{"-world is empty"}},
		{"a malformed world", []string{"-world", malformed, "-now", "2026-05-14T09:42:30Z", "-target", "x"},
			[]string{"ecs.json"}},
		{"a world of services that are not asked", []string{"-world", unknownService, "-now", "2026-05-14T09:42:30Z", "-target", "x"},
			[]string{"none of its calls is one that is asked here", "quantum:ListQubits"}},
		{"a world without a time", []string{"-world", "demo", "-target", "x"}, []string{"-now is missing"}},
		{"another region than the world's", append(inDemo, "-target", "x", "-region", "eu-central-1"),
			[]string{"eu-central-1", "eu-west-2"}},
		{"a world and a profile", append(inDemo, "-target", "x", "-profile", "p"), []string{"-profile", "saved world"}},
		{"a world and an endpoint", append(inDemo, "-target", "x", "-endpoint", "http://127.0.0.1:1"),
			[]string{"-endpoint", "saved world"}},
		{"a world and a record", append(inDemo, "-target", "x", "-record", "r"), []string{"-record", "saved world"}},
		{"a probe of a saved world", append(inDemo, "-target", "x", "-probe"), []string{"-probe", "saved world"}},
		{"a notice that is not there", []string{"-notice", "/nowhere"}, []string{"-notice", "/nowhere", "standard input"}},
		{"an audit of the demo", []string{"-audit", "a.log"}, []string{"-audit", "demo"}},
		{"an account without a reason", []string{"-region", "eu-west-1", "-target", "x"}, []string{"-reason is missing"}},
		{"an account without a target", []string{"-region", "eu-west-1", "-reason", "r"}, []string{"-target is missing"}},
		{"an account without a region", []string{"-reason", "r", "-target", "x"},
			[]string{"-region is missing", "eu-west-1"}},
		{"a region that is none", []string{"-region", "Dublin", "-reason", "r", "-target", "x"},
			[]string{`"Dublin"`, "eu-west-1"}},
		{"no credentials", []string{"-region", "eu-west-1", "-reason", "r", "-target", "x"},
			[]string{"no credentials", "-profile"}},
		{"no such profile", []string{"-profile", "ghost", "-region", "eu-west-1", "-reason", "r", "-target", "x"},
			[]string{`"ghost"`, "list-profiles"}},
		{"an endpoint that is none", []string{"-endpoint", "localhost:5000", "-target", "x"},
			[]string{`"localhost:5000"`, "http://127.0.0.1:5000"}},
		{"a protocol without an endpoint", []string{"-cloudwatch-protocol", "json", "-region", "eu-west-1", "-reason", "r",
			"-target", "x"}, []string{"-cloudwatch-protocol", "-endpoint"}},
		{"now in the future", []string{"-region", "eu-west-1", "-reason", "r", "-target", "x", "-now",
			"2030-01-01T00:00:00Z"}, []string{"-now", "future"}},
		{"two audits", []string{"-endpoint", "http://127.0.0.1:1", "-target", "x", "-audit", "a", "-v"},
			[]string{"-audit and -v"}},
		{"an escape code in a target", append(inDemo, "-target", "x\x1b[31m\ny"), []string{"x"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.name == "an account without a reason" {
				t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
			}
			out, errs, status := investigate(t, test.args...)
			assert.Equal(t, exitBadInput, status, errs)
			assert.Empty(t, out)
			assert.Equal(t, 1, strings.Count(errs, "\n"), "one line: %q", errs)
			assert.NotContains(t, errs, "\x1b")
			for _, want := range test.want {
				assert.Contains(t, errs, want)
			}
		})
	}
}

func TestAmbiguousTarget(t *testing.T) {
	dir := world(t, "world.json", `[
		{"service": "elbv2", "operation": "DescribeLoadBalancers", "input": {}, "output": {"LoadBalancers": [{
			"LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-2:123456789012:loadbalancer/app/web/0123456789abcdef",
			"LoadBalancerName": "web", "Type": "application", "State": {"Code": "active"}}]}},
		{"service": "elbv2", "operation": "DescribeTargetGroups", "input": {}, "output": {"TargetGroups": [{
			"TargetGroupArn": "arn:aws:elasticloadbalancing:eu-west-2:123456789012:targetgroup/web/0123456789abcdef",
			"TargetGroupName": "web", "TargetType": "ip", "LoadBalancerArns": []}]}}]`)
	out, errs, status := investigate(t, "-world", dir, "-now", "2026-05-14T09:42:30Z", "-target", "web")
	assert.Equal(t, exitBadInput, status)
	assert.Empty(t, out)
	assert.Equal(t, 1, strings.Count(errs, "\n"), errs)
	for _, want := range []string{`"web" is ambiguous`, "AWS::ElasticLoadBalancingV2::LoadBalancer",
		"AWS::ElasticLoadBalancingV2::TargetGroup"} {
		assert.Contains(t, errs, want)
	}
}

func TestTimes(t *testing.T) {
	for _, test := range []struct{ since, want string }{
		{"2026-05-14T09:08:00Z", "2026-05-14T09:08:00Z"},
		{"2026-05-14T10:08:00+01:00", "2026-05-14T09:08:00Z"},
		{"2026-05-14T09:08Z", "2026-05-14T09:08:00Z"},
		{"2026-05-14 09:08", "2026-05-14T09:08:00Z"},
		{"34m30s", "2026-05-14T09:08:00Z"},
		{"0s", "2026-05-14T09:42:30Z"},
	} {
		q, err := parse([]string{"-target", "x", "-since", test.since}, noon)
		require.NoError(t, err)
		assert.Equal(t, test.want, q.symptom.Since.Format("2006-01-02T15:04:05Z07:00"), test.since)
	}
}
