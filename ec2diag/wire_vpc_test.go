package ec2diag_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/internal/wire"
)

// elements returns the texts of all elements of a name in the recorded answer of an operation, read without the SDK.
func elements(t *testing.T, server, operation, name string) []string {
	exchanges, err := wire.Exchanges(server)
	require.NoError(t, err)
	var found []string
	for _, e := range exchanges {
		if e.Operation != operation || e.Variant != "" {
			continue
		}
		d := xml.NewDecoder(strings.NewReader(e.Response()))
		for {
			token, err := d.Token()
			if err != nil {
				break
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == name {
				var text string
				require.NoError(t, d.DecodeElement(&text, &start))
				found = append(found, text)
			}
		}
	}
	return found
}

// TestRecordedDescribes reads each describe call of a VPC through the real client, and finds in it what the recorded
// XML holds: subnets, route tables, NAT gateways, endpoints, network ACLs, security groups and interfaces.
func TestRecordedDescribes(t *testing.T) {
	for _, server := range []string{"moto", "ministack"} {
		t.Run(server, func(t *testing.T) {
			replay, err := wire.Load(server)
			require.NoError(t, err)
			client := ec2.NewFromConfig(replay.Config())
			vpc := recordedID(t, server, "DescribeSubnets", "Filter.1.Value.1")
			network := ec2diag.NewNetwork(client, window)

			subnets := elements(t, server, "DescribeSubnets", "subnetId")
			require.NotEmpty(t, subnets)
			interfaces, err := network.Locate(t.Context(), ec2diag.Location{VPC: vpc, Subnets: subnets})
			require.NoError(t, err)
			var located []string
			for _, i := range interfaces {
				assert.Equal(t, vpc, i.VPC)
				assert.NotEmpty(t, i.Addresses)
				located = append(located, i.Subnet)
			}
			assert.ElementsMatch(t, subnets, located)

			nats, err := network.NATGateways(t.Context(), vpc)
			require.NoError(t, err)
			for i, id := range elements(t, server, "DescribeNatGateways", "natGatewayId") {
				assert.Equal(t, id, *nats[i].NatGatewayId)
				assert.Equal(t, elements(t, server, "DescribeNatGateways", "state")[i], string(nats[i].State))
			}
			endpoints, err := network.VPCEndpoints(t.Context(), vpc)
			require.NoError(t, err)
			for i, id := range elements(t, server, "DescribeVpcEndpoints", "vpcEndpointId") {
				assert.Equal(t, id, *endpoints[i].VpcEndpointId)
			}
			tables, acls := elements(t, server, "DescribeRouteTables", "routeTableId"),
				elements(t, server, "DescribeNetworkAcls", "networkAclId")
			links, err := network.SubnetLinks(t.Context(), vpc, subnets[0])
			if err != nil { // the recording has no network ACL or route table for the subnet: then it says so
				assert.Equal(t, diag.KindIncomplete, diag.KindOf(err), "%v", err)
			}
			for _, l := range links {
				switch l.Role {
				case "filtered by":
					assert.Contains(t, acls, l.To.ID)
				case "routed by":
					assert.Contains(t, tables, l.To.ID)
				}
			}
			assert.NotEmpty(t, links)
			groups := elements(t, server, "DescribeSecurityGroups", "groupId")
			require.NotEmpty(t, groups)
			p := ec2diag.NewPath(network, ec2diag.Internet(), ec2diag.EndIn(targetGroup, ec2diag.Location{VPC: vpc,
				Subnets: subnets[:1], Groups: groups[:1]}), ec2diag.TCP, 9)
			findings, err := ec2diag.SecurityGroupBlocksIngress.Run(t.Context(), p)
			require.NoError(t, err)
			require.Len(t, findings, 1, "no recorded group admits the discard port")
			assert.Equal(t, groups[0], findings[0].Resource.ID)
		})
	}
}

// TestRecordedScalingGroups reads Auto Scaling groups through the real client.
func TestRecordedScalingGroups(t *testing.T) {
	for _, server := range []string{"moto", "ministack"} {
		t.Run(server, func(t *testing.T) {
			replay, err := wire.Load(server)
			require.NoError(t, err)
			name := elements(t, server, "DescribeAutoScalingGroups", "AutoScalingGroupName")[0]
			g := ec2diag.NewScalingGroup(autoscaling.NewFromConfig(replay.Config()), name, window)
			described, err := g.Describe(t.Context())
			require.NoError(t, err)
			assert.Equal(t, name, *described.AutoScalingGroupName)
			report := diag.Run(t.Context(), diag.On(g, ec2diag.ScalingGroupChecks()...),
				diag.Observe(g, ec2diag.ScalingGroupSurvey))
			assert.NoError(t, report.Err())
			for _, f := range report.Findings {
				t.Logf("%s %s: %s", f.Severity, f.Code, f.Summary)
			}
		})
	}
}
