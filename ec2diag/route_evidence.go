package ec2diag

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	sourceTables     = "ec2:DescribeRouteTables"
	sourceNAT        = "ec2:DescribeNatGateways"
	sourceInterfaces = "ec2:DescribeNetworkInterfaces"
)

// evidence names the deciding route, or all routes if none decides, and what was seen of its target.
func (o obstacle) evidence() []diag.Evidence {
	var out []diag.Evidence
	if o.table != nil {
		out = append(out, o.table.evidence(o.route)...)
	}
	if id := aws.ToString(o.nat.NatGatewayId); id != "" {
		out = append(
			out,
			diag.Evidence{Source: sourceNAT, Field: id + ".State", Value: string(o.nat.State), At: aws.ToTime(o.nat.DeleteTime)},
		)
		if code := aws.ToString(o.nat.FailureCode); code != "" {
			out = append(
				out,
				diag.Evidence{
					Source: sourceNAT,
					Field:  id + ".FailureMessage",
					Value:  code + ": " + aws.ToString(o.nat.FailureMessage),
				},
			)
		}
	}
	switch o.kind {
	case noPublicAddress:
		if o.at.ID != "" { // else the route is the evidence: who asked has said that no address is given out
			out = append(out, diag.Evidence{Source: sourceInterfaces, Field: o.at.ID + ".Association.PublicIp", Value: "none"})
		}
	case publicAccessBlocked:
		out = append(
			out,
			diag.Evidence{
				Source: "ec2:DescribeSubnets",
				Field:  o.at.Subnet + ".BlockPublicAccessStates.InternetGatewayBlockMode",
				Value:  o.text[strings.LastIndex(o.text, " ")+1:],
			},
		)
	}
	return out
}

// evidence names the deciding route, or all routes if none does, and who uses the table.
func (t *routeTable) evidence(decides route) []diag.Evidence {
	var out []diag.Evidence
	for _, r := range t.routes {
		if (decides.target == "" || r.index == decides.index) && len(out) < maxListed {
			out = append(
				out,
				diag.Evidence{Source: sourceTables, Field: fmt.Sprintf("%s.Routes[%d]", t.id, r.index), Value: r.String()},
			)
		}
	}
	if len(out) == 0 {
		out = append(out, diag.Evidence{Source: sourceTables, Field: t.id + ".Routes", Value: "[]"})
	}
	users := cmp.Or(strings.Join(t.subnets, ", "), "the main route table of "+t.vpc)
	return append(out, diag.Evidence{Source: sourceTables, Field: t.id + ".Associations", Value: users})
}

// steps propose the smallest change that opens the way.
func (o obstacle) steps() []diag.Step {
	switch o.kind {
	case noRoute:
		return o.routeSteps("create-route")
	case blackhole:
		return o.blackholeSteps()
	case gatewayUnusable:
		return []diag.Step{{
			Text:    "See in which state the NAT gateway is, and why.",
			Command: "aws ec2 describe-nat-gateways --nat-gateway-ids " + aws.ToString(o.nat.NatGatewayId),
			Doc:     "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html",
		}}
	case noPublicAddress:
		if o.at.ID == "" {
			return []diag.Step{{
				Text: "Have what runs there given a public address (an ECS service: assignPublicIp=ENABLED), or run it in a " +
					"subnet behind a NAT gateway.",
				Doc: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html", Changes: true,
			}}
		}
		return []diag.Step{{
			Text:    "Give the interface a public address, or move the workload to a subnet behind a NAT gateway.",
			Command: "aws ec2 associate-address --network-interface-id " + o.at.ID + " --allocation-id <eipalloc-id>",
			Changes: true,
		}}
	}
	return []diag.Step{{
		Text:    "See what VPC Block Public Access is set to, and which exclusions there are.",
		Command: "aws ec2 describe-vpc-block-public-access-options",
		Doc:     "https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html",
	}}
}

func (o obstacle) blackholeSteps() []diag.Step {
	if o.route.instance != "" {
		return append([]diag.Step{
			{Text: "See in which state the instance is that the route leads to, and why.",
				Command: "aws ec2 describe-instances --instance-ids " + o.route.instance +
					" --query 'Reservations[].Instances[].[State.Name,StateTransitionReason]'"},
			{Text: "Start it, if it is stopped and still meant to pass traffic on.", Changes: true,
				Command: "aws ec2 start-instances --instance-ids " + o.route.instance},
		}, o.routeSteps("replace-route")...)
	}
	steps := []diag.Step{{
		Text: "Find out who deleted or detached " + o.route.target + ".",
		Command: "aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue=" +
			o.route.target,
	}}
	if subnet := aws.ToString(o.nat.SubnetId); subnet != "" {
		allocation := "<eipalloc-id>"
		for _, a := range o.nat.NatGatewayAddresses {
			allocation = cmp.Or(aws.ToString(a.AllocationId), allocation)
		}
		steps = append(steps, diag.Step{
			Text:    "Make a new NAT gateway where the old one was.",
			Command: "aws ec2 create-nat-gateway --subnet-id " + subnet + " --allocation-id " + allocation, Changes: true,
		})
	}
	return append(steps, o.routeSteps("replace-route")...)
}

// targetOptions are the options of create-route and replace-route by the kind of target.
var targetOptions = map[string]string{
	"nat": "--nat-gateway-id <nat-id>", "igw": "--gateway-id <igw-id>",
	"eigw": "--egress-only-internet-gateway-id <eigw-id>",
	"tgw":  "--transit-gateway-id <tgw-id>", "pcx": "--vpc-peering-connection-id <pcx-id>",
	"eni": "--network-interface-id <eni-id>",
	"vgw": "--gateway-id <vgw-id>",
}

func (o obstacle) routeSteps(command string) []diag.Step {
	target := targetOptions[o.route.kind()]
	text := "Give the route table a route that works."
	switch {
	case o.destination.IsValid() && o.destination.Addr().IsPrivate() && o.route.target == "":
		target = targetOptions["pcx"] // another network: neither an internet gateway nor NAT leads there
		text = "Give the route table a route to that network: over a peering connection, or a transit gateway."
	case o.back || o.at.Kind == natKind:
		target = targetOptions["igw"]
	}
	if o.route.target != "" && !o.route.blackhole {
		command = "replace-route"
	}
	destination := prefixText(o.destination)
	if o.route.target != "" {
		destination = o.route.destination()
	} else if !o.destination.Addr().IsPrivate() {
		destination = "0.0.0.0/0"
		if o.destination.Addr().Is6() {
			destination = "::/0"
		}
	}
	option := "--destination-cidr-block "
	switch {
	case strings.HasPrefix(destination, "pl-"):
		option = "--destination-prefix-list-id "
	case strings.Contains(destination, ":"):
		option = "--destination-ipv6-cidr-block "
	}
	return []diag.Step{{
		Text: text,
		Command: fmt.Sprintf("aws ec2 %s --route-table-id %s %s%s %s", command, o.table.id, option, destination,
			cmp.Or(target, targetOptions["nat"])),
		Doc: "https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html", Changes: true,
	}}
}
