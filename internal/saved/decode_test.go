package saved_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/xray"
	xraytypes "github.com/aws/aws-sdk-go-v2/service/xray/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/internal/saved"
)

func decode[T any](t *testing.T, text string, options ...saved.Option) T {
	t.Helper()
	var v T
	require.NoError(t, saved.Decode(json.RawMessage(text), &v, append(options, saved.Strict())...))
	return v
}

func TestDecodeReadsTimesAsEveryCLIWritesThem(t *testing.T) {
	want := time.Date(2026, 2, 11, 13, 48, 0, 250e6, time.UTC)
	for _, text := range []string{
		`"2026-02-11T13:48:00.250Z"`, `"2026-02-11T14:48:00.25+01:00"`, `"2026-02-11T13:48:00.250000+0000"`,
		`"2026-02-11T13:48:00.250"`, `1770817680.25`,
	} {
		out := decode[ecs.DescribeTasksOutput](t, `{"tasks": [{"createdAt": `+text+`}]}`)
		assert.Equal(t, want, *out.Tasks[0].CreatedAt, text)
	}
	group := decode[logs.DescribeLogGroupsOutput](t, `{"logGroups": [{"creationTime": 1770817680250}]}`)
	assert.Equal(t, int64(1770817680250), *group.LogGroups[0].CreationTime, "a number stays a number")
}

func TestDecodeTellsNilFromZeroAndEmpty(t *testing.T) {
	out := decode[ecs.DescribeTasksOutput](t,
		`{"tasks": [{"containers": [{"exitCode": 0}, {"exitCode": null}]}], "failures": []}`)
	assert.Equal(t, aws.Int32(0), out.Tasks[0].Containers[0].ExitCode)
	assert.Nil(t, out.Tasks[0].Containers[1].ExitCode)
	assert.Empty(t, out.Tasks[0].StopCode)
	assert.NotNil(t, out.Failures)
	assert.Nil(t, out.Tasks[0].Attachments)
}

func TestDecodePolicies(t *testing.T) {
	const policy = `{"Action":"sts:Assume Role+*","Effect":"Allow"}`
	role := decode[iam.GetRoleOutput](t, `{"role": {"AssumeRolePolicyDocument": `+policy+`}}`)
	assert.Equal(t, `%7B%22Action%22%3A%22sts%3AAssume%20Role%2B%2A%22%2C%22Effect%22%3A%22Allow%22%7D`,
		*role.Role.AssumeRolePolicyDocument, "IAM sends policies URL-encoded")
	back, err := saved.Encode(role)
	require.NoError(t, err)
	assert.JSONEq(t, `{"Role": {"AssumeRolePolicyDocument": `+policy+`}}`, string(back))

	repository := decode[ecr.GetRepositoryPolicyOutput](t, `{"policyText": `+policy+`}`)
	assert.Equal(t, policy, *repository.PolicyText, "other services send plain JSON")
}

func TestDecodeConsoleOutput(t *testing.T) {
	out := decode[ec2.GetConsoleOutputOutput](t, `{"InstanceId": "i-1", "Output": "login:\n"}`)
	assert.Equal(t, "bG9naW46Cg==", *out.Output, "the CLI decodes it, the SDK does not")
	back, err := saved.Encode(out)
	require.NoError(t, err)
	assert.JSONEq(t, `{"InstanceId": "i-1", "Output": "login:\n"}`, string(back))
}

func TestDecodeScalars(t *testing.T) {
	key := decode[kms.GetPublicKeyOutput](t, `{"PublicKey": "aGVsbG8="}`)
	assert.Equal(t, []byte("hello"), key.PublicKey)
	data := decode[cloudwatch.GetMetricDataOutput](t, `{"MetricDataResults": [{"Values": [1, 2.5, 1e3]}]}`)
	assert.Equal(t, []float64{1, 2.5, 1000}, data.MetricDataResults[0].Values)
	service := decode[ecs.DescribeServicesOutput](t,
		`{"services": [{"runningCount": 3.0, "schedulingStrategy": "NEW_ONE"}]}`)
	assert.Equal(t, int32(3), service.Services[0].RunningCount)
	assert.Equal(t, ecstypes.SchedulingStrategy("NEW_ONE"), service.Services[0].SchedulingStrategy, "enums are open")
	definition := decode[ecs.DescribeTaskDefinitionOutput](t,
		`{"taskDefinition": {"containerDefinitions": [{"dockerLabels": {"A.b": "c"}}]}}`)
	assert.Equal(t, map[string]string{"A.b": "c"}, definition.TaskDefinition.ContainerDefinitions[0].DockerLabels)
}

