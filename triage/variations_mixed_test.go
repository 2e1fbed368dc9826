package triage_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	ecs "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/triage"
)

// mixedVariations are two faults at once, and faults beside something that looks like one.
func mixedVariations() []variation {
	const noImage = "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref " +
		"628905137462.dkr.ecr.eu-south-1.amazonaws.com/cdk-booking-quotes:7be20c4: " +
		"628905137462.dkr.ecr.eu-south-1.amazonaws.com/cdk-booking-quotes:7be20c4: not found"
	return []variation{
		{name: "two services, two faults", kind: triage.DeploymentStuck, targetType: targetCluster, spoil: func(w *world) {
			w.release("quotes", 38*time.Minute, nil, 0, func(*world) fault { return neverStarted("%s", noImage) })
			w.unpush()
			unplaced("The closest matching (container-instance 9b1475e8d761ac311737824604d4e5ee) has insufficient memory available.",
				func(td *ecs.TaskDefinition) { td.ContainerDefinitions[0].Memory = aws.Int32(7400) })(w)
		}, root: because(quotesAny, "not found"), more: []verdict{*because(payoutsAny, "memory")},
			mustNot: []string{"security group"}},
		{name: "an old change beside a fresh fault", kind: triage.DeploymentStuck, target: "quotes", spoil: func(w *world) {
			w.change(150*time.Minute, "terraform", "ec2:AuthorizeSecurityGroupIngress",
				`{"groupId":"sg-041b13132a55705f6","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":9100,"toPort":9100}]}}`,
				"AWS::EC2::SecurityGroup sg-041b13132a55705f6")
			w.change(140*time.Minute, "terraform", "rds:ModifyDBInstance",
				`{"dBInstanceIdentifier":"bookingprod-db-bdde974a88e3","backupRetentionPeriod":14}`,
				"AWS::RDS::DBInstance bookingprod-db-bdde974a88e3")
			w.release("quotes", 38*time.Minute, nil, 0, func(*world) fault { return neverStarted("%s", noImage) })
			w.unpush()
		}, root: because(quotesAny, "not found"), mustNot: []string{"security group", "backup"}},
		{name: "an old warning in the log beside a fresh fault", kind: triage.HTTP5xx, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				for ago := 170 * time.Minute; ago > 0; ago -= 9 * time.Minute {
					w.logs("quotes", *w.tasks("quotes")[0].TaskArn, ago,
						"WARNING quotes.cache: Connection reset by peer while reading from cache.booking.example:6379, retrying")
				}
				g := w.securityGroup("QuotesTasks")
				g.IpPermissions = nil
				w.change(33*time.Minute, "o.bauer", "ec2:RevokeSecurityGroupIngress", `{"groupId":"`+*g.GroupId+`"}`,
					"AWS::EC2::SecurityGroup "+*g.GroupId)
				w.health("quotes", 31*time.Minute, "Target.Timeout", "Request timed out")
				w.errors("504", 33*time.Minute, 9400)
			}, root: because("sg-041b13132a55705f6", "8000", "security group"), mustNot: []string{"cache", "reset by peer"}},
		{name: "database nearly full for days beside a fresh fault", kind: triage.HTTP503, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.metric("FreeStorageSpace", "", databaseAny, 175*time.Minute, always(9.2e9))
				w.down("quotes", 31*time.Minute)
				for i := range 5 {
					task := w.stoppedOf("quotes", time.Duration(40-7*i)*time.Minute, 5*time.Second, exited(1, ""))
					w.logs("quotes", *task.TaskArn, w.now.Sub(*task.ExecutionStoppedAt)+time.Second,
						"Traceback (most recent call last):", `  File "/app/main.py", line 9, in <module>`,
						"ModuleNotFoundError: No module named 'orjson'")
				}
				w.errors("503", 31*time.Minute, 9400)
			}, root: because(quotesSays, "orjson"), mustNot: []string{"security group", "storage"}},
	}
}

// stoppedOf adds a stopped task of a service that may have no running one left.
func (w *world) stoppedOf(name string, ago, lived time.Duration, f fault) *ecs.Task {
	if len(w.tasks(name)) > 0 {
		return w.stopped(name, ago, lived, f)
	}
	for _, t := range w.ECS.Tasks {
		if aws.ToString(t.Group) == "service:"+*w.service(name).ServiceName {
			model := *clone(&t)
			model.LastStatus, model.StopCode, model.StoppedReason = aws.String("RUNNING"), "", nil
			w.ECS.Tasks = append(w.ECS.Tasks, model)
			s := w.stopped(name, ago, lived, f)
			made := *s
			w.ECS.Tasks = append(w.ECS.Tasks[:len(w.ECS.Tasks)-2], made)
			return &w.ECS.Tasks[len(w.ECS.Tasks)-1]
		}
	}
	return nil
}

