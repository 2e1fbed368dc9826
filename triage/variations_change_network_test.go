package triage_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/triage"
)

const terraform = "APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) terraform-provider-aws/5.60.0"

// closeIn takes every ingress rule from the tasks of "quotes", with what follows at the load balancer.
func (w *world) closeIn(since time.Duration) string {
	g := w.securityGroup("QuotesTasks")
	g.IpPermissions = nil
	w.health("quotes", since, "Target.Timeout", "Request timed out")
	w.errors("504", since+time.Minute, 9400)
	return *g.GroupId
}

func revokeOf(group, who string) changesfake.Write {
	return changesfake.Write{Action: "ec2:RevokeSecurityGroupIngress", Who: who,
		Resources: []string{"AWS::EC2::SecurityGroup " + group},
		Params: `{"groupId":"` + group +
			`","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":8000,"toPort":8000,"groups":{"items":[{"groupId":"sg-0bb94680babcd3cb9"}]}}]}}`}
}

// denyACL puts an entry before all others that lets nothing in.
func (w *world) denyACL() string {
	acl := &w.EC2.NetworkACLs[0]
	acl.Entries = append([]types.NetworkAclEntry{{RuleNumber: aws.Int32(10), Protocol: aws.String("6"),
		RuleAction: types.RuleActionDeny, Egress: aws.Bool(false),
		CidrBlock: aws.String("10.150.0.0/16"), PortRange: &types.PortRange{From: aws.Int32(8000), To: aws.Int32(8000)}}},
		acl.Entries...)
	return *acl.NetworkAclId
}

