package ec2diag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// servers names DNS servers in the DHCP options of the healthy world.
func servers(named ...string) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) {
		c.DHCPOptions = []types.DhcpOptions{ec2fake.DHCP(ec2fake.DHCPOptions, named...)}
	}
}

func resolver(c *ec2fake.Client) *ec2diag.Resolver {
	return ec2diag.NewResolver(ec2diag.NewNetwork(c, window), c, ec2diag.EndIn(diag.ResourceOf("AWS::ECS::Service", "prod/api", ""),
		ec2diag.Location{Instances: []string{ec2fake.InstanceA}, Subnets: []string{ec2fake.PrivateA}}))
}

func supportOff(c *ec2fake.Client) { c.VPCAttributes[0].DNSSupport = false }

func TestConformResolver(t *testing.T) {
	for check, broken := range map[*diag.Check[*ec2diag.Resolver]]func(*ec2fake.Client){
		ec2diag.DNSSupportOff:    supportOff,
		ec2diag.NoDNSServers:     servers(),
		ec2diag.DNSServerMissing: servers("10.0.11.99"),
		ec2diag.OwnDNSServers:    servers("192.168.1.53"),
	} {
		world := func(change func(*ec2fake.Client)) func() (*ec2diag.Resolver, []diagfake.Fake) {
			return func() (*ec2diag.Resolver, []diagfake.Fake) {
				c := edit(change)
				return resolver(c), []diagfake.Fake{c}
			}
		}
		diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.Resolver]{Healthy: world(nil), Broken: world(broken)})
	}
}

func TestResolver(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*ec2fake.Client)
		want   map[diag.Code]string // what its summary holds
	}{
		{"Amazon's", nil, nil},
		{"Amazon's by its addresses", servers("169.254.169.253", "10.0.0.2"), nil},
		{"support off, but servers of somebody's own", func(c *ec2fake.Client) {
			servers("AmazonProvidedDNS", "192.168.1.53")(c)
			supportOff(c)
		}, map[diag.Code]string{"ec2.own-dns-servers": "dopt-0a1 of vpc-0a1 name 192.168.1.53 for DNS"}},
		{"support off", supportOff, map[diag.Code]string{
			"ec2.dns-support-off": "vpc-0a1 finds no names: enableDnsSupport is off, and its DHCP options dopt-0a1 name no other"}},
		{"no options", func(c *ec2fake.Client) { c.VPCs[0].DhcpOptionsId = aws.String("default") },
			map[diag.Code]string{"ec2.no-dns-servers": "vpc-0a1 has no DHCP options"}},
		{"options that are not shown", func(c *ec2fake.Client) { c.DHCPOptions = nil }, nil},
		{"options not told", func(c *ec2fake.Client) { c.VPCs[0].DhcpOptionsId = nil }, nil},
		{"no servers", servers(), map[diag.Code]string{"ec2.no-dns-servers": "dopt-0a1 of vpc-0a1 name no DNS server"}},
		{"a server that is there", servers("10.0.10.40"),
			map[diag.Code]string{"ec2.own-dns-servers": "10.0.10.40"}},
		{"the only server is gone", servers("10.0.11.99"),
			map[diag.Code]string{"ec2.dns-server-missing": "name DNS server 10.0.11.99, and no network interface has that address; " +
				"there is no other"}},
		{"one of two is gone", servers("10.0.11.99", "192.168.1.53"), map[diag.Code]string{
			"ec2.dns-server-missing": "others are named beside", "ec2.own-dns-servers": "10.0.11.99, 192.168.1.53"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := diag.Run(t.Context(), diag.On(resolver(edit(test.change)), ec2diag.ResolverChecks()...))
			require.NoError(t, report.Err())
			assert.Len(t, report.Findings, len(test.want))
			for _, f := range report.Findings {
				assert.Contains(t, f.Summary, test.want[f.Code], f.Code)
				assert.Equal(t, "AWS::EC2::VPC "+ec2fake.VPC, f.Resource.Type+" "+f.Resource.ID)
			}
		})
	}
}

// TestWayToDNSServers: packets to servers of somebody's own are filtered and routed as any others.
func TestWayToDNSServers(t *testing.T) {
	onPremises := servers("192.168.1.53")
	for _, test := range []struct {
		name   string
		change func(*ec2fake.Client)
		want   []diag.Code
	}{
		{"Amazon's needs no way", func(c *ec2fake.Client) { table(c, ec2fake.PrivateTable).Routes = nil }, nil},
		{"a server that does not let them in", servers("10.0.11.20"), []diag.Code{"ec2.security-group-blocks-ingress"}},
		{"no route to one on premises", func(c *ec2fake.Client) {
			onPremises(c)
			table(c, ec2fake.PrivateTable).Routes = nil
		}, []diag.Code{"ec2.route-missing"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			way := resolver(edit(test.change)).Path()
			report := diag.Run(t.Context(), diag.On(way, ec2diag.PathChecks()...))
			require.NoError(t, report.Err())
			var codes []diag.Code
			for _, f := range report.Findings {
				codes = append(codes, f.Code)
			}
			assert.Equal(t, test.want, codes)
		})
	}
}

// TestCostOfAResolver counts one call for the VPC, its options, its attribute and the interface each.
func TestCostOfAResolver(t *testing.T) {
	c := edit(nil)
	r := ec2diag.NewResolver(ec2diag.NewNetwork(c, window), c, ec2diag.InstanceEnd(ec2fake.InstanceA))
	report := diag.Run(t.Context(), diag.Join(diag.On(r, ec2diag.ResolverChecks()...), diag.Observe(r, ec2diag.ResolverSurvey)))
	require.NoError(t, report.Err())
	assert.Len(t, c.Calls(), 4)
}
