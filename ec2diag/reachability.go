package ec2diag

import "github.com/awsdiag/awsdiag/diag"

// ReachabilityCode returns the explanation code that VPC Reachability Analyzer gives for the same trouble as one of our
// findings, so that the two can be compared ("Reachability Analyzer explanation codes"). It is empty where the analyzer
// has none.
func ReachabilityCode(code diag.Code) string { return reachabilityCodes[code] }

var reachabilityCodes = map[diag.Code]string{
	SecurityGroupBlocksIngress.Code: "ENI_SG_RULES_MISMATCH",
	SecurityGroupBlocksEgress.Code:  "ENI_SG_RULES_MISMATCH",
	NetworkACLBlocks.Code:           "SUBNET_ACL_RESTRICTION",
	RouteMissing.Code:               "NO_ROUTE_TO_DESTINATION",
	RouteBlackhole.Code:             "BAD_STATE_ROUTE",
	NATGatewayUnusable.Code:         "BAD_STATE",
	NoPublicAddress.Code:            "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
	PublicAccessBlocked.Code:        "VPC_BLOCK_PUBLIC_ACCESS_ENABLED",
	PathBeyondSight.Code:            "NO_POSSIBLE_DESTINATION",
}
