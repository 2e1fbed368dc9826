package ec2diag

import (
	"context"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
)

// NATGatewayOutOfPorts reports NAT gateways that have no source port left for new connections to a destination.
var NATGatewayOutOfPorts = &diag.Check[*NATGateway]{
	Info: diag.Info{
		Code: "ec2.nat-gateway-out-of-ports", Title: "NAT gateway is out of ports",
		Doc: "The NAT gateway could not give new connections a source port: too many are open to one destination at a time. " +
			"It holds 55,000 for each of its addresses and each destination; more are refused, and the caller sees a timeout.",
		Severity: diag.SeverityWarning, Actions: []string{sourceMetrics}, Breaks: []diag.Mechanism{diag.NetworkPath},
		Needs:  []diag.Mechanism{diag.Demand},
		Limits: "The metric does not tell which destination it was, nor who holds the connections.",
		Source: "Amazon VPC user guide, NAT gateway metrics and dimensions: ErrorPortAllocation",
	},
	Run: func(ctx context.Context, g *NATGateway) ([]diag.Finding, error) {
		refused, open, err := g.observe(ctx)
		// One period may be a burst that clients got over by trying again.
		out, ok := lasting(refused, g.window.End, 2, func(v float64) bool { return v > 0 })
		if !ok {
			return nil, err
		}
		total := refused.Between(diag.Window{Start: out.since, End: g.window.End}).Sum()
		f := out.finding(fmt.Sprintf("NAT gateway %s had no port left for %.0f connections %s: too many are open to one destination",
			g.id, total, out.lasted()), portSteps(g.id)...)
		if p, ok := open.Max(); ok {
			f.Summary += fmt.Sprintf(" (up to %.0f in all)", p.Value)
			f.Evidence = append(f.Evidence, diag.Evidence{Source: sourceMetrics, Value: fmt.Sprintf("%.0f", p.Value), At: p.At,
				Field: "ActiveConnectionCount (Maximum) of " + g.id})
		}
		return []diag.Finding{f}, err
	},
}

func portSteps(id string) []diag.Step {
	const doc = "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html"
	return []diag.Step{
		{Text: "Find who holds the connections: flow logs of the gateway's interface by source and destination. Programs " +
			"that open a connection for each call should keep them open and use them again.", Doc: doc},
		{Text: "Give the gateway more addresses: each adds 55,000 connections to a destination.", Changes: true, Doc: doc,
			Command: "aws ec2 associate-nat-gateway-address --nat-gateway-id " + id + " --allocation-ids eipalloc-…"},
	}
}
