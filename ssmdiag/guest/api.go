package guest

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// CommandAPI is what a [Fleet] calls. SendCommand is of class active: it runs something on machines.
type CommandAPI interface {
	ssm.GetCommandInvocationAPIClient
	ssm.ListCommandInvocationsAPIClient
	SendCommand(context.Context, *ssm.SendCommandInput, ...func(*ssm.Options)) (*ssm.SendCommandOutput, error)
}

// CancelAPI is what [CancelAbandoned] calls.
type CancelAPI interface {
	CancelCommand(context.Context, *ssm.CancelCommandInput, ...func(*ssm.Options)) (*ssm.CancelCommandOutput, error)
}

var (
	_ CommandAPI = (*ssm.Client)(nil)
	_ CancelAPI  = (*ssm.Client)(nil)
)

// actions are the IAM actions that running a command takes.
var actions = []string{"ssm:GetCommandInvocation", "ssm:ListCommandInvocations", "ssm:SendCommand"}
