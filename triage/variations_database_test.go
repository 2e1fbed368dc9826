package triage_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/triage"
)

const databaseAny = "bookingprod-db-bdde974a88e3"

// dbEvent adds an event of the database.
func (w *world) dbEvent(ago time.Duration, category, message string) {
	db := w.RDS.DBInstances[0]
	w.RDS.Events = append(w.RDS.Events, types.Event{SourceIdentifier: db.DBInstanceIdentifier, SourceArn: db.DBInstanceArn,
		SourceType: types.SourceTypeDbInstance,
		Date:       aws.Time(w.ago(ago)), EventCategories: []string{category}, Message: aws.String(message)})
}

// refused makes both users of the database log that they cannot connect.
func (w *world) refused(since time.Duration, message string) {
	w.complain("quotes", since, message)
	w.complain("payouts", since, message)
	w.failures("quotes", since, 2900)
}

func databaseVariations() []variation {
	const host = "bookingprod-db-bdde974a88e3.cc539014f701.eu-south-1.rds.amazonaws.com"
	wrong := []string{"security group", "out of memory", "image"}
	return []variation{
		{name: "password rotated", kind: triage.HTTP5xx, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.change(34*time.Minute, "secret-rotation", "rds:ModifyDBInstance",
				`{"dBInstanceIdentifier":"bookingprod-db-bdde974a88e3","masterUserPassword":"****","applyImmediately":true}`,
				"AWS::RDS::DBInstance bookingprod-db-bdde974a88e3")
			w.dbEvent(33*time.Minute, "configuration change", "Reset master credentials")
			w.refused(32*time.Minute, `connection to server at "`+host+
				`" (10.150.192.21), port 5432 failed: FATAL:  password authentication failed for user "dbadmin"`)
		}, root: because(databaseAny+" "+quotesSays+" payouts", "password"), mustNot: wrong},
		{name: "storage full", kind: triage.Errors, target: "quotes", spoil: func(w *world) {
			w.RDS.DBInstances[0].DBInstanceStatus = aws.String("storage-full")
			w.metric("FreeStorageSpace", "", databaseAny, 175*time.Minute,
				func(i int, _ float64) float64 { return max(3e9-float64(i)*1.05e8, 2e7) })
			w.dbEvent(100*time.Minute, "low storage",
				"The free storage capacity for DB Instance: bookingprod-db-bdde974a88e3 is low at 3% of the provisioned storage "+
					"[Provisioned Storage: 97.78 GB, Free Storage: 2.93 GB]. You may want to increase the provisioned storage to "+
					"address this issue.")
			w.dbEvent(33*time.Minute, "failure", "DB instance has run out of storage")
			w.refused(32*time.Minute,
				"psycopg2.errors.DiskFull: could not extend file \"base/16401/24577\": No space left on device")
		}, root: because(databaseAny, "storage"), mustNot: wrong},
		{name: "database stopped", kind: triage.DBUnreachable, targetType: targetDatabase, spoil: func(w *world) {
			w.RDS.DBInstances[0].DBInstanceStatus = aws.String("stopped")
			w.dbEvent(32*time.Minute, "notification", "DB instance stopped")
			w.change(36*time.Minute, "m.greco", "rds:StopDBInstance", `{"dBInstanceIdentifier":"bookingprod-db-bdde974a88e3"}`,
				"AWS::RDS::DBInstance bookingprod-db-bdde974a88e3")
			w.refused(33*time.Minute, `could not connect to server: Connection timed out. Is the server running on host "`+host+
				`" and accepting TCP/IP connections on port 5432?`)
		}, root: because(databaseAny, "stopped"), mustNot: wrong},
		{name: "database stopped, seen at the load balancer", kind: triage.HTTP5xx, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.RDS.DBInstances[0].DBInstanceStatus = aws.String("stopped")
				w.dbEvent(32*time.Minute, "notification", "DB instance stopped")
				w.change(36*time.Minute, "m.greco", "rds:StopDBInstance", `{"dBInstanceIdentifier":"bookingprod-db-bdde974a88e3"}`,
					"AWS::RDS::DBInstance bookingprod-db-bdde974a88e3")
				w.refused(33*time.Minute, "Error: connect ECONNREFUSED 10.150.192.21:5432")
			}, root: because(databaseAny, "stopped"), mustNot: wrong},
		{name: "failover", kind: triage.HTTP5xx, targetType: targetLoadBalancer, since: 24 * time.Minute,
			spoil: func(w *world) {
				w.dbEvent(27*time.Minute, "failover", "Multi-AZ instance failover started.")
				w.dbEvent(26*time.Minute, "failover", "DB instance restarted")
				w.dbEvent(25*time.Minute, "failover", "Multi-AZ instance failover completed")
				w.dbEvent(25*time.Minute, "failover", "The primary host of the RDS Multi-AZ instance is unresponsive.")
				w.failures("quotes", 29*time.Minute, 0)
				w.metric("HTTPCode_Target_5XX_Count", "", "", 29*time.Minute,
					func(i int, _ float64) float64 { return []float64{1900, 2, 1, 0, 1}[min(i, 4)] })
				for i, ago := range []time.Duration{27 * time.Minute, 26*time.Minute + 30*time.Second, 26 * time.Minute,
					25*time.Minute + 20*time.Second} {
					_ = i
					for _, t := range w.tasks("quotes") {
						w.logs("quotes", *t.TaskArn, ago,
							"ERROR quotes.db: server closed the connection unexpectedly. This probably means the server terminated "+
								"abnormally before or while processing the request.")
					}
				}
			}, root: because(databaseAny, "failover", "failed over"), mustNot: wrong},
		{name: "database rebooting", kind: triage.DBUnreachable, targetType: targetDatabase, since: 4 * time.Minute,
			spoil: func(w *world) {
				w.RDS.DBInstances[0].DBInstanceStatus = aws.String("rebooting")
				w.change(5*time.Minute, "m.greco", "rds:RebootDBInstance", `{"dBInstanceIdentifier":"bookingprod-db-bdde974a88e3"}`,
					"AWS::RDS::DBInstance bookingprod-db-bdde974a88e3")
				w.dbEvent(4*time.Minute, "availability", "DB instance shutdown")
				w.complain("quotes", 4*time.Minute, "FATAL:  the database system is shutting down")
			}, root: because(databaseAny, "reboot"), mustNot: wrong},
		{name: "database processor saturated", kind: triage.DBSlow, targetType: targetDatabase, spoil: func(w *world) {
			w.metric("CPUUtilization", "", databaseAny, 40*time.Minute, always(99.2))
			w.metric("DatabaseConnections", "", databaseAny, 40*time.Minute, times(2.4))
			w.metric("TargetResponseTime", "", "", 40*time.Minute, times(30))
			w.complain("quotes", 35*time.Minute, "psycopg2.errors.QueryCanceled: canceling statement due to statement timeout")
		}, root: because(databaseAny, "cpu", "processor"), mustNot: wrong},
		{name: "database processor saturated, seen at the load balancer", kind: triage.Slow, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.metric("CPUUtilization", "", databaseAny, 40*time.Minute, always(99.2))
				w.metric("DatabaseConnections", "", databaseAny, 40*time.Minute, times(2.4))
				w.metric("TargetResponseTime", "", "", 40*time.Minute, times(60))
			}, root: because(databaseAny, "cpu", "processor"), mustNot: wrong},
		{name: "database memory exhausted", kind: triage.DBSlow, targetType: targetDatabase, spoil: func(w *world) {
			w.dbEvent(41*time.Minute, "availability", "DB instance restarted")
			w.dbEvent(42*time.Minute, "notification",
				"The database process was killed by the OS due to excessive memory consumption. The database restarted: low on memory.")
			w.lines("/aws/rds/instance/bookingprod-db-bdde974a88e3/postgresql", "bookingprod-db-bdde974a88e3.0", 42*time.Minute,
				"2026-05-12 21:52:58 UTC::@:[598]:LOG:  server process (PID 3255) was terminated by signal 9: Killed",
				"2026-05-12 21:52:58 UTC::@:[598]:LOG:  terminating any other active server processes")
		}, root: because(databaseAny, "memory"), mustNot: []string{"security group", "image"}},
		{name: "encryption key of the database lost", kind: triage.DBUnreachable, targetType: targetDatabase,
			spoil: func(w *world) {
				w.RDS.DBInstances[0].DBInstanceStatus = aws.String("inaccessible-encryption-credentials-recoverable")
				w.change(60*time.Minute, "s.ricci", "kms:DisableKey", `{"keyId":"49ac2daf-c391-43d1-a297-a02a47ac5dcd"}`,
					"AWS::KMS::Key arn:aws:kms:eu-south-1:628905137462:key/49ac2daf-c391-43d1-a297-a02a47ac5dcd")
				w.refused(33*time.Minute, "Error: connect ECONNREFUSED 10.150.192.21:5432")
			}, root: because(databaseAny+" 49ac2daf", "kms", "encryption"), mustNot: wrong},
		{name: "transactions wait for each other", kind: triage.DBSlow, targetType: targetDatabase, spoil: func(w *world) {
			for ago := 38 * time.Minute; ago > 0; ago -= 3 * time.Minute {
				w.lines("/aws/rds/instance/bookingprod-db-bdde974a88e3/postgresql", "bookingprod-db-bdde974a88e3.0", ago,
					w.ago(ago).UTC().Format("2006-01-02 15:04:05")+
						" UTC:10.150.38.123(47631):quotes@booking:[24127]:ERROR:  deadlock detected",
					w.ago(ago).UTC().Format("2006-01-02 15:04:05")+
						" UTC:10.150.38.123(47631):quotes@booking:[24127]:DETAIL:  Process 24127 waits for ShareLock on transaction "+
						"88121; blocked by process 24130.")
			}
		}, root: because(databaseAny, "deadlock"), mustNot: wrong},
	}
}
