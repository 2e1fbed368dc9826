package ec2diag_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

const region = "eu-west-1"

// endpoint makes an interface endpoint of the world, in both private subnets.
func endpoint(service ec2diag.Service) types.VpcEndpoint {
	return types.VpcEndpoint{
		VpcEndpointId: aws.String("vpce-0" + string(service)), VpcId: aws.String(ec2fake.VPC), State: "available",
		ServiceName: aws.String(
			"com.amazonaws." + region + "." + string(service),
		), VpcEndpointType: types.VpcEndpointTypeInterface,
		SubnetIds: []string{ec2fake.PrivateA, ec2fake.PrivateB}, PrivateDnsEnabled: aws.Bool(true),
		Groups: []types.SecurityGroupIdentifier{{GroupId: aws.String(ec2fake.EndpointGroup)}},
	}
}

// isolated takes the way out away and gives endpoints instead.
func isolated(services ...ec2diag.Service) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) {
		t := table(c, ec2fake.PrivateTable)
		t.Routes = append(t.Routes[:2:2], t.Routes[4])
		for _, s := range services {
			c.VPCEndpoints = append(c.VPCEndpoints, endpoint(s))
		}
	}
}

// onlyIPv6 takes the way out over IPv4 away.
func onlyIPv6(c *ec2fake.Client) {
	t := table(c, ec2fake.PrivateTable)
	t.Routes = append(t.Routes[:2:2], t.Routes[3])
}

// withoutIPv4 makes the private subnets such that have IPv6 only.
func withoutIPv4(c *ec2fake.Client) {
	for i := range c.Subnets[2:] {
		c.Subnets[2+i].CidrBlock, c.Subnets[2+i].Ipv6Native = nil, aws.Bool(true)
	}
}

func and(changes ...func(*ec2fake.Client)) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) {
		for _, change := range changes {
			change(c)
		}
	}
}

// the returns an endpoint of the world to change.
func the(c *ec2fake.Client, service ec2diag.Service) *types.VpcEndpoint {
	for i := range c.VPCEndpoints {
		if *c.VPCEndpoints[i].VpcEndpointId == "vpce-0"+string(service) {
			return &c.VPCEndpoints[i]
		}
	}
	panic("no endpoint for " + service)
}

func egress(c *ec2fake.Client, needs ...ec2diag.Service) *ec2diag.Egress {
	from := ec2diag.EndIn(diag.ResourceOf("AWS::ECS::Service", "prod/web", ""), ec2diag.Location{
		VPC: ec2fake.VPC, Subnets: []string{ec2fake.PrivateA, ec2fake.PrivateB}, Groups: []string{ec2fake.TaskGroup},
	})
	return ec2diag.NewEgress(ec2diag.NewNetwork(c, window), c, from, region, needs...)
}

