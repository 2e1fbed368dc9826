package rdsdiag

import (
	"regexp"
	"strings"
)

// WaitKind says what sessions of a database wait for, over all engines.
type WaitKind string

const (
	// WaitLock is a row, a table or another object that a transaction of somebody else holds.
	WaitLock WaitKind = "lock"
	// WaitIO is the storage: pages that are not in memory, temporary files.
	WaitIO WaitKind = "io"
	// WaitLog is the log that a commit is written to, or the replica that must have it.
	WaitLog WaitKind = "log"
	// WaitLatch is a structure in the memory of the engine that one session may use at a time.
	WaitLatch WaitKind = "latch"
	// WaitClient is the client, which sends or takes nothing.
	WaitClient WaitKind = "client"
	// WaitCPU is no wait: the session runs, or stands in line for a processor.
	WaitCPU WaitKind = "cpu"
	// WaitOther is what is not told apart here.
	WaitOther WaitKind = "other"
)

// WaitKinds returns all kinds.
func WaitKinds() []WaitKind {
	return []WaitKind{WaitLock, WaitIO, WaitLog, WaitLatch, WaitClient, WaitCPU, WaitOther}
}

// waitRules are read in order; the first that fits decides. The names are those of "RDS for PostgreSQL wait events",
// "Aurora PostgreSQL wait events", "Aurora MySQL wait events" (Amazon RDS and Aurora User Guides), of the instruments
// of MySQL's Performance Schema ("Performance Schema Instrument Naming Conventions"), of "sys.dm_os_wait_stats" (SQL
// Server) and of "Oracle Wait Events" (Database Reference).
var waitRules = []struct {
	kind WaitKind
	name *regexp.Regexp
}{
	{WaitCPU, regexp.MustCompile(`^cpu\b|^sos_scheduler_yield$|^resmgr:`)},
	{WaitLatch, regexp.MustCompile(`^lock:extend$|^lwlock:buffer_?mapping|^lwlock:lock_?manager`)},
	{WaitLock, regexp.MustCompile(`^lock:|^lock/|row_lock_wait|mdl_context|/mdl$|aurora_lock_thread_slot_futex|` +
		`^lck_m_|^enq: t[mx]\b|row lock contention|^library cache (lock|pin)$`)},
	{WaitLog, regexp.MustCompile(`^io:(xactsync|wal\w*)$|^lwlock:wal|^ipc:syncrep|redo_log_flush|innodb_log_file|` +
		`bin_?log|^writelog$|^logbuffer$|^hadr_sync_commit$|^log file|^log buffer`)},
	{WaitClient, regexp.MustCompile(`^client:|^io/socket/|respond_to_client|^async_network_io$|^sql\*net`)},
	{WaitIO, regexp.MustCompile(`^io:|^io/file/|^(lwlock|ipc):bufferio$|/hash_table_locks$|^pageiolatch_|` +
		`io_completion$|^db file |^direct path |^read by other session$|^cell |^control file `)},
	{WaitLatch, regexp.MustCompile(`^lwlock:|^bufferpin:|^synch/|^latch|^pagelatch_|^buffer busy waits$|^cursor: |` +
		`^library cache|^gc buffer busy`)},
}

// ClassifyWait tells the kind of a wait event from its name and its type, as Performance Insights writes them; the type
// may be empty.
func ClassifyWait(name, kind string) WaitKind {
	name = strings.ToLower(strings.TrimPrefix(name, "wait/"))
	if kind = strings.ToLower(kind); kind != "" && !strings.Contains(name, ":") && !strings.Contains(name, "/") {
		for _, class := range postgresTypes {
			if class == kind {
				name = kind + ":" + name // PostgreSQL's own names come without the type in places
			}
		}
	}
	for _, rule := range waitRules {
		if rule.name.MatchString(name) {
			return rule.kind
		}
	}
	return WaitOther
}

// postgresTypes are the types of waits of PostgreSQL that decide here ("pg_stat_activity", PostgreSQL documentation).
var postgresTypes = []string{"lock", "lwlock", "io", "client", "ipc", "bufferpin"}
