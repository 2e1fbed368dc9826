package triage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// keyARN is the ARN of a KMS key by its id, ARN or alias: IAM decides about the key behind an alias. It is "" for none, for
// the keys that AWS keeps for its services, and where nobody may ask which key an alias stands for.
func (s *Scene) keyARN(ctx context.Context, key string, at arn.ARN) (string, error) {
	if key != "" && !strings.Contains(key, "alias/") && !strings.HasPrefix(key, "arn:") {
		key = named(at, "kms", "key/"+key)
	}
	found, managed, err := s.policies.KeyARN(ctx, key)
	if err != nil || managed {
		return "", err
	}
	return found, nil
}

// maxNames is how many names one filter of DescribeParameters takes ("ParameterStringFilter", AWS Systems Manager API
// Reference).
const maxNames = 50

// parameterKeys returns the ARNs of the keys of the customer's own that encrypt parameters, by the parameter's ARN; fifty
// parameters are asked about in a call. Only the own account and region are asked.
func (s *Scene) parameterKeys(ctx context.Context, parameters []string, at arn.ARN) (map[string]string, error) {
	byName := map[string]string{}
	var names []string
	for _, p := range parameters {
		a, err := arn.Parse(p)
		if err != nil || a.Region != at.Region || a.AccountID != at.AccountID {
			continue
		}
		name := strings.TrimPrefix(a.Resource, "parameter")
		if !strings.Contains(name[min(1, len(name)):], "/") {
			name = strings.TrimPrefix(name, "/") // a name without a path is written without a slash
		}
		names, byName[name] = append(names, name), p
	}
	if s.Scope.Clients.SSM == nil || len(names) == 0 {
		return nil, nil
	}
	slices.Sort(names)
	keys := map[string]string{}
	var errs []error
	for some := range slices.Chunk(slices.Compact(names), maxNames) {
		described, err := s.parameterMetadata(ctx, some)
		errs = append(errs, err)
		for _, d := range described {
			key, err := s.keyARN(ctx, aws.ToString(d.KeyId), at)
			keys[byName[aws.ToString(d.Name)]], errs = key, append(errs, err)
		}
	}
	return keys, errors.Join(errs...)
}

// parameterMetadata describes parameters, once for the same names.
func (s *Scene) parameterMetadata(ctx context.Context, names []string) ([]ssmtypes.ParameterMetadata, error) {
	return s.parameters.Get(ctx, strings.Join(names, " "), func(ctx context.Context) ([]ssmtypes.ParameterMetadata, error) {
		var all []ssmtypes.ParameterMetadata
		pages := ssm.NewDescribeParametersPaginator(s.Scope.Clients.SSM, &ssm.DescribeParametersInput{
			MaxResults: aws.Int32(maxNames),
			ParameterFilters: []ssmtypes.ParameterStringFilter{
				{Key: aws.String("Name"), Option: aws.String("Equals"), Values: names},
			},
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return all, fmt.Errorf("describing the keys of %d parameters: %w", len(names), err)
			}
			all = append(all, page.Parameters...)
		}
		return all, nil
	})
}
