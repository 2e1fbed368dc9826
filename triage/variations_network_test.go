package triage_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/triage"
)

// securityGroup returns a security group by the end of its name.
func (w *world) securityGroup(name string) *types.SecurityGroup {
	i := slices.IndexFunc(w.EC2.SecurityGroups,
		func(g types.SecurityGroup) bool { return strings.HasSuffix(*g.GroupName, name) })
	return &w.EC2.SecurityGroups[i]
}

// table returns the route table by the end of its Name tag.
func (w *world) table(name string) *types.RouteTable {
	i := slices.IndexFunc(w.EC2.RouteTables, func(t types.RouteTable) bool {
		return len(t.Tags) > 0 && strings.HasSuffix(aws.ToString(t.Tags[0].Value), name)
	})
	return &w.EC2.RouteTables[i]
}

// unroute takes routes away from a table.
func (w *world) unroute(table string, gone func(types.Route) bool) {
	t := w.table(table)
	t.Routes = slices.DeleteFunc(t.Routes, gone)
}

func toInternet(r types.Route) bool { return aws.ToString(r.DestinationCidrBlock) == "0.0.0.0/0" }

// endpoint adds an interface endpoint of a service in the private subnets.
func (w *world) endpoint(service string, group string, privateDNS bool) {
	subnets := w.service("quotes").NetworkConfiguration.AwsvpcConfiguration.Subnets
	e := types.VpcEndpoint{
		VpcEndpointId:   aws.String(fmt.Sprintf("vpce-0%016x", 0x7d31a5+len(w.EC2.VPCEndpoints))),
		VpcEndpointType: types.VpcEndpointTypeInterface,
		VpcId:           w.EC2.VPCEndpoints[0].VpcId, ServiceName: aws.String("com.amazonaws.eu-south-1." + service),
		State:     "available",
		SubnetIds: subnets, Groups: []types.SecurityGroupIdentifier{{GroupId: aws.String(group)}},
		PrivateDnsEnabled: aws.Bool(privateDNS),
		PolicyDocument:    aws.String(`{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}`),
	}
	for n, subnet := range subnets {
		id := fmt.Sprintf("eni-0%08x%08x", 0x5e2b00+len(w.EC2.VPCEndpoints), n)
		e.NetworkInterfaceIds = append(e.NetworkInterfaceIds, id)
		address := fmt.Sprintf("10.150.%d.%d", 32+4*n, 20+len(w.EC2.VPCEndpoints))
		w.EC2.NetworkInterfaces = append(w.EC2.NetworkInterfaces,
			types.NetworkInterface{NetworkInterfaceId: aws.String(id), SubnetId: aws.String(subnet),
				VpcId: e.VpcId, PrivateIpAddress: aws.String(address), InterfaceType: "vpc_endpoint", Status: "in-use",
				Description: aws.String("VPC Endpoint Interface " + *e.VpcEndpointId),
				Groups:      []types.GroupIdentifier{{GroupId: aws.String(group)}},
				PrivateIpAddresses: []types.NetworkInterfacePrivateIpAddress{{PrivateIpAddress: aws.String(address),
					Primary: aws.Bool(true)}}})
	}
	w.EC2.VPCEndpoints = append(w.EC2.VPCEndpoints, e)
}

// isolated takes the way to the internet from the private subnets, for good, and gives them endpoints instead.
func (w *world) isolated(open bool) *types.SecurityGroup {
	w.unroute("Private", toInternet)
	g := types.SecurityGroup{GroupId: aws.String("sg-0e4b1d2c9a7f60358"), GroupName: aws.String("BookingProd-Endpoints"),
		VpcId:   w.EC2.SecurityGroups[0].VpcId,
		OwnerId: aws.String(w.ID), Description: aws.String("interface endpoints")}
	if open {
		g.IpPermissions = []types.IpPermission{{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(443),
			ToPort:   aws.Int32(443),
			IpRanges: []types.IpRange{{CidrIp: aws.String("10.150.0.0/16")}}}}
	}
	w.EC2.SecurityGroups = append(w.EC2.SecurityGroups, g)
	for _, s := range []string{"ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages", "ec2messages"} {
		w.endpoint(s, *g.GroupId, true)
	}
	return &w.EC2.SecurityGroups[len(w.EC2.SecurityGroups)-1]
}

