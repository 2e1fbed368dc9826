// Package access tells what IAM allows: it reads the sentence with which AWS refused a call, and asks beforehand
// whether a role may do what it is needed for.
//
// [ParseDenial] reads a refusal out of whatever an SDK, the AWS CLI, an agent or a log wrapped it in:
//
//	denial, ok := access.ParseDenial(line)
//	fmt.Println(denial.Role, denial.Action, denial.Resource, denial.Kind)
//
// A [Grant] is a role with its needs. [GrantChecks] say whether the role exists, whether the service may assume it, and
// which action no policy allows, or which policy denies, with the least statement that would do:
//
//	role := access.NewRole(iam.NewFromConfig(cfg), "orders-execution", window)
//	grant := access.NewGrant(role, slices.Concat(access.ImagePull(repository), access.SecretRead(secret, ""))...)
//	report := diag.Run(ctx, diag.On(grant, access.GrantChecks()...))
//
// All needs of a grant are asked in one call of IAM's policy simulator. Where the caller may not simulate, the role's
// policies are weighed here ([Document.Evaluate]); the findings then are likely instead of certain, and the report says
// what could not be seen. Nothing here reads a secret, a parameter or a key.
package access
