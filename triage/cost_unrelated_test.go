package triage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/triage"
)

// TestUnrelatedResourcesCostNothing: five hundred target groups, load balancers and network interfaces that
// have nothing to do with the service cost no call more.
func TestUnrelatedResourcesCostNothing(t *testing.T) {
	spoil := func(w *world) {
		w.release("quotes", 38*time.Minute, nil, 2*time.Minute, func(w *world) fault {
			return replaced("Task failed ELB health checks in (target-group "+w.group("quotes")+")", 0)
		})
		w.newTargets("quotes", elb.TargetHealthReasonEnumTimeout, "Request timed out")
	}
	count := func(more int) map[string]int {
		w := newWorld(t)
		spoil(w)
		crowd(w, more)
		walked(t, w, triage.DeploymentStuck, "")
		calls := map[string]int{}
		for _, c := range w.Calls() {
			calls[c.Action]++
		}
		return calls
	}
	assert.Equal(t, count(0), count(500))
}

// crowd adds resources of every kind that a peer asks for one by one.
func crowd(w *world, n int) {
	group, balancer, nic := w.ELB.TargetGroups[0], w.ELB.LoadBalancers[0], w.EC2.NetworkInterfaces[0]
	for i := range n {
		g, b, e := group, balancer, nic
		name := fmt.Sprintf("other-%03d", i)
		g.TargetGroupName, g.LoadBalancerArns = aws.String(name), nil
		g.TargetGroupArn = aws.String("arn:aws:elasticloadbalancing:eu-south-1:628905137462:targetgroup/" + name +
			"/0123456789abcdef")
		b.LoadBalancerName = aws.String(name)
		b.LoadBalancerArn = aws.String("arn:aws:elasticloadbalancing:eu-south-1:628905137462:loadbalancer/app/" + name +
			"/0123456789abcdef")
		e.NetworkInterfaceId, e.PrivateIpAddress = aws.String(fmt.Sprintf("eni-0%016x", i)),
			aws.String(fmt.Sprintf("10.9.%d.%d", i/250, i%250))
		e.PrivateIpAddresses, e.Attachment, e.Groups = nil, nil, []ec2types.GroupIdentifier{}
		w.ELB.TargetGroups, w.ELB.LoadBalancers = append(w.ELB.TargetGroups, g), append(w.ELB.LoadBalancers, b)
		w.EC2.NetworkInterfaces = append(w.EC2.NetworkInterfaces, e)
	}
}

// TestArchivedTasksAreWalkedFrom: what ECS has forgotten is diagnosed from events that were kept.
func TestArchivedTasksAreWalkedFrom(t *testing.T) {
	w := newWorld(t)
	w.release("quotes", 100*time.Minute, nil, 20*time.Second, nil)
	w.stopped("quotes", 90*time.Minute, 20*time.Second,
		exited(137, "OutOfMemoryError: Container killed due to memory usage"))
	forgotten := w.ECS.Tasks[len(w.ECS.Tasks)-1]
	require.Equal(t, types.TaskStopCodeEssentialContainerExited, forgotten.StopCode)
	w.ECS.Tasks = w.ECS.Tasks[:len(w.ECS.Tasks)-1]
	report, _ := walked(t, w, triage.TasksStopping, "")
	assert.Empty(t, codes(report, "ecs.task-oom-killed"))
	s, scope := w.service("quotes"), w.Scope()
	scope.StoppedTasks = []types.Task{forgotten}
	report, err := triage.Investigate(t.Context(), []triage.Scope{scope}, triage.Symptom{Kind: triage.TasksStopping,
		Target: short(*s.ClusterArn) + "/" + *s.ServiceName, TargetType: targetService,
		Since: w.ago(30 * time.Minute).Truncate(time.Minute)}, triage.Options{Now: w.now})
	require.NoError(t, err)
	found := codes(report, "ecs.task-oom-killed")
	require.Len(t, found, 1)
	assert.Equal(t, "events:ECS Task State Change", found[0].Evidence[0].Source)
}