func networkEdits() []variation {
	const lb = targetLoadBalancer
	cannotLogin := func(w *world, since time.Duration) {
		w.release("quotes", since, nil, 0, func(*world) fault { return neverStarted("%s", noLoginInTime) })
	}
	return []variation{
		{name: "rule removed among changes of others", kind: triage.HTTP5xx, targetType: lb, spoil: func(w *world) {
			w.decoys(32 * time.Minute)
			w.by(33*time.Minute, revokeOf(w.closeIn(31*time.Minute), "o.bauer"))
		}, change: &culprit{code: "changes.security-group-rule-removed", on: "sg-041b13132a55705f6", by: "o.bauer",
			ago: 33 * time.Minute}},
		{name: "rule removed by Terraform beside nine of its changes", kind: triage.Unreachable, targetType: lb,
			spoil: func(w *world) {
				group := w.closeIn(31 * time.Minute)
				for i, action := range []string{"ec2:CreateTags", "logs:PutRetentionPolicy", "ecs:RegisterTaskDefinition",
					"lambda:UpdateFunctionCode20150331v2",
					"ssm:PutParameter", "cloudwatch:PutMetricAlarm", "s3:PutBucketTagging", "rds:ModifyDBParameterGroup",
					"events:PutRule"} {
					w.by(33*time.Minute+time.Duration(i)*time.Second,
						changesfake.Write{Action: action, Who: "tf-apply", Agent: terraform,
							Params: `{"name":"/x","logGroupName":"/ecs/other","functionName":"other","dBParameterGroupName":"other-pg16"}`})
				}
				r := revokeOf(group, "tf-apply")
				r.Agent = terraform
				w.by(33*time.Minute, r)
			}, change: &culprit{code: "changes.security-group-rule-removed", on: "sg-041b13132a55705f6", by: "Terraform",
				ago: 33 * time.Minute}},
		{name: "rule removed through CloudFormation", kind: triage.HTTP504, targetType: lb, spoil: func(w *world) {
			w.decoys(40 * time.Minute)
			r := revokeOf(w.closeIn(31*time.Minute), "e.rossi")
			r.Via = "cloudformation.amazonaws.com"
			w.by(33*time.Minute, r)
			w.by(34*time.Minute, changesfake.Write{Action: "cloudformation:UpdateStack", Who: "e.rossi",
				Params: `{"stackName":"BookingProd"}`})
		}, change: &culprit{code: "changes.security-group-rule-removed", on: "sg-041b13132a55705f6", by: "e.rossi",
			ago: 33 * time.Minute}},
		{name: "entry of an ACL denies", kind: triage.HTTP504, targetType: lb, spoil: func(w *world) {
			w.decoys(32 * time.Minute)
			w.health("quotes", 31*time.Minute, "Target.Timeout", "Request timed out")
			w.errors("504", 31*time.Minute, 9400)
			w.by(34*time.Minute, changesfake.Write{Action: "ec2:CreateNetworkAclEntry", Who: "secops",
				Params: `{"networkAclId":"` + w.denyACL() + `","ruleNumber":10,"egress":false,` +
					`"ruleAction":"deny","aclProtocol":"6","cidrBlock":"10.150.0.0/16","portRange":{"from":8000,"to":8000}}`})
		}, change: &culprit{code: "changes.network-acl-changed", on: "acl-0d2ff865c3c5a1fbd", by: "secops",
			ago: 34 * time.Minute}},
		{name: "default route deleted an hour before the next deployment", kind: triage.DeploymentStuck, target: "quotes",
			spoil: func(w *world) {
				w.decoys(37 * time.Minute)
				w.unroute("Private", toInternet)
				w.by(100*time.Minute, changesfake.Write{Action: "ec2:DeleteRoute", Who: "l.moretti",
					Params: `{"routeTableId":"` + *w.table("Private").RouteTableId + `","destinationCidrBlock":"0.0.0.0/0"}`})
				cannotLogin(w, 38*time.Minute)
			}, change: &culprit{code: "changes.route-deleted", on: "rtb-0f160213bf538f9cd", by: "l.moretti",
				ago: 100 * time.Minute}},
		{name: "NAT gateway deleted", kind: triage.TasksStopping, target: "quotes", spoil: func(w *world) {
			w.decoys(39 * time.Minute)
			n := &w.EC2.NATGateways[0]
			n.State, n.DeleteTime = types.NatGatewayStateDeleted, aws.Time(w.ago(42*time.Minute))
			for i := range w.EC2.RouteTables {
				for j := range w.EC2.RouteTables[i].Routes {
					if r := &w.EC2.RouteTables[i].Routes[j]; r.NatGatewayId != nil {
						r.State = types.RouteStateBlackhole
					}
				}
			}
			w.by(42*time.Minute, changesfake.Write{Action: "ec2:DeleteNatGateway", Who: "m.greco",
				Params: `{"DeleteNatGatewayRequest":{"NatGatewayId":"` + *n.NatGatewayId + `"}}`,
				Agent:  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36"})
			cannotLogin(w, 38*time.Minute)
		}, change: &culprit{code: "changes.nat-gateway-deleted", on: "nat-0a4a724967f9bcebd", by: "m.greco",
			ago: 42 * time.Minute}},
		{name: "name of an upstream changed", kind: triage.HTTP5xx, targetType: lb, spoil: func(w *world) {
			w.decoys(36 * time.Minute)
			w.failures("quotes", 35*time.Minute, 2600)
			w.complain("quotes", 35*time.Minute, "Error: getaddrinfo ENOTFOUND rates.internal.booking.example")
			w.global(38*time.Minute, changesfake.Write{Action: "route53:ChangeResourceRecordSets", Who: "d.keller",
				Params: `{"hostedZoneId":"Z02BOOKING","changeBatch":{"changes":` +
					`[{"action":"DELETE","resourceRecordSet":{"name":"rates.internal.booking.example.","type":"CNAME"}}]}}`})
		}, change: &culprit{code: "changes.dns-record-changed", on: "rates.internal.booking.example", by: "d.keller",
			ago: 38 * time.Minute}},
		{name: "rule of the listener sends requests to an empty group", kind: triage.HTTP503, targetType: lb,
			spoil: func(w *world) {
				w.decoys(33 * time.Minute)
				w.rule().Actions = forward(share(w.spare(), 1))
				w.by(32*time.Minute, changesfake.Write{Action: "elasticloadbalancing:ModifyRule", Who: "gitlab-deploy",
					Params: `{"ruleArn":"` + *w.rule().RuleArn + `","actions":` + asRequested(w.rule().Actions) + `}`})
				w.errors("503", 31*time.Minute, 10400)
				w.metric("RequestCount", "", short(w.group("quotes")), 31*time.Minute, always(0))
			}, change: &culprit{code: "changes.listener-changed", by: "gitlab-deploy", ago: 32 * time.Minute}},
		{name: "health check asks for another path", kind: triage.HTTP503, targetType: lb, spoil: func(w *world) {
			w.decoys(33 * time.Minute)
			w.ELB.TargetGroups[1].HealthCheckPath = aws.String("/ready")
			w.health("quotes", 31*time.Minute, "Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]")
			w.by(34*time.Minute, changesfake.Write{Action: "elasticloadbalancing:ModifyTargetGroup", Who: "t.weber",
				Params: `{"targetGroupArn":"` + w.group("quotes") + `","healthCheckPath":"/ready"}`})
			w.errors("503", 31*time.Minute, 9400)
		}, change: &culprit{code: "changes.target-group-changed", on: "QuotesTG", by: "t.weber", ago: 34 * time.Minute}},
		{name: "targets taken out by hand", kind: triage.HTTP503, targetType: lb, spoil: func(w *world) {
			w.decoys(33 * time.Minute)
			w.ELB.TargetHealth[w.group("quotes")] = nil
			w.metric("HealthyHostCount", "", short(w.group("quotes")), 31*time.Minute, always(0))
			w.errors("503", 31*time.Minute, 9400)
			w.by(32*time.Minute, changesfake.Write{Action: "elasticloadbalancing:DeregisterTargets", Who: "m.greco",
				Params: `{"targetGroupArn":"` + w.group("quotes") +
					`","targets":[{"id":"10.150.35.10","port":8000},{"id":"10.150.38.123","port":8000}]}`})
		}, change: &culprit{code: "changes.targets-deregistered", on: "QuotesTG", by: "m.greco", ago: 32 * time.Minute}},
		{name: "DNS support of the network switched off", kind: triage.DBUnreachable, target: "quotes",
			spoil: func(w *world) {
				w.decoys(33 * time.Minute)
				w.failures("quotes", 31*time.Minute, 2600)
				w.complain("quotes", 31*time.Minute,
					`could not translate host name "bookingprod-db-bdde974a88e3.cc539014f701.eu-south-1.rds.amazonaws.com" to address: Name or service not known`)
				w.by(33*time.Minute, changesfake.Write{Action: "ec2:ModifyVpcAttribute", Who: "netops",
					Params: `{"vpcId":"vpc-00f12fe8de0b9a53b","enableDnsSupport":{"value":false}}`})
			}, change: &culprit{code: "changes.dns-settings-changed", on: "vpc-00f12fe8de0b9a53b", by: "netops",
				ago: 33 * time.Minute}},
	}
}
