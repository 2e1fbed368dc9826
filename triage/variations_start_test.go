package triage_test

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/triage"
)

func clone[T any](v *T) *T { return diagfake.Clone(v) }

// move gives a task on Fargate another address, and an interface that has it.
func (w *world) move(t *types.Task, address string) {
	var old string
	for i := range t.Attachments {
		for j := range t.Attachments[i].Details {
			d := &t.Attachments[i].Details[j]
			switch aws.ToString(d.Name) {
			case "privateIPv4Address":
				old, d.Value = *d.Value, aws.String(address)
			case "networkInterfaceId":
				d.Value = aws.String("eni-0" + strings.ReplaceAll(address, ".", "") + "e7")
			}
		}
	}
	for i := range t.Containers {
		for j := range t.Containers[i].NetworkInterfaces {
			t.Containers[i].NetworkInterfaces[j].PrivateIpv4Address = aws.String(address)
		}
	}
	for _, n := range w.EC2.NetworkInterfaces {
		if aws.ToString(n.PrivateIpAddress) == old && old != "" {
			c := *clone(&n)
			c.PrivateIpAddress, c.NetworkInterfaceId = aws.String(address),
				aws.String("eni-0"+strings.ReplaceAll(address, ".", "")+"e7")
			for i := range c.PrivateIpAddresses {
				c.PrivateIpAddresses[i].PrivateIpAddress = aws.String(address)
			}
			w.EC2.NetworkInterfaces = append(w.EC2.NetworkInterfaces, c)
			return
		}
	}
}

