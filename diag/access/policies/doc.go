// Package policies reads the policies that resources themselves have, for [access.Grant] to weigh: of Secrets Manager
// secrets, KMS keys and their grants, ECR repositories, and the trust policies of roles. It reads metadata only; no
// value and no key material comes near it.
//
//	reader := &policies.Reader{Secrets: secretsmanager.NewFromConfig(cfg), Keys: kms.NewFromConfig(cfg), Roles:
//
// directory}
//
//	grant := access.NewGrant(role, needs...).With(access.WithPolicies(reader))
package policies
