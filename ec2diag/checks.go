package ec2diag

import "github.com/awsdiag/awsdiag/diag"

// PathChecks returns all checks of a [Path], one for each way in which a layer of the network can stop it.
func PathChecks() []*diag.Check[*Path] {
	return []*diag.Check[*Path]{
		SecurityGroupBlocksIngress, SecurityGroupBlocksEgress, NetworkACLBlocks, RouteMissing, RouteBlackhole,
		NATGatewayUnusable, NoPublicAddress, PublicAccessBlocked, PathBeyondSight,
	}
}

// EgressChecks returns all checks of an [Egress], one for each way in which a service can be out of reach.
func EgressChecks() []*diag.Check[*Egress] {
	return []*diag.Check[*Egress]{
		NoWayToService, OnlyIPv6Way, EndpointWithoutPrivateDNS, VPCDNSOff, VPCResolverOff, EndpointUnusable,
		GatewayEndpointNotRouted, EndpointPolicyBlocks,
	}
}

// InstanceChecks returns all checks of an [Instance]. Those of the console read data of the customer; see
// [ConsoleChecks].
func InstanceChecks() []*diag.Check[*Instance] {
	checks := append(
		InstanceStateChecks(),
		SystemCheckFailed,
		InstanceCheckFailed,
		EBSCheckFailed,
		EventScheduled,
		MetadataOff,
		EndedByScalingGroup,
		InterfacesUsedUp,
	)
	return append(checks, ConsoleChecks()...)
}

// SubnetChecks returns all checks of a [Subnet].
func SubnetChecks() []*diag.Check[*Subnet] { return []*diag.Check[*Subnet]{SubnetOutOfAddresses} }

// NATGatewayChecks returns all checks of a [NATGateway].
func NATGatewayChecks() []*diag.Check[*NATGateway] {
	return []*diag.Check[*NATGateway]{NATGatewayOutOfPorts}
}
