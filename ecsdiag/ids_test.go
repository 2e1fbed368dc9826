package ecsdiag

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// TestParseImage holds, among others, the references that a peer takes apart wrongly: nested repositories, digests, the
// Chinese partition and registries of other accounts.
func TestParseImage(t *testing.T) {
	const digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	for ref, want := range map[string]Image{
		"nginx":                                 {Repository: "nginx"},
		"nginx:1.27":                            {Repository: "nginx", Tag: "1.27"},
		"team/app":                              {Repository: "team/app"},
		"localhost/app:v1":                      {Registry: "localhost", Repository: "app", Tag: "v1"},
		"localhost:5000/app":                    {Registry: "localhost:5000", Repository: "app"},
		"registry.example/a/b/c:v":              {Registry: "registry.example", Repository: "a/b/c", Tag: "v"},
		"public.ecr.aws/docker/library/redis:7": {Registry: "public.ecr.aws", Repository: "docker/library/redis", Tag: "7"},
		"app@" + digest:                         {Repository: "app", Digest: digest},
		"app:v1@" + digest:                      {Repository: "app", Tag: "v1", Digest: digest},
		"111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app:v1": {Registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
			Repository: "team/app", Tag: "v1", Account: "111122223333", Region: "eu-west-1"},
		"444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn/app@" +
			digest: {Registry: "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn",
			Repository: "app", Digest: digest, Account: "444455556666", Region: "cn-north-1"},
		"111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/app": {Registry: "111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
			Repository: "app", Account: "111122223333", Region: "us-gov-west-1"},
		"111122223333.dkr-ecr.eu-west-1.on.aws/app": {Registry: "111122223333.dkr-ecr.eu-west-1.on.aws",
			Repository: "app", Account: "111122223333", Region: "eu-west-1"},
		"111122223333.dkr.ecr.eu-west-1.amazonaws.com.example/app": {Registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com.example", Repository: "app"},
		"": {},
	} {
		assert.Equal(t, want, ParseImage(ref), ref)
	}
}

func TestSecretResource(t *testing.T) {
	const secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf"
	for ref, want := range map[string]diag.Resource{
		secret:                         diag.ResourceOf(typeSecret, "shop/db", secret),
		secret + ":password::":         diag.ResourceOf(typeSecret, "shop/db", secret),
		secret + ":user:AWSCURRENT:id": diag.ResourceOf(typeSecret, "shop/db", secret),
		"arn:aws:secretsmanager:eu-west-1:111122223333:secret:plain": diag.ResourceOf(typeSecret, "plain",
			"arn:aws:secretsmanager:eu-west-1:111122223333:secret:plain"),
		"arn:aws:ssm:eu-west-1:111122223333:parameter/shop/key": diag.ResourceOf(typeParameter, "/shop/key",
			"arn:aws:ssm:eu-west-1:111122223333:parameter/shop/key"),
		"arn:aws:ssm:eu-west-1:111122223333:parameter/key": diag.ResourceOf(typeParameter, "key",
			"arn:aws:ssm:eu-west-1:111122223333:parameter/key"),
		"/shop/key": {Type: typeParameter, ID: "/shop/key"},
	} {
		assert.Equal(t, want, secretResource(ref), ref)
	}
}

func TestServiceNames(t *testing.T) {
	for ref, want := range map[string][2]string{
		"api": {"", "api"}, "prod/api": {"prod", "api"}, ecsfake.ARN("service/prod/api"): {"prod", "api"},
		ecsfake.ARN("service/api"): {"", "api"},
	} {
		cluster, service := serviceNames(ref)
		assert.Equal(t, want, [2]string{cluster, service}, ref)
	}
}

func TestConstructorsTakeNamesAndARNs(t *testing.T) {
	c := healthy()
	assert.Equal(t, "prod/api", NewService(c, ecsfake.ARN("cluster/prod"), ecsfake.ARN("service/prod/api"),
		testWindow).Resource().ID)
	assert.Equal(t, "prod", NewCluster(c, ecsfake.ARN("cluster/prod"), testWindow).Resource().ID)
	assert.Equal(t, "t1", NewTask(c, "prod", ecsfake.ARN("task/prod/t1"), testWindow).Resource().ID)
	assert.Equal(t, "api:7", NewTaskDefinition(c, ecsfake.ARN("task-definition/api:7")).Resource().ID)
	_, err := NewTaskDefinition(c, "api").Describe(t.Context())
	assert.NoError(t, err, "a family stands for its newest revision")
}

func TestLogTargets(t *testing.T) {
	awslogs := func(options map[string]string) *types.LogConfiguration {
		return &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: options}
	}
	td := &types.TaskDefinition{ContainerDefinitions: []types.ContainerDefinition{
		{Name: aws.String("app"), LogConfiguration: awslogs(map[string]string{"awslogs-group": "/ecs/app",
			"awslogs-region":        "eu-west-1",
			"awslogs-stream-prefix": "ecs", "awslogs-create-group": "true", "mode": "non-blocking"})},
		{Name: aws.String("old"), LogConfiguration: awslogs(map[string]string{"awslogs-group": "old"})},
		{Name: aws.String("router"), LogConfiguration: &types.LogConfiguration{LogDriver: types.LogDriverAwsfirelens}},
		{Name: aws.String("dumb")}, {LogConfiguration: awslogs(nil)},
	}}
	targets := LogTargets(td)
	assert.Equal(t, []LogTarget{
		{Container: "app", Group: "/ecs/app", StreamPrefix: "ecs", Region: "eu-west-1", CreateGroup: true,
			Mode: "non-blocking"},
		{Container: "old", Group: "old"},
	}, targets)
	assert.Equal(t, "ecs/app/0123abcd", targets[0].Stream(ecsfake.ARN("task/prod/0123abcd")))
	assert.Equal(t, "ecs/app/0123abcd", targets[0].Stream("0123abcd"))
	assert.Empty(t, targets[1].Stream("0123abcd"), "the stream bears the runtime's id")
	assert.Empty(t, LogTargets(nil))
}
