package triage

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

// alarmFlags are the options of the commands ("put-metric-alarm", "put-metric-filter", AWS CLI Command Reference).
var alarmFlags = []string{"--alarm-name", "--namespace", "--metric-name", "--dimensions", "--statistic",
	"--extended-statistic", "--period",
	"--evaluation-periods", "--threshold", "--comparison-operator", "--treat-missing-data", "--region",
	"--log-group-name", "--filter-name", "--filter-pattern", "--metric-transformations"}

func TestAlarmTable(t *testing.T) {
	for _, a := range append(alarms[:len(alarms):len(alarms)], effects...) {
		assert.Contains(t, types.ComparisonOperator(a.operator).Values(), types.ComparisonOperator(a.operator),
			a.metric)
		if !strings.HasPrefix(a.statistic, "p") {
			assert.Contains(t, types.Statistic(a.statistic).Values(), types.Statistic(a.statistic), a.metric)
		}
		assert.Contains(t, []int{1, 5}, a.minutes, a.metric)
		assert.LessOrEqual(t, a.minutes*a.periods, 24*60)
		assert.NotEmpty(t, a.says)
	}
}

// TestEveryCodeHasAnAlarm gives a report in which everything is around: whatever has a metric has an alarm on it, and
// every command can be copied.
func TestEveryCodeHasAnAlarm(t *testing.T) {
	at := func(typ, id, arn string) diag.Resource {
		return diag.Resource{Type: typ, ID: id, ARN: arn, Region: "eu-west-1"}
	}
	service := at(typeService, "prod/api", "")
	group := at(typeTargetGroup, "api",
		"arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/api/0123456789abcdef")
	balancer := at(typeLoadBalancer, "web",
		"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/0123456789abcdef")
	metered := regexp.MustCompile(`^(?:alb|rds|logs)\.|^ecs\.(?:task|container|deployment|service|memory)|^ec2\.(?:instance|security)`)
	for _, info := range Infos() {
		if info.Change || info.Severity < diag.SeverityWarning {
			continue
		}
		own := map[string]diag.Resource{"alb": balancer, "ecs": service, "rds": at(typeDBInstance, "db", ""),
			"ec2":  at(typeInstance, "i-0123456789abcdef0", ""),
			"logs": at(typeLogGroup, "/ecs/api's log", "")}[strings.SplitN(string(info.Code), ".", 2)[0]]
		{
			var root diag.Root
			text, err := json.Marshal(map[string]any{"code": info.Code, "severity": "error", "confidence": "certain",
				"resource": own, "summary": "x",
				"evidence": []diag.Evidence{{Source: "logs:FilterLogEvents", Value: "KeyError: it's gone"}}})
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(text, &root))
			r := &diag.Report{Focus: service, Links: []diag.Link{{From: balancer, To: group, Role: "routes to"},
				{From: group, To: service, Role: "served by"}}}
			for _, s := range prevent(r, root) {
				if s.Command != "" || metered.MatchString(string(info.Code)) {
					checkCommand(t, string(info.Code), s.Command)
				}
			}
		}
	}
}

// checkCommand holds a command against what the AWS CLI takes.
func checkCommand(t *testing.T, code, command string) {
	t.Helper()
	require.NotEmpty(t, command, code)
	assert.Regexp(t, `^aws (cloudwatch put-metric-alarm|logs put-metric-filter) --`, command)
	unquoted := regexp.MustCompile(`'[^']*'|\\'`).ReplaceAllString(command, "q")
	assert.NotRegexp(t, "[`$&;|<>\"'\\\\\n]", unquoted, "nothing but words outside of quotes: %s", command)
	for _, w := range strings.Fields(unquoted) {
		if strings.HasPrefix(w, "--") {
			assert.True(t, slices.Contains(alarmFlags, w), "%s in %s", w, command)
		}
	}
}

func TestNoMetricIsSaid(t *testing.T) {
	root := diag.Root{Finding: diag.Finding{Code: "ssm.node-not-managed", Severity: diag.SeverityError,
		Resource: diag.Resource{Type: "AWS::SSM::Document", ID: "x"}}}
	steps := prevent(&diag.Report{}, root)
	require.Len(t, steps, 1)
	assert.Empty(t, steps[0].Command)
	assert.Contains(t, steps[0].Text, "No metric of AWS shows")
}
