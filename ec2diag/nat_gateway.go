package ec2diag

import (
	"context"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// NATGateway is a NAT gateway as its metrics show it. Whether it stands and is routed to is the matter of a [Path].
type NATGateway struct {
	id     string
	window diag.Window
	source *metrics.Source
}

// NewNATGateway makes a NAT gateway, "nat-…", that reads its metrics from a source.
func NewNATGateway(source *metrics.Source, id string, window diag.Window) *NATGateway {
	return &NATGateway{id: id, window: window, source: source}
}

// Resource names the NAT gateway.
func (g *NATGateway) Resource() diag.Resource { return resource(typeNATGateway, g.id) }

// Window returns what the NAT gateway looks back on.
func (g *NATGateway) Window() diag.Window { return g.window }

func (g *NATGateway) metric(name, stat string) metrics.Metric {
	return metrics.Metric{Namespace: "AWS/NATGateway", Name: name, Stat: stat,
		Dimensions: []metrics.Dimension{{Name: "NatGatewayId", Value: g.id}}}
}

// observe returns what the checks judge, in one call: the connections that got no source port, in each period, and the
// most that were open at a time.
func (g *NATGateway) observe(ctx context.Context) (refused, open metrics.Series, err error) {
	a, b := g.metric("ErrorPortAllocation", "Sum"), g.metric("ActiveConnectionCount", "Maximum")
	set, err := g.source.Fetch(ctx, a, b)
	return set.Series(a), set.Series(b), err
}