// startVariations are tasks on Fargate that get neither room nor an interface, and services that hold themselves up.
func startVariations() []variation {
	release := func(f func(w *world) fault) func(*world) {
		return func(w *world) { w.release("quotes", 38*time.Minute, nil, 5*time.Second, f) }
	}
	quotesSubnet := func(w *world) string {
		return w.service("quotes").NetworkConfiguration.AwsvpcConfiguration.Subnets[0]
	}
	return []variation{
		{name: "network interface takes too long", kind: triage.TasksPending, target: "quotes",
			spoil: release(func(*world) fault {
				return neverStarted("Timeout waiting for network interface provisioning to complete.")
			}),
			root: because(quotesAny, "network interface"), mustNot: []string{"security group", "image"}},
		{name: "no Fargate capacity", kind: triage.TasksPending, target: "quotes",
			spoil: func(w *world) {
				w.service("quotes").DesiredCount, w.service("quotes").Deployments[0].DesiredCount = 5, 5
				w.change(34*time.Minute, "autoscaling", "ecs:UpdateService",
					`{"service":"`+*w.service("quotes").ServiceName+`","desiredCount":5}`)
				for ago := 33 * time.Minute; ago > 0; ago -= 6 * time.Minute {
					w.event("quotes", ago,
						"was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a "+
							"different availability zone.")
				}
			}, root: because(quotesAny, "capacity is unavailable", "capacity"), mustNot: []string{"image", "memory"}},
		{name: "subnet out of addresses", kind: triage.TasksPending, target: "quotes",
			spoil: func(w *world) {
				for i := range w.EC2.Subnets {
					if *w.EC2.Subnets[i].SubnetId == quotesSubnet(w) {
						w.EC2.Subnets[i].AvailableIpAddressCount = aws.Int32(0)
					}
				}
				w.release("quotes", 38*time.Minute, nil, 0, func(w *world) fault {
					return neverStarted("Unexpected EC2 error while attempting to Create Network Interface with public IP assignment "+
						"disabled in subnet '%s': InsufficientFreeAddressesInSubnet", quotesSubnet(w))
				})
			}, root: because(quotesAny+" subnet-017e430124a710725", "address", "insufficientfreeaddresses"),
			mustNot: []string{"image", "memory"}},
		{name: "Fargate Spot takes its capacity back", kind: triage.TasksStopping, target: "quotes",
			spoil: func(w *world) {
				s := w.service("quotes")
				s.LaunchType, s.CapacityProviderStrategy = "",
					[]types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE_SPOT"), Weight: 1}}
				for _, ago := range []time.Duration{49 * time.Minute, 31 * time.Minute, 22 * time.Minute, 12 * time.Minute} {
					w.stopped("quotes", ago, 8*time.Minute, func(t *types.Task) {
						t.LaunchType, t.CapacityProviderName = types.LaunchTypeFargate, aws.String("FARGATE_SPOT")
						t.StopCode, t.StoppedReason = types.TaskStopCodeSpotInterruption, aws.String("Your Spot Task was interrupted.")
						t.Containers[0].ExitCode = aws.Int32(143)
					})
				}
				w.lacks("quotes")
			}, root: because(quotesAny, "spot"), mustNot: []string{"memory", "image"}},
		{name: "desired count zero", kind: triage.HTTP503, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.down("quotes", 31*time.Minute)
				w.service("quotes").DesiredCount, w.service("quotes").Deployments[0].DesiredCount = 0, 0
				w.event("quotes", 31*time.Minute, "has stopped 2 running tasks: (task %s) (task %s).", w.id(), w.id())
				w.event("quotes", 30*time.Minute, "has reached a steady state.")
				w.change(31*time.Minute, "m.greco", "ecs:UpdateService",
					`{"cluster":"`+*w.ECS.Clusters[0].ClusterName+`","service":"`+*w.service("quotes").ServiceName+
						`","desiredCount":0}`)
				w.errors("503", 31*time.Minute, 5200)
			}, root: because(quotesAny, "desired count", "zero", "desiredcount", "0 tasks"),
			mustNot: []string{"security group", "memory"}},
		{name: "percentages leave no step to take", kind: triage.DeploymentStuck, target: "quotes",
			spoil: func(w *world) {
				w.release("quotes", 38*time.Minute, nil, 0, nil)
				c := w.service("quotes").DeploymentConfiguration
				c.MaximumPercent, c.MinimumHealthyPercent = aws.Int32(100), aws.Int32(100)
				for ago := 37 * time.Minute; ago > 0; ago -= 10 * time.Minute {
					w.event("quotes", ago,
						"was unable to stop or start tasks during a deployment because of the service deployment configuration. "+
							"Update the minimumHealthyPercent or maximumPercent value and try again.")
				}
			}, root: because(quotesAny, "minimumhealthypercent", "percent"),
			mustNot: []string{"image", "memory", "security group"}},
		{name: "circuit breaker rolls back a program that fails", kind: triage.DeploymentStuck, target: "quotes",
			spoil: func(w *world) {
				w.release("quotes", 38*time.Minute, nil, 5*time.Second, func(*world) fault { return exited(1, "") })
				w.inEach("quotes", 33*time.Second, "Traceback (most recent call last):",
					`  File "/app/config.py", line 22, in <module>`, "KeyError: 'RATES_URL'")
				w.rollBack("quotes", 9*time.Minute)
			}, root: because(quotesSays, "rates_url"), mustNot: []string{"security group", "memory"}},
	}
}

// rollBack ends a failing deployment as the circuit breaker does.
func (w *world) rollBack(name string, ago time.Duration) {
	s := w.service(name)
	failed, old := *clone(&s.Deployments[0]), s.Deployments[1]
	s.DeploymentConfiguration.DeploymentCircuitBreaker = &types.DeploymentCircuitBreaker{Enable: true, Rollback: true}
	failed.Status, failed.RolloutState = aws.String("INACTIVE"), types.DeploymentRolloutStateFailed
	failed.RolloutStateReason = aws.String("ECS deployment circuit breaker: tasks failed to start.")
	failed.DesiredCount = 0
	back := *clone(&old)
	back.Id, back.Status, back.CreatedAt, back.UpdatedAt = aws.String("ecs-svc/8120447715530016923"),
		aws.String("PRIMARY"), aws.Time(w.ago(ago)), aws.Time(w.ago(ago/2))
	back.RolloutState, back.RolloutStateReason = types.DeploymentRolloutStateCompleted,
		aws.String("ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/7730960240646725067.")
	s.Deployments, s.TaskDefinition = []types.Deployment{back}, back.TaskDefinition
	w.event(name, ago, "(deployment %s) deployment failed: tasks failed to start.", *failed.Id)
	w.event(name, ago-time.Second, "rolling back to deployment %s.", *old.Id)
	w.event(name, ago/2, "(deployment %s) deployment completed.", *back.Id)
	w.event(name, ago/2-time.Second, "has reached a steady state.")
}
