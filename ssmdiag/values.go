package ssmdiag

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
)

// valueOptions say what may be done with values. The zero value reads none.
type valueOptions struct {
	api     ValueAPI
	key     []byte
	plain   bool
	decrypt bool
}

// value is what is kept of a value: its fingerprint, and itself only where the caller asked for it.
type value struct{ fingerprint, plain string }

// WithFingerprints makes values be read and compared, by a hash that is keyed with key: who has the report but not the
// key learns no value by trying. Use one key on both sides of a comparison. Values of SecureStrings are left out; see
// [WithDecryption].
func WithFingerprints(api ValueAPI, key []byte) ParameterOption {
	return func(p *Parameters) { p.values.api, p.values.key = api, key }
}

// WithPlainValues makes [Parameters.Values] return values. They stay out of findings all the same.
func WithPlainValues(api ValueAPI) ParameterOption {
	return func(p *Parameters) { p.values.api, p.values.plain = api, true }
}

// WithDecryption makes the other options read SecureStrings as well, which needs kms:Decrypt with their keys and stands
// in CloudTrail as such.
func WithDecryption() ParameterOption { return func(p *Parameters) { p.values.decrypt = true } }

// Fingerprints returns the keyed hash of each value by name. Without [WithFingerprints] it is an error of
// [diag.KindInvalid].
func (p *Parameters) Fingerprints(ctx context.Context) (map[string]string, error) {
	if len(p.values.key) == 0 {
		return nil, diag.Errorf(
			diag.KindInvalid,
			"parameters %s: no key was given to take fingerprints with",
			p.Resource().ID,
		)
	}
	return p.each(ctx, func(v value) string { return v.fingerprint })
}

// Values returns the values by name. Without [WithPlainValues] it is an error of [diag.KindInvalid].
func (p *Parameters) Values(ctx context.Context) (map[string]string, error) {
	if !p.values.plain {
		return nil, diag.Errorf(diag.KindInvalid, "parameters %s: plain values were not asked for", p.Resource().ID)
	}
	return p.each(ctx, func(v value) string { return v.plain })
}

func (p *Parameters) each(ctx context.Context, of func(value) string) (map[string]string, error) {
	values, err := p.read.Get(ctx, p.readValues)
	out := make(map[string]string, len(values))
	for name, v := range values {
		out[name] = of(v)
	}
	return out, err
}

func (p *Parameters) readValues(ctx context.Context) (map[string]value, error) {
	values := map[string]value{}
	if p.name != "" {
		out, err := p.values.api.GetParameters(ctx, &ssm.GetParametersInput{
			Names: []string{p.name}, WithDecryption: aws.Bool(p.values.decrypt),
		})
		if err != nil {
			return values, fmt.Errorf("getting parameter %s: %w", p.name, err)
		}
		p.keep(values, out.Parameters)
		return values, nil
	}
	in := &ssm.GetParametersByPathInput{
		Path: aws.String(cmp.Or(p.path, "/")), Recursive: aws.Bool(true), WithDecryption: aws.Bool(p.values.decrypt),
	}
	for pages := ssm.NewGetParametersByPathPaginator(p.values.api, in); pages.HasMorePages(); {
		out, err := pages.NextPage(ctx)
		if err != nil {
			return values, fmt.Errorf("getting parameters %s: %w", p.Resource().ID, err)
		}
		p.keep(values, out.Parameters)
	}
	return values, nil
}

// keep keeps of values what was asked for. Without decryption a SecureString's value is ciphertext, which differs each
// time the same is encrypted.
func (p *Parameters) keep(values map[string]value, parameters []types.Parameter) {
	for _, parameter := range parameters {
		if parameter.Name == nil || parameter.Value == nil ||
			parameter.Type == types.ParameterTypeSecureString && !p.values.decrypt {
			continue
		}
		var v value
		if len(p.values.key) > 0 {
			v.fingerprint = fingerprint(p.values.key, *parameter.Value)
		}
		if p.values.plain {
			v.plain = *parameter.Value
		}
		values[*parameter.Name] = v
	}
}

// fingerprint is the first half of HMAC-SHA256, enough to tell values apart.
func fingerprint(key []byte, value string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(value))
	return hex.EncodeToString(mac.Sum(nil)[:sha256.Size/2])
}

// History returns the versions of one of the parameters, the oldest first, without their values: who changed it when,
// and with which labels. Parameter Store keeps a hundred. It needs an option that gives a [ValueAPI], because AWS sends
// the values along; SecureStrings are never decrypted for it.
func (p *Parameters) History(ctx context.Context, name string) ([]types.ParameterHistory, error) {
	if p.values.api == nil {
		return nil, diag.Errorf(diag.KindInvalid, "parameters %s: no client for values was given", p.Resource().ID)
	}
	return p.history.Get(ctx, name, func(ctx context.Context) ([]types.ParameterHistory, error) {
		in := &ssm.GetParameterHistoryInput{Name: aws.String(name), MaxResults: aws.Int32(pageSize)}
		var list []types.ParameterHistory
		for pages := ssm.NewGetParameterHistoryPaginator(p.values.api, in); pages.HasMorePages(); {
			out, err := pages.NextPage(ctx)
			if answered(err, "ParameterNotFound") {
				return nil, diag.Errorf(diag.KindNotFound, "getting the history of parameter %s: %w", name, err)
			}
			if err != nil {
				return list, fmt.Errorf("getting the history of parameter %s: %w", name, err)
			}
			for _, version := range out.Parameters {
				version.Value = nil
				list = append(list, version)
			}
		}
		return list, nil
	})
}