// alarm has a union whose types the SDK tells, as services serialised by schema do.
const alarm = `{"MetricAlarms": [{"AlarmName": "a", "EvaluationCriteria": {"PromQLCriteria": {"Query": "up == 0"}}}]}`

func TestDecodeUnionsAndDocuments(t *testing.T) {
	out := decode[cloudwatch.DescribeAlarmsOutput](t, alarm)
	assert.Equal(t, "up == 0",
		*out.MetricAlarms[0].EvaluationCriteria.(*cwtypes.EvaluationCriteriaMemberPromQLCriteria).Value.Query)

	const traces = `{"TraceSummaries": [{"Annotations": {"who": [{"AnnotationValue": {"StringValue": "me"}}]}}]}`
	summary := decode[xray.GetTraceSummariesOutput](t, traces, saved.Unions(&xraytypes.AnnotationValueMemberStringValue{}))
	value := summary.TraceSummaries[0].Annotations["who"][0].AnnotationValue
	assert.Equal(t, "me", value.(*xraytypes.AnnotationValueMemberStringValue).Value)
	var strict xray.GetTraceSummariesOutput
	assert.ErrorContains(t, saved.Decode(json.RawMessage(traces), &strict, saved.Strict()),
		"has no member TraceSummaries[0].Annotations.who[0].AnnotationValue.StringValue")

	const hook = `{"services": [{"deploymentConfiguration": {"lifecycleHooks": [{"hookDetails": {"n": 1, "l": ["x", true, null]}}]}}]}`
	services := decode[ecs.DescribeServicesOutput](t, hook)
	raw, err := services.Services[0].DeploymentConfiguration.LifecycleHooks[0].HookDetails.MarshalSmithyDocument()
	require.NoError(t, err)
	assert.JSONEq(t, `{"n": 1, "l": ["x", true, null]}`, string(raw))
}

func TestDecodeNamesWhatDoesNotFit(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"text for number", `{"tasks": [{}, {"containers": [{"exitCode": "137"}]}]}`,
			`tasks[1].containers[0].exitCode: want an integer of 32 bits, have "137"`},
		{"half a number", `{"tasks": [{"containers": [{"exitCode": 1.5}]}]}`,
			`exitCode: want an integer of 32 bits, have 1.5`},
		{"too large", `{"tasks": [{"containers": [{"exitCode": 4294967296}]}]}`,
			`want an integer of 32 bits, have 4294967296`},
		{"object for list", `{"tasks": {}}`, `tasks: want a list, have an object`},
		{"list for object", `{"tasks": [[]]}`, `tasks[0]: want an object, have a list`},
		{"number for text", `{"tasks": [{"cpu": 256}]}`, `tasks[0].cpu: want a string, have 256`},
		{"text for boolean", `{"tasks": [{"enableExecuteCommand": "no"}]}`, `want true or false, have "no"`},
		{"bad time", `{"tasks": [{"createdAt": "yesterday"}]}`, `tasks[0].createdAt: want a time such as`},
		{"no object", `[]`, `the document: want an object, have a list`},
		{"no JSON", "{\n\"tasks\": ?}", `line 2: not JSON`},
		{"two values", `{} {}`, `more text after the value`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out ecs.DescribeTasksOutput
			assert.ErrorContains(t, saved.Decode(json.RawMessage(test.text), &out), test.want)
		})
	}
}

func TestDecodeReportsUnknownMembersOnlyWhenStrict(t *testing.T) {
	text := json.RawMessage(`{"tasks": [{"colour": "red", "taskArn": "t"}], "mood": 1, "resultMetadata": {}}`)
	var out ecs.DescribeTasksOutput
	require.NoError(t, saved.Decode(text, &out))
	assert.Equal(t, "t", *out.Tasks[0].TaskArn)
	assert.EqualError(t, saved.Decode(text, &out, saved.Strict()),
		"ecs.DescribeTasksOutput has no member mood, resultMetadata, tasks[0].colour")
}

func TestDecodeRefusesWhatItCannotFill(t *testing.T) {
	assert.ErrorContains(t, saved.Decode(json.RawMessage(`{}`), ecs.DescribeTasksOutput{}),
		"want a pointer to an SDK struct")
	assert.ErrorContains(t, saved.Decode(json.RawMessage(`{}`), (*ecs.DescribeTasksOutput)(nil)), "want a pointer")
	var out ecs.DescribeTasksOutput
	assert.NoError(t, saved.Decode(nil, &out), "no document changes nothing")
}
