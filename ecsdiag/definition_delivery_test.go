package ecsdiag

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

func TestBytesOf(t *testing.T) {
	for text, want := range map[string]int{"25m": 25 << 20, "512k": 512 << 10, "1g": 1 << 30, "1048576": 1 << 20,
		"4MB": 4 << 20} {
		got, ok := bytesOf(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "m", "10x", "k10", "1.5m"} {
		_, ok := bytesOf(text)
		assert.False(t, ok, text)
	}
}

// TestLogDelivery: the default buffer, a large one, and a router that is there lose nothing.
func TestLogDelivery(t *testing.T) {
	for name, options := range map[string]map[string]string{
		"default": nil, "25 MiB": {"mode": "non-blocking", "max-buffer-size": "25m"},
		"unreadable": {"max-buffer-size": "lots"},
	} {
		td := ecsfake.TaskDefinition("api", 7)
		td.ContainerDefinitions[0].LogConfiguration.Options = options
		assert.Empty(t, logBufferSmall(&td), name)
		assert.Empty(t, logBlocking(&td), name)
	}
	td := ecsfake.TaskDefinition("api", 7)
	td.ContainerDefinitions[0].LogConfiguration.LogDriver = types.LogDriverAwsfirelens
	td.ContainerDefinitions = append(td.ContainerDefinitions, types.ContainerDefinition{Name: aws.String("router"),
		FirelensConfiguration: &types.FirelensConfiguration{Type: types.FirelensConfigurationTypeFluentbit}})
	assert.Empty(t, logRouterMissing(&td))
}

func TestReferences(t *testing.T) {
	td := ecsfake.TaskDefinition("api", 7)
	c := &td.ContainerDefinitions[0]
	c.Secrets = []types.Secret{{Name: aws.String("A"), ValueFrom: aws.String("/shop/a")}, {Name: aws.String("B")}}
	c.LogConfiguration.SecretOptions = []types.Secret{{Name: aws.String("splunk-token"), ValueFrom: aws.String("arn:s")}}
	c.RepositoryCredentials = &types.RepositoryCredentials{CredentialsParameter: aws.String("arn:r")}
	assert.Equal(t, []Reference{{"api", "A", "/shop/a"}, {"api", "splunk-token", "arn:s"},
		{"api", "repositoryCredentials", "arn:r"}},
		References(&td))
	assert.Empty(t, References(nil))
}
