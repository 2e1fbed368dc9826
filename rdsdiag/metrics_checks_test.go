package rdsdiag_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// TestMetricChecks spoils a world and looks at what one check makes of it.
func TestMetricChecks(t *testing.T) {
	recovered := func(bad float64) []float64 { return append(repeat(bad, 6), repeat(20, 6)...) }
	formula := maxConnections("LEAST({DBInstanceClassMemory/9531392},5000)")
	for _, c := range []struct {
		name     string
		check    *diag.Check[*rdsdiag.DBInstance]
		spoil    func(*world)
		severity diag.Severity // zero: silent
		say      []string
		ago      time.Duration // since when
	}{
		{"connections at a known limit", rdsdiag.ConnectionsExhausted, exhausted, diag.SeverityError,
			[]string{"117 connections of the 120 that max_connections allows, 3 of which"}, 20 * time.Minute},
		{"connections at the maximum for a moment", rdsdiag.ConnectionsExhausted, both(maxConnections("120"),
			stat("DatabaseConnections", "Maximum", 50, 118)),
			diag.SeverityError, []string{"118"}, 5 * time.Minute},
		{"connections were at the limit", rdsdiag.ConnectionsExhausted,
			both(maxConnections("120"), average("DatabaseConnections", 40, 117, 117, 117, 117, 117, 117, 40, 40, 40, 40, 40,
				40)), diag.SeverityWarning,
			[]string{"had 117", "from 11:00 to 11:30 UTC"}, time.Hour},
		{"flat below what a formula gives", rdsdiag.ConnectionsExhausted, both(formula,
			average("DatabaseConnections", 300, 700, 853, 853, 853, 853)),
			diag.SeverityError, []string{"about 766 to 901", "DBInstanceClassMemory/9531392"}, 25 * time.Minute},
		{"moving below what a formula gives", rdsdiag.ConnectionsExhausted, both(formula,
			average("DatabaseConnections", 300, 790, 810, 780, 800, 830)), 0, nil, 0},
		{"flat far below the limit", rdsdiag.ConnectionsExhausted, both(formula, average("DatabaseConnections", 300)), 0, nil,
			0},
		{"no limit for Db2", rdsdiag.ConnectionsExhausted, func(w *world) { w.db().Engine = aws.String("db2-se") }, 0, nil,
			0},
		{"high is not exhausted", rdsdiag.ConnectionsExhausted, both(maxConnections("120"),
			average("DatabaseConnections", 40, 105, 106, 104)), 0, nil, 0},
		{"exhausted is not high", rdsdiag.ConnectionsHigh, exhausted, 0, nil, 0},
		{"burst credits spent", rdsdiag.BurstBalanceEmpty, broken["burst-balance-empty"], diag.SeverityError,
			[]string{"BurstBalance 0 % since 11:45 UTC", "100 GiB volume is held to 300 IOPS"}, 15 * time.Minute},
		{"burst credits came back", rdsdiag.BurstBalanceEmpty, both(gp2, average("BurstBalance", 99, recovered(0)...)),
			diag.SeverityWarning,
			[]string{"had spent", "from 11:00 to 11:30 UTC", "was held"}, time.Hour},
		{"credits of a volume that needs none", rdsdiag.BurstBalanceEmpty,
			both(gp2, func(w *world) { w.db().AllocatedStorage = aws.Int32(4000) }, average("BurstBalance", 99, 0, 0, 0)), 0,
			nil, 0},
		{"striped volumes burst further", rdsdiag.BurstBalanceEmpty,
			both(gp2, func(w *world) { w.db().AllocatedStorage = aws.Int32(2000) }, average("BurstBalance", 99, 0, 0)),
			diag.SeverityError, []string{"held to 6000 IOPS"}, 10 * time.Minute},
		{"a burst of striped volumes is no ceiling", rdsdiag.IOPSAtLimit,
			both(gp2, func(w *world) { w.db().AllocatedStorage = aws.Int32(500) }, average("ReadIOPS", 80, 3000, 3000, 3000)), 0,
			nil, 0},
		{"a burst of one volume is one", rdsdiag.IOPSAtLimit, both(gp2, average("ReadIOPS", 80, 3000, 3000, 3000)),
			diag.SeverityWarning, []string{"of 3000"}, 15 * time.Minute},
		{"gp3 has no credits", rdsdiag.BurstBalanceEmpty, average("BurstBalance", 99, 0, 0), 0, nil, 0},
		{"IOPS at the limit, latency well", rdsdiag.IOPSAtLimit, broken["iops-at-limit"], diag.SeverityWarning,
			[]string{"of 3000"}, 20 * time.Minute},
		{"IOPS at the limit, requests wait", rdsdiag.IOPSAtLimit, both(broken["iops-at-limit"],
			average("ReadLatency", 0.001, 0.05)), diag.SeverityError, nil, 20 * time.Minute},
		{"status storage-full without metrics", rdsdiag.StorageFull, both(status("storage-full"),
			func(w *world) { w.cw.Series = nil }), diag.SeverityError,
			[]string{"no storage left", "status storage-full"}, 0},
		{"storage filling that autoscaling catches", rdsdiag.StorageFilling, both(broken["storage-filling"],
			func(w *world) { w.db().MaxAllocatedStorage = aws.Int32(500) }),
			diag.SeverityInfo, []string{"full in about", "autoscaling may grow it to 500 GiB"}, -1},
		{"storage filling at the ceiling", rdsdiag.StorageFilling, both(broken["storage-filling"],
			func(w *world) { w.db().MaxAllocatedStorage = aws.Int32(105) }),
			diag.SeverityWarning, nil, -1},
		{"storage moving a little", rdsdiag.StorageFilling, average("FreeStorageSpace", 60*gibibyte,
			ramp(60*gibibyte, 59.9*gibibyte, 36)...), 0, nil, 0},
		{"little storage, steady", rdsdiag.StorageFilling, average("FreeStorageSpace", 8*gibibyte), diag.SeverityWarning,
			[]string{"8 GiB of 100 GiB"}, 0},
		{"processor credits spent, unlimited", rdsdiag.CPUCreditsExhausted,
			both(class("db.t3.medium"), average("CPUCreditBalance", 300, 0, 0, 0), average("CPUUtilization", 60)),
			diag.SeverityInfo, []string{"charged"}, 15 * time.Minute},
		{"processor credits spent, held", rdsdiag.CPUCreditsExhausted, broken["cpu-credits-exhausted"], diag.SeverityError,
			[]string{"held to 20 %"}, 15 * time.Minute},
		{"processor credits spent on t2", rdsdiag.CPUCreditsExhausted, both(class("db.t2.small"),
			average("CPUCreditBalance", 300, 0, 0), average("CPUUtilization", 60)),
			diag.SeverityError, nil, 10 * time.Minute},
		{"processor busy", rdsdiag.CPUHigh, average("CPUUtilization", 20, 92, 93, 91), diag.SeverityWarning, nil,
			15 * time.Minute},
		{"processor was saturated", rdsdiag.CPUHigh, average("CPUUtilization", 20, recovered(99)...), diag.SeverityWarning,
			[]string{"from 11:00 to 11:30"}, time.Hour},
		{"processor busy for a moment", rdsdiag.CPUHigh, average("CPUUtilization", 20, 99, 99, 20), 0, nil, 0},
		{"memory low and swapping", rdsdiag.MemoryLow, both(broken["memory-low"], average("SwapUsage", 0, 3e9)),
			diag.SeverityError, []string{"8 GiB of memory", "of swap"}, 20 * time.Minute},
		{"swap left over from the start", rdsdiag.Swapping, average("SwapUsage", 2e9), 0, nil, 0},
		{"slow during a snapshot", rdsdiag.StorageLatencyHigh, both(broken["storage-latency-high"], status("backing-up")),
			diag.SeverityWarning, []string{"150 ms since 11:45 UTC", ", while it is being backed up"}, 15 * time.Minute},
		{"slow as always", rdsdiag.StorageLatencyHigh, average("ReadLatency", 0.03), 0, nil, 0},
		{"trouble before the window", rdsdiag.CPUHigh, average("CPUUtilization", 20, append(repeat(99, 20),
			repeat(20, 40)...)...), 0, nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, newWorld(c.spoil).instance(), c.check)
			require.NoError(t, report.Err())
			if c.severity == 0 {
				assert.Empty(t, report.Findings)
				return
			}
			f := diagtest.Only(t, report, c.check.Code)
			assert.Equal(t, c.severity, f.Severity, f.Summary)
			for _, s := range c.say {
				assert.Contains(t, f.Summary, s)
			}
			switch {
			case c.ago > 0:
				assert.Equal(t, now.Add(-c.ago), f.Since, f.Summary)
			case c.ago == 0:
				assert.Zero(t, f.Since)
			}
		})
	}
}

