package ec2diag_test

import (
	"compress/gzip"
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

var (
	now    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	window = diag.Last(time.Hour, now)

	balancer    = diag.ResourceOf("AWS::ElasticLoadBalancingV2::LoadBalancer", "web", "")
	targetGroup = diag.ResourceOf("AWS::ElasticLoadBalancingV2::TargetGroup", "web-tasks", "")
)

// The ends of the healthy world.
var (
	fromBalancer = ec2diag.EndIn(balancer, ec2diag.Location{
		VPC: ec2fake.VPC, LoadBalancer: ec2fake.BalancerARN, Subnets: []string{ec2fake.PublicA, ec2fake.PublicB},
		Groups: []string{ec2fake.BalancerGroup},
	})
	toTasks = ec2diag.EndIn(targetGroup, ec2diag.Location{
		VPC: ec2fake.VPC, Addresses: []netip.Addr{netip.MustParseAddr("10.0.10.20"), netip.MustParseAddr("10.0.11.20")},
	})
)

// vendor is somebody on the internet.
var vendor = ec2diag.CIDREnd(netip.MustParsePrefix("192.0.2.0/24"))

// edit makes a healthy account and breaks it.
func edit(change func(*ec2fake.Client)) *ec2fake.Client {
	c := ec2fake.Healthy()
	if change != nil {
		change(c)
	}
	return c
}

// group returns a security group of the world to change.
func group(c *ec2fake.Client, id string) *types.SecurityGroup {
	for i := range c.SecurityGroups {
		if *c.SecurityGroups[i].GroupId == id {
			return &c.SecurityGroups[i]
		}
	}
	panic("no group " + id)
}

// table returns a route table of the world to change.
func table(c *ec2fake.Client, id string) *types.RouteTable {
	for i := range c.RouteTables {
		if *c.RouteTables[i].RouteTableId == id {
			return &c.RouteTables[i]
		}
	}
	panic("no route table " + id)
}

// routeTo returns an IPv4 route of the world to change.
func routeTo(c *ec2fake.Client, id, cidr string) *types.Route {
	t := table(c, id)
	for i := range t.Routes {
		if aws.ToString(t.Routes[i].DestinationCidrBlock) == cidr {
			return &t.Routes[i]
		}
	}
	panic("no route to " + cidr)
}

func blockPublicAccess(c *ec2fake.Client, mode types.BlockPublicAccessMode) {
	for i := range c.Subnets {
		c.Subnets[i].BlockPublicAccessStates = &types.BlockPublicAccessStates{InternetGatewayBlockMode: mode}
	}
}

// path makes a path in a world.
func path(c *ec2fake.Client, from, to ec2diag.End, protocol ec2diag.Protocol, port int32) *ec2diag.Path {
	return ec2diag.NewPath(ec2diag.NewNetwork(c, window), from, to, protocol, port)
}

// pathWorld makes a world for the contract of checks.
func pathWorld(change func(*ec2fake.Client), from, to ec2diag.End, port int32) func() (*ec2diag.Path, []diagfake.Fake) {
	return func() (*ec2diag.Path, []diagfake.Fake) {
		c := edit(change)
		return path(c, from, to, ec2diag.TCP, port), []diagfake.Fake{c}
	}
}

// outputs makes an empty input and output for an operation that a saved world may hold.
var outputs = map[string]func() (in, out any){
	"DescribeVpcs":              func() (any, any) { return nil, new(ec2.DescribeVpcsOutput) },
	"DescribeVpcAttribute":      func() (any, any) { return nil, new(ec2.DescribeVpcAttributeOutput) },
	"DescribeSubnets":           func() (any, any) { return nil, new(ec2.DescribeSubnetsOutput) },
	"DescribeRouteTables":       func() (any, any) { return nil, new(ec2.DescribeRouteTablesOutput) },
	"DescribeNetworkAcls":       func() (any, any) { return nil, new(ec2.DescribeNetworkAclsOutput) },
	"DescribeSecurityGroups":    func() (any, any) { return nil, new(ec2.DescribeSecurityGroupsOutput) },
	"DescribeNetworkInterfaces": func() (any, any) { return nil, new(ec2.DescribeNetworkInterfacesOutput) },
	"DescribeNatGateways":       func() (any, any) { return nil, new(ec2.DescribeNatGatewaysOutput) },
	"DescribeVpcEndpoints":      func() (any, any) { return nil, new(ec2.DescribeVpcEndpointsOutput) },
	"DescribePrefixLists":       func() (any, any) { return nil, new(ec2.DescribePrefixListsOutput) },
	"DescribeInstances":         func() (any, any) { return nil, new(ec2.DescribeInstancesOutput) },
	"DescribeInstanceStatus":    func() (any, any) { return nil, new(ec2.DescribeInstanceStatusOutput) },
	"GetConsoleOutput":          func() (any, any) { return nil, new(ec2.GetConsoleOutputOutput) },
}

// savedWorld loads the EC2 part of a saved incident.
func savedWorld(t testing.TB, name string) *ec2fake.Client {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "worlds", name+".json.gz"))
	require.NoError(t, err)
	defer file.Close()
	text, err := gzip.NewReader(file)
	require.NoError(t, err)
	var documents []struct {
		Operation string
		Output    json.RawMessage
	}
	require.NoError(t, json.NewDecoder(text).Decode(&documents))
	c := &ec2fake.Client{}
	for _, d := range documents {
		if empty := outputs[d.Operation]; empty != nil {
			in, out := empty()
			require.NoError(t, json.Unmarshal(d.Output, out), d.Operation)
			require.True(t, c.Merge(in, out), d.Operation)
		}
	}
	return c
}
