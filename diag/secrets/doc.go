// Package secrets looks at what AWS Secrets Manager tells of a secret without its value: whether it exists, is being
// deleted, has a current version, and changed after its consumers started.
//
//	secret := secrets.NewSecret(secretsmanager.NewFromConfig(cfg), arn, window, secrets.ConsumersStarted(started))
//	report := diag.Run(ctx, diag.On(secret, secrets.SecretChecks()...))
//
// The client must be one of the region of the secret's ARN. Who may read the secret is for package access to tell;
// parameters of Systems Manager have checks in package ssmdiag.
package secrets
