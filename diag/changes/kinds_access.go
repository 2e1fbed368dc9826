package changes

// accessKinds are the events of IAM and KMS.
func accessKinds() []kind {
	role := ids(typeRole, "roleName")
	policy := ids(typePolicy, "policyArn")
	key := ids(typeKey, "keyId", "=keyId")
	name := param("policyName")
	arn := param("policyArn")
	return []kind{
		{"iam:DetachRolePolicy", "role-policy-detached", "detached a policy{detail} from {target}", role, arn, attach},
		{"iam:DeleteRolePolicy", "role-policy-detached", "deleted an inline policy{detail} of {target}", role, name, nil},
		{"iam:PutRolePolicy", "role-policy-changed", "set an inline policy{detail} of {target}", role, name, nil},
		{"iam:AttachRolePolicy", "role-policy-changed", "attached a policy{detail} to {target}", role, arn, detach},
		{"iam:CreatePolicyVersion", "policy-changed", "wrote a new version{detail} of {target}", policy,
			param("=policyVersion.versionId"), nil},
		{"iam:SetDefaultPolicyVersion", "policy-changed", "made another version{detail} the default of {target}", policy,
			param("versionId"), nil},
		{"iam:DeletePolicyVersion", "policy-deleted", "deleted a version{detail} of {target}", policy, param("versionId"),
			nil},
		{"iam:DeletePolicy", "policy-deleted", "deleted {target}", policy, nil, nil},
		{"iam:UpdateAssumeRolePolicy", "role-trust-changed", "rewrote who may assume {target}", role, nil, nil},
		{"iam:PutRolePermissionsBoundary", "permissions-boundary-changed",
			"set the permissions boundary{detail} of {target}", role, param("permissionsBoundary"), deleteBoundary},
		{"iam:DeleteRolePermissionsBoundary", "permissions-boundary-changed", "deleted the permissions boundary of {target}",
			role, nil, nil},
		{"iam:UpdateRole", "role-policy-changed", "changed {target}{detail}", role, settings, nil},
		{"iam:DeleteRole", "role-deleted", "deleted {target}", role, nil, nil},
		{"iam:RemoveRoleFromInstanceProfile", "role-deleted", "took a role{detail} out of {target}",
			ids(typeProfile, "instanceProfileName"), param("roleName"), addRole},
		{"iam:DeleteInstanceProfile", "role-deleted", "deleted {target}", ids(typeProfile, "instanceProfileName"), nil, nil},
		{"kms:DisableKey", "key-disabled", "disabled {target}", key, nil, enableKey},
		{"kms:ScheduleKeyDeletion", "key-disabled", "scheduled the deletion of {target}{detail}", key,
			param("=deletionDate"), cancelDeletion},
		{"kms:PutKeyPolicy", "resource-policy-changed", "rewrote the policy of {target}", key, nil, nil},
		{"kms:RevokeGrant", "grant-revoked", "revoked a grant on {target}", key, nil, nil},
		{"kms:RetireGrant", "grant-revoked", "retired a grant on {target}", key, nil, nil},
		{"kms:UpdateAlias", "other", "pointed an alias{detail} to {target}", ids(typeKey, "targetKeyId"), param("aliasName"),
			nil},
	}
}
