package secrets

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"

	"github.com/awsdiag/awsdiag/diag"
)

const typeSecret = "AWS::SecretsManager::Secret"

// Secret is one secret and what is told of it. Make one with [NewSecret].
type Secret struct {
	api       SecretAPI
	ref       string
	window    diag.Window
	started   time.Time
	described *diag.Memo[*secretsmanager.DescribeSecretOutput] // shared with others of the same secret
}

var _ diag.Subject = (*Secret)(nil)

// SecretOption says what a [Secret] is judged by.
type SecretOption func(*Secret)

// ConsumersStarted says when the programs that read the secret started: later changes have not reached them.
func ConsumersStarted(at time.Time) SecretOption { return func(s *Secret) { s.started = at } }

// NewSecret makes a secret from its name or ARN. The ARN may be one that a container definition refers to, with JSON
// key, version stage and version id behind it. The window's End is "now".
func NewSecret(api SecretAPI, ref string, window diag.Window, options ...SecretOption) *Secret {
	s := &Secret{api: api, ref: plain(ref), window: window,
		described: new(diag.Memo[*secretsmanager.DescribeSecretOutput])}
	for _, option := range options {
		option(s)
	}
	return s
}

// plain takes what follows the name off an ARN: "…:secret:name-AbCdEf:key:stage:version".
func plain(ref string) string {
	a, err := arn.Parse(ref)
	if err != nil {
		return ref
	}
	if parts := strings.SplitN(a.Resource, ":", 3); len(parts) > 2 {
		a.Resource = parts[0] + ":" + parts[1]
	}
	return a.String()
}

// suffix is what Secrets Manager appends to the name in an ARN ("What's in a Secrets Manager secret?").
var suffix = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)

// Resource names the secret by its name.
func (s *Secret) Resource() diag.Resource {
	a, err := arn.Parse(s.ref)
	if err != nil {
		return diag.Resource{Type: typeSecret, ID: s.ref}
	}
	return diag.ResourceOf(typeSecret, suffix.ReplaceAllString(strings.TrimPrefix(a.Resource, "secret:"), ""), s.ref)
}

// Window returns what the secret looks back on.
func (s *Secret) Window() diag.Window { return s.window }

// Describe returns what is told of the secret. One that does not exist is an error of [diag.KindNotFound].
func (s *Secret) Describe(ctx context.Context) (*secretsmanager.DescribeSecretOutput, error) {
	return s.described.Get(ctx, func(ctx context.Context) (*secretsmanager.DescribeSecretOutput, error) {
		out, err := s.api.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: aws.String(s.ref)})
		var api smithy.APIError
		switch {
		case errors.As(err, &api) && api.ErrorCode() == "ResourceNotFoundException":
			return nil, diag.Errorf(diag.KindNotFound, "describing secret %s: %w", s.Resource().ID, err)
		case err != nil:
			return nil, fmt.Errorf("describing secret %s: %w", s.Resource().ID, err)
		}
		return out, nil
	})
}
