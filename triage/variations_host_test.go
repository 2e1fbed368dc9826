package triage_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	ssm "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
	"github.com/awsdiag/awsdiag/triage"
)

// machine returns an instance by the end of its name.
func (w *world) machine(name string) *types.Instance {
	id := w.host(name)
	for i := range w.EC2.Instances {
		if *w.EC2.Instances[i].InstanceId == id {
			return &w.EC2.Instances[i]
		}
	}
	return nil
}

// unsound lets status checks of an instance fail.
func (w *world) unsound(name string, since time.Duration, system bool) {
	id := w.host(name)
	failed := func() *types.InstanceStatusSummary {
		return &types.InstanceStatusSummary{Status: "impaired",
			Details: []types.InstanceStatusDetails{{Name: "reachability", Status: "failed",
				ImpairedSince: aws.Time(w.ago(since))}}}
	}
	for i := range w.EC2.InstanceStatuses {
		if s := &w.EC2.InstanceStatuses[i]; *s.InstanceId == id {
			s.InstanceStatus = failed()
			if system {
				s.SystemStatus = failed()
			}
		}
	}
	w.metric("StatusCheckFailed", "", id, since, always(1))
}

// unseen lets Systems Manager lose sight of an instance.
func (w *world) unseen(name string, since time.Duration) {
	id := w.host(name)
	for i := range w.SSM.Nodes {
		if n := &w.SSM.Nodes[i]; *n.InstanceId == id {
			n.PingStatus, n.LastPingDateTime = ssm.PingStatusConnectionLost, aws.Time(w.ago(since))
		}
	}
	delete(w.SSM.Connections, id)
}

// onHosts lets the target group of "site" have the machine "reports" as its only target.
func (w *world) onHosts(state elb.TargetHealth) {
	group := w.group("site")
	for i := range w.ELB.TargetGroups {
		if *w.ELB.TargetGroups[i].TargetGroupArn == group {
			w.ELB.TargetGroups[i].TargetType = elb.TargetTypeEnumInstance
		}
	}
	w.ELB.TargetHealth[group] = []elb.TargetHealthDescription{{Target: &elb.TargetDescription{Id: aws.String(w.host("reports")), Port: aws.Int32(8080)},
		HealthCheckPort: aws.String("8080"), TargetHealth: &state}}
	w.service("site").LoadBalancers = nil
	w.securityGroup("-Ops").IpPermissions = append(w.securityGroup("-Ops").IpPermissions,
		types.IpPermission{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(8080), ToPort: aws.Int32(8080),
			UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: w.securityGroup("-Alb").GroupId, UserId: aws.String(w.ID)}}})
	w.metric("HealthyHostCount", "", short(group), 31*time.Minute, always(0))
	w.metric("UnHealthyHostCount", "", short(group), 31*time.Minute, always(1))
}

// public puts a machine into a public subnet, with an address, and opens a port to everybody.
func (w *world) public(name string, port int32) {
	m := w.machine(name)
	subnet := w.table("Public").Associations[0].SubnetId
	m.SubnetId = subnet
	for i := range w.EC2.NetworkInterfaces {
		if n := &w.EC2.NetworkInterfaces[i]; n.Attachment != nil && aws.ToString(n.Attachment.InstanceId) == *m.InstanceId {
			n.SubnetId, n.Association = subnet, &types.NetworkInterfaceAssociation{PublicIp: aws.String("203.0.113.77")}
			for _, g := range n.Groups {
				for j := range w.EC2.SecurityGroups {
					if sg := &w.EC2.SecurityGroups[j]; *sg.GroupId == *g.GroupId {
						sg.IpPermissions = append(sg.IpPermissions, ec2fake.TCP(port, ec2fake.FromCIDR("0.0.0.0/0")))
					}
				}
			}
		}
	}
}

