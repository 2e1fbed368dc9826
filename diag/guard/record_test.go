package guard_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/guard"
	"github.com/awsdiag/awsdiag/internal/saved"
)

// recording returns a guard that records, and the folder.
func recording(t *testing.T) (*guard.Guard, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "worlds", "one")
	return newGuard(t, guard.Options{Record: dir}), dir
}

func read(t *testing.T, g *guard.Guard, dir string) map[string]saved.Document {
	t.Helper()
	require.NoError(t, g.Close())
	documents, err := saved.Read(os.DirFS(dir))
	require.NoError(t, err)
	byAction := map[string]saved.Document{}
	for _, d := range documents {
		byAction[d.Action()] = d
	}
	require.Len(t, byAction, len(documents))
	return byAction
}

const balancers = `<DescribeLoadBalancersResponse><DescribeLoadBalancersResult><LoadBalancers><member>
<LoadBalancerName>shop</LoadBalancerName><CreatedTime>2026-02-11T13:48:00.250Z</CreatedTime>
<State><Code>active</Code></State></member></LoadBalancers></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>`

func TestRecordIsAWorldThatDecodes(t *testing.T) {
	s := serve(t, func(operation, _ string) (int, string) {
		switch operation {
		case "DescribeServices":
			return http.StatusOK,
				`{"services": [{"serviceName": "api", "createdAt": 1770817680.25, "desiredCount": 2}], "failures": []}`
		case "DescribeLoadBalancers":
			return http.StatusOK, balancers
		}
		return http.StatusBadRequest, `{"__type": "ClusterNotFoundException", "message": "Cluster not found."}`
	})
	g, dir := recording(t)
	ctx := context.Background()
	want, err := s.ecs(g).DescribeServices(ctx, &ecs.DescribeServicesInput{Services: []string{"api"}})
	require.NoError(t, err)
	_, err = s.ecs(g).ListTasks(ctx, prod())
	require.Error(t, err)
	lb, err := s.elbv2(g).DescribeLoadBalancers(ctx, nil)
	require.NoError(t, err)
	assert.NoDirExists(t, dir, "nothing before Close")

	documents := read(t, g, dir)
	var services ecs.DescribeServicesOutput
	require.NoError(t, saved.Decode(documents["ecs:DescribeServices"].Output, &services, saved.Strict()))
	assert.Equal(t, want.Services, services.Services)
	assert.JSONEq(t, `{"services": ["api"]}`, string(documents["ecs:DescribeServices"].Input))
	assert.Equal(t, "ecs.json", documents["ecs:DescribeServices"].File)
	var loadBalancers elbv2.DescribeLoadBalancersOutput
	d := documents["elasticloadbalancing:DescribeLoadBalancers"]
	require.NoError(t, saved.Decode(d.Output, &loadBalancers, saved.Strict()))
	assert.Equal(t, lb.LoadBalancers, loadBalancers.LoadBalancers)
	assert.Equal(t, "elbv2", d.Service)
	assert.Equal(t, &saved.APIError{Code: "ClusterNotFoundException", Message: "Cluster not found."},
		documents["ecs:ListTasks"].Error)
}

func TestRecordPutsPagesTogether(t *testing.T) {
	s := serve(t, paged("arn:one", "arn:two", "arn:three"))
	g, dir := recording(t)
	pages := ecs.NewListTasksPaginator(s.ecs(g), prod())
	for pages.HasMorePages() {
		_, err := pages.NextPage(context.Background())
		require.NoError(t, err)
	}
	d := read(t, g, dir)["ecs:ListTasks"]
	assert.JSONEq(t, `{"cluster": "prod"}`, string(d.Input))
	assert.JSONEq(t, `{"taskArns": ["arn:one", "arn:two", "arn:three"]}`, string(d.Output))
}

