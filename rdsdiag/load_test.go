package rdsdiag_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/pi"
	pitypes "github.com/aws/aws-sdk-go-v2/service/pi/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

const resourceID = "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// part is sessions in a wait event and a statement: usual over six hours, other values at the end.
func part(name, kind, statement string, usual float64, last ...float64) rdsfake.LoadKey {
	const points = 72
	key := rdsfake.LoadKey{Dimensions: map[string]string{"db.wait_event.name": name, "db.wait_event.type": kind,
		"db.sql_tokenized.statement": statement}}
	for i := range points {
		v := usual
		if j := i - (points - len(last)); j >= 0 {
			v = last[j]
		}
		key.Points = append(key.Points, pitypes.DataPoint{Value: aws.Float64(v),
			Timestamp: aws.Time(now.Add(time.Duration(i-points) * 5 * time.Minute))})
	}
	return key
}

// calm is the load of an ordinary day: the db.m6g.large has two processors.
func calm() []rdsfake.LoadKey {
	return []rdsfake.LoadKey{part("CPU", "CPU", "SELECT * FROM orders WHERE id = $1", 0.4),
		part("IO:DataFileRead", "IO", "SELECT * FROM orders WHERE id = $1", 0.2),
		part("Lock:transactionid", "Lock", "UPDATE stock SET n = n - $1 WHERE sku = $2", 0.05)}
}

func loadOf(asked bool, more ...rdsfake.LoadKey) (*rdsdiag.Load, *world, *rdsfake.Insights) {
	w := newWorld(average("DBLoad", 0.65))
	w.db().PerformanceInsightsEnabled, w.db().DbiResourceId = aws.Bool(true), aws.String(resourceID)
	insights := &rdsfake.Insights{Loads: map[string][]rdsfake.LoadKey{resourceID: append(calm(), more...)},
		Counters: map[string]map[string][]pitypes.DataPoint{resourceID: {"db.Concurrency.deadlocks.avg": part("", "", "",
			0).Points}}}
	return rdsdiag.NewLoad(w.instance(), insights, asked), w, insights
}

// brokenLoad says for each check what the sessions wait for.
var brokenLoad = map[diag.Code]rdsfake.LoadKey{
	"rds.lock-waits": part("Lock:tuple", "Lock", "UPDATE stock SET n = n - 1 WHERE sku = 'A-17'", 0, 6, 7, 7, 8, 8,
		8),
	"rds.io-waits":        part("IO:DataFileRead", "IO", "SELECT * FROM items", 0, 6, 7, 7, 8, 8, 8),
	"rds.log-waits":       part("IO:WALSync", "IO", "COMMIT", 0, 6, 7, 7, 8, 8, 8),
	"rds.latch-waits":     part("LWLock:lock_manager", "LWLock", "SELECT 1 FROM p", 0, 6, 7, 7, 8, 8, 8),
	"rds.processor-waits": part("CPU", "CPU", "SELECT count(*) FROM big", 0, 6, 7, 7, 8, 8, 8),
	"rds.client-waits":    part("Client:ClientRead", "Client", "COMMIT", 0, 6, 7, 7, 8, 8, 8),
}

func TestConformLoad(t *testing.T) {
	for _, check := range rdsdiag.LoadChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*rdsdiag.Load]{
			Healthy: func() (*rdsdiag.Load, []diagfake.Fake) {
				l, w, insights := loadOf(true)
				return l, []diagfake.Fake{w.rds, w.cw, insights}
			},
			Broken: func() (*rdsdiag.Load, []diagfake.Fake) {
				key, ok := brokenLoad[check.Code]
				l, w, insights := loadOf(false, key)
				average("DBLoad", 0.6, 6, 7, 7, 8)(w)
				if !ok {
					insights.Counters[resourceID]["db.Concurrency.deadlocks.avg"] = part("", "", "", 0, 4, 6, 5).Points
				}
				return l, []diagfake.Fake{w.rds, w.cw, insights}
			},
		})
	}
	var infos []diag.Info
	for _, c := range rdsdiag.LoadChecks() {
		infos = append(infos, c.Info)
	}
	assert.NoError(t, diag.Validate(infos...))
	diagtest.ReadOnly[rdsdiag.LoadAPI](t)
}

