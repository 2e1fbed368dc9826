package ec2diag

import (
	"context"

	"github.com/awsdiag/awsdiag/diag"
)

// PathSurvey links both ends of a path to what stands between them, so that causes on a security group, network ACL or
// route table are joined with what they break. The beginning depends on the whole way. The end depends on its own side,
// and, if it is a target group, on the whole way too: whether targets are healthy is judged from the load balancer.
var PathSurvey = &diag.Survey[*Path]{
	Name: "ec2.path",
	Actions: []string{
		"ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables", "ec2:DescribeSubnets",
	},
	Links: func(ctx context.Context, p *Path) ([]diag.Link, error) {
		from, to, err := p.ends(ctx)
		errs := []error{err}
		var links []diag.Link
		add := func(r diag.Resource, at []Interface) {
			more, err := p.network.linksOf(ctx, r, at)
			links, errs = append(links, more...), append(errs, err)
		}
		add(p.from.resource, from)
		add(p.from.resource, to)
		add(p.to.resource, to)
		if p.to.resource.Type == typeTargetGroup {
			add(p.to.resource, from)
		}
		return links, join(errs...)
	},
}

// linksOf links a resource to the security groups and subnets of interfaces, and these to what filters and routes.
func (n *Network) linksOf(ctx context.Context, r diag.Resource, at []Interface) ([]diag.Link, error) {
	var links []diag.Link
	var errs []error
	for _, i := range at {
		if i.ID != "" && r.Type != typeInterface {
			links = append(links, diag.Link{From: r, To: resource(typeInterface, i.ID), Role: "attached to"})
		}
		for _, g := range i.Groups {
			links = append(links, diag.Link{From: r, To: resource(typeSecurityGroup, g), Role: "guarded by"})
		}
		if i.outside() {
			continue
		}
		subnet := resource(typeSubnet, i.Subnet)
		if r != subnet {
			links = append(links, diag.Link{From: r, To: subnet, Role: "runs in"})
		}
		more, err := n.SubnetLinks(ctx, i.VPC, i.Subnet)
		links, errs = append(links, more...), append(errs, err)
	}
	return links, join(errs...)
}

// SubnetLinks links a subnet to its network ACL and its route table, and the route table to where its routes lead.
func (n *Network) SubnetLinks(ctx context.Context, vpc, subnet string) ([]diag.Link, error) {
	var links []diag.Link
	from := resource(typeSubnet, subnet)
	acl, errACL := n.aclOf(ctx, vpc, subnet)
	if errACL == nil {
		links = append(links, diag.Link{From: from, To: acl.resource(), Role: "filtered by"})
	}
	table, errTable := n.tableOf(ctx, vpc, subnet)
	if errTable == nil {
		at := table.resource()
		links = append(links, diag.Link{From: from, To: at, Role: "routed by"})
		for _, r := range table.routes {
			if typ := targetTypes[r.kind()]; typ != "" {
				links = append(links, diag.Link{From: at, To: resource(typ, r.target), Role: "routes to"})
			}
		}
	}
	return links, join(errACL, errTable)
}

// targetTypes are the types of what routes lead to, by the beginning of the id.
var targetTypes = map[string]string{
	"nat": typeNATGateway, "igw": "AWS::EC2::InternetGateway", "eigw": "AWS::EC2::EgressOnlyInternetGateway",
	"tgw": "AWS::EC2::TransitGateway", "pcx": "AWS::EC2::VPCPeeringConnection", "vpce": typeEndpoint,
	"eni": typeInterface, "vgw": "AWS::EC2::VPNGateway",
}
