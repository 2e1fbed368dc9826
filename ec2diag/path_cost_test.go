package ec2diag_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// TestCostOfAPath is what a path may cost: 8 calls, one after the other no more than 3, and none of them twice.
func TestCostOfAPath(t *testing.T) {
	for name, ends := range map[string][2]ec2diag.End{
		"balancer to targets": {fromBalancer, toTasks},
		"task to internet":    {ec2diag.InterfaceEnd(ec2fake.TaskA), vendor},
		"subnet to database": {ec2diag.SubnetEnd(ec2fake.PrivateB, ec2fake.TaskGroup),
			ec2diag.InterfaceEnd(ec2fake.Database)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := edit(nil)
				c.Delay(time.Second)
				begun := time.Now()
				p := path(c, ends[0], ends[1], ec2diag.TCP, 443)
				report := diag.Run(t.Context(), diag.On(p, ec2diag.PathChecks()...), diag.Observe(p, ec2diag.PathSurvey))
				assert.NoError(t, report.Err())
				assert.LessOrEqual(t, time.Since(begun), 3*time.Second)
				assert.LessOrEqual(t, len(c.Calls()), 8)
				seen := map[string]bool{}
				for _, call := range c.Calls() {
					key := fmt.Sprintf("%s %+v", call.Action, call.Input)
					assert.False(t, seen[key], "%s twice", call.Action)
					seen[key] = true
				}
			})
		})
	}
}

// BenchmarkThousandPaths judges 1,000 paths of one VPC, all checks on each, from one gather.
func BenchmarkThousandPaths(b *testing.B) {
	c := edit(nil)
	n := ec2diag.NewNetwork(c, window)
	faces, err := n.Interfaces(b.Context(), ec2fake.VPC)
	require.NoError(b, err)
	judge := func() (findings int) {
		for i := range 1000 {
			from, to := faces[i%len(faces)], faces[i/len(faces)%len(faces)]
			p := ec2diag.NewPath(n, ec2diag.EndOf(balancer, from), ec2diag.EndOf(targetGroup, to), ec2diag.TCP, int32(8000+i))
			for _, check := range ec2diag.PathChecks() {
				found, err := check.Run(b.Context(), p)
				require.NoError(b, err)
				findings += len(found)
			}
		}
		return findings
	}
	judge()
	for b.Loop() {
		judge()
	}
	b.ReportMetric(float64(len(c.Calls())), "calls")
}