func hostVariations() []variation {
	wrong := []string{"security group", "out of memory", "image"}
	const reports = "i-0a7587af1e3b4edae"
	return []variation{
		{name: "target instance stopped", kind: triage.HTTP503, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.onHosts(elb.TargetHealth{State: elb.TargetHealthStateEnumUnused, Reason: "Target.InvalidState",
				Description: aws.String("Target is in the stopped state")})
			m := w.machine("reports")
			m.State = &types.InstanceState{Name: types.InstanceStateNameStopped, Code: aws.Int32(80)}
			m.StateReason = &types.StateReason{Code: aws.String("Client.UserInitiatedShutdown"),
				Message: aws.String("Client.UserInitiatedShutdown: User initiated shutdown")}
			m.StateTransitionReason = aws.String("User initiated (2026-05-12 22:02:10 GMT)")
			w.change(33*time.Minute, "m.greco", "ec2:StopInstances",
				`{"instancesSet":{"items":[{"instanceId":"`+reports+`"}]},"force":false}`, "AWS::EC2::Instance "+reports)
			w.errors("503", 31*time.Minute, 12800)
		}, root: because(reports, "stopped"), mustNot: wrong},
		{name: "status check of a target fails", kind: triage.HTTP5xx, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.onHosts(elb.TargetHealth{State: elb.TargetHealthStateEnumUnhealthy, Reason: "Target.Timeout",
				Description: aws.String("Request timed out")})
			w.unsound("reports", 33*time.Minute, true)
			w.errors("504", 31*time.Minute, 9800)
		}, root: because(reports, "status check"), mustNot: wrong},
		{name: "way from the load balancer to an instance closed, asked of the instance", kind: triage.Unreachable,
			target: "reports", targetType: targetInstance,
			spoil: func(w *world) {
				w.onHosts(elb.TargetHealth{State: elb.TargetHealthStateEnumUnhealthy, Reason: "Target.Timeout",
					Description: aws.String("Request timed out")})
				g := w.securityGroup("-Ops")
				g.IpPermissions = g.IpPermissions[:len(g.IpPermissions)-1]
			}, root: because("sg-", "lets no tcp 8080 in"), mustNot: []string{"image", "memory"}},
		{name: "way from the internet to an instance denied", kind: triage.Unreachable, target: "reports",
			targetType: targetInstance,
			spoil: func(w *world) {
				w.public("reports", 8443)
				acl := &w.EC2.NetworkACLs[0]
				acl.Entries = append([]types.NetworkAclEntry{{RuleNumber: aws.Int32(10), Protocol: aws.String("6"),
					RuleAction: types.RuleActionDeny, Egress: aws.Bool(false),
					CidrBlock: aws.String("0.0.0.0/0"), PortRange: &types.PortRange{From: aws.Int32(8443), To: aws.Int32(8443)}}},
					acl.Entries...)
			}, root: because("acl-0d2ff865c3c5a1fbd", "8443"), mustNot: []string{"image", "memory"}},
		{name: "sound instance that is open to the internet", kind: triage.Unreachable, target: "reports",
			targetType: targetInstance,
			spoil:      func(w *world) { w.public("reports", 8443) }},
		{name: "disk full on a host", kind: triage.InstanceUnreachable, target: "reports", targetType: targetInstance,
			spoil: func(w *world) {
				w.unsound("reports", 33*time.Minute, false)
				w.unseen("reports", 34*time.Minute)
				w.EC2.ConsoleOutputs = map[string]ec2fake.ConsoleOutput{reports: {Text: "[ 8123.4] systemd-journald[612]: Failed " +
					"to create new system journal: No space left on device\n" +
					"[ 8123.9] EXT4-fs warning (device nvme0n1p1): ext4_end_bio: No space left on device\n",
					At: w.ago(20 * time.Minute)}}
			}, root: because(reports, "no space left", "disk"), mustNot: []string{"security group", "image"}},
		{name: "kernel out of memory on a host", kind: triage.InstanceUnreachable, target: "reports",
			targetType: targetInstance, spoil: func(w *world) {
				w.unsound("reports", 33*time.Minute, false)
				w.unseen("reports", 34*time.Minute)
				w.EC2.ConsoleOutputs = map[string]ec2fake.ConsoleOutput{reports: {Text: "[ 9001.1] Out of memory: Killed process " +
					"1423 (java) total-vm:9437184kB, anon-rss:7864320kB\n", At: w.ago(20 * time.Minute)}}
			}, root: because(reports, "out of memory", "memory"), mustNot: []string{"security group", "image"}},
		{name: "instance terminated", kind: triage.InstanceUnreachable, target: "reports", targetType: targetInstance,
			spoil: func(w *world) {
				m := w.machine("reports")
				m.State = &types.InstanceState{Name: types.InstanceStateNameStopped, Code: aws.Int32(80)}
				m.StateReason = &types.StateReason{Code: aws.String("Server.ScheduledStop"),
					Message: aws.String("Server.ScheduledStop: Stopped due to scheduled retirement")}
				m.StateTransitionReason = aws.String("Server.ScheduledStop")
				w.unseen("reports", 34*time.Minute)
			}, root: because(reports, "retirement", "stopped"), mustNot: wrong},
		{name: "instance profile removed", kind: triage.SSMUnreachable, target: "reports", targetType: targetInstance,
			spoil: func(w *world) {
				w.machine("reports").IamInstanceProfile = nil
				w.unseen("reports", 34*time.Minute)
				w.change(40*time.Minute, "terraform", "ec2:DisassociateIamInstanceProfile",
					`{"DisassociateIamInstanceProfileRequest":{"AssociationId":"iip-assoc-0b1c3f4e5a6d7e8f9"}}`,
					"AWS::EC2::Instance "+reports)
			}, root: because(reports, "instance profile"), mustNot: wrong},
		{name: "agent of Systems Manager stopped", kind: triage.SSMUnreachable, target: "reports", targetType: targetInstance,
			spoil: func(w *world) {
				w.unseen("reports", 34*time.Minute)
			}, root: because(reports, "connection lost", "connectionlost", "agent"),
			mustNot: []string{"instance profile", "security group", "endpoint"}},
		{name: "way out of a host closed", kind: triage.SSMUnreachable, target: "reports", targetType: targetInstance,
			spoil: func(w *world) {
				g := w.securityGroup("-Ops")
				g.IpPermissionsEgress = []types.IpPermission{{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(5432),
					ToPort: aws.Int32(5432), IpRanges: []types.IpRange{{CidrIp: aws.String("10.150.0.0/16")}}}}
				w.change(36*time.Minute, "terraform", "ec2:RevokeSecurityGroupEgress", `{"groupId":"`+*g.GroupId+`"}`,
					"AWS::EC2::SecurityGroup "+*g.GroupId)
				w.unseen("reports", 34*time.Minute)
			}, root: because("sg-07ffececadb0f5920", "443"), mustNot: []string{"instance profile"}},
	}
}
