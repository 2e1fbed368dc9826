package saved_test

import (
	"math"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/internal/saved"
)

func TestEncodeSpellsAndWritesAsTheCLI(t *testing.T) {
	at := time.Date(2026, 2, 11, 14, 48, 0, 250e6, time.FixedZone("CET", 3600))
	for _, test := range []struct {
		name  string
		value any
		want  string
	}{
		{"lower camel", &ecs.DescribeTasksInput{Cluster: aws.String("c"), Tasks: []string{"t"}},
			`{"tasks":["t"],"cluster":"c"}`},
		{"upper camel", ec2.DescribeInstancesInput{InstanceIds: []string{}}, `{"InstanceIds":[]}`},
		{"capitals", &rds.DescribeDBInstancesOutput{DBInstances: []rdstypes.DBInstance{}}, `{"DBInstances":[]}`},
		{"mixed", &ssm.DescribeParametersInput{Filters: []ssmtypes.ParametersFilter{},
			ParameterFilters: []ssmtypes.ParameterStringFilter{}},
			`{"Filters":[],"ParameterFilters":[]}`},
		{"small by exception", &cloudtrail.DescribeTrailsOutput{}, `{}`},
		{"small by exception, filled", &cloudtrail.DescribeTrailsInput{TrailNameList: []string{"t"}},
			`{"trailNameList":["t"]}`},
		{"time in UTC", &cloudwatch.GetMetricDataInput{StartTime: &at, EndTime: aws.Time(at.Truncate(time.Second))},
			`{"EndTime":"2026-02-11T13:48:00Z","StartTime":"2026-02-11T13:48:00.25Z"}`},
		{"pointer to zero",
			&ecs.DescribeTasksOutput{Tasks: []ecstypes.Task{{Containers: []ecstypes.Container{{ExitCode: aws.Int32(0)}}}}},
			`{"tasks":[{"containers":[{"exitCode":0}],"enableExecuteCommand":false,"version":0}]}`},
		{"angle brackets",
			&logs.FilterLogEventsOutput{Events: []logstypes.FilteredLogEvent{{Message: aws.String("a<b> & \u2028")}}},
			`{"events":[{"message":"a<b> & \u2028"}]}`},
		{"blob", &kms.GetPublicKeyOutput{PublicKey: []byte("hello")}, `{"PublicKey":"aGVsbG8="}`},
		{"floats",
			&cloudwatch.GetMetricDataOutput{MetricDataResults: []cwtypes.MetricDataResult{{Values: []float64{1, 0.5, math.NaN(),
				math.Inf(-1)}}}},
			`{"MetricDataResults":[{"Values":[1,0.5,"NaN","-Infinity"]}]}`},
		{"map",
			&ecs.DescribeTaskDefinitionOutput{TaskDefinition: &ecstypes.TaskDefinition{ContainerDefinitions: []ecstypes.ContainerDefinition{
				{DockerLabels: map[string]string{"b": "2", "A": "1"}}}}},
			`{"taskDefinition":{"containerDefinitions":[{"cpu":0,"dockerLabels":{"A":"1","b":"2"}}],"revision":0}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			raw, err := saved.Encode(test.value)
			require.NoError(t, err)
			assert.Equal(t, test.want, string(raw))
		})
	}
}

func TestEncodeUnionsAndDocuments(t *testing.T) {
	for _, test := range []struct {
		text  string
		value any
	}{
		{alarm, &cloudwatch.DescribeAlarmsOutput{}},
		{`{"services":[{"deploymentConfiguration":{"lifecycleHooks":[{"hookDetails":{"n":1}}]}}]}`,
			&ecs.DescribeServicesOutput{}},
		{`{"gateway":{"gatewayArn":"a","configuration":{"hostSharedAlb":{}}}}`, &ecs.DescribeGatewayOutput{}},
	} {
		survives(t, test.text, []byte(test.text), test.value)
	}
}

func TestEncodeRefusesWhatIsNoStruct(t *testing.T) {
	_, err := saved.Encode(map[string]string{})
	assert.EqualError(t, err, "encoding a saved document: want an SDK struct, have map[string]string")
	_, err = saved.Encode((*ecs.DescribeTasksOutput)(nil))
	assert.Error(t, err)
}
