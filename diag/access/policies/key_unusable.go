package policies

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/awsdiag/awsdiag/diag"
)

// TypeKey is the CloudFormation type of KMS keys.
const TypeKey = "AWS::KMS::Key"

// callDescribe tells the state of a key.
const callDescribe = "kms:DescribeKey"

// Key is one KMS key that something depends on. Make one with [Reader.Key].
type Key struct {
	reader *Reader
	arn    string
}

var _ diag.Subject = (*Key)(nil)

// Key returns the key of an ARN.
func (r *Reader) Key(keyARN string) *Key { return &Key{reader: r, arn: keyARN} }

// Resource names the key by its id.
func (k *Key) Resource() diag.Resource {
	a, err := arn.Parse(k.arn)
	if err != nil {
		return diag.Resource{Type: TypeKey, ID: k.arn}
	}
	return diag.ResourceOf(TypeKey, strings.TrimPrefix(a.Resource, "key/"), k.arn)
}

// Describe returns what is told of the key; nil where it does not exist or nobody may ask KMS.
func (k *Key) Describe(ctx context.Context) (*types.KeyMetadata, error) {
	return k.reader.describeKey(ctx, k.arn)
}

// KeyChecks returns the checks on a key.
func KeyChecks() []*diag.Check[*Key] { return []*diag.Check[*Key]{KeyUnusable} }

// KeyUnusable finds keys that encrypt and decrypt nothing.
var KeyUnusable = &diag.Check[*Key]{
	Info: diag.Info{
		Code: "access.key-unusable", Title: "KMS key cannot be used",
		Doc: "The key is disabled, is to be deleted, or its key material is not there. Whatever it encrypts cannot be read " +
			"meanwhile, by anybody: secrets, parameters, volumes, snapshots. Where tasks read a secret that it encrypts, none " +
			"can start.",
		Severity: diag.SeverityError, Actions: []string{callDescribe},
		Breaks: []diag.Mechanism{diag.SecretRead},
		Limits: "KMS tells the state and not since when.",
		Source: "AWS KMS Developer Guide: Key states of AWS KMS keys",
	},
	Run: func(ctx context.Context, k *Key) ([]diag.Finding, error) {
		of, err := k.Describe(ctx)
		if of == nil {
			return nil, err
		}
		says, step := unusable(of)
		if says == "" {
			return nil, err
		}
		id := k.Resource().ID
		look := diag.Step{Text: "Look at the key, and find out who uses it, before you change it.",
			Command: "aws kms describe-key --key-id " + k.arn}
		if step.Changes && step.Command != "" {
			step.Command += " --key-id " + k.arn
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("KMS key %s %s: what it encrypts cannot be read", id, says),
			Evidence: []diag.Evidence{
				{Source: callDescribe, Field: "KeyMetadata.KeyState", Value: string(of.KeyState)}},
			NextSteps: []diag.Step{look, step},
		}}, err
	},
}

// unusable says why a key cannot be used, "" where it can, and what mends it. A key that is made or updated at present,
// or whose state is none that this module knows, is not judged.
func unusable(of *types.KeyMetadata) (says string, mend diag.Step) {
	switch of.KeyState {
	case types.KeyStateDisabled:
		return "is disabled", diag.Step{Text: "Enable it, if it is still needed.", Changes: true,
			Command: "aws kms enable-key"}
	case types.KeyStatePendingDeletion, types.KeyStatePendingReplicaDeletion:
		says = "is to be deleted"
		if of.DeletionDate != nil {
			says += " at " + of.DeletionDate.UTC().Format(time.RFC3339)
		}
		return says, diag.Step{Text: "Cancel the deletion, and then enable the key, if it is still needed. After the " +
			"deletion nobody can ever read what it encrypts.", Changes: true, Command: "aws kms cancel-key-deletion"}
	case types.KeyStatePendingImport:
		return "has no key material", diag.Step{Text: "Import the key material again.", Changes: true}
	case types.KeyStateUnavailable:
		store := "its key store"
		if id := aws.ToString(of.CustomKeyStoreId); id != "" {
			store = "key store " + id
		}
		return "cannot be reached in " + store, diag.Step{Text: "See whether the custom key store is connected.",
			Command: "aws kms describe-custom-key-stores"}
	}
	return "", diag.Step{}
}
