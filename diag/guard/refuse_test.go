package guard_test

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"sort"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/health"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/pi"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/xray"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/guard"
)

// clients are real clients of every service that this module may come to use, by IAM prefix.
func clients(cfg aws.Config) map[string]any {
	return map[string]any{
		"application-autoscaling": applicationautoscaling.NewFromConfig(cfg), "cloudtrail": cloudtrail.NewFromConfig(cfg),
		"cloudwatch": cloudwatch.NewFromConfig(cfg), "logs": cloudwatchlogs.NewFromConfig(cfg),
		"ec2": ec2.NewFromConfig(cfg), "ecr": ecr.NewFromConfig(cfg), "ecs": ecs.NewFromConfig(cfg),
		"elasticloadbalancing": elasticloadbalancingv2.NewFromConfig(cfg), "iam": iam.NewFromConfig(cfg),
		"autoscaling": autoscaling.NewFromConfig(cfg), "health": health.NewFromConfig(cfg), "pi": pi.NewFromConfig(cfg),
		"acm": acm.NewFromConfig(cfg), "kms": kms.NewFromConfig(cfg), "rds": rds.NewFromConfig(cfg),
		"secretsmanager": secretsmanager.NewFromConfig(cfg),
		"ssm":            ssm.NewFromConfig(cfg), "sts": sts.NewFromConfig(cfg), "xray": xray.NewFromConfig(cfg),
	}
}

// invoke calls every operation of a client with an empty input.
func invoke(client any, each func(operation string, err error)) {
	v := reflect.ValueOf(client)
	for i := range v.NumMethod() {
		name, method := v.Type().Method(i).Name, v.Method(i)
		t := method.Type()
		if !t.IsVariadic() || t.NumIn() != 3 || t.NumOut() != 2 || !strings.HasSuffix(t.In(1).String(), "."+name+"Input") {
			continue
		}
		out := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), reflect.New(t.In(1).Elem())})
		err, _ := out[1].Interface().(error)
		each(name, err)
	}
}

// wire counts requests and answers none.
type wire struct{ requests int }

func (w *wire) Do(*http.Request) (*http.Response, error) {
	w.requests++
	return nil, errors.New("no network here")
}

func offline(w *wire) aws.Config {
	return aws.Config{
		Region: "eu-central-1", HTTPClient: w, Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "secret"}, nil
		}),
	}
}

func newGuard(t *testing.T, o guard.Options) *guard.Guard {
	t.Helper()
	if o.Reason == "" {
		o.Reason = "test"
	}
	g, err := guard.New(o)
	require.NoError(t, err)
	return g
}

// TestEveryOperationOfTheSDK calls all operations of all clients: what is not allowed is refused and sends nothing,
// even where a required parameter is missing; what is allowed is not refused.
func TestEveryOperationOfTheSDK(t *testing.T) {
	w := &wire{}
	g := newGuard(t, guard.Options{})
	allowed := map[string]bool{}
	for _, action := range g.Allowed() {
		allowed[action] = true
	}
	refused, passed := 0, map[string]bool{}
	for service, client := range clients(g.Config(offline(w), "111122223333")) {
		invoke(client, func(operation string, err error) {
			action := service + ":" + operation
			var refusal *guard.RefusedError
			if allowed[action] {
				passed[action] = true
				w.requests = 0
				assert.False(t, errors.As(err, &refusal), "%s: %v", action, err)
				return
			}
			refused++
			if assert.ErrorAs(t, err, &refusal, action) {
				assert.Equal(t, action, refusal.Service+":"+refusal.Operation)
				assert.Equal(t, diag.KindDenied, diag.KindOf(err), action)
			}
			assert.Zero(t, w.requests, action)
		})
	}
	assert.Equal(t, len(allowed), len(passed), "operations on the list that no client has")
	assert.Greater(t, refused, 1500, "the clients have that many operations")
	t.Logf("%d operations refused, %d let through", refused, len(passed))
}

