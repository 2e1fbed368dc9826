package triage_test

import (
	"testing"
	"time"

	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

// unused takes the group of "quotes" out of its rule, and returns the rule's ARN.
func (w *world) unused() string {
	was := *w.ELB.TargetGroups[1].TargetGroupArn
	rule := w.rule()
	for _, a := range rule.Actions {
		if a.TargetGroupArn != nil {
			was = *a.TargetGroupArn
		}
	}
	rule.Actions = forward(share(w.spare(), 1))
	for i := range w.ELB.TargetHealth[was] {
		w.ELB.TargetHealth[was][i].TargetHealth = &elb.TargetHealth{State: elb.TargetHealthStateEnumUnused,
			Reason: elb.TargetHealthReasonEnumNotInUse}
	}
	for i := range w.ELB.TargetGroups {
		if *w.ELB.TargetGroups[i].TargetGroupArn == was {
			w.ELB.TargetGroups[i].LoadBalancerArns = nil
		}
	}
	return *rule.RuleArn
}

// TestChangeThatTookTheGroupOut: nothing forwards to a service any more, and its group does not say who did. The balancer
// is known from the change alone.
func TestChangeThatTookTheGroupOut(t *testing.T) {
	spoil := func(w *world) {
		rule := w.unused()
		w.change(50*time.Minute, "m.greco", "elasticloadbalancing:ModifyRule", `{"ruleArn":"`+rule+`","actions":`+
			asRequested(w.rule().Actions)+`}`)
	}
	root := because("", "m.greco changed a listener rule")
	all := []variation{
		{name: "requests fail", kind: triage.HTTP503, target: "quotes", spoil: spoil, root: root},
		{name: "anything may be wrong", kind: triage.Unknown, target: "quotes", spoil: spoil, root: root},
		{name: "sound: the idle side, and nobody changed a rule", kind: triage.Unknown, target: "quotes",
			spoil: func(w *world) { w.unused() }},
	}
	diagnose(t, len(all), func(i int) (string, string) { return all[i].name, "" },
		func(t *testing.T, i int) (*diag.Report, string) {
			report := all[i].run(t)
			return report, all[i].wrong(t, report)
		})
}
