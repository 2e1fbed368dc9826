package changes

// configurationKinds are the events of parameters and secrets. CloudTrail hides their values.
func configurationKinds() []kind {
	parameter := ids(typeParameter, "name", "names")
	secret := ids(typeSecret, "=arn", "secretId", "name")
	return []kind{
		{"ssm:PutParameter", "parameter-changed", "set {target}{detail}", parameter, version, nil},
		{"ssm:LabelParameterVersion", "parameter-changed", "moved a label of {target}{detail}", parameter,
			param("parameterVersion"), nil},
		{"ssm:DeleteParameter", "parameter-deleted", "deleted {target}", parameter, nil, nil},
		{"ssm:DeleteParameters", "parameter-deleted", "deleted {target}", parameter, nil, nil},
		{"secretsmanager:PutSecretValue", "secret-rotated", "set a new value of {target}", secret, nil, nil},
		{"secretsmanager:UpdateSecret", "secret-rotated", "updated {target}", secret, nil, nil},
		{"secretsmanager:RotateSecret", "secret-rotated", "rotated {target}", secret, nil, nil},
		{"secretsmanager:RotationSucceeded", "secret-rotated", "rotated {target}", secretEvent, nil, nil},
		{"secretsmanager:RotationFailed", "secret-rotated", "failed to rotate {target}", secretEvent, nil, nil},
		{"secretsmanager:UpdateSecretVersionStage", "secret-rotated", "made another version of {target} the current one",
			secret, nil, nil},
		{"secretsmanager:CancelRotateSecret", "other", "ended the rotation of {target}", secret, nil, nil},
		{"secretsmanager:CreateSecret", "secret-created", "created {target}", secret, nil, nil},
		{"secretsmanager:RestoreSecret", "secret-created", "restored {target}", secret, nil, nil},
		{"secretsmanager:DeleteSecret", "secret-deleted", "deleted {target}", secret, nil, restoreSecret},
		{"secretsmanager:PutResourcePolicy", "resource-policy-changed", "rewrote the policy of {target}", secret, nil, nil},
		{"secretsmanager:DeleteResourcePolicy", "resource-policy-deleted", "deleted the policy of {target}", secret, nil,
			nil},
	}
}

// version tells what PutParameter made of a parameter.
func version(c *call) string {
	if v := c.response.first("version"); v != "" {
		return "version " + v
	}
	return ""
}
