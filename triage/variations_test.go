package triage_test

import (
	"cmp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/triage"
)

// variation is an incident made by breaking a sound account in one way, as AWS would show it over all of its services.
type variation struct {
	name string
	kind triage.SymptomKind
	// target is a service's short name, or anything with targetType.
	target, targetType string
	// since is how long before the diagnosis somebody noticed; half an hour if zero.
	since time.Duration
	// note is what else the complaint says.
	note  string
	spoil func(*world)
	// root and more are the causes; a sound account has none, nor has it a change.
	root *verdict
	more []verdict
	// change is what must lead where somebody's change is the cause.
	change *culprit
	// mustNot are words of wrong verdicts, innocent those whose changes must not be blamed, beside the bystanders. With
	// a root and innocents no change may lead.
	mustNot, innocent []string
	// unseen is a check that may be inconclusive.
	unseen diag.Code
	// open tells why the diagnosis does not find the cause yet.
	open string
}

// culprit is a change: its family, a part of its resource, who made it, how long before now, and what its line must
// say.
type culprit struct {
	code   diag.Code
	on, by string
	ago    time.Duration
	says   []string
}

const (
	targetService      = "AWS::ECS::Service"
	targetCluster      = "AWS::ECS::Cluster"
	targetLoadBalancer = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	targetInstance     = "AWS::EC2::Instance"
	targetDatabase     = "AWS::RDS::DBInstance"
)

// because describes a cause by what its resource and its text must hold.
func because(resources string, words ...string) *verdict {
	v := &verdict{SayAny: words}
	if resources != "" {
		v.ResourceAny = strings.Fields(resources)
	}
	return v
}

// blindTo lets a check be inconclusive.
func (v variation) blindTo(code diag.Code) variation {
	v.unseen = code
	return v
}

func variations() []variation {
	var all []variation
	for _, theme := range [][]variation{imageVariations(), exitVariations(), startVariations(), placementVariations(),
		networkVariations(), nameVariations(),
		databaseVariations(), balancerVariations(), healthVariations(), hostVariations(), listenVariations(), ssmVariations(),
		mixedVariations(),
		soundVariations(), databaseIncidents(), databaseFaults(), databaseSwitchovers(), accessVariations(),
		changeVariations(), declineVariations(),
		reactionVariations(), latentVariations(), rivalVariations(), loadIncidents(), calmLoads(), rotationVariations()} {
		all = append(all, theme...)
	}
	return all
}

func (v variation) run(t testing.TB) *diag.Report {
	w := newWorld(t)
	v.spoil(w)
	report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, v.symptom(w), triage.Options{Now: w.now})
	require.NoError(t, err)
	return report
}

// symptom is the complaint about a world.
func (v variation) symptom(w *world) triage.Symptom {
	symptom := triage.Symptom{Kind: v.kind, Target: v.target, TargetType: cmp.Or(v.targetType, targetService),
		Note:  v.note,
		Since: w.ago(cmp.Or(v.since, 30*time.Minute)).Truncate(time.Minute)}
	switch symptom.TargetType {
	case targetService:
		s := w.service(v.target)
		symptom.Target = short(*s.ClusterArn) + "/" + *s.ServiceName
	case targetCluster:
		symptom.Target = *w.ECS.Clusters[0].ClusterName
	case targetLoadBalancer:
		symptom.Target = *w.ELB.LoadBalancers[0].LoadBalancerName
	case targetDatabase:
		symptom.Target = *w.RDS.DBInstances[0].DBInstanceIdentifier
	case targetInstance:
		symptom.Target = w.host(v.target)
	}
	return symptom
}

