package ec2diag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// PathBeyondSight says where a path leaves what can be seen, and that it is assumed to go on from there.
var PathBeyondSight = &diag.Check[*Path]{
	Info: diag.Info{
		Code: "ec2.path-beyond-sight", Title: "Path leaves what can be seen",
		Doc: "The path goes through a peering connection, transit gateway, virtual private gateway, appliance or another " +
			"account's NAT gateway. What stands behind it is not visible from here; the path is assumed to go on.",
		Severity: diag.SeverityInfo, Confidence: diag.Possible, Actions: RouteMissing.Actions, Source: sourceRouteTables,
	},
	Run: func(ctx context.Context, p *Path) ([]diag.Finding, error) {
		pairs, err := p.ways(ctx)
		var beyond []string
		for _, x := range pairs {
			beyond = append(beyond, x.way.beyond...)
		}
		slices.Sort(beyond)
		beyond = slices.Compact(beyond)
		if len(beyond) == 0 {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf(
				"%s from %s to %s goes through %s and is assumed to pass there",
				p.Traffic(),
				label(p.from.resource),
				label(p.to.resource),
				strings.Join(beyond, ", "),
			),
			Evidence: []diag.Evidence{{Source: sourceTables, Field: "Routes", Value: "target " + strings.Join(beyond, ", ")}},
		}}, err
	},
}
