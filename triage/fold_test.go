package triage_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

// TestOneGroupOfTwoTargetGroups is that a security group which guards the targets of two target groups is one finding
// that names both, with the missing rule of each.
func TestOneGroupOfTwoTargetGroups(t *testing.T) {
	w := newWorld(t)
	w.secondGroup("quotes")
	group := w.closeIn(31 * time.Minute)
	report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, triage.Symptom{Kind: triage.HTTP504,
		Target: *w.ELB.LoadBalancers[0].LoadBalancerName, TargetType: targetLoadBalancer}, triage.Options{Now: w.now})
	require.NoError(t, err)
	var found []diag.Finding
	for _, f := range report.Findings {
		if f.Code == "ec2.security-group-blocks-ingress" {
			found = append(found, f)
		}
	}
	require.Len(t, found, 1, told(report.Roots()))
	first := w.group("quotes")
	name := first[strings.Index(first, "targetgroup/")+len("targetgroup/"):]
	name = name[:strings.Index(name, "/")]
	f := found[0]
	assert.Equal(t, group, f.Resource.ID)
	assert.Contains(t, f.Summary, "target group "+name)
	assert.Contains(t, f.Summary, "; the same for target group two-"+name)
	var ends []string
	for _, r := range f.Related {
		if r.Role == "to" {
			ends = append(ends, r.Resource.ID)
		}
	}
	assert.Len(t, ends, 2)
	assert.Len(t, f.NextSteps, 2, "one rule opens both")
}

// TestInterfacesAreCounted is that hosts on which tasks get no network interface any more tell how many they have.
func TestInterfacesAreCounted(t *testing.T) {
	all := placementVariations()
	i := slices.IndexFunc(all, func(v variation) bool { return strings.HasPrefix(v.name, "no interface left") })
	report := all[i].run(t)
	var said []string
	for _, f := range report.Findings {
		if f.Code == "ec2.instance-interfaces-used-up" {
			said = append(said, f.Summary)
		}
	}
	require.Len(t, said, 2, "%s", report)
	assert.Contains(t, said[0], "has 3 network interfaces attached, all that its type allows, and no trunk")
}
