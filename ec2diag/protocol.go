package ec2diag

import (
	"fmt"
	"strconv"

	"github.com/awsdiag/awsdiag/ec2diag/internal/netset"
)

// Protocol is an IP protocol number ("Assigned Internet Protocol Numbers", IANA).
type Protocol uint8

// The protocols that security groups know by name.
const (
	ICMP   Protocol = 1
	TCP    Protocol = 6
	UDP    Protocol = 17
	ESP    Protocol = 50
	ICMPv6 Protocol = 58
)

var protocolNames = map[Protocol]string{ICMP: "icmp", TCP: "tcp", UDP: "udp", ESP: "esp", ICMPv6: "icmpv6"}

// String returns the name, or "protocol 47".
func (p Protocol) String() string {
	if name, ok := protocolNames[p]; ok {
		return name
	}
	return "protocol " + strconv.Itoa(int(p))
}

// hasPorts reports a protocol whose rules narrow ports. Rules of any protocol but tcp, udp, icmp and icmpv6 admit all
// traffic of that protocol (API_IpPermission, IpProtocol).
func (p Protocol) hasPorts() bool { return p == TCP || p == UDP }

func (p Protocol) isICMP() bool { return p == ICMP || p == ICMPv6 }

// protocolsOf reads the protocol of a rule: a name, a number, or -1 for all.
func protocolsOf(text string) (netset.Interval, bool) {
	if text == "-1" {
		return netset.AllProtocols, true
	}
	for p, name := range protocolNames {
		if text == name && p != ESP {
			return netset.Interval{Low: uint16(p), High: uint16(p)}, true
		}
	}
	n, err := strconv.ParseUint(text, 10, 8)
	return netset.Interval{Low: uint16(n), High: uint16(n)}, err == nil
}

// portsOf reads the ports of a rule for protocols. Nil and -1 stand for all.
func portsOf(protocols netset.Interval, from, to *int32) netset.Interval {
	p := Protocol(protocols.Low)
	switch {
	case protocols == netset.AllProtocols || from == nil || *from < 0:
		return netset.AllPorts
	case p.hasPorts() && to != nil:
		return netset.Interval{Low: uint16(*from), High: uint16(*to)}
	case p.isICMP():
		return icmpPorts(*from, to)
	}
	return netset.AllPorts
}

// icmpPorts packs an ICMP type and code into the place of a port.
func icmpPorts(typ int32, code *int32) netset.Interval {
	low := uint16(typ) << 8
	if code == nil || *code < 0 {
		return netset.Interval{Low: low, High: low | 0xff}
	}
	return netset.Interval{Low: low | uint16(*code), High: low | uint16(*code)}
}

// traffic names a protocol and a port as a person would: "tcp 443", "icmp", "esp".
func traffic(p Protocol, port int32) string {
	if p.hasPorts() {
		return fmt.Sprintf("%s %d", p, port)
	}
	return p.String()
}

// trafficText names spans of protocols and ports.
func trafficText(t netset.Traffic) string {
	name := "all protocols"
	if t.Protocols.Low == t.Protocols.High {
		name = Protocol(t.Protocols.Low).String()
	} else if t.Protocols != netset.AllProtocols {
		name = fmt.Sprintf("protocols %d-%d", t.Protocols.Low, t.Protocols.High)
	}
	switch {
	case t.Ports == netset.AllPorts:
		return name
	case t.Ports.Low == t.Ports.High:
		return fmt.Sprintf("%s %d", name, t.Ports.Low)
	}
	return fmt.Sprintf("%s %d-%d", name, t.Ports.Low, t.Ports.High)
}
