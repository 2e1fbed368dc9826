package secrets_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/secrets"
	"github.com/awsdiag/awsdiag/diag/secrets/secretsfake"
)

var window = diag.Last(3*time.Hour, secretsfake.Now)

func ago(d time.Duration) time.Time { return secretsfake.Now.Add(-d) }

func world(edit func(*secretsfake.Client)) diagtest.World[*secrets.Secret] {
	return func() (*secrets.Secret, []diagfake.Fake) {
		c := &secretsfake.Client{Secrets: []secretsmanager.DescribeSecretOutput{secretsfake.Secret("shop/db")}}
		edit(c)
		return secrets.NewSecret(
				c,
				secretsfake.ARN("shop/db"),
				window,
				secrets.ConsumersStarted(ago(24*time.Hour)),
			), []diagfake.Fake{
				c,
			}
	}
}

func TestConform(t *testing.T) {
	broken := map[diag.Code]func(*secretsfake.Client){
		"secrets.missing":                func(c *secretsfake.Client) { c.Secrets = nil },
		"secrets.scheduled-for-deletion": func(c *secretsfake.Client) { c.Secrets[0].DeletedDate = aws.Time(ago(time.Hour)) },
		"secrets.no-current-version":     func(c *secretsfake.Client) { c.Secrets[0].VersionIdsToStages = nil },
		"secrets.changed-after-start":    func(c *secretsfake.Client) { c.Secrets[0].LastChangedDate = aws.Time(ago(time.Hour)) },
	}
	for _, check := range secrets.SecretChecks() {
		require.Contains(t, broken, check.Code)
		diagtest.Conform(t, check, diagtest.Worlds[*secrets.Secret]{Healthy: world(func(*secretsfake.Client) {}),
			Broken: world(broken[check.Code])})
	}
	diagtest.ReadOnly[secrets.SecretAPI](t)
}

// TestReferences: what a container definition refers to is looked up without key, stage and version, and is named as
// package ecsdiag names it.
func TestReferences(t *testing.T) {
	c := &secretsfake.Client{Secrets: []secretsmanager.DescribeSecretOutput{secretsfake.Secret("shop/db")}}
	arn := secretsfake.ARN("shop/db")
	for _, ref := range []string{arn, arn + ":password::", arn + ":password:AWSCURRENT:4f1c", "shop/db"} {
		secret := secrets.NewSecret(c, ref, window)
		assert.Empty(t, diagtest.Run(t, secret, secrets.SecretChecks()...).Findings, ref)
		assert.Equal(t, "shop/db", secret.Resource().ID, ref)
	}
	assert.Equal(t, "eu-west-1", secrets.NewSecret(c, arn+":k::", window).Resource().Region)
	assert.Equal(t, arn, secrets.NewSecret(c, arn+":k::", window).Resource().ARN)
}

func TestDeniedIsNotMissing(t *testing.T) {
	secret, fakes := world(func(*secretsfake.Client) {})()
	fakes[0].Deny("secretsmanager:DescribeSecret")
	report := diagtest.Run(t, secret, secrets.SecretChecks()...)
	assert.Empty(t, report.Findings)
	assert.Equal(t, diag.KindDenied, report.Inconclusive[0].Kind)
}

func TestRotationIsNamed(t *testing.T) {
	secret, _ := world(func(c *secretsfake.Client) {
		c.Secrets[0].LastChangedDate, c.Secrets[0].LastRotatedDate = aws.Time(ago(time.Hour)), aws.Time(ago(time.Hour))
	})()
	f := diagtest.Only(t, diagtest.Run(t, secret, secrets.SecretChecks()...), "secrets.changed-after-start")
	assert.Equal(t, "secret shop/db was rotated at 2026-03-10T11:00:00Z, after the first of its consumers started at "+
		"2026-03-09T12:00:00Z", f.Summary)
}

func TestMerge(t *testing.T) {
	c, s := new(secretsfake.Client), secretsfake.Secret("a")
	for range 2 {
		assert.True(t, c.Merge(nil, &s))
	}
	assert.Len(t, c.Secrets, 1)
	assert.False(t, c.Merge(nil, nil))
}

func ExampleNewSecret() {
	secret := secretsfake.Secret("shop/db")
	secret.DeletedDate = aws.Time(ago(30 * time.Minute))
	client := &secretsfake.Client{Secrets: []secretsmanager.DescribeSecretOutput{secret}}
	report := diag.Run(
		context.Background(),
		diag.On(secrets.NewSecret(client, "shop/db", window), secrets.SecretChecks()...),
	)
	for _, f := range report.Findings {
		fmt.Println(f.Code, f.Summary)
	}
	// Output: secrets.scheduled-for-deletion secret shop/db was deleted at 2026-03-10T11:30:00Z and cannot be read
}

// TestConsumersShareWhatIsKnown: two services that started at different times are judged by one description.
func TestConsumersShareWhatIsKnown(t *testing.T) {
	c := &secretsfake.Client{Secrets: []secretsmanager.DescribeSecretOutput{secretsfake.Secret("shop/db")}}
	c.Secrets[0].LastChangedDate = aws.Time(ago(time.Hour))
	api := diag.Resource{Type: "AWS::ECS::Service", ID: "prod/api"}
	secret := secrets.NewSecret(c, "shop/db", window)
	assert.Empty(t, diagtest.Run(t, secret, secrets.ChangedAfterStart).Findings, "nobody said when its consumers started")
	assert.Empty(t, diagtest.Run(t, secret.By(api, ago(time.Minute)), secrets.ConsumedChecks()...).Findings)
	f := diagtest.Only(t, diagtest.Run(t, secret.By(api, ago(2*time.Hour)), secrets.ConsumedChecks()...),
		"secrets.changed-after-start")
	assert.Equal(t, "shop/db", f.Resource.ID)
	assert.Equal(t, []diag.Related{{Resource: api, Role: "consumer"}}, f.Related)
	assert.Equal(t, "shop/db as read by prod/api", secret.By(api, time.Time{}).Resource().ID)
	assert.Len(t, c.Calls(), 1)
}

func TestConformConsumed(t *testing.T) {
	seen := func(edit func(*secretsfake.Client)) diagtest.World[*secrets.Consumed] {
		return func() (*secrets.Consumed, []diagfake.Fake) {
			secret, fakes := world(edit)()
			return secret.By(diag.Resource{Type: "AWS::ECS::Service", ID: "prod/api"}, ago(24*time.Hour)), fakes
		}
	}
	for _, check := range secrets.ConsumedChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*secrets.Consumed]{Healthy: seen(func(*secretsfake.Client) {}),
			Broken: seen(func(c *secretsfake.Client) { c.Secrets[0].LastChangedDate = aws.Time(ago(time.Hour)) })})
	}
}
