package ec2diag_test

import (
	"net/netip"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// TestClients: those who come over the internet have public addresses, so that a rule for private ones admits none.
func TestClients(t *testing.T) {
	for _, tt := range []struct {
		name, admits string
		blocked      bool
	}{
		{"everybody", "0.0.0.0/0", false},
		{"an office", "198.51.100.0/24", false},
		{"the network itself", "10.0.0.0/16", true},
		{"all private addresses", "10.0.0.0/8", true},
		{"private ones of class B", "172.16.0.0/12", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			client := edit(func(c *ec2fake.Client) {
				group(c, ec2fake.TaskGroup).IpPermissions = []types.IpPermission{
					ec2fake.Permission("tcp", 8883, 8883, ec2fake.FromCIDR(tt.admits))}
			})
			network := ec2diag.NewNetwork(client, diag.Window{})
			to := ec2diag.EndIn(diag.Resource{Type: "AWS::ElasticLoadBalancingV2::TargetGroup", ID: "brokers"},
				ec2diag.Location{VPC: ec2fake.VPC, Subnets: []string{ec2fake.PublicA}, Groups: []string{ec2fake.TaskGroup}})
			way := ec2diag.NewPath(network, ec2diag.Clients("(with their own addresses)"), to, ec2diag.TCP, 8883)
			from, err := way.From(t.Context())
			require.NoError(t, err)
			require.Len(t, from, 1)
			for _, private := range []string{"10.1.2.3", "172.31.0.9", "192.168.0.1", "100.64.1.1", "169.254.169.254"} {
				for _, p := range from[0].Addresses {
					assert.False(t, p.Contains(netip.MustParseAddr(private)), "%s holds %s", p, private)
				}
			}
			report := diag.Run(t.Context(), diag.On(way, ec2diag.PathChecks()...))
			require.NoError(t, report.Err())
			var codes []diag.Code
			for _, f := range report.Findings {
				codes = append(codes, f.Code)
				assert.Contains(t, f.NextSteps[len(f.NextSteps)-1].Command, "IpRanges=[{CidrIp=0.0.0.0/0}]")
			}
			if tt.blocked {
				assert.Equal(t, []diag.Code{"ec2.security-group-blocks-ingress"}, codes)
			} else {
				assert.Empty(t, codes)
			}
		})
	}
}
