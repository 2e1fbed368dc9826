package ec2diag_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// gatewayWorld is a NAT gateway that refused so many connections in each period up to now.
func gatewayWorld(refused ...float64) diagtest.World[*ec2diag.NATGateway] {
	return func() (*ec2diag.NATGateway, []diagfake.Fake) {
		m := &metricsfake.Client{}
		add := func(name, stat string, values []float64) {
			one := metrics.Metric{Namespace: "AWS/NATGateway", Name: name, Stat: stat,
				Dimensions: []metrics.Dimension{{Name: "NatGatewayId", Value: ec2fake.NATGateway}}}
			start := now.Add(-time.Duration(len(values)) * 5 * time.Minute)
			m.Series = append(m.Series, metricsfake.Series{Metric: one,
				Points: metricsfake.Every(5*time.Minute, start, values...)})
		}
		add("ErrorPortAllocation", "Sum", refused)
		add("ActiveConnectionCount", "Maximum", times(len(refused), 54900))
		return ec2diag.NewNATGateway(metrics.NewSource(m, window), ec2fake.NATGateway, window), []diagfake.Fake{m}
	}
}

func TestConformNATGateway(t *testing.T) {
	diagtest.Conform(t, ec2diag.NATGatewayOutOfPorts, diagtest.Worlds[*ec2diag.NATGateway]{
		Healthy: gatewayWorld(times(12, 0)...), Broken: gatewayWorld(falling(0, 700)...),
	})
}

func TestNATGatewayOutOfPorts(t *testing.T) {
	for _, test := range []struct {
		name    string
		refused []float64
		want    string
	}{
		{"for twenty minutes", falling(0, 700), "NAT gateway nat-0a1 had no port left for 2800 connections for 20 minutes: " +
			"too many are open to one destination (up to 54900 in all)"},
		{"a burst", append(times(10, 0), 900, 0), ""},
		{"over for long", append(times(4, 900), times(8, 0)...), ""},
		{"no metrics at all", nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			g, _ := gatewayWorld(test.refused...)()
			report := diagtest.Run(t, g, ec2diag.NATGatewayChecks()...)
			if test.want == "" {
				assert.Empty(t, report.Findings)
				return
			}
			assert.Equal(t, test.want, diagtest.Only(t, report, "ec2.nat-gateway-out-of-ports").Summary)
		})
	}
}
