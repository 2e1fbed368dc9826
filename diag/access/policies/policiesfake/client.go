// Package policiesfake is an AWS KMS that lives in memory. The literal is the world, the zero value an account without
// keys of its own:
//
//	c := &policiesfake.Keys{Keys: []policiesfake.Key{{ARN: policiesfake.ARN("1"), Aliases: []string{"alias/shop"}}}}
package policiesfake

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/awsdiag/awsdiag/diag/access/policies"
	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Key is one KMS key.
type Key struct {
	ARN     string
	Aliases []string
	// Policy is its key policy, JSON. Empty is that of a new key: see [Delegating].
	Policy string
	Grants []types.GrantListEntry
	// State is enabled where it is empty.
	State types.KeyState
}

// Keys answers like AWS KMS.
type Keys struct {
	diagfake.Recorder
	Keys []Key
}

var (
	_ policies.KeyAPI = (*Keys)(nil)
	_ diagfake.Fake   = (*Keys)(nil)
)

// ARN returns the ARN of a key.
func ARN(id string) string { return "arn:aws:kms:eu-west-1:111122223333:key/" + id }

// Delegating is the key policy that leaves the decision to the policies of the account's identities, which is the one
// that new keys get ("Default key policy", AWS KMS Developer Guide).
func Delegating(account string) string {
	return `{"Version":"2012-10-17","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow",` +
		`"Principal":{"AWS":"arn:aws:iam::` +
		account + `:root"},"Action":"kms:*","Resource":"*"}]}`
}

func (c *Keys) find(id *string) (*Key, error) {
	i := slices.IndexFunc(c.Keys, func(k Key) bool {
		return k.ARN == aws.ToString(id) || slices.Contains(k.Aliases, aws.ToString(id)) ||
			len(k.ARN) > 36 && k.ARN[len(k.ARN)-36:] == aws.ToString(id)
	})
	if i < 0 {
		return nil, &types.NotFoundException{Message: aws.String("Key '" + aws.ToString(id) + "' does not exist")}
	}
	return &c.Keys[i], nil
}

// DescribeKey returns a key by id, ARN or alias.
func (c *Keys) DescribeKey(ctx context.Context, in *kms.DescribeKeyInput,
	_ ...func(*kms.Options)) (*kms.DescribeKeyOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "kms:DescribeKey", in,
		func(in *kms.DescribeKeyInput) (*kms.DescribeKeyOutput, error) {
			k, err := c.find(in.KeyId)
			if err != nil {
				return nil, err
			}
			return &kms.DescribeKeyOutput{KeyMetadata: &types.KeyMetadata{Arn: aws.String(k.ARN), KeyId: aws.String(k.ARN),
				KeyManager: types.KeyManagerTypeCustomer, KeyState: cmp.Or(k.State, types.KeyStateEnabled)}}, nil
		})
}

// GetKeyPolicy returns the key policy, which is always called "default".
func (c *Keys) GetKeyPolicy(ctx context.Context, in *kms.GetKeyPolicyInput,
	_ ...func(*kms.Options)) (*kms.GetKeyPolicyOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "kms:GetKeyPolicy", in,
		func(in *kms.GetKeyPolicyInput) (*kms.GetKeyPolicyOutput, error) {
			k, err := c.find(in.KeyId)
			if err != nil {
				return nil, err
			}
			policy := k.Policy
			if a, err := arn.Parse(k.ARN); err == nil && policy == "" {
				policy = Delegating(a.AccountID)
			}
			return &kms.GetKeyPolicyOutput{Policy: aws.String(policy), PolicyName: aws.String("default")}, nil
		})
}

// ListGrants returns the grants of a key, to one principal if it is named.
func (c *Keys) ListGrants(ctx context.Context, in *kms.ListGrantsInput,
	_ ...func(*kms.Options)) (*kms.ListGrantsOutput, error) {
	const action = "kms:ListGrants"
	return diagfake.Serve(ctx, &c.Recorder, action, in, func(in *kms.ListGrantsInput) (*kms.ListGrantsOutput, error) {
		k, err := c.find(in.KeyId)
		if err != nil {
			return nil, err
		}
		var all []types.GrantListEntry
		for _, g := range k.Grants {
			if in.GranteePrincipal == nil || aws.ToString(g.GranteePrincipal) == *in.GranteePrincipal {
				all = append(all, g)
			}
		}
		page, marker, err := diagfake.Page(&c.Recorder, action, all, in.Marker, 50)
		return &kms.ListGrantsOutput{Grants: page, NextMarker: marker, Truncated: marker != nil}, err
	})
}

// Merge adds a recorded answer to the world and reports whether it knows the operation.
func (c *Keys) Merge(in, out any) bool {
	at := func(id *string) *Key {
		if k, err := c.find(id); err == nil {
			return k
		}
		c.Keys = append(c.Keys, Key{ARN: aws.ToString(id)})
		return &c.Keys[len(c.Keys)-1]
	}
	switch out := out.(type) {
	case *kms.DescribeKeyOutput:
		if out.KeyMetadata == nil {
			return true
		}
		k := at(out.KeyMetadata.Arn)
		k.State = out.KeyMetadata.KeyState
		if id := aws.ToString(in.(*kms.DescribeKeyInput).KeyId); id != k.ARN && !slices.Contains(k.Aliases, id) {
			k.Aliases = append(k.Aliases, id)
		}
	case *kms.GetKeyPolicyOutput:
		at(in.(*kms.GetKeyPolicyInput).KeyId).Policy = aws.ToString(out.Policy)
	case *kms.ListGrantsOutput:
		k := at(in.(*kms.ListGrantsInput).KeyId)
		for _, g := range out.Grants {
			if !slices.ContainsFunc(k.Grants,
				func(o types.GrantListEntry) bool { return aws.ToString(o.GrantId) == aws.ToString(g.GrantId) }) {
				k.Grants = append(k.Grants, g)
			}
		}
	default:
		return false
	}
	return true
}
