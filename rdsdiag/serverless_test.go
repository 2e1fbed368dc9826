package rdsdiag_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// serverless makes the instance a member of the cluster, with a range of capacity. A negative capacity is not told.
func serverless(engine string, least, most float64) func(*world) {
	return func(w *world) {
		w.db().Engine, w.db().DBInstanceClass = aws.String(engine), aws.String("db.serverless")
		w.db().DBClusterIdentifier = aws.String(clusterID)
		if most >= 0 {
			w.cluster().ServerlessV2ScalingConfiguration = &types.ServerlessV2ScalingConfigurationInfo{
				MinCapacity: aws.Float64(least), MaxCapacity: aws.Float64(most)}
		}
	}
}

const (
	postgresFormula = "LEAST({DBInstanceClassMemory/9531392},5000)"
	mysqlFormula    = "GREATEST({log(DBInstanceClassMemory/805306368)*45}, {log(DBInstanceClassMemory/8187281408)*1000})"
)

// TestServerlessLimit holds the table and the examples of "Maximum connections for Aurora Serverless v2" (Amazon Aurora
// User Guide), and what this module makes of the capacities between its rows.
func TestServerlessLimit(t *testing.T) {
	for _, c := range []struct {
		name, engine, value string
		min, max            float64
		least, most         int // zero: not known
	}{
		{"PostgreSQL, one unit", "aurora-postgresql", postgresFormula, 0.5, 1, 189, 189},
		{"PostgreSQL, no value in the group", "aurora-postgresql", "", 1, 4, 823, 823},
		{"PostgreSQL, eight units", "aurora-postgresql", postgresFormula, 0.5, 8, 1669, 1669},
		{"PostgreSQL, capped for its small minimum", "aurora-postgresql", postgresFormula, 0.5, 16, 2000, 2000},
		{"PostgreSQL, capped where it may pause", "aurora-postgresql", postgresFormula, 0, 128, 2000, 2000},
		{"PostgreSQL, not capped", "aurora-postgresql", postgresFormula, 1, 16, 3360, 3360},
		{"PostgreSQL, most of all", "aurora-postgresql", postgresFormula, 12.5, 80, 5000, 5000},
		{"PostgreSQL, between the rows", "aurora-postgresql", postgresFormula, 1, 2, 392, 409},
		{"PostgreSQL, a number", "aurora-postgresql", "300", 0.5, 16, 300, 300},
		{"PostgreSQL, a number above the cap", "aurora-postgresql", "4000", 0.5, 16, 2000, 2000},
		{"PostgreSQL, a number without a cap", "aurora-postgresql", "4000", 2, 16, 4000, 4000},
		{"PostgreSQL, a formula of one's own", "aurora-postgresql", "{DBInstanceClassMemory/20000000}", 1, 8, 730, 858},
		{"MySQL, one unit", "aurora-mysql", mysqlFormula, 0.5, 1, 90, 90},
		{"MySQL, four units", "aurora-mysql", mysqlFormula, 0.5, 4, 135, 135},
		{"MySQL is not capped", "aurora-mysql", mysqlFormula, 0.5, 32, 3000, 3000},
		{"MySQL, between the rows", "aurora-mysql", mysqlFormula, 8, 80, 4000, 5000},
		{"MySQL, above the rows", "aurora-mysql", mysqlFormula, 8, 256, 5000, 6000},
		{"no range told", "aurora-postgresql", postgresFormula, 0, -1, 0, 0},
		{"a number and no range told", "aurora-postgresql", "4000", 0, -1, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(maxConnections(c.value), serverless(c.engine, c.min, c.max))
			limit, err := w.instance().ConnectionLimit(t.Context())
			require.NoError(t, err)
			if c.most == 0 {
				assert.Nil(t, limit)
				return
			}
			require.NotNil(t, limit)
			assert.Equal(t, [2]int{c.least, c.most}, [2]int{limit.Least, limit.Most})
		})
	}
}