// soundVariations are accounts in which nothing is wrong, but something looks like it.
func soundVariations() []variation {
	return []variation{
		{name: "scheduled scale-in", kind: triage.TasksStopping, target: "site", spoil: func(w *world) {
			w.stopped("site", 50*time.Minute, 30*time.Minute,
				replaced("Scaling activity initiated by (deployment ecs-svc/5395762664221000040)", 143))
			w.event("site", 19*time.Minute, "has begun draining connections on 1 tasks.")
			w.event("site", 18*time.Minute, "has reached a steady state.")
			w.change(20*time.Minute, "autoscaling.amazonaws.com", "ecs:UpdateService",
				`{"service":"`+*w.service("site").ServiceName+`","desiredCount":2}`)
		}},
		{name: "old targets draining", kind: triage.HTTP5xx, targetType: targetLoadBalancer, spoil: func(w *world) {
			for _, name := range []string{"quotes", "site"} {
				target := *clone(&w.ELB.TargetHealth[w.group(name)][0])
				target.Target.Id = aws.String("10.150.35.99")
				target.TargetHealth = &elb.TargetHealth{State: elb.TargetHealthStateEnumDraining,
					Reason: "Target.DeregistrationInProgress", Description: aws.String("Target deregistration is in progress")}
				w.ELB.TargetHealth[w.group(name)] = append(w.ELB.TargetHealth[w.group(name)], target)
			}
		}},
		{name: "canary with a twentieth of the requests", kind: triage.Unknown, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				spare := w.spare()
				target := *clone(&w.ELB.TargetHealth[w.group("quotes")][0])
				w.ELB.TargetHealth[spare] = append(w.ELB.TargetHealth[spare], target)
				w.rule().Actions = forward(share(w.group("quotes"), 95), share(spare, 5))
			}},
		{name: "NAT gateway of another network deleted", kind: triage.TasksStopping, target: "quotes", spoil: func(w *world) {
			n := *clone(&w.EC2.NATGateways[0])
			n.NatGatewayId, n.VpcId, n.State = aws.String("nat-0d9e8c7b6a5f41230"), aws.String("vpc-0aaaabbbbccccdddd"),
				types.NatGatewayStateDeleted
			n.SubnetId, n.DeleteTime = aws.String("subnet-0aaaabbbbccccdddd"), aws.Time(w.ago(40*time.Minute))
			w.EC2.NATGateways = append(w.EC2.NATGateways, n)
			w.change(40*time.Minute, "w.tan", "ec2:DeleteNatGateway",
				`{"DeleteNatGatewayRequest":{"NatGatewayId":"nat-0d9e8c7b6a5f41230"}}`,
				"AWS::EC2::NatGateway nat-0d9e8c7b6a5f41230")
		}},
		{name: "jobs that end well, and backups", kind: triage.Unknown, targetType: targetCluster, spoil: func(w *world) {
			w.dbEvent(50*time.Minute, "backup", "Backing up DB instance")
			w.dbEvent(46*time.Minute, "backup", "Finished DB Instance backup")
			for i := range 3 {
				t := w.stopped("site", time.Duration(50-9*i)*time.Minute, 3*time.Minute, exited(0, ""))
				t.Group, t.StartedBy = aws.String("family:BookingProdNightlyTaskDef19D0B991"), aws.String("events-rule/nightly")
			}
			s := w.service("site")
			s.Events = s.Events[3:]
		}},
		{name: "noise in a log as ever", kind: triage.Unknown, target: "quotes", spoil: func(w *world) {
			for ago := 178 * time.Minute; ago > 0; ago -= 11 * time.Minute {
				w.logs("quotes", *w.tasks("quotes")[0].TaskArn, ago,
					"WARNING urllib3.connectionpool: Retrying (Retry(total=2)) after connection broken by 'RemoteDisconnected'")
			}
		}},
		{name: "a database busy within its means", kind: triage.DBSlow, targetType: targetDatabase, spoil: func(w *world) {
			w.metric("CPUUtilization", "", databaseAny, 40*time.Minute, always(62))
			w.metric("DatabaseConnections", "", databaseAny, 40*time.Minute, times(1.5))
		}},
	}
}