func TestRecordHoldsNoSecret(t *testing.T) {
	const secret = "hunter2secret"
	s := serve(t, fixed(http.StatusOK, fmt.Sprintf(`{"taskDefinition": {"containerDefinitions": [{
		"environment": [{"name": "DB_PASSWORD", "value": %q}, {"name": "DB_HOST", "value": "db.internal"}],
		"command": ["run", "postgres://app:%s@db/shop"]}]}}`, secret, secret)))
	g, dir := recording(t)
	_, err := s.ecs(g).DescribeTaskDefinition(context.Background(),
		&ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String("api")})
	require.NoError(t, err)
	text := string(read(t, g, dir)["ecs:DescribeTaskDefinition"].Output)
	assert.NotContains(t, text, secret)
	assert.Contains(t, text, `"db.internal"`)
	assert.Contains(t, text, `"DB_PASSWORD"`)
}

func TestRecordRedactsWithinBase64(t *testing.T) {
	script := "#!/bin/sh\nexport DB_PASSWORD=hunter2secret\n"
	s := serve(t, fixed(http.StatusOK, `<DescribeInstanceAttributeResponse><instanceId>i-1</instanceId><userData><value>`+
		base64.StdEncoding.EncodeToString([]byte(script))+`</value></userData></DescribeInstanceAttributeResponse>`))
	dir := filepath.Join(t.TempDir(), "w")
	g := newGuard(t, guard.Options{Record: dir, Allow: []string{"ec2:DescribeInstanceAttribute"}})
	_, err := ec2.NewFromConfig(g.Config(s.config(), "")).DescribeInstanceAttribute(context.Background(),
		&ec2.DescribeInstanceAttributeInput{InstanceId: aws.String("i-1"), Attribute: "userData"})
	require.NoError(t, err)
	var out ec2.DescribeInstanceAttributeOutput
	require.NoError(t, saved.Decode(read(t, g, dir)["ec2:DescribeInstanceAttribute"].Output, &out))
	plain, err := base64.StdEncoding.DecodeString(*out.UserData.Value)
	require.NoError(t, err)
	assert.NotContains(t, string(plain), "hunter2secret")
	assert.True(t, strings.HasPrefix(string(plain), "#!/bin/sh\nexport DB_PASSWORD="))
}

func TestRecordIsTheSameForTheSameCalls(t *testing.T) {
	s := serve(t, fixed(http.StatusOK, oneTask))
	record := func(clusters ...string) string {
		g, dir := recording(t)
		client := s.ecs(g)
		for _, c := range clusters {
			_, err := client.ListTasks(context.Background(), &ecs.ListTasksInput{Cluster: &c})
			require.NoError(t, err)
		}
		require.NoError(t, g.Close())
		text, err := os.ReadFile(filepath.Join(dir, "ecs.json"))
		require.NoError(t, err)
		return string(text)
	}
	assert.Equal(t, record("a", "b", "c"), record("c", "a", "b"))
}

func TestRecordKeepsScopesApart(t *testing.T) {
	s := serve(t, fixed(http.StatusOK, oneTask))
	g, dir := recording(t)
	for _, account := range []string{"111122223333", ""} {
		_, err := ecs.NewFromConfig(g.Config(s.config(), account)).ListTasks(context.Background(), prod())
		require.NoError(t, err)
	}
	require.NoError(t, g.Close())
	assert.FileExists(t, filepath.Join(dir, "111122223333", "eu-central-1", "ecs.json"))
	assert.FileExists(t, filepath.Join(dir, "unknown", "eu-central-1", "ecs.json"))
}

func TestRecordIsWholeOrNotThere(t *testing.T) {
	s := serve(t, fixed(http.StatusOK, oneTask))
	g, dir := recording(t)
	_, err := s.ecs(g).ListTasks(context.Background(), prod())
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "mine"), nil, 0o600))
	require.ErrorContains(t, g.Close(), "the folder is not empty")
	entries, err := os.ReadDir(filepath.Dir(dir))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "no draft is left behind")
	assert.NoFileExists(t, filepath.Join(dir, "ecs.json"))
}
