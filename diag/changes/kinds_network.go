package changes

import (
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// networkKinds are the events of EC2's networks ("Actions", Amazon EC2 API Reference) and of Route 53.
func networkKinds() []kind {
	group := ids(typeSecurityGroup, "groupId", "groupName")
	table := ids(typeRouteTable, "routeTableId")
	acl := ids(typeNetworkACL, "networkAclId")
	endpoint := ids(typeEndpoint, "vpcEndpointId", "vpcEndpointIds", "=vpcEndpoint.vpcEndpointId")
	iface := ids(typeInterface, "networkInterfaceId", "networkInterfaceId.value")
	route := param("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
	return []kind{
		{"ec2:RevokeSecurityGroupIngress", "security-group-rule-removed", "removed an ingress rule{detail} from {target}",
			group, rules, grantIngress},
		{"ec2:RevokeSecurityGroupEgress", "security-group-rule-removed", "removed an egress rule{detail} from {target}",
			group, rules, grantEgress},
		{"ec2:AuthorizeSecurityGroupIngress", "security-group-rule-added", "added an ingress rule{detail} to {target}",
			group, rules, revokeIngress},
		{"ec2:AuthorizeSecurityGroupEgress", "security-group-rule-added", "added an egress rule{detail} to {target}", group,
			rules, revokeEgress},
		{"ec2:ModifySecurityGroupRules", "security-group-rule-changed", "rewrote a rule{detail} of {target}", group, rules,
			nil},
		{"ec2:DeleteSecurityGroup", "security-group-deleted", "deleted {target}", group, nil, nil},
		{"ec2:ModifyNetworkInterfaceAttribute", "network-interface-changed", "changed {target}{detail}", iface,
			interfaceGroups, nil},
		{"ec2:DetachNetworkInterface", "network-interface-changed", "detached a network interface{detail}", iface,
			param("attachmentId"), nil},

		{"ec2:DeleteRoute", "route-deleted", "deleted a route{detail} from {target}", table, route, nil},
		{"ec2:CreateRoute", "route-changed", "added a route{detail} to {target}", table, routeTo, deleteRoute},
		{"ec2:ReplaceRoute", "route-changed", "replaced a route{detail} of {target}", table, routeTo, nil},
		{"ec2:DeleteRouteTable", "route-deleted", "deleted {target}", table, nil, nil},
		{"ec2:AssociateRouteTable", "route-changed", "gave a subnet{detail} the {target}", table, param("subnetId"), nil},
		{"ec2:ReplaceRouteTableAssociation", "route-changed", "gave a subnet{detail} the {target}", table,
			param("associationId"), nil},
		{"ec2:DisassociateRouteTable", "route-changed", "took the route table from a subnet{detail}", (*call).listed,
			param("associationId"), nil},
		{"ec2:DetachInternetGateway", "gateway-detached", "detached {target} from its VPC{detail}",
			ids(typeIGW, "internetGatewayId"), param("vpcId"), attachGateway},
		{"ec2:DeleteInternetGateway", "gateway-detached", "deleted {target}", ids(typeIGW, "internetGatewayId"), nil, nil},
		{"ec2:DeleteEgressOnlyInternetGateway", "gateway-detached", "deleted {target}",
			ids("AWS::EC2::EgressOnlyInternetGateway", "egressOnlyInternetGatewayId"), nil, nil},
		{"ec2:DetachVpnGateway", "gateway-detached", "detached {target} from its VPC{detail}",
			ids("AWS::EC2::VPNGateway", "vpnGatewayId"), param("vpcId"), nil},
		{"ec2:DeleteNatGateway", "nat-gateway-deleted", "deleted {target}", ids(typeNATGateway, "natGatewayId"), nil, nil},
		{"ec2:CreateNatGateway", "route-changed", "created {target}{detail}",
			ids(typeNATGateway, "=natGateway.natGatewayId"), param("subnetId"), nil},
		{"ec2:ReleaseAddress", "address-released", "released {target}", ids(typeAddress, "allocationId", "publicIp"), nil,
			nil},
		{"ec2:DisassociateAddress", "address-released", "took {target} away", ids(typeAddress, "associationId", "publicIp"),
			nil, nil},

		{"ec2:DeleteVpcEndpoints", "vpc-endpoint-deleted", "deleted {target}", endpoint, nil, nil},
		{"ec2:ModifyVpcEndpoint", "vpc-endpoint-changed", "changed {target}{detail}", endpoint, settings, nil},
		{"ec2:CreateVpcEndpoint", "vpc-endpoint-changed", "created {target}{detail}", endpoint, param("serviceName"), nil},
		{"ec2:DeleteNetworkAclEntry", "network-acl-entry-deleted", "deleted an entry{detail} from {target}", acl, entry, nil},
		{"ec2:CreateNetworkAclEntry", "network-acl-changed", "added an entry{detail} to {target}", acl, entry, deleteEntry},
		{"ec2:ReplaceNetworkAclEntry", "network-acl-changed", "replaced an entry{detail} of {target}", acl, entry, nil},
		{"ec2:ReplaceNetworkAclAssociation", "network-acl-changed", "gave a subnet{detail} the {target}", acl,
			param("associationId"), nil},
		{"ec2:DeleteVpcPeeringConnection", "network-link-removed", "deleted {target}",
			ids(typePeering, "vpcPeeringConnectionId"), nil, nil},
		{"ec2:DeleteTransitGatewayVpcAttachment", "network-link-removed", "deleted {target}",
			ids(typeAttachment, "transitGatewayAttachmentId"), nil, nil},
		{"ec2:DeleteVpnConnection", "network-link-removed", "deleted {target}",
			ids("AWS::EC2::VPNConnection", "vpnConnectionId"), nil, nil},
		{"ec2:ModifyVpcAttribute", "dns-settings-changed", "changed {target}{detail}", ids(typeVPC, "vpcId"), settings, nil},
		{"ec2:AssociateDhcpOptions", "dns-settings-changed", "gave {target} other DHCP options{detail}",
			ids(typeVPC, "vpcId"), param("dhcpOptionsId"), nil},
		{"ec2:ModifySubnetAttribute", "route-changed", "changed {target}{detail}", ids(typeSubnet, "subnetId"), settings,
			nil},
		{"route53:ChangeResourceRecordSets", "dns-record-changed", "changed {target}{detail}", recordSets, records, nil},
	}
}

// recordSets are the names that were changed, which is how a trouble tells of them.
func recordSets(c *call) []diag.Resource {
	var found []diag.Resource
	for _, name := range c.params.all("changeBatch.changes.resourceRecordSet.name") {
		found = append(found, c.resource(typeRecordSet, strings.TrimSuffix(name, ".")))
	}
	if len(found) == 0 {
		return ids(typeHostedZone, "hostedZoneId")(c)
	}
	return found
}

// records tells which DNS records were changed, and how.
func records(c *call) string {
	var parts []string
	for _, r := range c.params.get("changeBatch", "changes").list() {
		set := r.get("resourceRecordSet")
		to := append(set.all("resourceRecords.value"), set.all("aliasTarget.dNSName")...)
		told := r.get("action").str() + " " + set.get("type").str() + " " + set.get("name").str()
		if len(to) > 0 && set.get("type").str() != "TXT" {
			told += " → " + some(to)
		}
		parts = append(parts, oneLine(told))
	}
	return some(parts)
}
