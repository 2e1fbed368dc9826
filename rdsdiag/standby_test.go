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

// TestStandby tells of a missing standby only where it would have helped: after an interruption that nobody meant.
func TestStandby(t *testing.T) {
	oneZone := func(w *world) { w.db().MultiAZ = aws.Bool(false) }
	for _, c := range []struct {
		name  string
		spoil []func(*world)
		say   string // empty: silent
	}{
		{"one zone and nothing happened", []func(*world){oneZone}, ""},
		{"two zones and a recovery", []func(*world){recovered}, ""},
		{"one zone and a recovery", []func(*world){oneZone, recovered},
			"shop-db is in one zone only and has no standby: it was interrupted " +
				"for 10 min from 11:10 UTC (Recovery of the DB instance has started)"},
		{"one zone and maintenance", []func(*world){oneZone,
			happens(50*time.Minute, "Applying off-line patches to DB instance"),
			happens(49*time.Minute, "DB instance shutdown"), happens(45*time.Minute, "DB instance restarted"),
			happens(44*time.Minute, "Finished applying off-line patches to DB instance")}, "for 6 min from 11:10 UTC"},
		{"one zone and a crash", []func(*world){oneZone, happens(50*time.Minute, "DB instance restarted")},
			"at 11:10 UTC (DB instance restarted)"},
		{"stopped on purpose", []func(*world){oneZone, happens(51*time.Minute, "DB instance shutdown"),
			happens(50*time.Minute, "DB instance stopped")}, ""},
		{"started and restarted", []func(*world){oneZone, happens(50*time.Minute, "DB instance started"),
			happens(49*time.Minute, "DB instance restarted")}, ""},
		{"a crash long after a stop", []func(*world){oneZone, happens(150*time.Minute, "DB instance stopped"),
			happens(50*time.Minute, "DB instance restarted")}, "at 11:10 UTC"},
		{"without backups it is no production", []func(*world){oneZone, recovered,
			func(w *world) { w.db().BackupRetentionPeriod = aws.Int32(0) }}, ""},
		{"a replica", []func(*world){oneZone, recovered,
			func(w *world) { w.db().ReadReplicaSourceDBInstanceIdentifier = aws.String("main") }}, ""},
		{"not said", []func(*world){recovered, func(w *world) { w.db().MultiAZ = nil }}, ""},
		{"the only one of its cluster", []func(*world){oneZone, recovered, single},
			"shop-db is the only instance of shop-aurora and has no reader to fail over to: it was interrupted for 10 min"},
		{"the only one, and nothing happened", []func(*world){oneZone, single}, ""},
		{"one of two", []func(*world){oneZone, recovered,
			func(w *world) { w.db().DBClusterIdentifier = aws.String(clusterID) }}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, newWorld(c.spoil...).instance(), rdsdiag.NoStandby, rdsdiag.NoReader)
			require.NoError(t, report.Err())
			if c.say == "" {
				assert.Empty(t, report.Findings)
				return
			}
			require.Len(t, report.Findings, 1)
			assert.Contains(t, report.Findings[0].Summary, c.say)
			assert.Equal(t, diag.SeverityInfo, report.Findings[0].Severity)
		})
	}
}
