package session

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// API is what sessions need of Systems Manager. All of it is of class active: it runs something on the target.
type API interface {
	StartSession(context.Context, *ssm.StartSessionInput, ...func(*ssm.Options)) (*ssm.StartSessionOutput, error)
	ResumeSession(context.Context, *ssm.ResumeSessionInput, ...func(*ssm.Options)) (*ssm.ResumeSessionOutput, error)
	TerminateSession(context.Context, *ssm.TerminateSessionInput, ...func(*ssm.Options)) (
		*ssm.TerminateSessionOutput, error)
}

// KMSAPI is what a session with encryption needs of KMS. The agent decrypts the key with its own permissions.
type KMSAPI interface {
	GenerateDataKey(context.Context, *kms.GenerateDataKeyInput, ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error)
}

var (
	_ API    = (*ssm.Client)(nil)
	_ KMSAPI = (*kms.Client)(nil)
)

// Actions returns the IAM actions that a session may call, for a policy. kms:GenerateDataKey is needed where the
// preferences encrypt sessions. ECS Exec needs ecs:ExecuteCommand in place of ssm:StartSession.
func Actions() []string {
	return []string{"ssm:StartSession", "ssm:ResumeSession", "ssm:TerminateSession", "kms:GenerateDataKey"}
}
