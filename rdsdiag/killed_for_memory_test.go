package rdsdiag_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// down has the engine go down and come back within a minute.
func down(ago time.Duration) func(*world) {
	return both(happens(ago, "DB instance shutdown"), happens(ago-time.Minute, "DB instance restarted"))
}

func TestKilledForMemory(t *testing.T) {
	const high, low = 3e9, 2e8
	sawtooth := average("FreeableMemory", high, high, 1e9, low, high, 2e9, 1e9, low, high, 2e9, 1e9, low, high, high)
	// the low points are 55, 35 and 15 minutes old; class db.m6g.large has 8 GiB
	warned := "A database workload is causing the system to run critically low on memory. To help mitigate the issue, " +
		"RDS automatically set the value of innodb_buffer_pool_size to 1073741824."
	for _, c := range []struct {
		name     string
		spoil    func(*world)
		severity diag.Severity // zero for nothing
		since    time.Duration
		says     []string
	}{
		{"three times", both(sawtooth, down(52*time.Minute), down(32*time.Minute), down(12*time.Minute)),
			diag.SeverityError, 55 * time.Minute, []string{"3 times from 11:08 to 11:49 UTC", "191 MiB", "2.8 GiB"}},
		{"once", both(sawtooth, down(52*time.Minute)), diag.SeverityWarning, 55 * time.Minute,
			[]string{"for lack of memory at 11:08 UTC"}},
		{"twice, long ago", both(average("FreeableMemory", high, append([]float64{low, high, high, low},
			repeat(high, 24)...)...), down(137*time.Minute), down(122*time.Minute)),
			diag.SeverityWarning, 140 * time.Minute, []string{"2 times"}},
		{"RDS told of it", both(happens(41*time.Minute, warned), down(32*time.Minute)), diag.SeverityWarning,
			41 * time.Minute, []string{"critically low on memory"}},
		{"the event says both", happens(41*time.Minute, "The instance restarted because the engine was out of memory."),
			diag.SeverityWarning, 41 * time.Minute, []string{"at 11:19 UTC"}},
		{"told of and not gone down", happens(41*time.Minute, warned), 0, 0, nil},
		{"memory was there", both(down(52*time.Minute), down(32*time.Minute)), 0, 0, nil},
		{"rather low, once", both(average("FreeableMemory", high, append([]float64{7e8}, repeat(high, 10)...)...),
			down(52*time.Minute)), 0, 0, nil},
		{"low and not freed", both(average("FreeableMemory", high, repeat(low, 20)...), down(52*time.Minute)), 0, 0, nil},
		{"failover that somebody asked for", both(sawtooth, happens(53*time.Minute, "Multi-AZ failover requested by user"),
			happens(52*time.Minute, "Multi-AZ instance failover started"), down(51*time.Minute)), 0, 0, nil},
		{"patched", both(sawtooth, happens(53*time.Minute, "Applying off-line patches to DB instance"),
			down(52*time.Minute)), 0, 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := diagtest.Run(t, newWorld(c.spoil).instance(), rdsdiag.KilledForMemory).Findings
			if c.severity == 0 {
				assert.Empty(t, found)
				return
			}
			f := diagtest.Only(t, diagtest.Run(t, newWorld(c.spoil).instance(), rdsdiag.KilledForMemory),
				rdsdiag.KilledForMemory.Code)
			assert.Equal(t, c.severity, f.Severity)
			assert.Equal(t, now.Add(-c.since), f.Since)
			for _, s := range c.says {
				assert.Contains(t, f.Summary, s)
			}
		})
	}
}

// TestKilledForMemoryIsTheRoot: low memory, swap, restarts and recoveries hang below it.
func TestKilledForMemoryIsTheRoot(t *testing.T) {
	w := newWorld(average("FreeableMemory", 3e9, 3e9, 2e8, 2e8, 2e8, 3e9, 2e9, 2e8, 2e8, 2e8, 3e9, 2e9),
		average("SwapUsage", 1e6, repeat(2e9, 13)...), down(37*time.Minute), down(12*time.Minute),
		happens(36*time.Minute, "Recovery of the DB instance has started."),
		happens(35*time.Minute, "Recovery of the DB instance is complete"))
	roots := diag.Run(t.Context(), diag.On(w.instance(), rdsdiag.DBInstanceChecks()...)).Roots()
	var codes []diag.Code
	for _, r := range roots {
		codes = append(codes, r.Finding.Code)
	}
	assert.Equal(t, []diag.Code{rdsdiag.KilledForMemory.Code}, codes)
}