func TestDeclared(t *testing.T) {
	declared := guard.Declared()
	assert.True(t, sort.StringsAreSorted(declared))
	for _, action := range declared {
		assert.NotEqual(t, diag.ClassActive, diag.ClassOf(action), action)
		assert.Regexp(t, `^[a-z0-9-]+:(Describe|List|Get|BatchGet|Lookup|Filter|Simulate|Search)[A-Z]`, action)
		assert.NotRegexp(t, `SecretValue|PasswordData|GetObject$|Token$|Credentials`, action)
	}
	declared[0] = "changed"
	assert.NotEqual(t, declared, guard.Declared(), "a copy")
}

// TestSecretsAreNamedOrRefused checks what hands out secrets or credentials: neither declared nor under a wildcard.
func TestSecretsAreNamedOrRefused(t *testing.T) {
	cfg := offline(&wire{})
	ctx := context.Background()
	calls := map[string]func(aws.Config) error{
		"secretsmanager:GetSecretValue": func(c aws.Config) error {
			_, err := secretsmanager.NewFromConfig(c).GetSecretValue(ctx,
				&secretsmanager.GetSecretValueInput{SecretId: aws.String("s")})
			return err
		},
		"ec2:GetPasswordData": func(c aws.Config) error {
			_, err := ec2.NewFromConfig(c).GetPasswordData(ctx, &ec2.GetPasswordDataInput{InstanceId: aws.String("i-1")})
			return err
		},
		"sts:AssumeRole": func(c aws.Config) error {
			_, err := sts.NewFromConfig(c).AssumeRole(ctx,
				&sts.AssumeRoleInput{RoleArn: aws.String("r"), RoleSessionName: aws.String("s")})
			return err
		},
		"sts:GetSessionToken": func(c aws.Config) error {
			_, err := sts.NewFromConfig(c).GetSessionToken(ctx, nil)
			return err
		},
		"ecr:GetAuthorizationToken": func(c aws.Config) error {
			_, err := ecr.NewFromConfig(c).GetAuthorizationToken(ctx, nil)
			return err
		},
		"kms:Decrypt": func(c aws.Config) error {
			_, err := kms.NewFromConfig(c).Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: []byte("x")})
			return err
		},
	}
	for action, call := range calls {
		var refusal *guard.RefusedError
		assert.ErrorAs(t, call(newGuard(t, guard.Options{}).Config(cfg, "")), &refusal, action)
		assert.False(t, errors.As(call(newGuard(t, guard.Options{Allow: []string{action}}).Config(cfg, "")), &refusal),
			action)
	}
}

func TestRevealingReads(t *testing.T) {
	get := func(allow string, decrypt *bool) error {
		g := newGuard(t, guard.Options{Allow: []string{allow}})
		_, err := ssm.NewFromConfig(g.Config(offline(&wire{}), "")).
			GetParameter(context.Background(), &ssm.GetParameterInput{Name: aws.String("/p"), WithDecryption: decrypt})
		return err
	}
	var refusal *guard.RefusedError
	assert.False(t, errors.As(get("ssm:GetParameter", nil), &refusal))
	assert.False(t, errors.As(get("ssm:GetParameter", aws.Bool(false)), &refusal))
	require.ErrorAs(t, get("ssm:GetParameter", aws.Bool(true)), &refusal)
	assert.Contains(t, refusal.Why, "ssm:GetParameter:WithDecryption")
	assert.False(t, errors.As(get("ssm:GetParameter:WithDecryption", aws.Bool(true)), &refusal))

	g := newGuard(t, guard.Options{})
	_, err := cloudwatchlogs.NewFromConfig(g.Config(offline(&wire{}), "")).
		FilterLogEvents(context.Background(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/g"),
			Unmask: true})
	require.ErrorAs(t, err, &refusal, "a declared read that unmasks")
}
