package triage_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// TestNoticeSymptom reads alerts, log lines and messages in the forms that AWS and its tools write.
func TestNoticeSymptom(t *testing.T) {
	const balancer, service, instance = "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ECS::Service",
		"AWS::EC2::Instance"
	tests := []struct {
		name, text  string
		kind        triage.SymptomKind
		target, typ string
		since       string
	}{
		{"an ARN alone", "arn:aws:ecs:eu-west-1:111122223333:service/prod/api", triage.Unknown,
			"arn:aws:ecs:eu-west-1:111122223333:service/prod/api", "", ""},
		{"cluster/service alone", " prod/api ", triage.Unknown, "prod/api", service, ""},
		{"an alarm's mail",
			"ALARM: \"5xx high\"\n- Timestamp: Wednesday 11 February, 2026 14:05:00 UTC\n- MetricName: HTTPCode_ELB_5XX_Count\n" +
				"- Dimensions: [LoadBalancer = app/shop-prod-alb/1c7076e082984272]", triage.HTTP5xx, "shop-prod-alb",
			balancer, "2026-02-11T14:05:00Z"},
		{"an alarm as JSON",
			`{"AlarmName":"mem","StateChangeTime":"2026-02-11T14:05:00.000+0000","Trigger":{"MetricName":"MemoryUtilization","Namespace":"AWS/ECS",` +
				`"Dimensions":[{"value":"api","name":"ServiceName"},{"value":"prod","name":"ClusterName"}]}}`,
			triage.Unknown, "prod/api", service, "2026-02-11T14:05:00Z"},
		{"an alarm as JSON within JSON",
			`{"Message":"{\"Dimensions\":[{\"name\":\"ClusterName\",\"value\":\"prod\"},{\"name\":\"ServiceName\",\"value\":\"api\"}]}"}`,
			triage.Unknown, "prod/api", service, ""},
		{"an access log line",
			`10.0.1.7 - - [11/Feb/2026:15:05:00 +0100] "GET / HTTP/1.1" 503 162 web-1803947362.eu-west-1.elb.amazonaws.com`,
			triage.HTTP503, "web", balancer, "2026-02-11T14:05:00Z"},
		{"an internal load balancer", "curl: internal-orders-1803947362.eu-west-1.elb.amazonaws.com answered 504",
			triage.HTTP504, "orders", balancer, ""},
		{"a network load balancer", "i/o timeout to tcp-50dc6c495c0c9188.elb.eu-west-1.amazonaws.com:443",
			triage.Unreachable, "tcp", balancer, ""},
		{"a killed container",
			"service prod/api: container app in task prod/0123456789abcdef0123456789abcdef ended with exit code 137",
			triage.TasksStopping, "prod/api", service, ""},
		{"a service event",
			"2026-05-06T21:25:10Z (service api) was unable to place a task because no container instance met all of its " +
				"requirements.",
			triage.TasksPending, "api", "", "2026-05-06T21:25:10Z"},
		{"a stopped reason",
			"aws ecs describe-tasks --cluster prod --service api: CannotPullContainerError: pull access denied for x, " +
				"repository does not exist",
			triage.TasksStopping, "prod/api", service, ""},
		{"a denial",
			"User: arn:aws:sts::111122223333:assumed-role/api-execution/x is not authorized to perform: " +
				"secretsmanager:GetSecretValue on resource: db " +
				"(arn:aws:ecs:eu-west-1:111122223333:service/prod/api)", triage.AccessDenied,
			"arn:aws:ecs:eu-west-1:111122223333:service/prod/api", "", ""},
		{"a deployment",
			"Waiter ServicesStable failed: Max attempts exceeded\n " +
				"https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/prod/services/api/health",
			triage.DeploymentStuck, "prod/api", service, ""},
		{"a session",
			"An error occurred (TargetNotConnected) when calling the StartSession operation: i-0123456789abcdef0 is not connected.",
			triage.SSMUnreachable, "i-0123456789abcdef0", instance, ""},
		{"a database behind a service",
			`1770818700123 psql: error: connection to server at "db.c9akciq32rhq.eu-west-1.rds.amazonaws.com", port 5432 failed: FATAL: ` +
				`remaining connection slots are reserved [group="service:api"]`, triage.DBUnreachable, "", "",
			"2026-02-11T14:05:00.123Z"},
		{"a log group", `{"logGroup":"/ecs/prod/api","timestamp":1770818700123,"message":"ERROR unhandled"}`,
			triage.Errors, "/ecs/prod/api", "AWS::Logs::LogGroup", "2026-02-11T14:05:00.123Z"},
		{"a status check", "StatusCheckFailed for i-0123456789abcdef0 and sg-0123456789abcdef0",
			triage.InstanceUnreachable, "i-0123456789abcdef0", instance, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := triage.ReadNotice(tt.text).Symptom()
			require.NoError(t, err)
			assert.Equal(t, tt.kind, got.Kind)
			if tt.target != "" {
				assert.Equal(t, tt.target, got.Target)
				assert.Equal(t, tt.typ, got.TargetType)
			}
			if tt.since == "" {
				assert.Zero(t, got.Since)
			} else {
				assert.Equal(t, at(tt.since), got.Since)
			}
		})
	}
}