// TestServerlessLimitCosts proves that the cluster is asked only where the limit stands there, and never twice.
func TestServerlessLimitCosts(t *testing.T) {
	for name, c := range map[string]struct {
		spoil []func(*world)
		want  int
	}{
		"another class":  {nil, 0},
		"a small number": {[]func(*world){maxConnections("300"), serverless("aurora-postgresql", 1, 8)}, 0},
		"a formula":      {[]func(*world){serverless("aurora-postgresql", 1, 8)}, 1},
		"without identity": {[]func(*world){serverless("aurora-postgresql", 1, 8),
			func(w *world) { w.db().DBClusterIdentifier = nil }}, 0},
	} {
		w := newWorld(c.spoil...)
		db := w.instance()
		for range 2 {
			_, err := db.ConnectionLimit(t.Context())
			require.NoError(t, err, name)
		}
		assert.Equal(t, c.want, calls(w, "rds:DescribeDBClusters"), name)
	}
}

// calls counts the calls of an action.
func calls(w *world, action string) int {
	n := 0
	for _, c := range w.rds.Calls() {
		if c.Action == action {
			n++
		}
	}
	return n
}

// TestServerlessConnections tells connections that ran out by the capacity, and says nothing where the rows lie too far
// apart to tell, or where the capacity waits for a reboot.
func TestServerlessConnections(t *testing.T) {
	full := average("DatabaseConnections", 40, 80, 187, 187, 187)
	f := diagtest.Run(t, newWorld(serverless("aurora-postgresql", 0.5, 1), maxConnections(postgresFormula),
		full).instance(),
		rdsdiag.ConnectionsExhausted).Findings
	require.Len(t, f, 1)
	assert.Equal(t, diag.SeverityError, f[0].Severity)
	assert.Contains(t, f[0].Summary,
		"has 187 connections of the 189 that max_connections allows at a greatest capacity of 1 ACU")

	flat := average("DatabaseConnections", 40, 80, 1000, 1000, 1000)
	assert.Empty(t,
		diagtest.Run(t, newWorld(serverless("aurora-mysql", 1, 12), maxConnections(mysqlFormula), flat).instance(),
			rdsdiag.ConnectionsExhausted).Findings, "1,000 of 1,000 to 2,000 is no proof")

	waiting := newWorld(serverless("aurora-postgresql", 1, 8), maxConnections(postgresFormula), func(w *world) {
		w.cluster().DBClusterMembers[0].DBInstanceIdentifier = aws.String(dbID)
		w.cluster().DBClusterMembers[0].DBClusterParameterGroupStatus = aws.String("pending-reboot")
	})
	limit, err := waiting.instance().ConnectionLimit(t.Context())
	require.NoError(t, err)
	assert.False(t, limit.Exact())
}

// TestInstanceAtMaxCapacity reports the instance that stands at its ceiling, whatever its cluster does on average.
func TestInstanceAtMaxCapacity(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil []func(*world)
		want  diag.Severity
		say   string
	}{
		{"at its ceiling", []func(*world){serverless("aurora-postgresql", 0.5, 8),
			average("ACUUtilization", 30, 100, 100, 100)},
			diag.SeverityWarning, "shop-db uses 100 % of its greatest capacity since 11:45 UTC: the maximum is 8 ACU"},
		{"was at its ceiling", []func(*world){serverless("aurora-postgresql", 0.5, 8),
			average("ACUUtilization", 30, append(repeat(100, 6), repeat(20, 6)...)...)}, diag.SeverityWarning,
			"from 11:00 to 11:30 UTC"},
		{"for a moment", []func(*world){serverless("aurora-postgresql", 0.5, 8), average("ACUUtilization", 30, 100)}, 0, ""},
		{"nearly", []func(*world){serverless("aurora-postgresql", 0.5, 8), average("ACUUtilization", 30, 95, 95, 95)}, 0, ""},
		{"of another class", []func(*world){average("ACUUtilization", 30, 100, 100, 100)}, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := diagtest.Run(t, newWorld(c.spoil...).instance(), rdsdiag.InstanceAtMaxCapacity).Findings
			if c.want == 0 {
				assert.Empty(t, f)
				return
			}
			require.Len(t, f, 1)
			assert.Equal(t, c.want, f[0].Severity)
			assert.Contains(t, f[0].Summary, c.say)
			assert.WithinDuration(t, now, f[0].Since, time.Hour)
		})
	}
}
