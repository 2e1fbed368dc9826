// Package netset is an algebra of packets: sets over source address, destination address, protocol and port, for IPv4
// and IPv6 alike, with union, intersection and difference. It knows nothing of AWS.
//
// A firewall rule is a [Match]; a list of rules becomes a [Set]; two filters in a row are an intersection; what a path
// lets through is what is left at its end.
package netset
