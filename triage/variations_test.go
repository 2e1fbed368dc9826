package triage_test

import (
	"cmp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
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
	// root and more are the causes; a sound account has none.
	root *verdict
	more []verdict
	// mustNot are words of wrong verdicts.
	mustNot []string
	// open tells why the diagnosis does not find the cause yet.
	open string
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

func variations() []variation {
	var all []variation
	for _, theme := range [][]variation{imageVariations(), exitVariations(), startVariations(), placementVariations(), networkVariations(),
		databaseVariations(), balancerVariations(), healthVariations(), hostVariations(), listenVariations(), ssmVariations(), mixedVariations(), soundVariations()} {
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
	symptom := triage.Symptom{Kind: v.kind, Target: v.target, TargetType: cmp.Or(v.targetType, targetService), Note: v.note,
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
		return "inconclusive: " + string(i.Code) + " on " + i.Resource.String() + ": " + i.Err
	}
	roots := report.Roots()
	if v.root == nil {
		if report.Worst() >= diag.SeverityWarning {
			return "alarm in a sound account:\n" + told(roots)
		}
		return ""
	}
	wanted := append([]verdict{*v.root}, v.more...)
	first := roots[:min(len(roots), len(wanted))]
	for _, want := range wanted {
		if !anyMatches(t, want, first) {
			return "want first: " + strings.Join(want.ResourceAny, " ") + ": " + strings.Join(want.SayAny, ", ") + "\ngot: " + told(roots)
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

// TestVariations diagnoses incidents that no pack has: the cause must be named first, and sound accounts must be silent.
func TestVariations(t *testing.T) {
	all := variations()
	var right atomic.Int32
	t.Run("incidents", func(t *testing.T) {
		for _, v := range all {
			t.Run(v.name, func(t *testing.T) {
				t.Parallel()
				report := v.run(t)
				wrong := v.wrong(t, report)
				if wrong == "" {
					right.Add(1)
				}
				t.Logf("%s\n%s", told(report.Roots()), report)
				switch {
				case v.open == "":
					assert.Empty(t, wrong)
				case wrong == "":
					assert.Fail(t, "found by now", "it was open because %s", v.open)
				default:
					t.Logf("OPEN (%s): %s", v.open, wrong)
				}
			})
		}
	})
	t.Logf("%d of %d incidents: root first", right.Load(), len(all))
}
