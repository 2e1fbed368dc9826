package triage_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/ec2diag/groupfake"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
	"github.com/awsdiag/awsdiag/triage"
)

const payoutsAny = "payoutsservice payoutstaskdef bookingprod-cluster"

// unplaced begins a deployment of "payouts" for whose tasks there is no room, with the tail of the event that says so.
func unplaced(why string, change func(*types.TaskDefinition)) func(*world) {
	return func(w *world) {
		w.release("payouts", 38*time.Minute, change, 0, nil)
		for ago := 37 * time.Minute; ago > 0; ago -= 7 * time.Minute {
			w.event("payouts", ago, "was unable to place a task because no container instance met all of its requirements. %s "+
				"For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.", why)
		}
	}
}

// scaledBy gives the cluster a capacity provider with an Auto Scaling group that has the hosts in service.
func (w *world) scaledBy(provider, group string, desired int32) {
	var hosts []string
	for _, h := range w.ECS.ContainerInstances {
		hosts = append(hosts, *h.Ec2InstanceId)
	}
	w.AutoScaling.Groups = append(w.AutoScaling.Groups, groupfake.Group(group, desired, hosts...))
	w.ECS.CapacityProviders = append(w.ECS.CapacityProviders, ecsfake.CapacityProvider(provider, group))
	w.ECS.Clusters[0].CapacityProviders = append(w.ECS.Clusters[0].CapacityProviders, provider)
}

