package triage_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	scale "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

// growing gives the site room to grow and, if it has any alarms, one step policy that these set off, and uses it up.
func (w *world) growing(alarms ...string) string {
	w.flood(45 * time.Minute)
	w.metric("CPUUtilization", "", siteCPU, 44*time.Minute, always(99.6))
	w.usualRequests(1)
	w.week("CPUUtilization", siteCPU, 30, 40)
	w.ceiling("site", 12)
	s := w.service("site")
	id := "service/" + short(*s.ClusterArn) + "/" + *s.ServiceName
	w.Scaling.ScalingPolicies = slices.DeleteFunc(w.Scaling.ScalingPolicies,
		func(p scale.ScalingPolicy) bool { return aws.ToString(p.ResourceId) == id })
	if len(alarms) == 0 {
		return id
	}
	p := scale.ScalingPolicy{PolicyName: aws.String("out"), PolicyType: scale.PolicyTypeStepScaling,
		ResourceId:       aws.String(id),
		ServiceNamespace: scale.ServiceNamespaceEcs, ScalableDimension: scale.ScalableDimensionECSServiceDesiredCount}
	for _, name := range alarms {
		p.Alarms = append(p.Alarms, scale.Alarm{AlarmName: aws.String(name)})
	}
	w.Scaling.ScalingPolicies = append(w.Scaling.ScalingPolicies, p)
	return id
}

// TestWhatKeptItFromGrowing: the change that took away what would make a service grow is the root.
func TestWhatKeptItFromGrowing(t *testing.T) {
	wrong := []string{"security group", "image", "out of memory", "unhealthy"}
	all := []variation{
		{name: "the policy was deleted", kind: triage.Slow, targetType: targetLoadBalancer, spoil: func(w *world) {
			id := w.growing()
			w.change(95*time.Minute, "m.greco", "application-autoscaling:DeleteScalingPolicy",
				`{"policyName":"out","serviceNamespace":"ecs","resourceId":"`+id+
					`","scalableDimension":"ecs:service:DesiredCount"}`)
		}, root: because(siteCPU, "m.greco deleted a scaling policy"), mustNot: wrong},
		{name: "its alarm was deleted", kind: triage.Slow, target: "site", spoil: func(w *world) {
			w.growing("site-load-high")
			w.change(95*time.Minute, "m.greco", "monitoring:DeleteAlarms", `{"alarmNames":["spare-alarm-1","site-load-high"]}`)
		}, root: because("site-load-high", "m.greco deleted"), mustNot: wrong},
		{name: "another alarm was deleted", kind: triage.Slow, target: "site", spoil: func(w *world) {
			w.growing("site-load-high")
			w.change(95*time.Minute, "m.greco", "monitoring:DeleteAlarms", `{"alarmNames":["spare-alarm-1"]}`)
		}, root: because(siteCPU, "does not grow"), mustNot: append([]string{"m.greco"}, wrong...)},
	}
	diagnose(t, len(all), func(i int) (string, string) { return all[i].name, "" },
		func(t *testing.T, i int) (*diag.Report, string) {
			report := all[i].run(t)
			return report, all[i].wrong(t, report)
		})
}