// TestLoadIsAskedWithReason counts the calls: none without Performance Insights, none without a question or a high
// load.
func TestLoadIsAskedWithReason(t *testing.T) {
	locks := brokenLoad["rds.lock-waits"]
	for _, c := range []struct {
		name  string
		asked bool
		spoil func(*world)
		calls []string
	}{
		{"asked", true, nil, []string{"pi:GetResourceMetrics", "pi:DescribeDimensionKeys"}},
		{"not asked, calm", false, nil, nil},
		{"not asked, load above two processors", false, average("DBLoad", 0.6, 6, 7, 7, 8),
			[]string{"pi:GetResourceMetrics", "pi:DescribeDimensionKeys"}},
		{"not asked, the ratio decides", false, both(average("DBLoad", 0.6, 6, 7, 7, 8),
			average("DBLoadRelativeToNumVCPUs", 0.1)), nil},
		{"not enabled", true, func(w *world) { w.db().PerformanceInsightsEnabled = aws.Bool(false) }, nil},
		{"no such engine", true, func(w *world) { w.db().Engine = aws.String("db2-se") }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, w, insights := loadOf(c.asked, locks)
			if c.spoil != nil {
				c.spoil(w)
			}
			l := rdsdiag.NewLoad(w.instance(), insights, c.asked)
			report := diag.Run(t.Context(), diag.On(l, rdsdiag.LoadChecks()...))
			require.NoError(t, report.Err())
			assert.ElementsMatch(t, c.calls, insights.Actions())
			assert.Len(t, insights.Calls(), len(c.calls), "each once")
		})
	}
}

func TestLockWaitsTellStatements(t *testing.T) {
	l, _, _ := loadOf(true, brokenLoad["rds.lock-waits"])
	report := diag.Run(t.Context(), diag.On(l, rdsdiag.LoadWaits()...))
	require.NoError(t, report.Err())
	require.Len(t, report.Findings, 1)
	assert.Equal(t,
		"7.4 of the 8.0 active sessions of shop-db wait for locks since 11:30 UTC, when the load rose from 0.65 "+
			"(Lock:tuple 7.3, Lock:transactionid 0.05); it has 2 processors, most in: UPDATE stock SET n = n - ? WHERE sku = ?",
		report.Findings[0].Summary)
	assert.Equal(t, now.Add(-30*time.Minute), report.Findings[0].Since)
}

// TestCounterOfAnotherEngine asks again without the counter.
func TestCounterOfAnotherEngine(t *testing.T) {
	l, _, insights := loadOf(true, brokenLoad["rds.lock-waits"])
	insights.Counters = nil
	s, err := l.Sessions(t.Context())
	require.NoError(t, err)
	assert.Len(t, insights.Calls(), 2)
	assert.Empty(t, s.Deadlocks.Points)
	assert.Equal(t, "Lock:tuple", s.Waits[0].Name)
}

