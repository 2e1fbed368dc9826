package triage

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/ec2diag"
)

// typeVPCEndpoint is the type of VPC endpoints; typeEndpoint is that of addresses which are asked from outside.
const typeVPCEndpoint = "AWS::EC2::VPCEndpoint"

// endpointActions are what finding the endpoints of refused calls takes.
var endpointActions = []string{"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DescribeVpcEndpoints"}

// refusedThrough finds the VPC endpoints of the services whose calls an endpoint's policy refused, by what messages
// say, and leads to them. It calls nothing where no message names such a policy.
func (s *Scene) refusedThrough(ctx context.Context, from diag.Resource,
	at func(context.Context) (ec2diag.Location, error),
	denials []access.Denial,
) ([]access.Endpoint, []diag.Link, error) {
	var prefixes []string
	for _, d := range denials {
		prefix, _, ok := strings.Cut(strings.ToLower(d.Action), ":")
		if ok && d.ByEndpoint() && !slices.Contains(prefixes, prefix) {
			prefixes = append(prefixes, prefix)
		}
	}
	if len(prefixes) == 0 {
		return nil, nil, nil
	}
	place, err := at(ctx)
	errs := []error{err}
	var endpoints []access.Endpoint
	var links []diag.Link
	for _, prefix := range prefixes {
		found, err := s.network.EndpointsTo(ctx, place, prefix)
		errs = append(errs, err)
		for _, e := range found {
			r := diag.Resource{Type: typeVPCEndpoint, ID: aws.ToString(e.VpcEndpointId)}
			endpoints = append(endpoints, access.Endpoint{Resource: r, Service: prefix, Policy: aws.ToString(e.PolicyDocument)})
			links = append(links, diag.Link{From: from, To: r, Role: "calls AWS through"})
		}
	}
	return endpoints, links, errors.Join(errs...)
}