func TestEgress(t *testing.T) {
	images, management := ec2diag.ImageServices(), ec2diag.ManagementServices()
	for _, test := range []struct {
		name   string
		change func(*ec2fake.Client)
		needs  []ec2diag.Service
		want   []diag.Code
		at     string
		says   string
	}{
		{"everything through a NAT gateway", nil, images, nil, "", ""},
		{"everything through endpoints", isolated(images...), images, nil, "", ""},
		{"nothing needed", isolated(), nil, nil, "", ""},
		{"no endpoint and no route", isolated(ec2diag.ECRAPI), images, []diag.Code{"ec2.no-way-to-service"},
			ec2fake.PrivateA, "no way to ecr.dkr: "},
		{"two services, one cause", isolated(ec2diag.EC2Messages), management, []diag.Code{"ec2.no-way-to-service"},
			ec2fake.PrivateA, "ssm, ssmmessages"},
		{"a blackhole is one cause", func(c *ec2fake.Client) {
			routeTo(c, ec2fake.PrivateTable, "0.0.0.0/0").State = types.RouteStateBlackhole
		},
			append(images, management...), []diag.Code{"ec2.route-blackhole"}, ec2fake.PrivateTable, ec2fake.NATGateway},
		{"private DNS off, but a NAT gateway", func(c *ec2fake.Client) {
			c.VPCEndpoints = append(c.VPCEndpoints, endpoint(ec2diag.SSM))
			the(c, ec2diag.SSM).PrivateDnsEnabled = aws.Bool(false)
		}, management, nil, "", ""},
		{"private DNS off and no other way", and(isolated(management...), func(c *ec2fake.Client) {
			the(c,
				ec2diag.SSM).PrivateDnsEnabled = aws.Bool(false)
		}),
			management, []diag.Code{"ec2.endpoint-private-dns-off"}, "vpce-0ssm", "ssm"},
		{"DNS host names off", and(isolated(management...),
			func(c *ec2fake.Client) { c.VPCAttributes[0].DNSHostnames = false }),
			management, []diag.Code{"ec2.vpc-dns-off"}, ec2fake.VPC, "ssm, ssmmessages"},
		{"endpoint rejected", and(isolated(management...), func(c *ec2fake.Client) {
			the(c,
				ec2diag.SSM).State = types.StateRejected
		}),
			management, []diag.Code{"ec2.endpoint-unusable"}, "vpce-0ssm", "Rejected"},
		{"gateway endpoint of other route tables", and(isolated(), func(c *ec2fake.Client) {
			the(c, ec2diag.S3).RouteTableIds = []string{ec2fake.PublicTable}
			table(c, ec2fake.PrivateTable).Routes = table(c, ec2fake.PrivateTable).Routes[:2]
		}), []ec2diag.Service{ec2diag.S3}, []diag.Code{"ec2.gateway-endpoint-not-routed"}, ec2fake.PrivateTable,
			ec2fake.S3Endpoint},
		{"the endpoints' security group admits somebody else", and(isolated(management...), func(c *ec2fake.Client) {
			group(c, ec2fake.EndpointGroup).IpPermissions = []types.IpPermission{ec2fake.TCP(443,
				ec2fake.FromGroup(ec2fake.BalancerGroup))}
		}), management, []diag.Code{blocksIngress}, ec2fake.EndpointGroup, "VPC endpoints for ssm, ssmmessages"},
		{"a broken endpoint hides the NAT gateway", func(c *ec2fake.Client) {
			c.VPCEndpoints = append(c.VPCEndpoints, endpoint(ec2diag.SSM))
			group(c, ec2fake.EndpointGroup).IpPermissions = nil
		}, management, []diag.Code{blocksIngress}, ec2fake.EndpointGroup, "no ingress rule"},
		{"egress rules without the layers", and(isolated(images...), func(c *ec2fake.Client) {
			group(c, ec2fake.TaskGroup).IpPermissionsEgress = []types.IpPermission{ec2fake.TCP(443,
				ec2fake.FromCIDR("10.0.0.0/16"))}
		}), images, []diag.Code{blocksEgress}, ec2fake.TaskGroup, "gateway endpoints for"},
		{"two endpoints in the same subnets, one group shut", and(isolated(management...), func(c *ec2fake.Client) {
			the(c, ec2diag.SSMMessages).Groups = []types.SecurityGroupIdentifier{{GroupId: aws.String(ec2fake.DatabaseGroup)}}
		}), management, []diag.Code{blocksIngress}, ec2fake.DatabaseGroup, "tcp 443"},
		{"endpoint of another region", and(isolated(), func(c *ec2fake.Client) {
			e := endpoint(ec2diag.STS)
			e.ServiceName = aws.String("com.amazonaws.us-east-1.sts")
			c.VPCEndpoints = append(c.VPCEndpoints, e)
		}), []ec2diag.Service{ec2diag.STS}, []diag.Code{"ec2.no-way-to-service"}, ec2fake.PrivateA, "sts"},
		{"IPv6 only, clients with both", onlyIPv6, management, []diag.Code{"ec2.only-ipv6-way-to-service"}, ec2fake.PrivateA,
			"subnet-0a1priv, subnet-0b1priv reaches ssm, ssmmessages over IPv6 only"},
		{"IPv6 only, clients without IPv4", and(onlyIPv6, withoutIPv4), management, nil, "", ""},
		{"IPv6 only, and that into a blackhole", and(onlyIPv6, withoutIPv4, func(c *ec2fake.Client) {
			table(c, ec2fake.PrivateTable).Routes[2].State = types.RouteStateBlackhole
		}), management, []diag.Code{"ec2.no-way-to-service"}, ec2fake.PrivateA, "no way to ssm, ssmmessages"},
		{"clients without IPv4, over NAT64", and(withoutIPv4, func(c *ec2fake.Client) {
			t := table(c, ec2fake.PrivateTable)
			nat := ec2fake.RouteIPv6("64:ff9b::/96", "eigw-0")
			nat.EgressOnlyInternetGatewayId, nat.NatGatewayId = nil, aws.String(ec2fake.NATGateway)
			t.Routes = append(t.Routes[:2:2], nat)
		}), management, nil, "", ""},
		{"an endpoint without private DNS beside IPv6", and(onlyIPv6, func(c *ec2fake.Client) {
			c.VPCEndpoints = append(c.VPCEndpoints, endpoint(ec2diag.SSM), endpoint(ec2diag.SSMMessages))
			the(c, ec2diag.SSM).PrivateDnsEnabled = nil
		}), management, []diag.Code{"ec2.endpoint-private-dns-off"}, "vpce-0ssm", "other than over IPv6 through eigw-0a1"},
		{"a NAT gateway without a resolver", func(c *ec2fake.Client) { c.VPCAttributes[0].DNSSupport = false }, management,
			[]diag.Code{"ec2.vpc-resolver-off"}, ec2fake.VPC, "although nat-0a1 leads there"},
		{"endpoints without a resolver", and(isolated(ec2diag.SSM), func(c *ec2fake.Client) {
			c.VPCAttributes[0].DNSSupport = false
		}), []ec2diag.Service{ec2diag.SSM, ec2diag.S3}, []diag.Code{"ec2.vpc-dns-off"}, ec2fake.VPC, "ssm"},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := diag.Run(t.Context(), egress(edit(test.change), test.needs...).Plan())
			diagtest.Want(t, report, test.want...)
			if len(report.Findings) > 0 {
				assert.Equal(t, test.at, report.Findings[0].Resource.ID)
				assert.Contains(t, report.Findings[0].Summary, test.says)
			}
		})
	}
}

