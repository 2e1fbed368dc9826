package triage_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

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

// TestChangeThatTookTheGroupOut: nothing forwards to a service any more, and its group does not say who did. The
// balancer is known from the change alone.
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

// TestBehindTheBalancer: what keeps requests from a service stands on its load balancer, and the question was about the
// service, or about its cluster, and not always about requests.
func TestBehindTheBalancer(t *testing.T) {
	shadow := func(w *world) {
		listener := *w.ELB.Listeners[len(w.ELB.Listeners)-1].ListenerArn
		for arn, rules := range w.ELB.Rules {
			for i := range rules {
				if &rules[i] == w.rule() {
					listener = arn
				}
			}
		}
		wide := *clone(w.rule())
		wide.RuleArn, wide.Priority = aws.String(*wide.RuleArn+"2"), aws.String("2")
		wide.Conditions[0].Values = []string{"/a*"}
		wide.Conditions[0].PathPatternConfig = &elb.PathPatternConditionConfig{Values: []string{"/a*"}}
		wide.Actions = forward(share(w.group("site"), 1))
		w.ELB.Rules[listener] = append([]elb.Rule{wide}, w.ELB.Rules[listener]...)
		w.metric("RequestCount", "", short(w.group("quotes")), 32*time.Minute, always(0))
	}
	canary := func(w *world) {
		green := w.spare()
		w.rule().Actions = forward(share(w.group("quotes"), 50), share(green, 50))
		w.ELB.TargetHealth[green] = []elb.TargetHealthDescription{{HealthCheckPort: aws.String("8080"),
			Target: &elb.TargetDescription{Id: aws.String("10.60.9.9"), Port: aws.Int32(8080)},
			TargetHealth: &elb.TargetHealth{State: elb.TargetHealthStateEnumUnhealthy,
				Reason: elb.TargetHealthReasonEnumTimeout, Description: aws.String("Request timed out")}}}
		w.errors("504", 33*time.Minute, 5200)
		w.metric("TargetConnectionErrorCount", "", "lb", 33*time.Minute, always(5200))
	}
	certificate := func(w *world) {
		for i := range w.ELB.Listeners {
			l := &w.ELB.Listeners[i]
			if len(l.Certificates) > 0 {
				l.Certificates[0].CertificateArn = aws.String("arn:aws:iam::628905137462:server-certificate/booking-2025")
			}
		}
		w.IAM.ServerCertificates = append(w.IAM.ServerCertificates, iamtypes.ServerCertificateMetadata{
			ServerCertificateName: aws.String("booking-2025"), Expiration: aws.Time(w.ago(41 * time.Minute))})
	}
	shadowed := because("bookingp-lb55f65", "never reached", "takes its requests")
	sick := because("quotesgreen", "no answer", "timed out")
	expired := because("booking-2025", "expired")
	wrong := []string{"security group", "image", "out of memory", "database"}
	var all []variation
	for _, from := range []struct{ name, target, typ string }{{"the service", "quotes", ""}, {"the cluster", "", targetCluster}} {
		all = append(all,
			variation{name: "shadowed rule, asked of " + from.name, kind: triage.Unknown, target: from.target,
				targetType: from.typ, spoil: shadow, root: shadowed, mustNot: wrong},
			variation{name: "504 of a canary, asked of " + from.name, kind: triage.HTTP504, target: from.target,
				targetType: from.typ, spoil: canary, root: sick, mustNot: wrong},
			variation{name: "canary, asked of " + from.name, kind: triage.Unknown, target: from.target,
				targetType: from.typ, spoil: canary, root: sick, mustNot: wrong},
			variation{name: "certificate, asked of " + from.name, kind: triage.Unreachable, target: from.target,
				targetType: from.typ, spoil: certificate, root: expired, mustNot: wrong})
	}
	diagnose(t, len(all), func(i int) (string, string) { return all[i].name, "" },
		func(t *testing.T, i int) (*diag.Report, string) {
			report := all[i].run(t)
			return report, all[i].wrong(t, report)
		})
}
