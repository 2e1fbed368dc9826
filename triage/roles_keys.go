package triage

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/policies"
	"github.com/awsdiag/awsdiag/ssmdiag"
)

// keyARN is the ARN of a KMS key by its id, ARN or alias: IAM decides about the key behind an alias. It is "" for none,
// for the keys that AWS keeps for its services, and where nobody may ask which key an alias stands for.
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

// parameterKeys returns the ARNs of the keys of the customer's own that encrypt parameters, by the parameter's ARN;
// fifty parameters are asked about in a call. Only the own account and region are asked.
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
	described, err := s.parameterList(names).List(ctx)
	keys, errs := map[string]string{}, []error{err}
	for _, d := range described {
		key, err := s.keyARN(ctx, aws.ToString(d.KeyId), at)
		keys[byName[aws.ToString(d.Name)]], errs = key, append(errs, err)
	}
	return keys, errors.Join(errs...)
}

// parameterList returns the parameters of some names, which are described once, fifty in a call.
func (s *Scene) parameterList(names []string) *ssmdiag.Parameters {
	slices.Sort(names)
	names = slices.Compact(names)
	id := strings.Join(names, " ")
	return subject(s, typeParameter, "list "+id, func() *ssmdiag.Parameters {
		return ssmdiag.NewParameterList(s.Scope.Clients.SSM, id, names, s.Window)
	})
}

// keyPlan examines a key that a bridge filed.
func keyPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	if k, ok := s.filed(r).(*policies.Key); ok {
		return diag.On(k, policies.KeyChecks()...)
	}
	return diag.Plan{}
}

// decrypting files the keys that are needed to start the tasks of a service: a key that is disabled stops them whatever
// policies say.
func (s *Scene) decrypting(service diag.Resource, needs []access.Need) []diag.Link {
	var links []diag.Link
	for _, need := range needs {
		for _, resource := range need.Resources {
			if a, err := arn.Parse(resource); err != nil || a.Service != "kms" || !strings.HasPrefix(a.Resource, "key/") {
				continue
			}
			r := s.policies.Key(resource).Resource()
			subject(s, policies.TypeKey, r.ID, func() *policies.Key { return s.policies.Key(resource) })
			if link := (diag.Link{From: service, To: r, Role: "needs to decrypt"}); !slices.Contains(links, link) {
				links = append(links, link)
			}
		}
	}
	return links
}