func placementVariations() []variation {
	const closest = "The closest matching (container-instance 9b1475e8d761ac311737824604d4e5ee) "
	return []variation{
		{name: "no container instances", kind: triage.TasksPending, target: "payouts",
			spoil: func(w *world) {
				w.down("payouts", 38*time.Minute)
				w.ECS.ContainerInstances = nil
				w.ECS.Clusters[0].RegisteredContainerInstancesCount = 0
				for ago := 37 * time.Minute; ago > 0; ago -= 7 * time.Minute {
					w.event("payouts", ago,
						"was unable to place a task because no container instance met all of its requirements. Reason: No Container "+
							"Instances were found in your cluster. "+
							"For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.")
				}
				w.change(39*time.Minute, "m.greco", "autoscaling:UpdateAutoScalingGroup",
					`{"autoScalingGroupName":"BookingProd-EcsAsg","minSize":0,"desiredCapacity":0}`)
			}, root: because(payoutsAny, "no container instances", "container instance"),
			mustNot: []string{"memory", "image", "security group"}},
		{name: "no container instances, for their group launches none", kind: triage.TasksPending, target: "payouts",
			spoil: func(w *world) {
				w.scaledBy("hosts", "payouts-hosts", 2)
				w.AutoScaling.Groups[0].Instances = nil
				for ago := 50 * time.Minute; ago > 0; ago -= 9 * time.Minute {
					w.AutoScaling.Activities = append(w.AutoScaling.Activities,
						groupfake.FailedLaunch("payouts-hosts", "Your quota allows for 0 "+
							"more running instance(s). You requested at least 1. Launching EC2 instance failed.", w.ago(ago)))
				}
				w.down("payouts", 38*time.Minute)
				w.ECS.ContainerInstances = nil
				w.ECS.Clusters[0].RegisteredContainerInstancesCount = 0
				for ago := 37 * time.Minute; ago > 0; ago -= 7 * time.Minute {
					w.event("payouts", ago,
						"was unable to place a task because no container instance met all of its requirements. Reason: No Container "+
							"Instances were found in your cluster. "+
							"For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.")
				}
			}, root: because("payouts-hosts", "quota allows for 0"), mustNot: []string{"image", "security group"}},
		{name: "no memory, and their group is at its maximum", kind: triage.DeploymentStuck, target: "payouts",
			spoil: func(w *world) {
				w.scaledBy("hosts", "payouts-hosts", 2)
				w.AutoScaling.Groups[0].MaxSize = aws.Int32(2)
				unplaced(closest+"has insufficient memory available.",
					func(td *types.TaskDefinition) { td.ContainerDefinitions[0].Memory = aws.Int32(3400) })(w)
			}, root: because("payouts-hosts "+payoutsAny, "maximum", "memory"), mustNot: []string{"image", "security group"}},
		{name: "no interface left, counted on the hosts", kind: triage.DeploymentStuck, target: "payouts",
			spoil: func(w *world) {
				w.EC2.InstanceTypes = []ec2types.InstanceTypeInfo{{InstanceType: w.EC2.Instances[0].InstanceType,
					NetworkInfo: &ec2types.NetworkInfo{MaximumNetworkInterfaces: aws.Int32(3)}}}
				for i := range w.EC2.Instances {
					w.EC2.Instances[i].NetworkInterfaces = make([]ec2types.InstanceNetworkInterface, 3)
				}
				unplaced(closest+`encountered error "RESOURCE:ENI".`, nil)(w)
			}, root: because(payoutsAny, "network interface"), mustNot: []string{"image", "memory"}},
		{name: "no addresses left in a subnet", kind: triage.TasksPending, target: "quotes",
			spoil: func(w *world) {
				subnets := w.service("quotes").NetworkConfiguration.AwsvpcConfiguration.Subnets
				for i := range w.EC2.Subnets {
					if *w.EC2.Subnets[i].SubnetId == subnets[0] {
						w.EC2.Subnets[i].AvailableIpAddressCount = aws.Int32(0)
					}
				}
				t := w.tasks("quotes")[0]
				t.LastStatus, t.CreatedAt, t.StartedAt, t.PullStartedAt, t.PullStoppedAt, t.ConnectivityAt = aws.String("PROVISIONING"),
					aws.Time(w.ago(25*time.Minute)), nil, nil, nil, nil
			}, root: because("subnet-", "0 free addresses"), mustNot: []string{"image", "memory"}},
		{name: "agents disconnected", kind: triage.DeploymentStuck, target: "payouts",
			spoil: func(w *world) {
				for i := range w.ECS.ContainerInstances {
					w.ECS.ContainerInstances[i].AgentConnected = false
				}
				for _, t := range w.tasks("payouts") {
					t.Connectivity = types.ConnectivityDisconnected
				}
				unplaced(closest+`encountered error "AGENT".`, nil)(w)
			}, root: because(payoutsAny+" 9b1475e8d761ac31 12a75f991ab5 i-02d355823d1f89995 i-08c052c80dbcc62c9", "agent"),
			mustNot: []string{"memory", "image"}},
		{name: "not enough processor units", kind: triage.DeploymentStuck, target: "payouts",
			spoil: unplaced(closest+"has insufficient CPU units available.",
				func(td *types.TaskDefinition) { td.ContainerDefinitions[0].Cpu = 2048 }),
			root: because(payoutsAny, "cpu"), mustNot: []string{"insufficient memory", "image", "agent"}},
		{name: "port in use", kind: triage.DeploymentStuck, target: "payouts",
			spoil: unplaced(closest+"is already using a port required by your task.", func(td *types.TaskDefinition) {
				td.ContainerDefinitions[0].PortMappings = []types.PortMapping{{ContainerPort: aws.Int32(9000),
					HostPort: aws.Int32(22), Protocol: "tcp"}}
			}), root: because(payoutsAny, "port"), mustNot: []string{"insufficient memory", "image", "cpu units"}},
		{name: "attribute missing", kind: triage.DeploymentStuck, target: "payouts",
			spoil: unplaced(closest+"is missing an attribute required by your task.", func(td *types.TaskDefinition) {
				td.PlacementConstraints = []types.TaskDefinitionPlacementConstraint{{Type: "memberOf",
					Expression: aws.String("attribute:ecs.instance-type =~ g5.*")}}
			}), root: because(payoutsAny, "attribute"), mustNot: []string{"insufficient memory", "image", "cpu units"}},
		{name: "host of the tasks terminated", kind: triage.TasksStopping, target: "payouts", since: 20 * time.Minute,
			spoil: func(w *world) {
				for _, ago := range []time.Duration{50 * time.Minute, 49 * time.Minute} {
					w.stopped("payouts", ago, 26*time.Minute, func(t *types.Task) {
						t.StopCode, t.StoppedReason = types.TaskStopCodeTerminationNotice,
							aws.String("Host EC2 (instance i-0f3c1e7ab2d4495c8) terminated.")
						t.Containers[0].ExitCode = nil
						t.ContainerInstanceArn = aws.String("arn:aws:ecs:eu-south-1:628905137462:container-instance/BookingProd-Cluster17423E72-aTBrgzJEBzRT/0c1f6e2b8d0a4c58b55be8aa10d2ab3f")
					})
				}
				w.lacks("payouts")
			}, root: because(payoutsAny+" i-0f3c1e7ab2d4495c8", "terminated"), mustNot: []string{"memory", "image"}},
		{name: "no memory on the hosts, asked of the cluster", kind: triage.DeploymentStuck, targetType: targetCluster,
			spoil: unplaced(closest+"has insufficient memory available.",
				func(td *types.TaskDefinition) { td.ContainerDefinitions[0].Memory = aws.Int32(7400) }),
			root: because(payoutsAny, "memory"), mustNot: []string{"out of memory", "image", "cpu units"}},
	}
}
