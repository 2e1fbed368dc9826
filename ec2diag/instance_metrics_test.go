package ec2diag_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

const volume = "vol-0root"

// curve is a series of the instance, or of its volume, up to now.
type curve struct {
	name, stat string
	values     []float64
}

// times repeats a value.
func times(n int, value float64) []float64 { return slices.Repeat([]float64{value}, n) }

// metricWorld is a t3.medium whose metrics are sound, but for some.
func metricWorld(change ...curve) diagtest.World[*ec2diag.Instance] {
	return func() (*ec2diag.Instance, []diagfake.Fake) {
		c := edit(func(c *ec2fake.Client) {
			c.Instances[0].InstanceType = types.InstanceTypeT3Medium
			c.Instances[0].BlockDeviceMappings = []types.InstanceBlockDeviceMapping{
				{Ebs: &types.EbsInstanceBlockDevice{VolumeId: aws.String(volume)}},
			}
		})
		m := &metricsfake.Client{}
		for _, x := range append([]curve{
			{"CPUCreditBalance", "Minimum", times(12, 300)}, {"CPUSurplusCreditBalance", "Maximum", times(12, 0)},
			{"CPUSurplusCreditsCharged", "Sum", times(12, 0)}, {"CPUUtilization", "Average", times(12, 20)},
			{"EBSIOBalance%", "Minimum", times(12, 99)}, {"EBSByteBalance%", "Minimum", times(12, 99)},
			{"BurstBalance", "Minimum", times(12, 100)}, {"VolumeIOPSExceededCheck", "Average", times(12, 0)},
			{"VolumeThroughputExceededCheck", "Average", times(12, 0)}, {"VolumeStalledIOCheck", "Maximum", times(12, 0)},
		}, change...) {
			one := metrics.Metric{Namespace: "AWS/EC2", Name: x.name, Stat: x.stat,
				Dimensions: []metrics.Dimension{{Name: "InstanceId", Value: ec2fake.InstanceA}}}
			if x.name == "BurstBalance" || x.name[:6] == "Volume" {
				one.Namespace, one.Dimensions = "AWS/EBS", []metrics.Dimension{{Name: "VolumeId", Value: volume}}
			}
			start := now.Add(-time.Duration(len(x.values)) * 5 * time.Minute)
			m.Series = slices.DeleteFunc(m.Series, func(s metricsfake.Series) bool { return s.Metric.String() == one.String() })
			m.Series = append(m.Series, metricsfake.Series{Metric: one,
				Points: metricsfake.Every(5*time.Minute, start, x.values...)})
		}
		i := ec2diag.NewInstance(c, ec2fake.InstanceA, window).WithMetrics(metrics.NewSource(m, window))
		return i, []diagfake.Fake{c, m}
	}
}

func falling(good, bad float64) []float64 { return append(times(8, good), times(4, bad)...) }

func TestConformInstanceMetrics(t *testing.T) {
	broken := map[diag.Code]curve{
		"ec2.cpu-credits-used-up":       {"CPUCreditBalance", "Minimum", falling(100, 0)},
		"ec2.cpu-surplus-charged":       {"CPUSurplusCreditsCharged", "Sum", falling(0, 2)},
		"ec2.ebs-balance-used-up":       {"EBSIOBalance%", "Minimum", falling(90, 0)},
		"ec2.volume-burst-used-up":      {"BurstBalance", "Minimum", falling(90, 0)},
		"ec2.volume-limit-reached":      {"VolumeIOPSExceededCheck", "Average", falling(0, 1)},
		"ec2.volume-throughput-reached": {"VolumeThroughputExceededCheck", "Average", falling(0, 1)},
		"ec2.volume-stalled":            {"VolumeStalledIOCheck", "Maximum", falling(0, 1)},
	}
	for _, check := range ec2diag.InstanceMetricChecks() {
		require.Contains(t, broken, check.Code)
		diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.Instance]{Healthy: metricWorld(),
			Broken: metricWorld(broken[check.Code])})
	}
}

func TestInstanceMetrics(t *testing.T) {
	for _, test := range []struct {
		name   string
		change []curve
		want   []diag.Code
	}{
		{"sound", nil, nil},
		{"standard mode", []curve{{"CPUCreditBalance", "Minimum", falling(100, 0)}}, []diag.Code{"ec2.cpu-credits-used-up"}},
		{"unlimited mode", []curve{{"CPUCreditBalance", "Minimum", falling(100, 0)},
			{"CPUSurplusCreditBalance", "Maximum", falling(0, 40)}}, nil},
		{"a short dip", []curve{{"CPUCreditBalance", "Minimum", append(times(10, 100), 0, 0)}}, nil},
		{"over again", []curve{{"BurstBalance", "Minimum", append(times(11, 0), 30)}}, nil},
		{"no metrics at all", []curve{{"CPUCreditBalance", "Minimum", nil}, {"BurstBalance", "Minimum", nil}}, nil},
		{"both EBS balances", []curve{{"EBSIOBalance%", "Minimum", falling(90, 0)},
			{"EBSByteBalance%", "Minimum", falling(90, 1)}},
			[]diag.Code{"ec2.ebs-balance-used-up", "ec2.ebs-balance-used-up"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, fakes := metricWorld(test.change...)()
			diagtest.Want(t, diagtest.Run(t, i, ec2diag.InstanceMetricChecks()...), test.want...)
			assert.Len(t, fakes[1].Calls(), 1, "all metrics in one call")
		})
	}
	i, _ := metricWorld(curve{"CPUCreditBalance", "Minimum", falling(100, 0)},
		curve{"CPUUtilization", "Average", times(12, 20)})()
	f := diagtest.Only(t, diagtest.Run(t, i, ec2diag.InstanceMetricChecks()...), "ec2.cpu-credits-used-up")
	assert.Equal(t, "instance i-0hostA (t3.medium) has no CPU credits left and runs at its baseline; its CPUs are at 20 %",
		f.Summary)
	assert.Equal(t, minutesAgo(20), f.Since)
	assert.False(t, f.SinceAtLeast)
}
