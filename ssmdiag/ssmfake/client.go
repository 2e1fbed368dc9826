package ssmfake

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/guest"
)

// Client is a fake of Systems Manager. Its fields may be changed between calls, not during one.
type Client struct {
	diagfake.Recorder

	// Nodes are what Systems Manager knows.
	Nodes []types.InstanceInformation
	// Connections are the answers of GetConnectionStatus, by node. A node that is not here is connected if it is Online.
	Connections map[string]types.ConnectionStatus
	// Associations are the states of State Manager associations, by node.
	Associations map[string][]types.InstanceAssociationStatusInfo
	// Documents are the contents of documents, by name.
	Documents map[string]string
	// Settings are the service settings that somebody set, by id.
	Settings map[string]string
	// Parameters are what Parameter Store says of its parameters.
	Parameters []types.ParameterMetadata
	// Values are the values of parameters, by name.
	Values map[string]string
	// History are the versions of parameters, by name, the oldest first. Without them there is the current one.
	History map[string][]types.ParameterHistory
	// Invocations are commands of the past, each on one node, with what it printed there.
	Invocations []Invocation
	// Shell is what nodes do with a script of Run Command; nil prints nothing.
	Shell func(node, script string) Printed

	runs runs
}

var (
	_ ssmdiag.NodeAPI        = (*Client)(nil)
	_ ssmdiag.PreferencesAPI = (*Client)(nil)
	_ ssmdiag.ParameterAPI   = (*Client)(nil)
	_ ssmdiag.ValueAPI       = (*Client)(nil)
	_ ssmdiag.CommandsAPI    = (*Client)(nil)
	_ guest.CommandAPI       = (*Client)(nil)
	_ guest.CancelAPI        = (*Client)(nil)
)

// DescribeInstanceInformation answers for all nodes, or for those that filters by id, ping status or platform leave.
func (c *Client) DescribeInstanceInformation(
	ctx context.Context, in *ssm.DescribeInstanceInformationInput, _ ...func(*ssm.Options),
) (*ssm.DescribeInstanceInformationOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ssm:DescribeInstanceInformation", in, c.describeInstanceInformation)
}

// GetConnectionStatus answers "notconnected" for what Systems Manager does not know.
func (c *Client) GetConnectionStatus(
	ctx context.Context, in *ssm.GetConnectionStatusInput, _ ...func(*ssm.Options),
) (*ssm.GetConnectionStatusOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ssm:GetConnectionStatus", in, c.getConnectionStatus)
}

// DescribeInstanceAssociationsStatus answers for one node.
func (c *Client) DescribeInstanceAssociationsStatus(
	ctx context.Context, in *ssm.DescribeInstanceAssociationsStatusInput, _ ...func(*ssm.Options),
) (*ssm.DescribeInstanceAssociationsStatusOutput, error) {
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		"ssm:DescribeInstanceAssociationsStatus",
		in,
		c.describeInstanceAssociationsStatus,
	)
}

// GetDocument answers with the content of a document.
func (c *Client) GetDocument(
	ctx context.Context, in *ssm.GetDocumentInput, _ ...func(*ssm.Options),
) (*ssm.GetDocumentOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ssm:GetDocument", in, c.getDocument)
}

// GetServiceSetting answers with what was set, and with AWS's default for the role of default host management.
func (c *Client) GetServiceSetting(
	ctx context.Context, in *ssm.GetServiceSettingInput, _ ...func(*ssm.Options),
) (*ssm.GetServiceSettingOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ssm:GetServiceSetting", in, c.getServiceSetting)
}

// DescribeParameters answers for all parameters, or for those that filters by name or path leave.
func (c *Client) DescribeParameters(
	ctx context.Context, in *ssm.DescribeParametersInput, _ ...func(*ssm.Options),
) (*ssm.DescribeParametersOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ssm:DescribeParameters", in, c.describeParameters)
}

// GetParameters answers for up to ten names; SecureStrings are ciphertext unless decryption is asked for.
func (c *Client) GetParameters(
	ctx context.Context, in *ssm.GetParametersInput, _ ...func(*ssm.Options),
) (*ssm.GetParametersOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ssm:GetParameters", in, c.getParameters)
}

// GetParametersByPath answers for what lies below a path, ten a page.
func (c *Client) GetParametersByPath(
	ctx context.Context, in *ssm.GetParametersByPathInput, _ ...func(*ssm.Options),
) (*ssm.GetParametersByPathOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ssm:GetParametersByPath", in, c.getParametersByPath)
}

// GetParameterHistory answers with the versions of a parameter.
func (c *Client) GetParameterHistory(
	ctx context.Context, in *ssm.GetParameterHistoryInput, _ ...func(*ssm.Options),
) (*ssm.GetParameterHistoryOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ssm:GetParameterHistory", in, c.getParameterHistory)
}

// SendCommand runs the script on the nodes, through [Client.Shell].
func (c *Client) SendCommand(
	ctx context.Context, in *ssm.SendCommandInput, _ ...func(*ssm.Options),
) (*ssm.SendCommandOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ssm:SendCommand", in, c.sendCommand)
}

// ListCommandInvocations answers for a command.
func (c *Client) ListCommandInvocations(
	ctx context.Context, in *ssm.ListCommandInvocationsInput, _ ...func(*ssm.Options),
) (*ssm.ListCommandInvocationsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ssm:ListCommandInvocations", in, c.listCommandInvocations)
}

// GetCommandInvocation answers with what a node printed, cut as Systems Manager cuts it.
func (c *Client) GetCommandInvocation(
	ctx context.Context, in *ssm.GetCommandInvocationInput, _ ...func(*ssm.Options),
) (*ssm.GetCommandInvocationOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ssm:GetCommandInvocation", in, c.getCommandInvocation)
}

// CancelCommand ends what has not ended.
func (c *Client) CancelCommand(
	ctx context.Context, in *ssm.CancelCommandInput, _ ...func(*ssm.Options),
) (*ssm.CancelCommandOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ssm:CancelCommand", in, c.cancelCommand)
}
