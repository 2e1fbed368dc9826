package ec2diag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

const aclBlocks diag.Code = "ec2.network-acl-blocks"

const (
	allow = types.RuleActionAllow
	deny  = types.RuleActionDeny
)

// splitACL gives the private subnets an ACL of their own, "acl-0private", with the entries.
func splitACL(entries ...types.NetworkAclEntry) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) {
		acl := &c.NetworkACLs[0]
		private := types.NetworkAcl{
			NetworkAclId: aws.String("acl-0private"),
			VpcId:        aws.String(ec2fake.VPC),
			Entries:      entries,
			Associations: acl.Associations[2:],
		}
		acl.Associations = acl.Associations[:2]
		c.NetworkACLs = append(c.NetworkACLs, private)
	}
}

// open allows everything in one direction.
func open(egress bool) types.NetworkAclEntry {
	return ec2fake.ACLEntry(100, egress, allow, "-1", "0.0.0.0/0")
}

// TestNetworkACL judges tcp 8080 from the balancer in the public subnets to the tasks in the private ones, whose ACL
// has the entries.
func TestNetworkACL(t *testing.T) {
	entry := ec2fake.ACLEntry
	for _, test := range []struct {
		name     string
		entries  []types.NetworkAclEntry
		want     []diag.Code
		severity diag.Severity
	}{
		{"all open", []types.NetworkAclEntry{open(true), open(false)}, nil, 0},
		{"tightened to the port and its answers", []types.NetworkAclEntry{entry(10, false, allow, "6", "10.0.0.0/23", 8080,
			8080), entry(10, true, allow, "6", "10.0.0.0/23", 1024, 65535)}, nil, 0},
		{"not in", []types.NetworkAclEntry{open(true)}, []diag.Code{aclBlocks}, diag.SeverityError},
		{"in, but no answer out", []types.NetworkAclEntry{open(false)}, []diag.Code{aclBlocks}, diag.SeverityError},
		{"nothing at all", nil, []diag.Code{aclBlocks, aclBlocks}, diag.SeverityError},
		{"denied before it is allowed", []types.NetworkAclEntry{entry(99, false, deny, "6", "10.0.0.0/16", 8000, 9000),
			open(false), open(true)}, []diag.Code{aclBlocks}, diag.SeverityError},
		{"allowed before it is denied", []types.NetworkAclEntry{open(false), open(true), entry(101, false, deny, "6",
			"10.0.0.0/16", 8000, 9000)}, nil, 0},
		{"the number decides, not the order", []types.NetworkAclEntry{entry(200, false, deny, "-1", "0.0.0.0/0"),
			open(false), open(true)}, nil, 0},
		{"answers to the port instead of ephemeral ports", []types.NetworkAclEntry{open(false), entry(10, true, allow, "6",
			"0.0.0.0/0", 1, 1023)}, []diag.Code{aclBlocks}, diag.SeverityError},
		{"answers to Linux ports only, for a balancer", []types.NetworkAclEntry{open(false), entry(10, true, allow, "6",
			"0.0.0.0/0", 32768, 60999)}, []diag.Code{aclBlocks}, diag.SeverityWarning},
		{"IPv6 rules do not help IPv4", []types.NetworkAclEntry{open(true), entry(10, false, allow, "-1", "::/0")},
			[]diag.Code{aclBlocks}, diag.SeverityError},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := diagtest.Run(
				t,
				path(edit(splitACL(test.entries...)), fromBalancer, toTasks, ec2diag.TCP, 8080),
				ec2diag.PathChecks()...)
			diagtest.Want(t, report, test.want...)
			assert.Equal(t, test.severity, report.Worst())
			for _, f := range report.Findings {
				assert.Equal(t, "acl-0private", f.Resource.ID)
			}
		})
	}
}

