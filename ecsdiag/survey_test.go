package ecsdiag

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// targets lists links as "role: type id".
func targets(links []diag.Link) []string {
	return mapped(links, func(l diag.Link) string { return l.Role + ": " + l.To.String() })
}

func TestServiceLinks(t *testing.T) {
	secrets := func(c *ecsfake.Client) {
		c.TaskDefinitions[0].ContainerDefinitions[0].Secrets = []types.Secret{{Name: aws.String("A"),
			ValueFrom: aws.String("/shop/a")},
			{Name: aws.String("B"),
				ValueFrom: aws.String("arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:user::")}}
	}
	links, err := serviceLinks(t.Context(), serviceOf(edited(secrets)))
	require.NoError(t, err)
	assert.Equal(t, []string{
		"runs in: ECS::Cluster prod", "registers in: ElasticLoadBalancingV2::TargetGroup api",
		"guarded by: EC2::SecurityGroup sg-0a", "lives in: EC2::Subnet subnet-0a",
		"runs: ECS::TaskDefinition api:7", "starts as: IAM::Role api-execution", "acts as: IAM::Role api-task",
		"logs to: Logs::LogGroup /ecs/api",
		"reads: SSM::Parameter /shop/a", "reads: SecretsManager::Secret db", "pulls from: ECR::Repository api",
	}, targets(links))
	for _, l := range links {
		assert.Equal(t, "prod/api", l.From.ID)
		assert.Equal(t, "111122223333", l.To.Account, l.To.ID)
		assert.Equal(t, "eu-west-1", l.To.Region, l.To.ID)
		assert.False(t, l.Context)
	}
}

func TestServiceOnEC2RunsOnHosts(t *testing.T) {
	links, err := serviceLinks(t.Context(), serviceOf(edited(onHost)))
	require.NoError(t, err)
	assert.Contains(t, targets(links), "runs on: EC2::Instance i-c1")
}

func TestLinksLeadToBothRevisionsOfADeployment(t *testing.T) {
	links, err := serviceLinks(t.Context(), serviceOf(edited(deploys(time.Minute, 1, 0))))
	require.NoError(t, err)
	assert.Contains(t, targets(links), "runs: ECS::TaskDefinition api:6")
	assert.Contains(t, targets(links), "runs: ECS::TaskDefinition api:7")
}

func TestClusterLinksAreContext(t *testing.T) {
	links, err := clusterLinks(t.Context(), NewCluster(healthy(), "prod", testWindow))
	require.NoError(t, err)
	assert.Equal(t, []string{"holds: ECS::Service prod/api", "holds: EC2::Instance i-c1"}, targets(links))
	for _, l := range links {
		assert.True(t, l.Context)
	}
}

func TestTaskLinks(t *testing.T) {
	c := edited(func(c *ecsfake.Client) {
		c.Tasks[0].Attachments = []types.Attachment{{Details: []types.KeyValuePair{{Name: aws.String("subnetId"),
			Value: aws.String("subnet-0a")}}}}
	})
	links, err := taskLinks(t.Context(), NewTask(c, "prod", "t1", testWindow))
	require.NoError(t, err)
	assert.Subset(t, targets(links), []string{"runs in: ECS::Cluster prod", "belongs to: ECS::Service prod/api",
		"runs: ECS::TaskDefinition api:7",
		"lives in: EC2::Subnet subnet-0a", "logs to: Logs::LogGroup /ecs/api"})
}

func TestServiceEvents(t *testing.T) {
	c := edited(stops(exited("s1", ago(20*time.Minute), 3, "")), tells(map[time.Duration]string{
		5 * time.Minute: steadyText, 15 * time.Minute: noMemory, 30 * time.Minute: steadyText, 40 * time.Minute: steadyText,
		5 * time.Hour: noMemory,
	}), deploys(50*time.Minute, 2, 0))
	slices.SortFunc(c.Services[0].Events, func(a, b types.ServiceEvent) int { return -a.CreatedAt.Compare(*b.CreatedAt) })
	events, err := serviceEvents(t.Context(), serviceOf(c), testWindow)
	require.NoError(t, err)
	slices.SortFunc(events, func(a, b diag.Event) int { return a.At.Compare(b.At) })
	assert.Equal(t, []string{
		"deployment: deployment of api:7 begins, 2 tasks", "service-event: (service api) " + steadyText,
		"task-stopped: task s1 of api:7 stops: Essential container in task exited; api exited with 3",
		"service-event: (service api) " + noMemory, "service-event: (service api) " + steadyText,
	}, mapped(events, func(e diag.Event) string { return e.Kind + ": " + e.Text }))
}

func TestSettings(t *testing.T) {
	settings, err := serviceSettings(t.Context(), serviceOf(healthy()))
	require.NoError(t, err)
	values := map[string]string{}
	for _, s := range settings {
		values[s.Name] = s.Value
	}
	assert.Equal(t, "2", values["desired count"])
	assert.Equal(t, "api:7", values["task definition"])
	assert.Equal(t, "100", values["minimum healthy percent"])
	assert.Equal(t, "60 s", values["health check grace period"])
	assert.Equal(t, "api:8080", values["load balancer api"])
	assert.Equal(t, "sg-0a", values["security groups"])

	hidden := edited(func(c *ecsfake.Client) {
		c.TaskDefinitions[0].ContainerDefinitions[0].Environment = []types.KeyValuePair{{Name: aws.String("TOKEN"),
			Value: aws.String("hunter2")}}
	})
	settings, err = definitionSettings(t.Context(), NewTaskDefinition(hidden, "api:7"))
	require.NoError(t, err)
	for _, s := range settings {
		assert.NotContains(t, s.Value, "hunter2")
		values[s.Name] = s.Value
	}
	assert.Equal(t, "TOKEN", values["container api: environment variables"])
}

// TestSurveysDeclareWhatTheyCall runs each survey on its subject and compares its actions with the calls.
func TestSurveysDeclareWhatTheyCall(t *testing.T) {
	c := edited(onHost)
	for name, plan := range map[string]diag.Plan{
		"service": diag.Observe(serviceOf(c), ServiceSurvey), "cluster": diag.Observe(NewCluster(c, "prod", testWindow),
			ClusterSurvey),
		"task":       diag.Observe(NewTask(c, "prod", "t1", testWindow), TaskSurvey),
		"definition": diag.Observe(NewTaskDefinition(c, "api:7"), TaskDefinitionSurvey),
	} {
		before := len(c.Calls())
		report := diag.Runner{Window: testWindow}.Run(t.Context(), plan)
		require.NoError(t, report.Err(), name)
		var called []string
		for _, call := range c.Calls()[before:] {
			called = append(called, call.Action)
		}
		slices.Sort(called)
		assert.Equal(t, plan.Actions(), slices.Compact(called), name)
	}
}
