package ec2diag

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

// TestFindingsAgreeWithPackets is that a path of one address to one other, for one port, has a finding just when its
// packets or their answers do not arrive.
func TestFindingsAgreeWithPackets(t *testing.T) {
	found, silent := 0, 0
	for seed := range uint64(5000) {
		m := maker{rand.New(rand.NewPCG(seed, 3))}
		n, w := m.world()
		faces := m.faces()[:5] // those of one address a family
		f, g := pick(m, faces), pick(m, faces)
		if f.ID == g.ID {
			continue
		}
		f.Addresses, g.Addresses = f.Addresses[:1], g.Addresses[:1] // the IPv4 ones
		port := pick(m, brutePorts)
		arrives := w.delivers(bruteFace{f.Subnet, f.Groups, f.Public.IsValid()},
			bruteFace{g.Subnet, g.Groups, g.Public.IsValid()},
			brutePacket{f.Addresses[0].Addr(), g.Addresses[0].Addr(), int(TCP), port})
		p := NewPath(n, EndOf(diag.Resource{ID: "f"}, f), EndOf(diag.Resource{ID: "g"}, g), TCP, int32(port))
		worst := judge(t, p)
		if arrives {
			silent++
			assert.Less(t, worst, diag.SeverityError, "world %d: arrives, and is said not to", seed)
		} else {
			found++
			assert.GreaterOrEqual(t, worst, diag.SeverityWarning, "world %d: does not arrive, and nothing says so", seed)
		}
	}
	assert.Greater(t, min(found, silent), 300)
}

// TestNoFindingsWhereSomethingPasses is that no check says of ends of many addresses, of IPv4 and IPv6, that a path is
// blocked of which some packets arrive.
func TestNoFindingsWhereSomethingPasses(t *testing.T) {
	open := 0
	for seed := range uint64(5000) {
		m := maker{rand.New(rand.NewPCG(seed, 4))}
		n, _ := m.world()
		faces := m.faces()
		f, g := pick(m, faces), pick(m, faces)
		if same(f, g) || (f.outside() && g.outside()) {
			continue
		}
		p := NewPath(n, EndOf(diag.Resource{ID: "f"}, f), EndOf(diag.Resource{ID: "g"}, g), TCP, int32(pick(m, brutePorts)))
		passing, err := p.passing(context.Background(), p.protocols(), p.ports())
		require.NoError(t, err)
		if !passing.IsEmpty() {
			open++
			assert.Less(t, judge(t, p), diag.SeverityError, "world %d: %s passes, and is said not to", seed, p.Resource())
		}
	}
	assert.Greater(t, open, 300)
}

// judge runs all checks of a path and returns the highest severity among the findings.
func judge(t *testing.T, p *Path) diag.Severity {
	var worst diag.Severity
	for _, check := range PathChecks() {
		findings, err := check.Run(context.Background(), p)
		require.NoError(t, err)
		for _, f := range findings {
			severity := f.Severity
			if severity == 0 {
				severity = check.Severity
			}
			worst = max(worst, severity)
		}
	}
	return worst
}