// TestNoticeInventsNothing reads texts that look like more than they say.
func TestNoticeInventsNothing(t *testing.T) {
	for _, text := range []string{
		"", "the service is down and/or slow", "ECS service is down", "service start/stop",
		"read /api/v1/services/users and /healthz",
		"DBInstanceIdentifier must not be empty", "order 1770818700 of 503 pieces", "version 1.2.3 at port 502",
		"see the log group of yesterday",
		"ip-10-0-0-1 i-xyz sg-1", "arn:aws:ecs", "the log group is /not", "task failed",
	} {
		n := triage.ReadNotice(text)
		assert.Empty(t, n.Resources, text)
		assert.Empty(t, n.Times, text)
		assert.Empty(t, n.Statuses, text)
		_, err := n.Symptom()
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err), text)
		assert.NotContains(t, err.Error(), "\n", text)
	}
}

func TestNoticeWithoutAStart(t *testing.T) {
	s, err := triage.ReadNotice("2026-02-11T14:05:00Z app.proxy-c0ffee123456.eu-west-1.rds.amazonaws.com: connection timed out").Symptom()
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
	assert.ErrorContains(t, err, "DBProxy app")
	assert.Equal(t, triage.Unreachable, s.Kind, "what is known stands in the symptom")
	assert.Equal(t, at("2026-02-11T14:05:00Z"), s.Since)
}

func TestNoticeParts(t *testing.T) {
	n := triage.ReadNotice("Feb 11 14:04:59 host x: 2026-02-11 14:05:00 Root=1-67891233-abcdef012345678912345678 " +
		"RequestId: 5f2d3fc3-3374-4c9d-9d3b-350d6a38f467 status=502 then 404 Not Found at 2026/02/11 13:05:00Z and " +
		"2026-02-11 14:06:00,5 +0100")
	assert.Equal(t, []string{"1-67891233-abcdef012345678912345678", "5f2d3fc3-3374-4c9d-9d3b-350d6a38f467"},
		n.RequestIDs)
	assert.Equal(t, []int{502, 404}, n.Statuses)
	assert.Equal(t, []time.Time{at("2026-02-11T13:05:00Z"), at("2026-02-11T13:06:00.5Z")}, n.Times)
	assert.Equal(t, []string{"2026-02-11 14:05:00", "Feb 11 14:04:59"}, n.Unplaced,
		"without a zone or year nobody knows when that was")
}

// TestNoticeOfEveryDenial reads published denials, from package access: each must be read as one.
func TestNoticeOfEveryDenial(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "diag", "access", "testdata", "iam_denied.jsonl"))
	require.NoError(t, err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var message struct{ Text string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &message))
		assert.Contains(t, triage.ReadNotice(message.Text).Kinds, triage.AccessDenied, message.Text)
	}
	require.NoError(t, lines.Err())
}

// TestNoticeStartsAnInvestigation goes from an alert's text to the cause.
func TestNoticeStartsAnInvestigation(t *testing.T) {
	p := incident(t, "api-container-out-of-memory")
	symptom,
		err := triage.ReadNotice("[2026-02-11T14:05:00Z] 503 Service Unavailable from app/shop-prod-alb/1c7076e082984272").Symptom()
	require.NoError(t, err)
	account := p.load(t)
	report, err := triage.Investigate(t.Context(), []triage.Scope{account.Scope()}, symptom,
		triage.Options{Now: p.Symptom.Now})
	require.NoError(t, err)
	assert.True(t, p.Root.matches(t, report.Roots()[0]), told(report.Roots()))
}

func FuzzReadNotice(f *testing.F) {
	for _, s := range []string{"arn:aws:ecs:eu-west-1:111122223333:service/prod/api 503",
		"1770818700123 [11/Feb/2026:15:05:00 +0100]",
		`{"name":"ClusterName","value":"prod"}`, "web-1803947362.eu-west-1.elb.amazonaws.com",
		"\xff2026-02-11T14:05:00Z\x00", "2026-02-11 14:05:00.5 +01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := triage.ReadNotice(text)
		assert.Equal(t, n, triage.ReadNotice(text))
		for _, r := range n.Resources {
			for part := range strings.FieldsFuncSeq(r.ID, func(r rune) bool { return r == '/' }) {
				assert.Contains(t, strings.ToLower(text), strings.ToLower(part), "a name that is not in the text")
			}
		}
		for i := range n.Times[min(1, len(n.Times)):] {
			assert.True(t, n.Times[i].Before(n.Times[i+1]))
		}
		s, err := n.Symptom()
		if err != nil {
			assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
			return
		}
		assert.NotEmpty(t, s.Target)
		assert.True(t, utf8.ValidString(s.Target))
		assert.Contains(t, triage.SymptomKinds(), s.Kind)
	})
}