// TestUntil says when a trouble ended that is over, and nothing of one that lasts.
func TestUntil(t *testing.T) {
	over := newWorld(average("CPUUtilization", 20, append(repeat(99, 6), repeat(20, 6)...)...))
	f := diagtest.Only(t, diagtest.Run(t, over.instance(), rdsdiag.CPUHigh), "rds.cpu-high")
	assert.Equal(t, now.Add(-30*time.Minute), f.Until)
	f = diagtest.Only(t, diagtest.Run(t, newWorld(broken["cpu-high"]).instance(), rdsdiag.CPUHigh), "rds.cpu-high")
	assert.Zero(t, f.Until)
}

// TestLatePoints takes a stretch for ongoing although the newest periods are not there yet.
func TestLatePoints(t *testing.T) {
	w := newWorld(average("CPUUtilization", 20, 99, 99, 99, 99, 99))
	for i := range w.cw.Series {
		if w.cw.Series[i].Metric.Name == "CPUUtilization" {
			w.cw.Series[i].Points = w.cw.Series[i].Points[:70]
		}
	}
	f := diagtest.Only(t, diagtest.Run(t, w.instance(), rdsdiag.CPUHigh), "rds.cpu-high")
	assert.Equal(t, diag.SeverityError, f.Severity)
	assert.Contains(t, f.Summary, "since 11:35 UTC")
}

func TestUnknownClassIsInconclusive(t *testing.T) {
	report := diagtest.Run(t, newWorld(class("db.z9x.large")).instance(), rdsdiag.ConnectionsExhausted)
	require.Len(t, report.Inconclusive, 1)
	assert.Equal(t, diag.KindIncomplete, report.Inconclusive[0].Kind)
	assert.Contains(t, report.Inconclusive[0].Err, "db.z9x.large")
}
