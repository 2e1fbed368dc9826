// Package probefake is a network that exists in memory only.
//
//	network := &probefake.Client{
//		Hosts: map[string][]string{"api.example.com": {"10.0.0.7"}},
//		Ports: map[string]probefake.Port{"10.0.0.7:80": {Pages: map[string]probe.Response{"/health": {Status: 200}}}},
//	}
//	endpoint := probe.NewEndpoint("http://api.example.com/health", window, probe.Through(network))
//
// The zero value is an empty network: no name exists. It holds no recorded answers of AWS and so merges none.
package probefake

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/probe"
)

// Client is a fake [probe.Network]; its fields are the world.
type Client struct {
	diagfake.Recorder
	// Hosts are names and their addresses. Others do not exist.
	Hosts map[string][]string
	// CNAMEs are names and what they stand for.
	CNAMEs map[string]string
	// Lookup, if set, is how every lookup fails.
	Lookup probe.Failure
	// Ports are what listens, by address and port: "10.0.0.7:443". Others refuse.
	Ports map[string]Port
}

// Port is what listens on a port. The zero value accepts connections, speaks no TLS, and knows no page.
type Port struct {
	// Connect is how connecting fails, if it does.
	Connect probe.Failure
	// Handshake is what a TLS handshake gives. Nil means that the port does not speak TLS.
	Handshake *probe.Handshake
	// Pages are the answers by path. Others are answered with 404.
	Pages map[string]probe.Response
}

var (
	_ probe.Network = (*Client)(nil)
	_ diagfake.Fake = (*Client)(nil)
)

// Resolve answers from Hosts and CNAMEs.
func (c *Client) Resolve(ctx context.Context, in *probe.ResolveInput) (*probe.Resolution, error) {
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		"probe:Resolve",
		in,
		func(in *probe.ResolveInput) (*probe.Resolution, error) {
			if !c.Lookup.OK() {
				return &probe.Resolution{Failure: c.Lookup}, nil
			}
			out := &probe.Resolution{CNAME: c.CNAMEs[in.Host]}
			for _, text := range c.Hosts[in.Host] {
				addr, err := netip.ParseAddr(text)
				if err != nil {
					return nil, diag.Errorf(diag.KindInvalid, "an address of %s in the fake: %w", in.Host, err)
				}
				out.Addresses = append(out.Addresses, addr)
			}
			slices.SortFunc(out.Addresses, netip.Addr.Compare)
			if len(out.Addresses) == 0 {
				out.Failure = probe.Failure{
					Reason: probe.ReasonNoName,
					Text:   fmt.Sprintf("lookup %s: no such host", in.Host),
				}
			}
			return out, nil
		},
	)
}

// Connect answers from Ports.
func (c *Client) Connect(ctx context.Context, in *probe.ConnectInput) (*probe.Connection, error) {
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		"probe:Connect",
		in,
		func(in *probe.ConnectInput) (*probe.Connection, error) {
			return &probe.Connection{Address: in.Address, Failure: c.connect(in.Address)}, nil
		},
	)
}

func (c *Client) connect(address netip.AddrPort) probe.Failure {
	port, listens := c.Ports[address.String()]
	if !listens {
		return probe.Failure{Reason: probe.ReasonRefused, Text: "connection refused"}
	}
	return port.Connect
}

// Handshake answers from the port's Handshake.
func (c *Client) Handshake(ctx context.Context, in *probe.HandshakeInput) (*probe.Handshake, error) {
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		"probe:Handshake",
		in,
		func(in *probe.HandshakeInput) (*probe.Handshake, error) {
			if failed := c.connect(in.Address); !failed.OK() {
				return &probe.Handshake{Address: in.Address, Failure: failed}, nil
			}
			out := diagfake.Clone(c.Ports[in.Address.String()].Handshake)
			if out == nil {
				out = &probe.Handshake{Failure: probe.Failure{Reason: probe.ReasonNotTLS,
					Text: "tls: first record does not look like a TLS handshake"}}
			}
			out.Address = in.Address
			return out, nil
		},
	)
}

// Request answers from the port's Pages. Redirects are not followed: a page tells in its Hops of those behind it.
func (c *Client) Request(ctx context.Context, in *probe.RequestInput) (*probe.Response, error) {
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		"probe:Request",
		in,
		func(in *probe.RequestInput) (*probe.Response, error) {
			page, err := url.Parse(in.URL)
			if err != nil {
				return nil, diag.Errorf(diag.KindInvalid, "a page: %w", err)
			}
			if failed := c.connect(in.Address); !failed.OK() {
				return &probe.Response{Failure: failed}, nil
			}
			out, known := c.Ports[in.Address.String()].Pages[page.Path]
			if !known {
				out = probe.Response{Status: 404}
			}
			if out.URL == "" {
				out.URL = (&url.URL{Scheme: page.Scheme, Host: page.Host, Path: page.Path}).String()
			}
			return &out, nil
		},
	)
}
