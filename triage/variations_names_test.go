package triage_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
	"github.com/awsdiag/awsdiag/triage"
)

const (
	quotesVPC  = "vpc-00f12fe8de0b9a53b"
	quotesHost = "bookingprod-db-bdde974a88e3.cc539014f701.eu-south-1.rds.amazonaws.com"
	nameServer = "10.150.35.53"
)

// asksDNS gives the network DNS servers of somebody's own.
func (w *world) asksDNS(servers ...string) {
	for i := range w.EC2.VPCs {
		w.EC2.VPCs[i].DhcpOptionsId = aws.String("dopt-0b42cd90")
	}
	w.EC2.DHCPOptions = append(w.EC2.DHCPOptions, ec2fake.DHCP("dopt-0b42cd90", servers...))
}

// runsDNS starts a DNS server in the network, which lets in whom its security group says.
func (w *world) runsDNS(in ...types.IpPermission) {
	w.EC2.SecurityGroups = append(w.EC2.SecurityGroups, types.SecurityGroup{GroupId: aws.String("sg-0d35a1b2"),
		GroupName: aws.String("resolvers"), VpcId: aws.String(quotesVPC), IpPermissions: in})
	w.EC2.NetworkInterfaces = append(w.EC2.NetworkInterfaces, types.NetworkInterface{
		NetworkInterfaceId: aws.String("eni-0d35"), VpcId: aws.String(quotesVPC), PrivateIpAddress: aws.String(nameServer),
		SubnetId: aws.String(w.service("quotes").NetworkConfiguration.AwsvpcConfiguration.Subnets[0]),
		Groups:   []types.GroupIdentifier{{GroupId: aws.String("sg-0d35a1b2")}},
		PrivateIpAddresses: []types.NetworkInterfacePrivateIpAddress{{PrivateIpAddress: aws.String(nameServer),
			Primary: aws.Bool(true)}}})
}

// namesFail lets the service fail for its database's name, half an hour long.
func (w *world) namesFail(text string) {
	w.decoys(33 * time.Minute)
	w.failures("quotes", 31*time.Minute, 2600)
	w.complain("quotes", 31*time.Minute, text)
}

func nameVariations() []variation {
	const notKnown = `could not translate host name "` + quotesHost + `" to address: Name or service not known`
	udp := func(port int32) types.IpPermission {
		return types.IpPermission{IpProtocol: aws.String("udp"), FromPort: aws.Int32(port), ToPort: aws.Int32(port),
			IpRanges: []types.IpRange{{CidrIp: aws.String("10.150.0.0/16")}}}
	}
	return []variation{
		{name: "DNS support of the network is off, and nobody knows since when", kind: triage.DBUnreachable, target: "quotes",
			spoil: func(w *world) {
				w.namesFail(notKnown)
				for i := range w.EC2.VPCAttributes {
					w.EC2.VPCAttributes[i].DNSSupport = false
				}
			}, root: because(quotesVPC, "enablednssupport")},
		{name: "DNS server of the network is gone", kind: triage.Errors, target: "quotes",
			spoil: func(w *world) {
				w.namesFail(`dial tcp: lookup ` + quotesHost + ` on ` + nameServer + `:53: read udp: i/o timeout`)
				w.asksDNS(nameServer)
			}, root: because(quotesVPC, nameServer)},
		{name: "DNS server of the network lets nobody in", kind: triage.HTTP5xx, target: "quotes",
			spoil: func(w *world) {
				w.namesFail(`getaddrinfo EAI_AGAIN ` + quotesHost)
				w.asksDNS(nameServer)
				w.runsDNS(udp(123))
			}, root: because("sg-0d35a1b2", "udp 53")},
		{name: "network was given a DNS server that is not there", kind: triage.DBUnreachable, target: "quotes",
			spoil: func(w *world) {
				w.namesFail(notKnown)
				w.asksDNS(nameServer)
				w.by(33*time.Minute, changesfake.Write{Action: "ec2:AssociateDhcpOptions", Who: "netops",
					Params: `{"vpcId":"` + quotesVPC + `","dhcpOptionsId":"dopt-0b42cd90"}`})
			}, change: &culprit{code: "changes.dns-settings-changed", on: quotesVPC, by: "netops", ago: 33 * time.Minute}},
		{name: "DNS servers of somebody's own that work", kind: triage.Unknown, target: "quotes", spoil: func(w *world) {
			w.decoys(33 * time.Minute)
			w.asksDNS(nameServer)
			w.runsDNS(udp(53))
		}},
	}
}