func TestConformEgress(t *testing.T) {
	task := ec2diag.EndIn(diag.ResourceOf("AWS::ECS::Task", "a", ""), ec2diag.Location{
		VPC: ec2fake.VPC, Interfaces: []string{ec2fake.TaskA}, Subnets: []string{ec2fake.PrivateB},
		Groups: []string{ec2fake.TaskGroup},
	})
	needs := append(ec2diag.ManagementServices(), ec2diag.S3)
	world := func(change func(*ec2fake.Client)) diagtest.World[*ec2diag.Egress] {
		return func() (*ec2diag.Egress, []diagfake.Fake) {
			c := edit(change)
			return ec2diag.NewEgress(ec2diag.NewNetwork(c, window), c, task, region, needs...), []diagfake.Fake{c}
		}
	}
	full := isolated(ec2diag.ManagementServices()...)
	for check, broken := range map[*diag.Check[*ec2diag.Egress]]func(*ec2fake.Client){
		ec2diag.NoWayToService:            isolated(),
		ec2diag.EndpointWithoutPrivateDNS: and(full, func(c *ec2fake.Client) { the(c, ec2diag.SSM).PrivateDnsEnabled = nil }),
		ec2diag.VPCDNSOff:                 and(full, func(c *ec2fake.Client) { c.VPCAttributes[0].DNSSupport = false }),
		ec2diag.OnlyIPv6Way:               onlyIPv6,
		ec2diag.VPCResolverOff:            func(c *ec2fake.Client) { c.VPCAttributes[0].DNSSupport = false },
		ec2diag.EndpointUnusable:          and(full, func(c *ec2fake.Client) { the(c, ec2diag.SSM).State = "failed" }),
		ec2diag.GatewayEndpointNotRouted:  and(full, func(c *ec2fake.Client) { the(c, ec2diag.S3).RouteTableIds = nil }),
	} {
		diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.Egress]{Healthy: world(full), Broken: world(broken)})
	}
}

// TestSharedSubnetEgress is that a subnet shared by another account, whose routes are not visible, is no failure.
func TestSharedSubnetEgress(t *testing.T) {
	c := edit(func(c *ec2fake.Client) {
		c.RouteTables, c.NetworkACLs, c.NATGateways, c.VPCEndpoints = nil, nil, nil, nil
	})
	report := diag.Run(t.Context(), egress(c, ec2diag.ManagementServices()...).Plan())
	assert.Empty(t, report.Findings)
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(report.Err()))
}

func TestSSMEndpointsRemoved(t *testing.T) {
	c := savedWorld(t, "ssm-endpoints-removed")
	e := ec2diag.NewEgress(ec2diag.NewNetwork(c, window), c, ec2diag.InstanceEnd("i-0df7208f85f7cb4b8"), "eu-north-1",
		append(ec2diag.ManagementServices(), ec2diag.EC2Messages, ec2diag.Logs, ec2diag.S3)...)
	report := diag.Run(t.Context(), e.Plan())
	f := diagtest.Only(t, report, "ec2.no-way-to-service")
	assert.Equal(t, "subnet-0da6bc39aef2bbf39", f.Resource.ID)
	assert.Equal(
		t,
		"subnet-0da6bc39aef2bbf39 has no way to ssm, ssmmessages: no endpoint of vpc-0c64f1c4f93c475cd leads there, and "+
			"route table rtb-07c06f6c4ae76d22b has no route to the internet",
		f.Summary,
	)
	assert.Len(t, report.Findings, 1)
	assert.NoError(t, report.Err())
}

func TestEgressOfHealthyWorlds(t *testing.T) {
	for _, name := range []string{"healthy-rolling-deployment", "healthy-scale-in-and-jobs"} {
		c := savedWorld(t, name)
		for _, i := range c.Instances {
			e := ec2diag.NewEgress(ec2diag.NewNetwork(c, window), c, ec2diag.InstanceEnd(*i.InstanceId), "",
				append(ec2diag.ImageServices(), ec2diag.SSM, ec2diag.SSMMessages, ec2diag.Logs, ec2diag.KMS)...)
			report := diag.Run(t.Context(), e.Plan())
			assert.Less(t, report.Worst(), diag.SeverityWarning, "%s: %+v", name, report.Findings)
			assert.NoError(t, report.Err())
		}
	}
}

func TestCostOfAnEgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := edit(isolated(ec2diag.ManagementServices()...))
		c.Delay(time.Second)
		begun := time.Now()
		assert.NoError(t, diag.Run(t.Context(), egress(c, append(ec2diag.ManagementServices(), ec2diag.S3)...).Plan()).Err())
		assert.LessOrEqual(t, time.Since(begun), 4*time.Second)
		assert.LessOrEqual(t, len(c.Calls()), 10)
	})
}
