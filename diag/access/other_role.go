package access

import (
	"context"
	"fmt"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
)

// swapped reports that the other role of the task definition may do all that this one lacks: it was given to the wrong
// one. It asks only where something is lacking.
func (g *Grant) swapped(ctx context.Context, lacking []Decision) (bool, error) {
	if g.other == nil || g.other == g.role {
		return false, nil
	}
	var questions []Question
	for _, d := range lacking {
		if d.Effect == ImplicitDeny && !d.BoundaryBlocks && !d.OrganizationBlocks && d.OnResource == nil {
			questions = append(questions, d.Question)
		}
	}
	if len(questions) == 0 {
		return false, nil
	}
	decided, err := g.other.Simulate(ctx, questions...)
	if diag.KindOf(err) == diag.KindNotFound {
		return false, nil
	}
	may := len(decided) > 0 && !slices.ContainsFunc(decided, func(d Decision) bool { return d.Effect != Allowed })
	return may, err
}

// tellSwapped adds to a finding that the other role has what this one lacks.
func (g *Grant) tellSwapped(f *diag.Finding) {
	f.Summary += fmt.Sprintf("; the %s of the same task definition, %s, may: the permission was given to the wrong "+
		"role, this is done by the %s",
		g.roleOf.opposite(), g.other.name, g.roleOf)
	f.Evidence = append(f.Evidence, diag.Evidence{Source: callSimulate,
		Field: string(g.roleOf.opposite()) + " " + g.other.name, Value: "allowed"})
}
