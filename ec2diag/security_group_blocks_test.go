package ec2diag_test

import (
	"net/netip"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

const (
	blocksIngress diag.Code = "ec2.security-group-blocks-ingress"
	blocksEgress  diag.Code = "ec2.security-group-blocks-egress"
)

var groupChecks = []*diag.Check[*ec2diag.Path]{ec2diag.SecurityGroupBlocksIngress, ec2diag.SecurityGroupBlocksEgress}

// TestSecurityGroupRules judges tcp 8080 (or else) from the balancer to the tasks under one set of ingress rules.
func TestSecurityGroupRules(t *testing.T) {
	permission := ec2fake.Permission
	for _, test := range []struct {
		name     string
		rules    []types.IpPermission
		protocol ec2diag.Protocol
		port     int32
		blocked  bool
	}{
		{"reference to the caller's group", []types.IpPermission{permission("tcp", 8080, 8080,
			ec2fake.FromGroup(ec2fake.BalancerGroup))}, ec2diag.TCP, 8080, false},
		{"reference to another group", []types.IpPermission{permission("tcp", 8080, 8080,
			ec2fake.FromGroup(ec2fake.DatabaseGroup))}, ec2diag.TCP, 8080, true},
		{"port range", []types.IpPermission{permission("tcp", 8000, 8100, ec2fake.FromGroup(ec2fake.BalancerGroup))},
			ec2diag.TCP, 8080, false},
		{"first port after the range", []types.IpPermission{permission("tcp", 8000, 8079,
			ec2fake.FromGroup(ec2fake.BalancerGroup))}, ec2diag.TCP, 8080, true},
		{"another protocol", []types.IpPermission{permission("udp", 8080, 8080, ec2fake.FromGroup(ec2fake.BalancerGroup))},
			ec2diag.TCP, 8080, true},
		{"all protocols ignore ports", []types.IpPermission{permission("-1", 0, 0, ec2fake.FromCIDR("10.0.0.0/16"))},
			ec2diag.TCP, 8080, false},
		{"both subnets' prefixes", []types.IpPermission{permission("tcp", 8080, 8080, ec2fake.FromCIDR("10.0.0.0/24"),
			ec2fake.FromCIDR("10.0.1.0/24"))}, ec2diag.TCP, 8080, false},
		{"one subnet's prefix only", []types.IpPermission{permission("tcp", 8080, 8080, ec2fake.FromCIDR("10.0.0.0/24"))},
			ec2diag.TCP, 8080, true},
		{"IPv6 prefix for IPv4 traffic", []types.IpPermission{permission("tcp", 8080, 8080, ec2fake.FromCIDR("::/0"))},
			ec2diag.TCP, 8080, true},
		{"prefix list without the caller", []types.IpPermission{permission("tcp", 8080, 8080,
			ec2fake.FromList(ec2fake.OfficeList))}, ec2diag.TCP, 8080, true},
		{"no rules", nil, ec2diag.TCP, 8080, true},
		{"udp", []types.IpPermission{permission("udp", 53, 53, ec2fake.FromCIDR("10.0.0.0/16"))}, ec2diag.UDP, 53, false},
		{"esp by number", []types.IpPermission{permission("50", 0, 0, ec2fake.FromCIDR("10.0.0.0/16"))}, ec2diag.ESP, 0,
			false},
		{"esp not among tcp", []types.IpPermission{permission("tcp", 0, 65535, ec2fake.FromCIDR("10.0.0.0/16"))},
			ec2diag.ESP, 0, true},
		{"every icmp", []types.IpPermission{permission("icmp", -1, -1, ec2fake.FromCIDR("10.0.0.0/16"))}, ec2diag.ICMP, 0,
			false},
		{"icmp echo only", []types.IpPermission{permission("icmp", 8, -1, ec2fake.FromCIDR("10.0.0.0/16"))}, ec2diag.ICMP, 0,
			false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := edit(func(c *ec2fake.Client) { group(c, ec2fake.TaskGroup).IpPermissions = test.rules })
			report := diagtest.Run(t, path(c, fromBalancer, toTasks, test.protocol, test.port), groupChecks...)
			if test.blocked {
				diagtest.Want(t, report, blocksIngress)
			} else {
				diagtest.Want(t, report)
			}
		})
	}
}

// TestSecurityGroupSelf is the reference of a group to itself, and luhring/reach's case of two hosts in one subnet.
func TestSecurityGroupSelf(t *testing.T) {
	database := ec2diag.InterfaceEnd(ec2fake.Database)
	c := edit(func(c *ec2fake.Client) {
		group(c, ec2fake.TaskGroup).IpPermissions = []types.IpPermission{
			ec2fake.TCP(6379, ec2fake.FromGroup(ec2fake.TaskGroup)),
		}
	})
	host := ec2diag.InstanceEnd(ec2fake.InstanceA)
	diagtest.Want(
		t,
		diagtest.Run(t, path(c, host, ec2diag.InterfaceEnd(ec2fake.TaskA), ec2diag.TCP, 6379), groupChecks...),
	)
	diagtest.Want(t, diagtest.Run(t, path(c, database, host, ec2diag.TCP, 6379), groupChecks...), blocksIngress)
}

