package ssmdiag

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
)

// CloudFormation types of the resources here.
const (
	typeInstance  = "AWS::EC2::Instance"
	typeHybrid    = "AWS::SSM::ManagedInstance"
	typeDocument  = "AWS::SSM::Document"
	typeParameter = "AWS::SSM::Parameter"
	typeRole      = "AWS::IAM::Role"
	typeKey       = "AWS::KMS::Key"
	typeLogGroup  = "AWS::Logs::LogGroup"
	typeBucket    = "AWS::S3::Bucket"
)

// ManagedNode is a machine as Systems Manager sees it: an EC2 instance, or a machine elsewhere that was activated.
type ManagedNode struct {
	directory *Directory
	id        string

	information  diag.Memo[*types.InstanceInformation]
	connection   diag.Memo[types.ConnectionStatus]
	associations diag.Memo[[]types.InstanceAssociationStatusInfo]
}

var _ diag.Subject = (*ManagedNode)(nil)

// NewManagedNode makes a node from its id, "i-…" or "mi-…", or its ARN. The window's End is "now". Many nodes are
// cheaper out of a [Directory].
func NewManagedNode(api NodeAPI, id string, window diag.Window) *ManagedNode {
	return NewDirectory(api, window).Node(id)
}

// Resource names the machine: an AWS::EC2::Instance, or an AWS::SSM::ManagedInstance for "mi-…".
func (n *ManagedNode) Resource() diag.Resource { return NodeResource(n.id) }

// Window returns what the node looks back on.
func (n *ManagedNode) Window() diag.Window { return n.directory.window }

// NodeResource names the machine with a node id, as [ManagedNode.Resource] does.
func NodeResource(id string) diag.Resource { return diag.Resource{Type: nodeType(id), ID: id} }

func nodeType(id string) string {
	if strings.HasPrefix(id, "mi-") {
		return typeHybrid
	}
	return typeInstance
}

// Information returns what Systems Manager knows about the node, nil if it does not know it. It forgets terminated
// instances, and goes on listing stopped ones, as ConnectionLost.
func (n *ManagedNode) Information(ctx context.Context) (*types.InstanceInformation, error) {
	return n.information.Get(ctx, func(ctx context.Context) (*types.InstanceInformation, error) {
		info, err := n.directory.information(ctx, n.id)
		if err != nil {
			return info, fmt.Errorf("looking for node %s: %w", n.id, err)
		}
		return info, nil
	})
}

// Connection returns whether the node holds a connection to Session Manager: "connected" or "notconnected". Systems
// Manager answers "notconnected" for machines that it does not know.
func (n *ManagedNode) Connection(ctx context.Context) (types.ConnectionStatus, error) {
	return n.connection.Get(ctx, func(ctx context.Context) (types.ConnectionStatus, error) {
		out, err := n.directory.api.GetConnectionStatus(ctx, &ssm.GetConnectionStatusInput{Target: aws.String(n.id)})
		if err != nil {
			return "", fmt.Errorf("getting the connection status of node %s: %w", n.id, err)
		}
		return out.Status, nil
	})
}

// Associations returns the state of each State Manager association of the node.
func (n *ManagedNode) Associations(ctx context.Context) ([]types.InstanceAssociationStatusInfo, error) {
	return n.associations.Get(ctx, func(ctx context.Context) ([]types.InstanceAssociationStatusInfo, error) {
		in := &ssm.DescribeInstanceAssociationsStatusInput{InstanceId: aws.String(n.id)}
		var list []types.InstanceAssociationStatusInfo
		for p := ssm.NewDescribeInstanceAssociationsStatusPaginator(n.directory.api, in); p.HasMorePages(); {
			out, err := p.NextPage(ctx)
			if err != nil {
				return list, fmt.Errorf("describing the associations of node %s: %w", n.id, err)
			}
			list = append(list, out.InstanceAssociationStatusInfos...)
		}
		return list, nil
	})
}

// picture is what tells how a node is connected.
type picture struct {
	information *types.InstanceInformation
	connection  types.ConnectionStatus
}

// picture fetches both side by side.
func (n *ManagedNode) picture(ctx context.Context) (picture, error) {
	var p picture
	var errs [2]error
	var group sync.WaitGroup
	group.Go(func() { p.information, errs[0] = n.Information(ctx) })
	group.Go(func() { p.connection, errs[1] = n.Connection(ctx) })
	group.Wait()
	return p, errors.Join(errs[:]...)
}
