package changes

// identityKinds are the events of who may act in an account beside roles: policies of AWS Organizations, users, groups,
// identity providers and user pools.
func identityKinds() []kind {
	const org, pool = "organizations:", "cognito-idp:"
	policy := ids(typeOrgPolicy, "policyId", "=policy.policySummary.id")
	user := ids(typeUser, "userName")
	group := ids(typeUserGroup, "groupName")
	provider := ids("AWS::IAM::OIDCProvider", "openIDConnectProviderArn")
	saml := ids("AWS::IAM::SAMLProvider", "sAMLProviderArn")
	users := ids(typeUserPool, "userPoolId")
	name, arn := param("policyName"), param("policyArn")
	return []kind{
		{org + "AttachPolicy", "organization-policy-changed", "put {target} on a part of the organization{detail}", policy,
			param("targetId"), detachOrgPolicy},
		{org + "DetachPolicy", "organization-policy-changed", "took {target} from a part of the organization{detail}",
			policy, param("targetId"), attachOrgPolicy},
		{org + "UpdatePolicy", "organization-policy-changed", "rewrote {target}{detail}", policy, param("name"), nil},
		{org + "DeletePolicy", "organization-policy-changed", "deleted {target}", policy, nil, nil},
		{org + "EnablePolicyType", "organization-policy-changed", "turned a kind of policy on{detail}", (*call).listed,
			param("policyType"), nil},
		{org + "DisablePolicyType", "organization-policy-changed", "turned a kind of policy off{detail}", (*call).listed,
			param("policyType"), nil},
		{org + "MoveAccount", "organization-policy-changed", "moved {target} to another part of the organization{detail}",
			ids(typeAccount, "accountId"), param("destinationParentId"), nil},

		{"iam:AttachUserPolicy", "user-access-changed", "attached a policy{detail} to {target}", user, arn, nil},
		{"iam:PutUserPolicy", "user-access-changed", "set an inline policy{detail} of {target}", user, name, nil},
		{"iam:AttachGroupPolicy", "user-access-changed", "attached a policy{detail} to {target}", group, arn, nil},
		{"iam:PutGroupPolicy", "user-access-changed", "set an inline policy{detail} of {target}", group, name, nil},
		{"iam:AddUserToGroup", "user-access-changed", "put {target} into a group{detail}", user, param("groupName"), nil},
		{"iam:CreateAccessKey", "user-access-changed", "made an access key{detail} for {target}", user,
			param("=accessKey.accessKeyId"), nil},
		{"iam:PutUserPermissionsBoundary", "user-access-changed", "set the permissions boundary{detail} of {target}", user,
			param("permissionsBoundary"), nil},
		{"iam:DeleteUserPermissionsBoundary", "user-access-changed", "deleted the permissions boundary of {target}", user,
			nil, nil},
		{"iam:UpdateAccessKey", "user-access-removed", "set an access key of {target} to another state{detail}", user,
			param("status", "accessKeyId"), enableAccessKey},
		{"iam:DeleteAccessKey", "user-access-removed", "deleted an access key{detail} of {target}", user,
			param("accessKeyId"), nil},
		{"iam:DetachUserPolicy", "user-access-removed", "detached a policy{detail} from {target}", user, arn,
			attachUserPolicy},
		{"iam:DeleteUserPolicy", "user-access-removed", "deleted an inline policy{detail} of {target}", user, name, nil},
		{"iam:DetachGroupPolicy", "user-access-removed", "detached a policy{detail} from {target}", group, arn, nil},
		{"iam:DeleteGroupPolicy", "user-access-removed", "deleted an inline policy{detail} of {target}", group, name, nil},
		{"iam:RemoveUserFromGroup", "user-access-removed", "took {target} out of a group{detail}", user,
			param("groupName"), addToGroup},
		{"iam:DeleteUser", "user-access-removed", "deleted {target}", user, nil, nil},
		{"iam:DeleteLoginProfile", "user-access-removed", "took the console password from {target}", user, nil, nil},
		{"iam:DeleteOpenIDConnectProvider", "role-trust-changed", "deleted {target}", provider, nil, nil},
		{"iam:UpdateOpenIDConnectProviderThumbprint", "role-trust-changed", "changed the thumbprints of {target}", provider,
			nil, nil},
		{"iam:RemoveClientIDFromOpenIDConnectProvider", "role-trust-changed", "took a client{detail} from {target}",
			provider, param("clientID"), nil},
		{"iam:UpdateSAMLProvider", "role-trust-changed", "changed {target}", saml, nil, nil},
		{"iam:DeleteSAMLProvider", "role-trust-changed", "deleted {target}", saml, nil, nil},

		{pool + "UpdateUserPool", "dependency-changed", "changed {target}", users, nil, nil},
		{pool + "UpdateUserPoolClient", "dependency-changed", "changed a client{detail} of {target}", users,
			param("clientId"), nil},
		{pool + "UpdateIdentityProvider", "dependency-changed", "changed an identity provider{detail} of {target}", users,
			param("providerName"), nil},
		{pool + "UpdateResourceServer", "dependency-changed", "changed a resource server{detail} of {target}", users,
			param("identifier"), nil},
		{pool + "SetUserPoolMfaConfig", "dependency-changed", "changed the second factor of {target}{detail}", users,
			param("mfaConfiguration"), nil},
		{pool + "UpdateUserPoolDomain", "dependency-changed", "changed the domain{detail} of {target}", users,
			param("domain"), nil},
		{pool + "DeleteUserPoolDomain", "dependency-deleted", "deleted the domain{detail} of {target}", users,
			param("domain"), nil},
		{pool + "DeleteUserPoolClient", "dependency-deleted", "deleted a client{detail} of {target}", users,
			param("clientId"), nil},
		{pool + "DeleteIdentityProvider", "dependency-deleted", "deleted an identity provider{detail} of {target}", users,
			param("providerName"), nil},
		{pool + "DeleteUserPool", "dependency-deleted", "deleted {target}", users, nil, nil},
	}
}
