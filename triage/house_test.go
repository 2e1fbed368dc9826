package triage_test

import (
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/awsdiag/awsdiag/"

// floors lists the rooms of the house from the ground up. A room imports only rooms on floors below its own.
var floors = [][]string{
	{"internal/words"},
	{"diag"},
	{"internal/saved", "diag/diagfake"},
	{"diag/diagtest", "diag/guard", "diag/report", "diag/logs", "diag/metrics", "diag/changes", "diag/traces",
		"diag/images", "diag/scaling", "diag/secrets", "diag/access", "diag/health"},
	{"diag/access/policies"},
	{"ec2diag", "ecsdiag", "albdiag", "rdsdiag", "ssmdiag", "ssmdiag/session"},
	{"triage"},
	{"examples"},
}

// sdk names the AWS services that a room may call: its own, and those of the evidence rooms that it draws on. The roof
// may call all of them.
var sdk = map[string][]string{
	"internal/words": {}, "diag": {}, "diag/diagfake": {}, "diag/diagtest": {}, "diag/guard": {}, "diag/report": {},
	"internal/saved": {},
	"diag/logs":      {"cloudwatchlogs"}, "diag/metrics": {"cloudwatch"}, "diag/changes": {"cloudtrail"},
	"diag/traces": {"xray"}, "diag/health": {"health"}, "diag/images": {"ecr"}, "diag/scaling": {"applicationautoscaling"},
	"diag/secrets": {"secretsmanager"}, "diag/access": {"iam"},
	"diag/access/policies": {"iam", "ecr", "kms", "secretsmanager"}, "ec2diag": {"ec2", "autoscaling", "cloudwatch"},
	"ecsdiag": {"ecs", "cloudwatch"},
	"albdiag": {"elasticloadbalancingv2", "cloudwatch", "acm"}, "rdsdiag": {"rds", "cloudwatch", "pi"},
	"ssmdiag": {"ssm"}, "ssmdiag/session": {"ssm", "kms"},
}

// listed is a package and what it imports, tests left aside.
type listed struct{ imports, deps []string }

func house(t *testing.T) map[string]listed {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}|{{join .Imports " "}}|{{join .Deps " "}}`,
		module+"...").Output()
	require.NoError(t, err)
	packages := map[string]listed{}
	for line := range strings.Lines(string(out)) {
		parts := strings.Split(strings.TrimSpace(line), "|")
		packages[strings.TrimPrefix(parts[0], module)] = listed{imports: strings.Fields(parts[1]),
			deps: strings.Fields(parts[2])}
	}
	return packages
}

// room returns the room that a package of this module belongs to, and its floor; -1 for furniture that is in no room.
func room(pkg string) (string, int) {
	best, floor := "", -1
	for i, rooms := range floors {
		for _, r := range rooms {
			if (pkg == r || (r != "diag" && strings.HasPrefix(pkg, r+"/"))) && len(r) > len(best) {
				best, floor = r, i
			}
		}
	}
	return best, floor
}

// TestHouse proves that no room imports a sibling or a floor above.
func TestHouse(t *testing.T) {
	packages := house(t)
	for _, rooms := range floors {
		for _, r := range rooms {
			found := slices.ContainsFunc(slices.Collect(maps.Keys(packages)),
				func(p string) bool { own, _ := room(p); return own == r })
			assert.True(t, found, "the room %s is empty: take it off the plan", r)
		}
	}
	for pkg, p := range packages {
		own, floor := room(pkg)
		for _, imported := range p.imports {
			other, below := room(strings.TrimPrefix(imported, module))
			if !strings.HasPrefix(imported, module) || below < 0 || floor < 0 || other == own {
				continue
			}
			assert.Less(t, below, floor, "%s imports %s", pkg, imported)
		}
	}
}

// TestRoomsLinkTheirService proves that who imports a room pays for the AWS services of that room only.
func TestRoomsLinkTheirService(t *testing.T) {
	const services = "github.com/aws/aws-sdk-go-v2/service/"
	for pkg, p := range house(t) {
		own, _ := room(pkg)
		allowed, bound := sdk[own]
		if !bound {
			continue
		}
		for _, dep := range p.deps {
			service, ok := strings.CutPrefix(dep, services)
			name, _, _ := strings.Cut(service, "/")
			if ok && name != "internal" {
				assert.Contains(t, allowed, name, "%s links %s", pkg, dep)
			}
		}
	}
}