// TestSubnetOfItsOwn is that ACLs say nothing within a subnet, and that a host may well do with Linux's ports.
func TestSubnetOfItsOwn(t *testing.T) {
	host := ec2diag.InstanceEnd(ec2fake.InstanceA)
	shut := edit(splitACL())
	diagtest.Want(
		t,
		diagtest.Run(t, path(shut, host, ec2diag.InterfaceEnd(ec2fake.Database), ec2diag.TCP, 5432), ec2diag.PathChecks()...),
	)
	linux := edit(splitACL(open(true), open(false)))
	linux.NetworkACLs[0].Entries = []types.NetworkAclEntry{
		open(false),
		ec2fake.ACLEntry(10, true, allow, "6", "0.0.0.0/0", 32768, 65535),
	}
	group(linux, ec2fake.BalancerGroup).IpPermissions = []types.IpPermission{
		ec2fake.TCP(9000, ec2fake.FromGroup(ec2fake.TaskGroup)),
	}
	diagtest.Want(
		t,
		diagtest.Run(
			t,
			path(linux, host, ec2diag.InterfaceEnd(ec2fake.BalancerA), ec2diag.TCP, 9000),
			ec2diag.PathChecks()...),
	)
}

// TestProtocolsOfACLs are luhring/reach's cases of ESP and UDP with tightened ACLs.
func TestProtocolsOfACLs(t *testing.T) {
	world := func(protocol string, ports ...int32) *ec2fake.Client {
		c := edit(
			splitACL(
				ec2fake.ACLEntry(10, false, allow, protocol, "10.0.0.0/16", ports...),
				ec2fake.ACLEntry(10, true, allow, protocol, "10.0.0.0/16"),
			),
		)
		group(c, ec2fake.TaskGroup).IpPermissions = []types.IpPermission{
			ec2fake.Permission("-1", 0, 0, ec2fake.FromCIDR("10.0.0.0/16")),
		}
		return c
	}
	for _, test := range []struct {
		name     string
		world    *ec2fake.Client
		protocol ec2diag.Protocol
		port     int32
		want     []diag.Code
	}{
		{"esp allowed", world("50"), ec2diag.ESP, 0, nil},
		{"esp among tcp", world("6"), ec2diag.ESP, 0, []diag.Code{aclBlocks, aclBlocks}},
		{"dns over udp", world("17", 53, 53), ec2diag.UDP, 53, nil},
		{"dns over udp, other port", world("17", 54, 54), ec2diag.UDP, 53, []diag.Code{aclBlocks}},
		{"ping", world("1"), ec2diag.ICMP, 0, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			diagtest.Want(
				t,
				diagtest.Run(t, path(test.world, fromBalancer, toTasks, test.protocol, test.port), ec2diag.PathChecks()...),
				test.want...)
		})
	}
}

func TestNetworkACLSaysWhichRule(t *testing.T) {
	c := edit(splitACL(ec2fake.ACLEntry(90, false, deny, "6", "10.0.0.0/16", 8000, 9000), open(false), open(true)))
	f := diagtest.Only(
		t,
		diagtest.Run(t, path(c, fromBalancer, toTasks, ec2diag.TCP, 8080), ec2diag.NetworkACLBlocks),
		aclBlocks,
	)
	assert.Equal(
		t,
		"network ACL acl-0private drops tcp 8080 from load balancer web to target group web-tasks on the way into "+
			"subnet-0a1priv: rule 90 denies tcp 8000-9000 with 10.0.0.0/16",
		f.Summary,
	)
	assert.Equal(
		t,
		diag.Evidence{
			Source: "ec2:DescribeNetworkAcls",
			Field:  "acl-0private.Entries[0]",
			Value:  "rule 90 denies tcp 8000-9000 with 10.0.0.0/16",
		},
		f.Evidence[0],
	)
	assert.Equal(
		t,
		"aws ec2 create-network-acl-entry --network-acl-id acl-0private --ingress --rule-number 89 --protocol 6 "+
			"--port-range From=8080,To=8080 --cidr-block 10.0.0.10/32 --rule-action allow",
		f.NextSteps[0].Command,
	)
}

// TestThroughTheNATGateway is that the ACL of the NAT gateway's subnet must let both of its sides.
func TestThroughTheNATGateway(t *testing.T) {
	task := ec2diag.InterfaceEnd(ec2fake.TaskA)
	inwards := edit(splitACL(open(true), open(false)))
	inwards.NetworkACLs[0].Entries = []types.NetworkAclEntry{
		open(true),
		ec2fake.ACLEntry(10, false, allow, "6", "10.0.0.0/16", 443, 443),
	}
	report := diagtest.Run(t, path(inwards, task, vendor, ec2diag.TCP, 443), ec2diag.PathChecks()...)
	f := diagtest.Only(t, report, aclBlocks)
	assert.Equal(t, ec2fake.ACL, f.Resource.ID)
	assert.Contains(t, f.Summary, "drops the answers to tcp 443")
}
