package ec2diag_test

import (
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/internal/wire"
)

// recordedID returns a parameter of the first recorded request of an operation.
func recordedID(t *testing.T, server, operation, parameter string) string {
	exchanges, err := wire.Exchanges(server)
	require.NoError(t, err)
	for _, e := range exchanges {
		values, err := url.ParseQuery(e.Request())
		if e.Operation == operation && err == nil && values.Has(parameter) {
			return values.Get(parameter)
		}
	}
	t.Fatalf("no %s with %s was recorded", operation, parameter)
	return ""
}

// TestRecordedNetworks reads the VPCs of two AWS-compatible servers through the real client: a host in each subnet to
// the internet, layer by layer.
func TestRecordedNetworks(t *testing.T) {
	for _, server := range []string{"moto", "ministack"} {
		t.Run(server, func(t *testing.T) {
			replay, err := wire.Load(server)
			require.NoError(t, err)
			client := ec2.NewFromConfig(replay.Config())
			vpc := recordedID(t, server, "DescribeSubnets", "Filter.1.Value.1")
			subnets, err := client.DescribeSubnets(t.Context(), nil)
			require.NoError(t, err)
			require.NotEmpty(t, subnets.Subnets)
			network := ec2diag.NewNetwork(client, window)
			for _, s := range subnets.Subnets {
				end := ec2diag.EndIn(diag.ResourceOf("AWS::EC2::Subnet", *s.SubnetId, ""),
					ec2diag.Location{VPC: vpc, Subnets: []string{*s.SubnetId}})
				p := ec2diag.NewPath(network, end, ec2diag.Internet(), ec2diag.TCP, 443)
				report := diag.Run(t.Context(), diag.On(p, ec2diag.PathChecks()...), diag.Observe(p, ec2diag.PathSurvey))
				for _, i := range report.Inconclusive {
					assert.Contains(t, []diag.Kind{diag.KindNotFound, diag.KindIncomplete}, i.Kind, "%s: %s", i.Code, i.Err)
				}
				for _, f := range report.Findings {
					t.Logf("%s %s", f.Code, f.Summary)
				}
				assert.NotEmpty(t, report.Links)
			}
		})
	}
}

func TestRecordedInstances(t *testing.T) {
	for _, server := range []string{"moto", "ministack"} {
		t.Run(server, func(t *testing.T) {
			replay, err := wire.Load(server)
			require.NoError(t, err)
			client := ec2.NewFromConfig(replay.Config())
			id := recordedID(t, server, "DescribeInstances", "InstanceId.1")
			i := ec2diag.NewInstance(client, id, window)
			described, err := i.Describe(t.Context())
			require.NoError(t, err)
			assert.Equal(t, id, *described.InstanceId)
			report := diag.Run(t.Context(), diag.On(i, ec2diag.InstanceChecks()...), diag.Observe(i, ec2diag.InstanceSurvey))
			assert.NoError(t, report.Err())
			for _, f := range report.Findings {
				t.Logf("%s %s", f.Code, f.Summary)
			}
			_, err = ec2diag.NewInstance(client, "i-0123456789abcdef0", window).Describe(t.Context())
			assert.Equal(t, diag.KindNotFound, diag.KindOf(err), "%v", err)
		})
	}
}
