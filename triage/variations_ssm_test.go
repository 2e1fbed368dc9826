package triage_test

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	iam "github.com/aws/aws-sdk-go-v2/service/iam/types"
	ssm "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag/access/accessfake"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
	"github.com/awsdiag/awsdiag/triage"
)

const (
	reportsID  = "i-0a7587af1e3b4edae"
	opsRole    = "BookingProd-OpsHost"
	hostRole   = "AWSSystemsManagerDefaultEC2InstanceManagementRole"
	sessionKey = "arn:aws:kms:eu-south-1:628905137462:key/e390dcd6-8d55-40c0-9a80-333b0810759c"
)

// unknown lets Systems Manager never have heard of an instance.
func (w *world) unknown(name string) {
	id := w.host(name)
	w.SSM.Nodes = slices.DeleteFunc(w.SSM.Nodes, func(n ssm.InstanceInformation) bool { return *n.InstanceId == id })
	delete(w.SSM.Connections, id)
}

// node returns an instance as Systems Manager knows it.
func (w *world) node(name string) *ssm.InstanceInformation {
	id := w.host(name)
	i := slices.IndexFunc(w.SSM.Nodes, func(n ssm.InstanceInformation) bool { return *n.InstanceId == id })
	return &w.SSM.Nodes[i]
}

// permit changes the managed policies of the role of the machine "reports".
func (w *world) permit(policies ...string) {
	w.IAM.Recorded = nil
	for i := range w.IAM.Roles {
		if r := &w.IAM.Roles[i]; aws.ToString(r.RoleName) == opsRole {
			r.Attached = policies
		}
	}
}

// refuseSession records a StartSession that IAM refused.
func (w *world) refuseSession(ago time.Duration, who string) {
	e := changesfake.Write{At: w.ago(ago), Action: "ssm:StartSession", Who: who, Error: "AccessDenied",
		Params: `{"target":"` + reportsID + `","documentName":"SSM-SessionManagerRunShell"}`, Account: w.ID, Region: w.Region}
	w.CloudTrail.Events = append(w.CloudTrail.Events, e.Event())
}

// setSessions sets session preferences by the members of the document's inputs.
func (w *world) setSessions(inputs string) { w.SSM.Documents = ssmfake.Preferences(inputs) }

// onlyEndpoints leaves of the endpoints in isolated subnets those of some services.
func (w *world) onlyEndpoints(services ...string) {
	w.isolated(true)
	w.EC2.VPCEndpoints = slices.DeleteFunc(w.EC2.VPCEndpoints, func(e types.VpcEndpoint) bool {
		name := *e.ServiceName
		return e.VpcEndpointType == types.VpcEndpointTypeInterface &&
			!slices.Contains(services, name[strings.LastIndexByte(name, '.')+1:])
	})
}

