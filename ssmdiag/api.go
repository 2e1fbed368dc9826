package ssmdiag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// NodeAPI is what a [ManagedNode] calls.
type NodeAPI interface {
	ssm.DescribeInstanceInformationAPIClient
	ssm.DescribeInstanceAssociationsStatusAPIClient
	GetConnectionStatus(
		context.Context, *ssm.GetConnectionStatusInput, ...func(*ssm.Options),
	) (*ssm.GetConnectionStatusOutput, error)
}

// PreferencesAPI is what [Preferences] call.
type PreferencesAPI interface {
	GetDocument(context.Context, *ssm.GetDocumentInput, ...func(*ssm.Options)) (*ssm.GetDocumentOutput, error)
	GetServiceSetting(
		context.Context, *ssm.GetServiceSettingInput, ...func(*ssm.Options),
	) (*ssm.GetServiceSettingOutput, error)
}

// CommandsAPI is what [Commands] call. What a command printed is data of the customer.
type CommandsAPI interface {
	ssm.ListCommandInvocationsAPIClient
	GetCommandInvocation(
		context.Context, *ssm.GetCommandInvocationInput, ...func(*ssm.Options),
	) (*ssm.GetCommandInvocationOutput, error)
}

// ParameterAPI is what [Parameters] call. It reads what is said about parameters, never their values.
type ParameterAPI interface {
	ssm.DescribeParametersAPIClient
}

// ValueAPI is what [Parameters] call when they are asked for values: data of the customer.
type ValueAPI interface {
	ssm.GetParametersByPathAPIClient
	ssm.GetParameterHistoryAPIClient
	GetParameters(context.Context, *ssm.GetParametersInput, ...func(*ssm.Options)) (*ssm.GetParametersOutput, error)
}

var (
	_ NodeAPI        = (*ssm.Client)(nil)
	_ PreferencesAPI = (*ssm.Client)(nil)
	_ CommandsAPI    = (*ssm.Client)(nil)
	_ ParameterAPI   = (*ssm.Client)(nil)
	_ ValueAPI       = (*ssm.Client)(nil)
)

// The IAM actions, by the calls that need them.
const (
	callInformation  = "ssm:DescribeInstanceInformation"
	callConnection   = "ssm:GetConnectionStatus"
	callAssociations = "ssm:DescribeInstanceAssociationsStatus"
	callDocument     = "ssm:GetDocument"
	callSetting      = "ssm:GetServiceSetting"
	callParameters   = "ssm:DescribeParameters"
	callHistory      = "ssm:GetParameterHistory"
	callValues       = "ssm:GetParameters"
	callValuesByPath = "ssm:GetParametersByPath"
)