func TestClassifyWait(t *testing.T) {
	waits := map[rdsdiag.WaitKind][]string{
		rdsdiag.WaitLock: {"Lock:transactionid", "Lock:tuple", "Lock:Relation", "Lock:advisory",
			"wait/synch/cond/innodb/row_lock_wait", "synch/cond/innodb/row_lock_wait_cond",
			"synch/cond/sql/MDL_context::COND_wait_status", "wait/lock/table/sql/handler", "wait/lock/metadata/sql/mdl",
			"wait/synch/mutex/innodb/aurora_lock_thread_slot_futex", "LCK_M_X", "LCK_M_IX", "enq: TX - row lock contention",
			"enq: TM - contention"},
		rdsdiag.WaitIO: {"IO:DataFileRead", "IO:BufFileWrite", "LWLock:BufferIO", "IPC:BufferIO",
			"wait/io/file/innodb/innodb_data_file", "synch/sxlock/innodb/hash_table_locks", "PAGEIOLATCH_SH",
			"IO_COMPLETION", "ASYNC_IO_COMPLETION", "db file sequential read", "direct path read temp"},
		rdsdiag.WaitLog: {"IO:XactSync", "IO:WALSync", "IO:WALWrite", "LWLock:WALWrite", "IPC:SyncRep",
			"io/aurora_redo_log_flush", "wait/io/redo_log_flush", "wait/io/file/innodb/innodb_log_file",
			"wait/io/file/sql/binlog", "synch/cond/sql/MYSQL_BIN_LOG::COND_done", "WRITELOG", "HADR_SYNC_COMMIT",
			"log file sync"},
		rdsdiag.WaitLatch: {"LWLock:buffer_content", "LWLock:lock_manager", "Lock:extend", "BufferPin:BufferPin",
			"wait/synch/mutex/innodb/buf_pool_mutex", "wait/synch/rwlock/innodb/btr_search_latch", "PAGELATCH_EX",
			"LATCH_EX", "latch: cache buffers chains", "buffer busy waits"},
		rdsdiag.WaitClient: {"Client:ClientRead", "wait/io/socket/sql/client_connection", "io/aurora_respond_to_client",
			"ASYNC_NETWORK_IO", "SQL*Net more data to client"},
		rdsdiag.WaitCPU:   {"CPU", "cpu", "SOS_SCHEDULER_YIELD"},
		rdsdiag.WaitOther: {"Timeout:PgSleep", "wait/io/table/sql/handler", "CXPACKET", "Extension:Extension", ""},
	}
	assert.ElementsMatch(t, rdsdiag.WaitKinds(), slices.Collect(maps.Keys(waits)), "each kind has waits here")
	for kind, names := range waits {
		for _, name := range names {
			assert.Equal(t, kind, rdsdiag.ClassifyWait(name, ""), name)
		}
	}
	assert.Equal(t, rdsdiag.WaitLock, rdsdiag.ClassifyWait("transactionid", "Lock"))
	assert.Equal(t, rdsdiag.WaitIO, rdsdiag.ClassifyWait("DataFileRead", "IO"))
}

// TestStatementsLoseTheirValues looks for secrets in what a finding would show.
func TestStatementsLoseTheirValues(t *testing.T) {
	for engine, statements := range map[string][][2]string{
		"postgres": {
			{`SELECT "id" FROM u WHERE mail = 'ann@example.org' AND n = 42 LIMIT 10`,
				`SELECT "id" FROM u WHERE mail = ? AND n = ? LIMIT ?`},
			{`SELECT * FROM t1 WHERE id = $1 AND v > -3.5e7`, `SELECT * FROM t1 WHERE id = $1 AND v > ?`},
			{`ALTER ROLE app PASSWORD 'it''s secret`, `ALTER ROLE app PASSWORD ?`},
			{"DO $body$ BEGIN PERFORM pay('4111'); END $body$", "DO ?"},
			{"SELECT 1 /* user=ann, trace='00-af' */ -- ann\nFROM t", "SELECT ? FROM t"},
			{"SELECT * FROM t WHERE id IN (1, 2,3 , 4)", "SELECT * FROM t WHERE id IN (?, …)"},
			{"SET x = 0xDEADbeef", "SET x = ?"},
		},
		"mysql": {
			{`SELECT * FROM u WHERE mail = "ann@example.org" # ann`, `SELECT * FROM u WHERE mail = ?`},
			{`INSERT INTO a (b) VALUES ('x\'y', 7)`, `INSERT INTO a (b) VALUES (?, …)`},
		},
		"sqlserver-se": {{`UPDATE t SET a = N'ann' WHERE b = @p1`, `UPDATE t SET a = N? WHERE b = @p1`}},
	} {
		for _, s := range statements {
			t.Run(fmt.Sprintf("%.20s", s[0]), func(t *testing.T) {
				l, w, insights := loadOf(true)
				w.db().Engine = aws.String(engine)
				insights.Recorded = map[string]*pi.DescribeDimensionKeysOutput{resourceID + " db.sql_tokenized": {
					Keys: []pitypes.DimensionKeyDescription{{Total: aws.Float64(1),
						Dimensions: map[string]string{"db.sql_tokenized.statement": s[0]}}}}}
				found, err := l.Statements(t.Context(), w.window)
				require.NoError(t, err)
				require.Len(t, found, 1)
				assert.Equal(t, s[1], found[0].Text)
			})
		}
	}
	l, w, insights := loadOf(true)
	insights.Loads[resourceID] = []rdsfake.LoadKey{part("CPU", "CPU", "SELECT "+strings.Repeat("ö", 400), 1)}
	found, err := l.Statements(t.Context(), w.window)
	require.NoError(t, err)
	assert.Less(t, len(found[0].Text), 210)
}