func TestEveryBlockerIsNamed(t *testing.T) {
	c := edit(func(c *ec2fake.Client) {
		group(c, ec2fake.TaskGroup).IpPermissions = []types.IpPermission{
			ec2fake.TCP(80, ec2fake.FromGroup(ec2fake.BalancerGroup)),
		}
		group(c, ec2fake.BalancerGroup).IpPermissionsEgress = nil
	})
	report := diagtest.Run(t, path(c, fromBalancer, toTasks, ec2diag.TCP, 8080), groupChecks...)
	diagtest.Want(t, report, blocksIngress, blocksEgress)
	in, out := diagtest.Only(t, report, blocksIngress), diagtest.Only(t, report, blocksEgress)
	assert.Equal(t, ec2fake.TaskGroup, in.Resource.ID)
	assert.Equal(t, "security group sg-0task (web-tasks) of target group web-tasks lets no tcp 8080 in from "+
		"load balancer web (sg-0alb); 2 of 2 network interfaces concerned", in.Summary)
	assert.Equal(t, diag.Evidence{
		Source: "ec2:DescribeSecurityGroups", Field: "sg-0task.IpPermissions[0].UserIdGroupPairs[0]",
		Value: "tcp 80 with sg-0alb: another port",
	}, in.Evidence[0])
	assert.Equal(t, ec2fake.BalancerGroup, out.Resource.ID)
	assert.Equal(t, "aws ec2 authorize-security-group-egress --group-id sg-0alb --ip-permissions "+
		"'IpProtocol=tcp,FromPort=8080,ToPort=8080,UserIdGroupPairs=[{GroupId=sg-0task}]'", out.NextSteps[1].Command)
	assert.True(t, out.NextSteps[1].Changes)
}

// wears gives a task another security group.
func wears(id string) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) {
		for i, n := range c.NetworkInterfaces {
			if *n.NetworkInterfaceId == ec2fake.TaskA {
				c.NetworkInterfaces[i].Groups = append(n.Groups, types.GroupIdentifier{GroupId: aws.String(id)})
			}
		}
	}
}

// TestGroupsAdd is that several groups admit what any of them admits, and that the nearest one is named.
func TestGroupsAdd(t *testing.T) {
	named := func(id, name string, rules ...types.IpPermission) func(*ec2fake.Client) {
		return and(wears(id), func(c *ec2fake.Client) {
			c.SecurityGroups = append(c.SecurityGroups, types.SecurityGroup{
				GroupId: aws.String(id), GroupName: aws.String(name), VpcId: aws.String(ec2fake.VPC), IpPermissions: rules,
			})
		})
	}
	task := ec2diag.InterfaceEnd(ec2fake.TaskA)
	both := edit(wears(ec2fake.DatabaseGroup))
	diagtest.Want(t, diagtest.Run(t, path(both, fromBalancer, task, ec2diag.TCP, 8080), groupChecks...))
	for _, test := range []struct {
		name   string
		change func(*ec2fake.Client)
		want   string
	}{
		{"a rule for the port is nearer than one for the caller", wears(ec2fake.DatabaseGroup), ec2fake.DatabaseGroup},
		{"whichever comes first", named("sg-0a", "a", ec2fake.TCP(5432, ec2fake.FromCIDR("192.0.2.0/24"))), "sg-0a"},
		{"not the default group", and(named("sg-0a", "default", ec2fake.TCP(5432, ec2fake.FromCIDR("192.0.2.0/24"))),
			func(c *ec2fake.Client) {
				group(c, ec2fake.TaskGroup).IpPermissions = nil
			}), ec2fake.TaskGroup},
	} {
		f := diagtest.Only(
			t,
			diagtest.Run(t, path(edit(test.change), fromBalancer, task, ec2diag.TCP, 5432), groupChecks...),
			blocksIngress,
		)
		assert.Equal(t, test.want, f.Resource.ID, test.name)
		assert.Contains(t, f.Summary, "nor do the 1 others")
	}
}

func TestOutsideEnds(t *testing.T) {
	office := ec2diag.CIDREnd(netip.MustParsePrefix("198.51.100.0/24"))
	for _, test := range []struct {
		name     string
		from, to ec2diag.End
		port     int32
		want     []diag.Code
	}{
		{"internet to the balancer", ec2diag.Internet(), fromBalancer, 443, nil},
		{"internet to the balancer over IPv6 which it does not have", ec2diag.InternetIPv6(), fromBalancer, 443, nil},
		{"internet to a closed port", ec2diag.Internet(), fromBalancer, 80, []diag.Code{blocksIngress}},
		{"a prefix list admits the office", office, toTasks, 22, nil},
		{"a task to the internet", toTasks, ec2diag.Internet(), 443, nil},
		{"any host of a subnet", ec2diag.SubnetEnd(ec2fake.PrivateA, ec2fake.TaskGroup),
			ec2diag.InterfaceEnd(ec2fake.Database), 5432, nil},
		{"a host without the group", ec2diag.SubnetEnd(ec2fake.PrivateA), ec2diag.InterfaceEnd(ec2fake.Database), 5432,
			[]diag.Code{blocksIngress}},
	} {
		t.Run(test.name, func(t *testing.T) {
			diagtest.Want(
				t,
				diagtest.Run(t, path(edit(nil), test.from, test.to, ec2diag.TCP, test.port), groupChecks...),
				test.want...)
		})
	}
}

func TestWhatCannotBeSeenIsInconclusive(t *testing.T) {
	for _, test := range []struct {
		name string
		end  ec2diag.End
		kind diag.Kind
	}{
		{"interface that does not exist", ec2diag.InterfaceEnd("eni-0none"), diag.KindNotFound},
		{"instance that does not exist", ec2diag.InstanceEnd("i-0none"), diag.KindNotFound},
		{"subnet that does not exist", ec2diag.SubnetEnd("subnet-0none"), diag.KindNotFound},
		{"group of another account", ec2diag.SubnetEnd(ec2fake.PrivateA, "sg-0elsewhere"), diag.KindNotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := diagtest.Run(
				t,
				path(edit(nil), fromBalancer, test.end, ec2diag.TCP, 8080),
				ec2diag.SecurityGroupBlocksIngress,
			)
			assert.Empty(t, report.Findings)
			assert.Equal(t, test.kind, diag.KindOf(report.Err()))
		})
	}
}