const (
	noSecretInTime = "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret " +
		"from asm: There is a connection issue between the task and " +
		"AWS Secrets Manager. Check your task network configuration. failed to fetch secret " +
		"arn:aws:secretsmanager:eu-south-1:628905137462:secret:booking/prod/db-1RBi0j from secrets manager: " +
		"operation error Secrets Manager: GetSecretValue, https response error StatusCode: 0, RequestID: , canceled, " +
		"context deadline exceeded"
	noLayerInTime = "CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: " +
		"failed open: failed to do request: " +
		`Get "https://prod-eu-south-1-starport-layer-bucket.s3.eu-south-1.amazonaws.com/1f0a-628905137462-4bd2/9c1e?X-Amz-Expires=1200": dial tcp 52.95.148.10:443: i/o timeout`
	noLoginInTime = "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry " +
		"auth from Amazon ECR: There is a connection issue between the task " +
		`and Amazon ECR. Check your task network configuration. RequestError: send request failed caused by: Post "https://api.ecr.eu-south-1.amazonaws.com/": dial tcp 15.161.132.8:443: i/o timeout`
)

func networkVariations() []variation {
	fails := func(w *world, reason string) {
		w.release("quotes", 38*time.Minute, nil, 0, func(*world) fault { return neverStarted("%s", reason) })
	}
	wrong := []string{"not authorized", "image not found", "out of memory"}
	return []variation{
		{name: "default route missing", kind: triage.TasksStopping, target: "quotes", spoil: func(w *world) {
			w.unroute("Private", toInternet)
			w.change(42*time.Minute, "terraform", "ec2:DeleteRoute",
				`{"routeTableId":"`+*w.table("Private").RouteTableId+`","destinationCidrBlock":"0.0.0.0/0"}`,
				"AWS::EC2::RouteTable "+*w.table("Private").RouteTableId)
			fails(w, noLoginInTime)
		}, root: because("rtb-0f160213bf538f9cd subnet-017e430124a710725 subnet-05275fe4d98dad16f", "route"), mustNot: wrong},
		{name: "route to the internet gateway missing", kind: triage.TasksStopping, target: "quotes", spoil: func(w *world) {
			w.unroute("Public", toInternet)
			w.change(42*time.Minute, "terraform", "ec2:DeleteRoute",
				`{"routeTableId":"`+*w.table("Public").RouteTableId+`","destinationCidrBlock":"0.0.0.0/0"}`,
				"AWS::EC2::RouteTable "+*w.table("Public").RouteTableId)
			fails(w, noLoginInTime)
		}, root: because("rtb-03cb69d121f051a61 subnet-00a6fc6f5bc36810e nat-0a4a724967f9bcebd", "route", "internet gateway"),
			mustNot: wrong},
		{name: "NAT gateway failed", kind: triage.TasksStopping, target: "quotes", spoil: func(w *world) {
			n := &w.EC2.NATGateways[0]
			n.State, n.FailureCode, n.FailureMessage = "failed", aws.String("Gateway.NotAttached"),
				aws.String("Network vpc-00f12fe8de0b9a53b has no Internet gateway attached")
			fails(w, noLoginInTime)
		}, root: because("nat-0a4a724967f9bcebd", "failed"), mustNot: wrong},
		{name: "gateway endpoint of S3 without route", kind: triage.DeploymentStuck, target: "quotes", spoil: func(w *world) {
			w.isolated(true)
			w.unroute("Private", func(r types.Route) bool { return r.DestinationPrefixListId != nil })
			w.EC2.VPCEndpoints[0].RouteTableIds = nil
			w.change(45*time.Minute, "terraform", "ec2:ModifyVpcEndpoint",
				`{"ModifyVpcEndpointRequest":{"VpcEndpointId":"vpce-0521a89204381a863","RemoveRouteTableId":{"content":"rtb-0f160213bf538f9cd","tag":1}}}`,
				"AWS::EC2::VPCEndpoint vpce-0521a89204381a863")
			fails(w, noLayerInTime)
		}, root: because("vpce-0521a89204381a863 rtb-0f160213bf538f9cd subnet-017e430124a710725 subnet-05275fe4d98dad16f",
			"s3"), mustNot: wrong},
		{name: "security group of the endpoints lets nobody in", kind: triage.TasksStopping, target: "quotes",
			spoil: func(w *world) {
				g := w.isolated(false)
				w.change(44*time.Minute, "o.bauer", "ec2:RevokeSecurityGroupIngress",
					`{"groupId":"`+*g.GroupId+
						`","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":443,"toPort":443,"ipRanges":{"items":[{"cidrIp":"10.150.0.0/16"}]}}]}}`,
					"AWS::EC2::SecurityGroup "+*g.GroupId)
				fails(w, noSecretInTime)
			}, root: because("sg-0e4b1d2c9a7f60358", "443", "security group"), mustNot: wrong},
		{name: "private names of an endpoint off", kind: triage.TasksStopping, target: "quotes", spoil: func(w *world) {
			w.isolated(true)
			for i := range w.EC2.VPCEndpoints {
				if e := &w.EC2.VPCEndpoints[i]; strings.HasSuffix(*e.ServiceName, "secretsmanager") {
					e.PrivateDnsEnabled = aws.Bool(false)
				}
			}
			fails(w, noSecretInTime)
		}, root: because("vpce-", "private dns", "privatednsenabled"), mustNot: wrong},
		{name: "database closed to the tasks", kind: triage.HTTP5xx, targetType: targetLoadBalancer, spoil: func(w *world) {
			g := w.securityGroup("-Db")
			p := &g.IpPermissions[0]
			p.UserIdGroupPairs = p.UserIdGroupPairs[1:]
			w.change(33*time.Minute, "o.bauer", "ec2:RevokeSecurityGroupIngress",
				`{"groupId":"`+*g.GroupId+
					`","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":5432,"toPort":5432,"groups":{"items":[{"groupId":"sg-041b13132a55705f6"}]}}]}}`,
				"AWS::EC2::SecurityGroup "+*g.GroupId)
			w.failures("quotes", 32*time.Minute, 3100)
			w.complain("quotes", 32*time.Minute,
				`could not connect to server: Connection timed out. Is the server running on host "bookingprod-db-bdde974a88e3.cc539014f701.eu-south-1.rds.amazonaws.com" (10.150.192.21) and accepting TCP/IP connections on port 5432?`)
		}, root: because("sg-0b77f9791d3194a84", "5432", "security group"),
			mustNot: []string{"out of memory", "password", "storage"}},
		{name: "network ACL denies the way to the targets", kind: triage.Unreachable, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				acl := &w.EC2.NetworkACLs[0]
				acl.Entries = append(acl.Entries, types.NetworkAclEntry{CidrBlock: aws.String("10.150.0.0/23"),
					Egress: aws.Bool(false), Protocol: aws.String("6"), RuleAction: "deny",
					RuleNumber: aws.Int32(50), PortRange: &types.PortRange{From: aws.Int32(8000), To: aws.Int32(8099)}})
				w.change(34*time.Minute, "netops", "ec2:CreateNetworkAclEntry",
					`{"networkAclId":"`+*acl.NetworkAclId+
						`","ruleNumber":50,"egress":false,"ruleAction":"deny","cidrBlock":"10.150.0.0/23","aclProtocol":"6"}`,
					"AWS::EC2::NetworkAcl "+*acl.NetworkAclId)
				for _, name := range []string{"quotes", "site"} {
					w.health(name, 32*time.Minute, "Target.Timeout", "Request timed out")
				}
				w.errors("504", 33*time.Minute, 14000)
			}, root: because("acl-0d2ff865c3c5a1fbd", "acl", "deny", "denies"),
			mustNot: []string{"security group", "out of memory", "grace period"}},
		{name: "outbound rules of the tasks emptied", kind: triage.TasksStopping, target: "quotes", spoil: func(w *world) {
			g := w.securityGroup("QuotesTasks")
			g.IpPermissionsEgress = nil
			w.change(41*time.Minute, "terraform", "ec2:RevokeSecurityGroupEgress", `{"groupId":"`+*g.GroupId+`"}`,
				"AWS::EC2::SecurityGroup "+*g.GroupId)
			fails(w, noLoginInTime)
		}, root: because("sg-041b13132a55705f6", "egress", "outbound", "out"), mustNot: wrong},
	}
}

// complain makes the tasks of a service log an error every two minutes.
func (w *world) complain(name string, since time.Duration, message string) {
	for ago := since; ago > 0; ago -= 2 * time.Minute {
		for _, t := range w.tasks(name) {
			w.logs(name, *t.TaskArn, ago, w.ago(ago).UTC().Format("2006-01-02 15:04:05,000")+" ERROR "+name+".db: "+message)
		}
	}
}
