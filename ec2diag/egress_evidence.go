package ec2diag

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// endpointEvidence tells what is known of the endpoint, or that there is none for the services.
func (w ServiceWay) endpointEvidence(services []Service) []diag.Evidence {
	const source = "ec2:DescribeVpcEndpoints"
	x := w.endpoint
	id := aws.ToString(x.VpcEndpointId)
	if id == "" {
		var out []diag.Evidence
		for _, s := range services {
			out = append(
				out,
				diag.Evidence{Source: source, Field: "VpcEndpoints[ServiceName=" + string(s) + "]", Value: "none in " + w.vpc},
			)
		}
		return out
	}
	evidence := func(field, value string) diag.Evidence {
		return diag.Evidence{Source: source, Field: id + "." + field, Value: value}
	}
	return []diag.Evidence{
		evidence("ServiceName", aws.ToString(x.ServiceName)),
		evidence("State", string(x.State)),
		evidence("PrivateDnsEnabled", strconv.FormatBool(aws.ToBool(x.PrivateDnsEnabled))),
		evidence("RouteTableIds", cmp.Or(strings.Join(x.RouteTableIds, ", "), "none")),
	}
}

const docEndpoints = "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html"

func createEndpoint(e *Egress, w ServiceWay, services []Service) diag.Step {
	s := services[0]
	region := cmp.Or(e.region, "<region>")
	options := "--vpc-endpoint-type Interface --subnet-ids " + w.Subnet +
		" --security-group-ids <sg-id> --private-dns-enabled"
	if s.hasGateway() {
		options = "--vpc-endpoint-type Gateway --route-table-ids " + w.table.id
	}
	if s == AnyService {
		return diag.Step{Text: "Give the subnet a way out, such as a NAT gateway.", Changes: true, Doc: docEndpoints,
			Command: "aws ec2 create-route --route-table-id " + w.table.id +
				" --destination-cidr-block 0.0.0.0/0 --nat-gateway-id <nat-id>"}
	}
	return diag.Step{
		Text: "Make an endpoint for each of the services, or give the subnet a route to a NAT gateway.",
		Command: fmt.Sprintf("aws ec2 create-vpc-endpoint --vpc-id %s --service-name com.amazonaws.%s.%s %s",
			w.vpc, region, s, options),
		Doc: docEndpoints, Changes: true,
	}
}

func enablePrivateDNS(_ *Egress, w ServiceWay, _ []Service) diag.Step {
	return diag.Step{Text: "Turn private DNS of the endpoint on.", Doc: docEndpoints, Changes: true,
		Command: "aws ec2 modify-vpc-endpoint --vpc-endpoint-id " + aws.ToString(
			w.endpoint.VpcEndpointId,
		) + " --private-dns-enabled"}
}

func enableDNS(_ *Egress, w ServiceWay, _ []Service) diag.Step {
	return diag.Step{Text: "Turn both DNS attributes of the VPC on, one call each.", Changes: true,
		Doc: "https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html",
		Command: "aws ec2 modify-vpc-attribute --vpc-id " + w.vpc +
			" --enable-dns-support && aws ec2 modify-vpc-attribute --vpc-id " + w.vpc + " --enable-dns-hostnames"}
}

func describeEndpoint(_ *Egress, w ServiceWay, _ []Service) diag.Step {
	return diag.Step{Text: "See in which state the endpoint is, and why.", Doc: docEndpoints,
		Command: "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids " + aws.ToString(w.endpoint.VpcEndpointId)}
}

func associateGateway(_ *Egress, w ServiceWay, _ []Service) diag.Step {
	return diag.Step{Text: "Associate the route table with the endpoint.", Changes: true,
		Doc: "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
		Command: "aws ec2 modify-vpc-endpoint --vpc-endpoint-id " + aws.ToString(
			w.endpoint.VpcEndpointId,
		) + " --add-route-table-ids " + w.table.id}
}
