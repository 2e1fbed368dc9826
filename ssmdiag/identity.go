package ssmdiag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Setup is what EC2 and IAM know of how an instance gets the credentials that its agent calls Systems Manager with.
type Setup struct {
	// Running is false for an instance that cannot call anybody, whatever it may.
	Running bool
	// Profile is the ARN of the instance profile, "" for none.
	Profile string
	// Roleless says that the profile was looked at and holds no role.
	Roleless bool
	// MetadataOff says that the instance metadata service is off, HopLimit how far its answers go, 0 if not known.
	MetadataOff bool
	HopLimit    int32
}

// Identity is what an EC2 instance acts as towards Systems Manager: the role of its instance profile, or that of
// default host management.
type Identity struct {
	node        *ManagedNode
	preferences *Preferences
	setup       func(context.Context) (Setup, error)

	known diag.Memo[Setup]
}

var _ diag.Subject = (*Identity)(nil)

// NewIdentity makes the identity of a node. Systems Manager does not know instance profiles: setup is asked for them,
// once.
func NewIdentity(node *ManagedNode, preferences *Preferences, setup func(context.Context) (Setup, error)) *Identity {
	return &Identity{node: node, preferences: preferences, setup: setup}
}

// Resource names the machine.
func (i *Identity) Resource() diag.Resource { return i.node.Resource() }

// Setup returns how the instance gets credentials.
func (i *Identity) Setup(ctx context.Context) (Setup, error) { return i.known.Get(ctx, i.setup) }

// HostManagement returns the role of default host management, "" where it is off.
func (i *Identity) HostManagement(ctx context.Context) (string, error) {
	return i.preferences.DefaultHostManagement(ctx)
}

// absent returns how the instance is set up, and whether it runs and yet its agent is not there: unknown, lost, or
// without a connection. One that is there has credentials, wherever from.
func (i *Identity) absent(ctx context.Context) (Setup, bool, error) {
	p, err := i.node.picture(ctx)
	if err != nil || p.information != nil && !isLost(p.information.PingStatus) &&
		p.connection != types.ConnectionStatusNotConnected {
		return Setup{}, false, err
	}
	s, err := i.Setup(ctx)
	return s, err == nil && s.Running, err
}
