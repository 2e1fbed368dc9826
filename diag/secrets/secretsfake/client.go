// Package secretsfake is an AWS Secrets Manager that lives in memory and holds no values. The literal is the world, the
// zero value an empty account:
//
//	c := &secretsfake.Client{Secrets: []secretsmanager.DescribeSecretOutput{secretsfake.Secret("shop/db")}}
package secretsfake

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Now is the "now" of what this package makes.
var Now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// Client answers like AWS Secrets Manager.
type Client struct {
	diagfake.Recorder
	Secrets []secretsmanager.DescribeSecretOutput
	// Policies are resource policies, by the ARN of their secret. Most secrets have none.
	Policies map[string]string
}

var _ diagfake.Fake = (*Client)(nil)

// ARN returns the ARN of a secret that [Secret] makes.
func ARN(name string) string {
	return "arn:aws:secretsmanager:eu-west-1:111122223333:secret:" + name + "-AbCdEf"
}

// Secret is a secret with a current version, changed a hundred hours ago.
func Secret(name string) secretsmanager.DescribeSecretOutput {
	return secretsmanager.DescribeSecretOutput{
		ARN: aws.String(ARN(name)), Name: aws.String(name), CreatedDate: aws.Time(Now.Add(-1000 * time.Hour)),
		LastChangedDate:    aws.Time(Now.Add(-100 * time.Hour)),
		VersionIdsToStages: map[string][]string{"4f1c0b7e-0000-4000-8000-000000000001": {"AWSCURRENT"}},
	}
}

// DescribeSecret returns a secret by name, ARN, or ARN without the letters that Secrets Manager appends.
func (c *Client) DescribeSecret(ctx context.Context, in *secretsmanager.DescribeSecretInput,
	_ ...func(*secretsmanager.Options)) (*secretsmanager.DescribeSecretOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "secretsmanager:DescribeSecret", in,
		func(in *secretsmanager.DescribeSecretInput) (*secretsmanager.DescribeSecretOutput, error) {
			return c.secret(in.SecretId)
		})
}

func (c *Client) secret(ref *string) (*secretsmanager.DescribeSecretOutput, error) {
	i := slices.IndexFunc(c.Secrets, func(s secretsmanager.DescribeSecretOutput) bool {
		id, arn := aws.ToString(ref), aws.ToString(s.ARN)
		return id != "" && (id == aws.ToString(s.Name) || id == arn || (len(arn) > 7 && id == arn[:len(arn)-7]))
	})
	if i < 0 {
		return nil, &types.ResourceNotFoundException{
			Message: aws.String("Secrets Manager can't find the specified secret."),
		}
	}
	return &c.Secrets[i], nil
}

// GetResourcePolicy returns the resource policy of a secret, without a document where it has none.
func (c *Client) GetResourcePolicy(ctx context.Context, in *secretsmanager.GetResourcePolicyInput,
	_ ...func(*secretsmanager.Options)) (*secretsmanager.GetResourcePolicyOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "secretsmanager:GetResourcePolicy", in,
		func(in *secretsmanager.GetResourcePolicyInput) (*secretsmanager.GetResourcePolicyOutput, error) {
			s, err := c.secret(in.SecretId)
			if err != nil {
				return nil, err
			}
			out := &secretsmanager.GetResourcePolicyOutput{ARN: s.ARN, Name: s.Name}
			if policy, ok := c.Policies[aws.ToString(s.ARN)]; ok {
				out.ResourcePolicy = aws.String(policy)
			}
			return out, nil
		})
}

// Merge adds a recorded answer to the world and reports whether it knows the operation. What is merged twice stands
// once.
func (c *Client) Merge(_, out any) bool {
	if p, ok := out.(*secretsmanager.GetResourcePolicyOutput); ok {
		if p.ResourcePolicy != nil {
			if c.Policies == nil {
				c.Policies = map[string]string{}
			}
			c.Policies[aws.ToString(p.ARN)] = *p.ResourcePolicy
		}
		return true
	}
	d, ok := out.(*secretsmanager.DescribeSecretOutput)
	if !ok {
		return false
	}
	i := slices.IndexFunc(c.Secrets, func(s secretsmanager.DescribeSecretOutput) bool {
		return aws.ToString(s.ARN) == aws.ToString(d.ARN)
	})
	if i >= 0 {
		c.Secrets[i] = *d
	} else {
		c.Secrets = append(c.Secrets, *d)
	}
	return true
}
