package triage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/triage"
)

// busy gives a service ten tasks in two target groups, and stopped tasks for three reasons.
func (w *world) busy(name string) {
	s := w.service(name)
	second := w.secondGroup(name)
	have := w.tasks(name)
	for n := len(have); n < 10; n++ {
		w.another(name, *diagfake.Clone(have[0]), fmt.Sprintf("10.150.35.%d", 100+n), second)
	}
	s.DesiredCount, s.RunningCount = 10, 10
	s.Deployments[0].DesiredCount, s.Deployments[0].RunningCount = 10, 10
	for i := range 3 {
		w.stopped(name, time.Duration(40-3*i)*time.Minute, time.Minute,
			exited(137, "OutOfMemoryError: Container killed due to memory usage"))
	}
	crashed := w.stopped(name, 30*time.Minute, time.Minute, exited(1, ""))
	w.logs(name, *crashed.TaskArn, 29*time.Minute, "Error: Missing required environment variable: RATES_URL")
	w.stopped(name, 20*time.Minute, 3*time.Minute,
		replaced("Task failed ELB health checks in (target-group "+second+")", 143))
}

// secondGroup registers the tasks of a service in one more target group of its load balancer.
func (w *world) secondGroup(name string) string {
	s := w.service(name)
	first := w.group(name)
	i := slices.IndexFunc(w.ELB.TargetGroups, func(g elb.TargetGroup) bool { return *g.TargetGroupArn == first })
	group := *diagfake.Clone(&w.ELB.TargetGroups[i])
	arn := strings.Replace(first, "/", "/two-", 1)
	group.TargetGroupArn, group.TargetGroupName = aws.String(arn), aws.String(*group.TargetGroupName+"-two")
	w.ELB.TargetGroups = append(w.ELB.TargetGroups, group)
	w.ELB.TargetHealth[arn] = slices.Clone(w.ELB.TargetHealth[first])
	one := s.LoadBalancers[0]
	one.TargetGroupArn = aws.String(arn)
	s.LoadBalancers = append(s.LoadBalancers, one)
	return arn
}

// another runs one more task of a service.
func (w *world) another(name string, t types.Task, address string, second string) {
	w.rename(&t, w.id())
	w.ECS.Tasks = append(w.ECS.Tasks, t)
	first := aws.ToString(w.ELB.TargetHealth[second][0].Target.Id)
	i := slices.IndexFunc(w.EC2.NetworkInterfaces,
		func(n ec2types.NetworkInterface) bool { return aws.ToString(n.PrivateIpAddress) == first })
	face := *diagfake.Clone(&w.EC2.NetworkInterfaces[i])
	face.NetworkInterfaceId, face.PrivateIpAddress = aws.String("eni-0"+w.id()[:16]), aws.String(address)
	face.PrivateIpAddresses = []ec2types.NetworkInterfacePrivateIpAddress{{PrivateIpAddress: aws.String(address)}}
	w.EC2.NetworkInterfaces = append(w.EC2.NetworkInterfaces, face)
	for _, group := range []string{w.group(name), second} {
		target := *diagfake.Clone(&w.ELB.TargetHealth[group][0])
		target.Target.Id = aws.String(address)
		w.ELB.TargetHealth[group] = append(w.ELB.TargetHealth[group], target)
	}
}

// TestCostOfABusyService counts the calls of the whole walk from a service with ten tasks, three reasons to stop and
// two target groups: over ECS, load balancer, network, metrics, logs, scaling and changes.
func TestCostOfABusyService(t *testing.T) {
	w := newWorld(t)
	w.busy("site")
	s := w.service("site")
	symptom := triage.Symptom{Kind: triage.TasksStopping, Target: short(*s.ClusterArn) + "/" + *s.ServiceName,
		TargetType: targetService, Since: w.ago(30 * time.Minute)}
	synctest.Test(t, func(t *testing.T) {
		w.Delay(callDelay)
		begin := time.Now()
		report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, symptom,
			triage.Options{Now: w.now, Concurrency: 1 << 20})
		require.NoError(t, err)
		calls, deepest := w.Calls(), depth(w.Account, begin)
		slices.SortFunc(calls, func(a, b diagfake.Call) int { return a.Begun.Compare(b.Begun) })
		for _, c := range calls {
			t.Logf("%d %s %.150s", int(c.Begun.Sub(begin)/callDelay)+1, c.Action, lower(t, c.Input))
		}
		t.Logf("%d calls, depth %d", len(calls), deepest)
		assert.LessOrEqual(t, len(calls), 25)
		assert.LessOrEqual(t, deepest, 6)
		t.Log(told(report.Roots()))
	})
}