// wrong tells what is wrong with a diagnosis, empty if nothing is.
func (v variation) wrong(t testing.TB, report *diag.Report) string {
	for _, i := range report.Inconclusive {
		if i.Code != v.unseen {
			return "inconclusive: " + string(i.Code) + " on " + i.Resource.String() + ": " + i.Err
		}
	}
	roots := report.Roots()
	for _, r := range roots {
		if r.Severity >= diag.SeverityWarning && saysAny(r.Summary, slices.Concat(bystanders, v.innocent)) {
			return "blamed without reason: " + r.Summary
		}
	}
	if v.change != nil {
		return v.change.wrong(report)
	}
	if v.root == nil {
		if report.Worst() >= diag.SeverityWarning {
			return "alarm in a sound account:\n" + told(roots)
		}
		return ""
	}
	if len(v.innocent) > 0 && len(roots) > 0 && roots[0].Change {
		return "a change leads: " + told(roots)
	}
	return v.wrongRoots(t, roots)
}

func (v variation) wrongRoots(t testing.TB, roots []diag.Root) string {
	wanted := append([]verdict{*v.root}, v.more...)
	first := roots[:min(len(roots), len(wanted))]
	for _, want := range wanted {
		if !anyMatches(t, want, first) {
			return "want first: " + strings.Join(want.ResourceAny, " ") + ": " + strings.Join(want.SayAny, ", ") + "\ngot: " +
				told(roots)
		}
	}
	verdicts := strings.ReplaceAll(strings.ToLower(told(first)), "-", " ")
	for _, word := range v.mustNot {
		if strings.Contains(verdicts, word) {
			return "must not say " + word + ":\n" + told(first)
		}
	}
	return ""
}

// wrong tells what is wrong with a diagnosis that this change must lead.
func (c culprit) wrong(report *diag.Report) string {
	roots := report.Roots()
	if len(roots) == 0 {
		return "no root"
	}
	r, at := roots[0], report.Window.End.Add(-c.ago)
	switch {
	case r.Code != c.code || !strings.Contains(r.Resource.ID, c.on):
		return "want first: " + string(c.code) + " on " + c.on + "\ngot: " + told(roots)
	case !strings.Contains(r.Summary, c.by) || !strings.Contains(r.Summary, at.UTC().Format(time.RFC3339)) ||
		!r.Since.Equal(at):
		return "actor or time is not told: " + r.Summary
	case len(r.Explains) == 0 || len(r.NextSteps) == 0:
		return "it explains nothing, or says not what to do: " + r.Summary
	}
	for _, words := range c.says {
		if !strings.Contains(r.Summary, words) {
			return "want " + words + " in: " + r.Summary
		}
	}
	return ""
}

// saysAny reports that a text holds one of the words, in any case; no words, no.
func saysAny(text string, words []string) bool {
	return len(words) > 0 && containsAny(strings.ToLower(text), words)
}

// TestVariations diagnoses incidents that no pack has: the cause must be named first, no other may be blamed, and sound
// accounts must be silent.
func TestVariations(t *testing.T) {
	all := variations()
	families := map[diag.Code]bool{}
	for _, f := range changes.Families() {
		families[f.Code()] = true
	}
	for _, v := range all {
		require.True(t, v.change == nil || families[v.change.code], v.name)
	}
	diagnose(t, len(all), func(i int) (string, string) { return all[i].name, all[i].open },
		func(t *testing.T, i int) (*diag.Report, string) {
			report := all[i].run(t)
			return report, all[i].wrong(t, report)
		})
}

// diagnose runs n incidents side by side and counts those that are diagnosed rightly. One that is open must be wrong
// still.
func diagnose(t *testing.T, n int, named func(int) (name, open string),
	run func(*testing.T, int) (*diag.Report, string)) {
	var right atomic.Int32
	t.Run("incidents", func(t *testing.T) {
		for i := range n {
			name, open := named(i)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				report, wrong := run(t, i)
				if wrong == "" {
					right.Add(1)
				}
				t.Logf("%s\n%s", told(report.Roots()), report)
				switch {
				case open == "":
					assert.Empty(t, wrong)
				case wrong == "":
					assert.Fail(t, "found by now", "it was open because %s", open)
				default:
					t.Logf("OPEN (%s): %s", open, wrong)
				}
			})
		}
	})
	t.Logf("%d of %d incidents: root first", right.Load(), n)
}
