package ec2diag

import (
	"context"

	"github.com/awsdiag/awsdiag/diag"
)

// PathSurvey links both ends of a path to what guards them, so that causes on a security group are joined with what
// they break. The beginning depends on the whole way. The end depends on its own side, and, if it is a target group, on
// the whole way too: whether targets are healthy is judged from the load balancer.
var PathSurvey = &diag.Survey[*Path]{
	Name:    "ec2.path",
	Actions: []string{"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"},
	Links: func(ctx context.Context, p *Path) ([]diag.Link, error) {
		from, to, err := p.ends(ctx)
		links := append(guards(p.from.resource, from), guards(p.from.resource, to)...)
		links = append(links, guards(p.to.resource, to)...)
		if p.to.resource.Type == typeTargetGroup {
			links = append(links, guards(p.to.resource, from)...)
		}
		return links, err
	},
}

// guards links a resource to the security groups of interfaces.
func guards(r diag.Resource, at []Interface) []diag.Link {
	var links []diag.Link
	for _, i := range at {
		for _, g := range i.Groups {
			links = append(links, diag.Link{From: r, To: resource(typeSecurityGroup, g), Role: "guarded by"})
		}
	}
	return links
}