// hostManagement is the role of default host management, with a policy that stands for that of AWS ("AWS managed
// policy: AmazonSSMManagedEC2InstanceDefaultPolicy").
func hostManagement() accessfake.Role {
	return accessfake.Role{Role: iam.Role{RoleName: aws.String(hostRole), Path: aws.String("/service-role/"),
		Arn: aws.String("arn:aws:iam::628905137462:role/service-role/" + hostRole), AssumeRolePolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)},
		Inline: map[string]string{"default": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ssm:*","ssmmessages:*","ec2messages:*"],"Resource":"*"}]}`}}
}

// ssmVariations are incidents of instances that are not connected to Systems Manager.
func ssmVariations() []variation {
	wrong := []string{"status check", "out of memory", "image"}
	const network = "vpc-00f12fe8de0b9a53b subnet-05275fe4d98dad16f rtb-0f160213bf538f9cd " + reportsID
	about := func(v variation) variation {
		if v.kind == "" {
			v.kind, v.target, v.targetType = triage.SSMUnreachable, "reports", targetInstance
		}
		if v.mustNot == nil {
			v.mustNot = wrong
		}
		return v
	}
	all := []variation{
		// The five rows of the failure table.
		{name: "never managed: the role lacks the permissions", spoil: func(w *world) {
			w.permit("arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy")
			w.unknown("reports")
		}, root: because(opsRole+" "+reportsID, "ssm:updateinstanceinformation", "permission")},
		{name: "lost: no endpoints and no way out", spoil: func(w *world) {
			w.unroute("Private", toInternet)
			w.unseen("reports", 34*time.Minute)
		}, root: because(network, "ssmmessages", "route"), mustNot: []string{"instance profile", "status check"}},
		{name: "StartSession is refused", spoil: func(w *world) {
			w.refuseSession(31*time.Minute, "l.ferri")
			w.refuseSession(29*time.Minute, "l.ferri")
		}, root: because(reportsID, "startsession"), mustNot: []string{"instance profile", "endpoint"}},
		{name: "sessions end at once: agent too old", spoil: func(w *world) {
			w.node("reports").AgentVersion = aws.String("2.2.619.0")
		}, root: because(reportsID, "too old", "2.2.619.0"), mustNot: []string{"instance profile", "endpoint"}},
		{name: "ECS Exec is not enabled", kind: triage.ExecFails, target: "quotes", targetType: targetService,
			spoil: func(w *world) {
				w.service("quotes").EnableExecuteCommand = false
				for _, t := range w.tasks("quotes") {
					t.EnableExecuteCommand = false
				}
			}, root: because(quotesAny, "enableexecutecommand", "not enabled", "off"),
			mustNot: []string{"endpoint", "security group"}},

		// What ssm-cli get-diagnostics looks at.
		{name: "metadata service off", spoil: func(w *world) {
			w.machine("reports").MetadataOptions.HttpEndpoint = types.InstanceMetadataEndpointStateDisabled
			w.unseen("reports", 34*time.Minute)
		}, root: because(reportsID, "metadata service"), mustNot: []string{"instance profile", "endpoint"}},
		{name: "never managed: no instance profile", spoil: func(w *world) {
			w.machine("reports").IamInstanceProfile = nil
			w.unknown("reports")
		}, root: because(reportsID, "instance profile"), mustNot: []string{"endpoint", "route"}},
		{name: "lost: the instance profile holds no role", spoil: func(w *world) {
			for i := range w.IAM.Profiles {
				if p := &w.IAM.Profiles[i]; *p.InstanceProfileName == opsRole {
					p.Roles = nil
				}
			}
			w.unseen("reports", 34*time.Minute)
		}, root: because(reportsID, "holds no role"), mustNot: []string{"endpoint", "route"}},
		{name: "lost: an explicit denial of the channels", spoil: func(w *world) {
			w.permit("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
			w.IAM.Organization = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},` +
				`{"Effect":"Deny","Action":"ssmmessages:*","Resource":"*"}]}`
			w.unseen("reports", 34*time.Minute)
		}, root: because(opsRole+" "+reportsID, "ssmmessages:"), mustNot: []string{"endpoint", "route"}},
		{name: "lost: default host management with an agent that does not know it", spoil: func(w *world) {
			w.machine("reports").IamInstanceProfile = nil
			w.SSM.Settings = map[string]string{"/ssm/managed-instance/default-ec2-instance-management-role": "service-role/" +
				hostRole}
			w.IAM.Roles = append(w.IAM.Roles, hostManagement())
			w.node("reports").AgentVersion = aws.String("3.1.1927.0")
			w.unseen("reports", 34*time.Minute)
		}, root: because(reportsID, "default host management"), mustNot: []string{"endpoint", "route"}},
		{name: "lost: endpoint ssm without private names", spoil: func(w *world) {
			w.isolated(true)
			for i := range w.EC2.VPCEndpoints {
				if e := &w.EC2.VPCEndpoints[i]; strings.HasSuffix(*e.ServiceName, ".ssm") {
					e.PrivateDnsEnabled = aws.Bool(false)
				}
			}
			w.unseen("reports", 34*time.Minute)
		}, root: because("vpce-", "private dns"), mustNot: []string{"instance profile"}},
		{name: "lost: the endpoints' security group lets nobody in", spoil: func(w *world) {
			w.isolated(false)
			w.unseen("reports", 34*time.Minute)
		}, root: because("sg-0e4b1d2c9a7f60358", "443"), mustNot: []string{"instance profile"}},
		{name: "lost: DNS of the VPC is off", spoil: func(w *world) {
			w.isolated(true)
			for i := range w.EC2.VPCAttributes {
				w.EC2.VPCAttributes[i].DNSSupport = false
			}
			w.unseen("reports", 34*time.Minute)
		}, root: because("vpc-00f12fe8de0b9a53b", "dns"), mustNot: []string{"instance profile"}},
		{name: "online without sessions: endpoint ssmmessages missing", spoil: func(w *world) {
			w.onlyEndpoints("ssm", "ec2messages")
			w.SSM.Connections[reportsID] = ssm.ConnectionStatusNotConnected
		}, root: because(network, "ssmmessages"), mustNot: []string{"instance profile"}},
		{name: "never managed: endpoint ssm missing", spoil: func(w *world) {
			w.onlyEndpoints("ssmmessages", "ec2messages")
			w.unknown("reports")
		}, root: because(network, "ssm"), mustNot: []string{"instance profile"}},
		{name: "lost: NAT gateway deleted", spoil: func(w *world) {
			w.EC2.NATGateways[0].State = types.NatGatewayStateDeleted
			for i := range w.table("Private").Routes {
				if r := &w.table("Private").Routes[i]; toInternet(*r) {
					r.State = types.RouteStateBlackhole
				}
			}
			w.unseen("reports", 34*time.Minute)
		}, root: because(network+" nat-0a4a724967f9bcebd", "blackhole", "nat"), mustNot: []string{"instance profile"}},
		{name: "lost: network ACL denies answers", spoil: func(w *world) {
			for i := range w.EC2.NetworkACLs {
				acl := &w.EC2.NetworkACLs[i]
				if slices.ContainsFunc(acl.Associations, func(a types.NetworkAclAssociation) bool {
					return *a.SubnetId == "subnet-05275fe4d98dad16f"
				}) {
					acl.Entries = append(acl.Entries, types.NetworkAclEntry{RuleNumber: aws.Int32(1), Egress: aws.Bool(true),
						Protocol:   aws.String("6"),
						RuleAction: types.RuleActionDeny, CidrBlock: aws.String("0.0.0.0/0"),
						PortRange: &types.PortRange{From: aws.Int32(443), To: aws.Int32(443)}})
				}
			}
			w.unseen("reports", 34*time.Minute)
		}, root: because("acl-", "443", "acl"), mustNot: []string{"instance profile"}},
		{name: "lost: the instance is stopped", spoil: func(w *world) {
			m := w.machine("reports")
			m.State = &types.InstanceState{Name: types.InstanceStateNameStopped, Code: aws.Int32(80)}
			m.StateReason = &types.StateReason{Code: aws.String("Client.UserInitiatedShutdown"),
				Message: aws.String("Client.UserInitiatedShutdown: User initiated shutdown")}
			m.StateTransitionReason = aws.String("User initiated (2026-05-12 21:56:10 GMT)")
			w.unseen("reports", 34*time.Minute)
		}, root: because(reportsID, "stopped"), mustNot: []string{"instance profile", "endpoint"}},
		{name: "lost: nothing but the agent", spoil: func(w *world) {
			w.machine("reports").MetadataOptions.HttpPutResponseHopLimit = aws.Int32(1)
			w.unseen("reports", 34*time.Minute)
		}, root: because(reportsID, "connectionlost"), mustNot: []string{"instance profile", "endpoint", "hop"}},

		// Sessions of a node that is connected.
		{name: "sessions are encrypted with a key that the role may not use", spoil: func(w *world) {
			w.permit("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
			w.setSessions(`{"kmsKeyId":"` + sessionKey + `"}`)
		}, root: because(opsRole, "kms:decrypt"), mustNot: []string{"endpoint", "instance profile"}},
		{name: "session preferences cannot be read", spoil: func(w *world) {
			w.SSM.Documents = map[string]string{"SSM-SessionManagerRunShell": `{"schemaVersion":"1.0","sessionType":"Port"}`}
		}, root: because("SSM-SessionManagerRunShell", "session preferences"),
			mustNot: []string{"endpoint", "instance profile"}},
		{name: "sessions log to a bucket that isolated subnets do not reach", spoil: func(w *world) {
			w.isolated(true)
			w.EC2.VPCEndpoints = slices.DeleteFunc(w.EC2.VPCEndpoints,
				func(e types.VpcEndpoint) bool { return strings.HasSuffix(*e.ServiceName, ".s3") })
			w.unroute("Private", func(r types.Route) bool { return r.DestinationPrefixListId != nil })
			w.setSessions(`{"s3BucketName":"booking-prod-sessions"}`)
		}, root: because(network, "s3"), mustNot: []string{"instance profile"}},

		// Nothing is wrong with these.
		{name: "a managed node that nothing is wrong with",
			spoil: func(w *world) { w.permit("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore") }},
		{name: "a node that default host management manages", spoil: func(w *world) {
			w.machine("reports").IamInstanceProfile = nil
			w.SSM.Settings = map[string]string{"/ssm/managed-instance/default-ec2-instance-management-role": "service-role/" +
				hostRole}
			w.IAM.Roles = append(w.IAM.Roles, hostManagement())
		}},
		{name: "endpoints in place of a way out", spoil: func(w *world) { w.isolated(true) }},
		{name: "sessions encrypted with a key that the role may use", spoil: func(w *world) {
			w.permit("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
			for i := range w.IAM.Roles {
				if r := &w.IAM.Roles[i]; aws.ToString(r.RoleName) == opsRole {
					r.Inline = map[string]string{"sessions": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"` + sessionKey + `"}]}`}
				}
			}
			for i := range w.KMS.Keys { // as a key made in the console has it: who may use it is for IAM to say
				w.KMS.Keys[i].Policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::628905137462:root"},"Action":"kms:*","Resource":"*"}]}`
			}
			w.setSessions(`{"kmsKeyId":"` + sessionKey + `","s3BucketName":"booking-prod-sessions","cloudWatchLogGroupName":""}`)
		}},
	}
	for i := range all {
		all[i] = about(all[i])
	}
	return all
}
