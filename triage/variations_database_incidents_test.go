package triage_test

import (
	pi "github.com/aws/aws-sdk-go-v2/service/pi/types"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"

	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2 "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	ecs "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/triage"
)

const hostOfDB = "bookingprod-db-bdde974a88e3.cc539014f701.eu-south-1.rds.amazonaws.com"

// databaseIncidents are brought about from outside: by clients, by a change, by AWS.
func databaseIncidents() []variation {
	wrong := []string{"out of memory", "image"}
	return []variation{
		{name: "aurora failover", kind: triage.HTTP5xx, targetType: targetLoadBalancer, since: 24 * time.Minute,
			spoil: func(w *world) {
				w.aurora(writerHost)
				w.clusterEvent(27*time.Minute, "failover", "Started cross AZ failover to DB instance: booking-aurora-reader")
				w.dbEvent(27*time.Minute+10*time.Second, "", "A new writer was promoted. Restarting database as a reader.")
				w.clusterEvent(26*time.Minute, "failover", "Completed RDS initiated failover to DB instance: booking-aurora-reader")
				w.RDS.DBClusters[0].DBClusterMembers[0].IsClusterWriter = aws.Bool(false)
				w.RDS.DBClusters[0].DBClusterMembers[1].IsClusterWriter = aws.Bool(true)
				w.metric("HTTPCode_Target_5XX_Count", "", "", 29*time.Minute,
					func(i int, _ float64) float64 { return []float64{1900, 2, 1, 0, 1}[min(i, 4)] })
				for _, t := range w.tasks("quotes") {
					w.logs("quotes", *t.TaskArn, 26*time.Minute, "ERROR quotes.db: server closed the connection unexpectedly")
				}
			}, root: because(auroraAny+" "+databaseAny, "failed over", "failover"), mustNot: wrong},
		{name: "writes to the reader endpoint", kind: triage.Errors, target: "quotes", spoil: func(w *world) {
			w.aurora(writerHost)
			w.deployed("quotes", 36*time.Minute, func(td *ecs.TaskDefinition) { setEnv(td, "DB_HOST", readerHost) })
			w.complain("quotes", 32*time.Minute,
				"psycopg2.errors.ReadOnlySqlTransaction: cannot execute INSERT in a read-only transaction")
			w.failures("quotes", 32*time.Minute, 2100)
		}, root: because(quotesSays, "names the reader endpoint"), mustNot: wrong},
		{name: "off-line patches", kind: triage.HTTP5xx, targetType: targetLoadBalancer, since: 24 * time.Minute,
			spoil: func(w *world) {
				w.db().MultiAZ = aws.Bool(false)
				w.dbEvent(28*time.Minute, "maintenance", "Applying off-line patches to DB instance")
				w.dbEvent(27*time.Minute, "availability", "DB instance shutdown")
				w.dbEvent(23*time.Minute, "availability", "DB instance restarted")
				w.dbEvent(22*time.Minute, "maintenance", "Finished applying off-line patches to DB instance")
				w.metric("HTTPCode_Target_5XX_Count", "", "", 29*time.Minute,
					func(i int, _ float64) float64 { return []float64{1900, 1700, 1, 0, 1}[min(i, 4)] })
				w.complain("quotes", 27*time.Minute, "FATAL:  the database system is shutting down")
			}, root: because(databaseAny, "maintenance", "patch"), mustNot: wrong},
		{name: "secret rotated after the tasks started", kind: triage.Errors, target: "quotes", spoil: func(w *world) {
			w.Secrets.Secrets[0].LastRotatedDate, w.Secrets.Secrets[0].LastChangedDate = aws.Time(w.ago(33*time.Minute)),
				aws.Time(w.ago(33*time.Minute))
			w.Secrets.Secrets[0].RotationEnabled = aws.Bool(true)
			w.refused(32*time.Minute, `connection to server at "`+hostOfDB+
				`" (10.150.192.21), port 5432 failed: FATAL:  password authentication failed for user "booking"`)
		}, root: because(quotesSays, "was changed at"), mustNot: wrong},
		{name: "ingress of the database revoked", kind: triage.DBUnreachable, targetType: targetDatabase,
			spoil: func(w *world) {
				for i := range w.EC2.SecurityGroups {
					if g := &w.EC2.SecurityGroups[i]; *g.GroupId == *w.db().VpcSecurityGroups[0].VpcSecurityGroupId {
						g.IpPermissions = []ec2.IpPermission{}
					}
				}
				w.change(35*time.Minute, "k.maier", "ec2:RevokeSecurityGroupIngress",
					`{"groupId":"`+*w.db().VpcSecurityGroups[0].VpcSecurityGroupId+
						`","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":5432,"toPort":5432}]}}`,
					"AWS::EC2::SecurityGroup "+*w.db().VpcSecurityGroups[0].VpcSecurityGroupId)
				w.refused(33*time.Minute, `could not connect to server: Connection timed out. Is the server running on host "`+
					hostOfDB+`" and accepting TCP/IP connections on port 5432?`)
			}, root: because("", "security group"), mustNot: wrong},
		{name: "wrong port in the environment", kind: triage.DBUnreachable, target: "quotes", spoil: func(w *world) {
			w.deployed("quotes", 36*time.Minute, func(td *ecs.TaskDefinition) { setEnv(td, "DB_PORT", "3306") })
			w.complain("quotes", 33*time.Minute, `connection to server at "`+hostOfDB+
				`" (10.150.192.21), port 3306 failed: Connection timed out`)
			w.failures("quotes", 33*time.Minute, 2400)
		}, root: because("", "db_port says port 3306"), mustNot: wrong},
		{name: "sign-in with IAM denied", kind: triage.DBUnreachable, target: "quotes", spoil: func(w *world) {
			w.db().IAMDatabaseAuthenticationEnabled = aws.Bool(true)
			w.deployed("quotes", 36*time.Minute, func(td *ecs.TaskDefinition) {
				setEnv(td, "DB_IAM_AUTH", "true")
				setEnv(td, "DB_USER", "quotes")
				td.ContainerDefinitions[0].Secrets = nil
			})
			w.complain("quotes", 33*time.Minute, `connection to server at "`+hostOfDB+
				`" (10.150.192.21), port 5432 failed: FATAL:  PAM authentication failed for user "quotes"`)
		}, root: because("", "rds-db:connect"), mustNot: wrong},
		{name: "connections leak after a release", kind: triage.DBUnreachable, targetType: targetDatabase,
			spoil: func(w *world) {
				w.deployed("quotes", 62*time.Minute, func(td *ecs.TaskDefinition) { setEnv(td, "DB_POOL_SIZE", "60") })
				w.full(60 * time.Minute)
			}, root: because(quotesSays, "quotestaskdef99d10074:34), db_pool_size from unset to 60"), mustNot: wrong},
		{name: "connections used up after a scale-out", kind: triage.DBUnreachable, targetType: targetDatabase,
			spoil: func(w *world) {
				w.scaledOut("quotes", 61*time.Minute, 12)
				w.full(60 * time.Minute)
			}, root: because(quotesSays, "grew from 2 to 12 tasks"), mustNot: wrong},
		{name: "connections used up long after a release", kind: triage.DBUnreachable, targetType: targetDatabase,
			spoil: func(w *world) {
				w.deployed("quotes", 170*time.Minute, func(*ecs.TaskDefinition) {})
				w.full(50 * time.Minute)
			}, root: because(databaseAny, "connection"), mustNot: []string{"service updated", "was deployed", "clients grew"}},
		{name: "aurora cluster stopped", kind: triage.DBUnreachable, target: "quotes", spoil: func(w *world) {
			w.aurora(writerHost)
			w.RDS.DBClusters[0].Status = aws.String("stopped")
			w.RDS.DBInstances[0].DBInstanceStatus, w.RDS.DBInstances[1].DBInstanceStatus = aws.String("stopped"),
				aws.String("stopped")
			w.clusterEvent(32*time.Minute, "notification", "DB cluster stopped")
			w.change(36*time.Minute, "m.greco", "rds:StopDBCluster", `{"dBClusterIdentifier":"booking-aurora"}`,
				"AWS::RDS::DBCluster booking-aurora")
			w.refused(33*time.Minute, `could not translate host name "`+writerHost+`" to address: Name or service not known`)
		}, root: because(auroraAny+" "+databaseAny, "stopped"), mustNot: wrong},
		{name: "database renamed", kind: triage.DBUnreachable, target: "quotes", spoil: func(w *world) {
			w.db().DBInstanceIdentifier = aws.String("booking-main")
			w.db().DBInstanceArn = aws.String("arn:aws:rds:eu-south-1:628905137462:db:booking-main")
			w.db().Endpoint.Address = aws.String("booking-main.cc539014f701.eu-south-1.rds.amazonaws.com")
			w.RDS.Events = nil
			w.dbEvent(34*time.Minute, "notification", "Renamed instance from bookingprod-db-bdde974a88e3 to booking-main")
			w.change(36*time.Minute, "m.greco", "rds:ModifyDBInstance",
				`{"dBInstanceIdentifier":"bookingprod-db-bdde974a88e3","newDBInstanceIdentifier":"booking-main","applyImmediately":true}`,
				"AWS::RDS::DBInstance bookingprod-db-bdde974a88e3")
			w.refused(33*time.Minute, `could not translate host name "`+hostOfDB+`" to address: Name or service not known`)
		}, root: because("", "no database here has that endpoint"), mustNot: wrong},
		{name: "key of the database disabled, as RDS tells", kind: triage.DBUnreachable, targetType: targetDatabase,
			spoil: func(w *world) {
				w.RDS.DBInstances[0].DBInstanceStatus = aws.String("inaccessible-encryption-credentials-recoverable")
				w.dbEvent(40*time.Minute, "failure",
					"Amazon RDS is unable to access the KMS encryption key for database instance bookingprod-db-bdde974a88e3.")
				w.refused(33*time.Minute, "Error: connect ECONNREFUSED 10.150.192.21:5432")
			}, root: because(databaseAny, "key"), mustNot: wrong},
	}
}

// databaseFaults come from within the database.
func databaseFaults() []variation {
	wrong := []string{"security group", "out of memory", "image"}
	return []variation{
		{name: "storage runs full in hours", kind: triage.DBSlow, targetType: targetDatabase, spoil: func(w *world) {
			w.metric("FreeStorageSpace", "", databaseAny, 175*time.Minute,
				func(i int, _ float64) float64 { return 40e9 - float64(i)*1.0e9 })
		}, root: because(databaseAny, "storage", "full in"), mustNot: wrong},
		{name: "replica far behind", kind: triage.DBSlow, targetType: targetDatabase, spoil: func(w *world) {
			w.db().ReadReplicaSourceDBInstanceIdentifier = aws.String("booking-source")
			source := *clone(w.db())
			source.DBInstanceIdentifier, source.ReadReplicaSourceDBInstanceIdentifier = aws.String("booking-source"), nil
			source.DBInstanceArn = aws.String("arn:aws:rds:eu-south-1:628905137462:db:booking-source")
			source.Endpoint.Address = aws.String("booking-source.cc539014f701.eu-south-1.rds.amazonaws.com")
			w.RDS.DBInstances = append(w.RDS.DBInstances, source)
			w.series("ReplicaLag", "Maximum", 1, 60*time.Minute, climb(120, 180, 5000))
		}, root: because(databaseAny, "lag", "behind"), mustNot: wrong},
		{name: "larger limit waits for a reboot", kind: triage.DBUnreachable, targetType: targetDatabase,
			spoil: func(w *world) {
				w.full(60 * time.Minute)
				w.db().DBParameterGroups[0].ParameterApplyStatus = aws.String("pending-reboot")
				w.change(100*time.Minute, "m.greco", "rds:ModifyDBParameterGroup",
					`{"dBParameterGroupName":"bookingprod-pg16","parameters":[{"parameterName":"max_connections","parameterValue":"100","applyMethod":"pending-reboot"}]}`,
					"AWS::RDS::DBParameterGroup bookingprod-pg16")
			}, root: because(databaseAny, "connection"), mustNot: wrong},
		{name: "processor credits used up", kind: triage.DBSlow, targetType: targetDatabase, spoil: func(w *world) {
			w.db().DBInstanceClass = aws.String("db.t3.medium")
			w.series("CPUCreditBalance", "Average", 180, 80*time.Minute, fall(150, 40, 0))
			w.metric("CPUUtilization", "", databaseAny, 80*time.Minute, func(i int, _ float64) float64 {
				return []float64{85, 85, 80, 75}[min(i, 3)]*float64(min(1, max(0, 5-i))) + 20
			})
		}, root: because(databaseAny, "credit"), mustNot: wrong},
		{name: "deadlocks counted", kind: triage.DBSlow, targetType: targetDatabase, spoil: func(w *world) {
			w.db().Engine, w.db().EngineVersion = aws.String("mysql"), aws.String("8.0.39")
			w.series("Deadlocks", "Average", 0, 45*time.Minute, flat(0.4))
			w.complain("quotes", 44*time.Minute, "(1213, 'Deadlock found when trying to get lock; try restarting transaction')")
		}, root: because(databaseAny, "deadlock"), mustNot: wrong},
		{name: "subnets without addresses", kind: triage.DBUnreachable, targetType: targetDatabase, spoil: func(w *world) {
			w.db().DBInstanceStatus = aws.String("incompatible-network")
			w.dbEvent(34*time.Minute, "failure",
				"Database instance in incompatible-network. The requested subnet has no free addresses.")
			w.refused(33*time.Minute, "Error: connect ECONNREFUSED 10.150.192.21:5432")
		}, root: because(databaseAny, "network"), mustNot: wrong},
		{name: "memory parameter too large", kind: triage.DBUnreachable, target: "quotes", spoil: func(w *world) {
			w.db().DBInstanceStatus = aws.String("incompatible-parameters")
			w.dbEvent(34*time.Minute, "failure",
				"Database instance put into incompatible-parameters. shared_buffers is larger than the memory of the instance class")
			w.change(50*time.Minute, "m.greco", "rds:ModifyDBParameterGroup",
				`{"dBParameterGroupName":"bookingprod-pg16","parameters":[{"parameterName":"shared_buffers","parameterValue":"2097152","applyMethod":"pending-reboot"}]}`,
				"AWS::RDS::DBParameterGroup bookingprod-pg16")
			w.refused(33*time.Minute, "Error: connect ECONNREFUSED 10.150.192.21:5432")
		}, root: because(databaseAny+" bookingprod-pg16", "parameter"), mustNot: wrong},
		{name: "certificate of the server expired", kind: triage.DBUnreachable, target: "quotes", spoil: func(w *world) {
			w.db().CertificateDetails.ValidTill = aws.Time(w.ago(34 * time.Minute))
			w.refused(33*time.Minute, "SSL error: certificate verify failed: certificate has expired")
		}, root: because(databaseAny, "certificate"), mustNot: wrong},
		{name: "memory runs out and the host swaps", kind: triage.DBSlow, targetType: targetDatabase, spoil: func(w *world) {
			w.series("FreeableMemory", "Average", 3e9, 60*time.Minute, fall(15e8, 4e8, 9e7))
			w.series("SwapUsage", "Average", 1e6, 55*time.Minute, climb(4e8, 3e8, 3e9))
		}, root: because(databaseAny, "memory", "swap"), mustNot: wrong},
		{name: "serverless cluster at its ceiling", kind: triage.Slow, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.aurora(writerHost)
			for i := range w.RDS.DBInstances {
				w.RDS.DBInstances[i].DBInstanceClass = aws.String("db.serverless")
			}
			w.RDS.DBClusters[0].ServerlessV2ScalingConfiguration = &types.ServerlessV2ScalingConfigurationInfo{MinCapacity: aws.Float64(0.5), MaxCapacity: aws.Float64(4)}
			w.seriesOf("DBClusterIdentifier", auroraAny, "ACUUtilization", "Average", 30, 45*time.Minute, flat(100))
			w.seriesOf("DBClusterIdentifier", auroraAny, "ServerlessDatabaseCapacity", "Average", 1.5, 45*time.Minute, flat(4))
			w.metric("TargetResponseTime", "", "", 40*time.Minute, times(60))
		}, root: because(auroraAny, "capacity"), mustNot: wrong},
		{name: "volume at its IOPS", kind: triage.DBSlow, targetType: targetDatabase, spoil: func(w *world) {
			w.series("ReadIOPS", "Average", 300, 60*time.Minute, flat(2950))
			w.series("WriteIOPS", "Average", 60, 60*time.Minute, flat(40))
			w.series("ReadLatency", "Average", 0.001, 60*time.Minute, flat(0.08))
			w.series("DiskQueueDepth", "Average", 0.4, 60*time.Minute, flat(90))
		}, root: because(databaseAny, "iops"), mustNot: wrong},
		{name: "security groups of an Aurora cluster let nobody in", kind: triage.DBUnreachable, target: "quotes",
			spoil: func(w *world) {
				w.aurora(readerHost)
				for i := range w.EC2.SecurityGroups {
					for _, own := range w.db().VpcSecurityGroups {
						if g := &w.EC2.SecurityGroups[i]; aws.ToString(g.GroupId) == aws.ToString(own.VpcSecurityGroupId) {
							g.IpPermissions = []ec2.IpPermission{}
						}
					}
				}
			}, root: because("", "security-group"), mustNot: []string{"out of memory", "image"}},
		{name: "a forgotten transaction holds locks", kind: triage.DBSlow, targetType: targetDatabase, spoil: func(w *world) {
			w.db().PerformanceInsightsEnabled = aws.Bool(true)
			w.Insights.Loads = map[string][]rdsfake.LoadKey{*w.db().DbiResourceId: {
				w.sessions("CPU", "SELECT 1", 0.4, 0.4), w.sessions("Lock:tuple", "UPDATE seats SET held = $1", 0, 9)}}
		}, root: because(databaseAny, "lock"), mustNot: wrong},
		{name: "nothing but routine", kind: triage.Unknown, targetType: targetDatabase, spoil: func(w *world) {
			w.dbEvent(50*time.Minute, "backup", "Backing up DB instance")
			w.dbEvent(48*time.Minute, "backup", "Finished DB Instance backup")
			w.dbEvent(40*time.Minute, "notification",
				"Export task nightly: Table orders is in progress, and the exported size is 40 GB.")
			w.dbEvent(35*time.Minute, "configuration change", "Monitoring Interval changed to 60")
			w.dbEvent(30*time.Minute, "notification",
				"Timezone files were updated. Restart your RDS instance for the changes to take effect.")
			w.db().DBInstanceStatus = aws.String("configuring-something-new")
		}},
		{name: "aurora without trouble", kind: triage.Unknown, target: "quotes", spoil: func(w *world) {
			w.aurora(writerHost)
			w.env("quotes", "DB_READ_HOST", readerHost)
			w.env("quotes", "DB_PORT", "5432")
			w.clusterEvent(60*time.Minute, "notification", "Database Activity Streams is stopped on your database cluster.")
		}},
	}
}

// sessions are in a wait event and a statement: usual, and another number in the last hour.
func (w *world) sessions(wait, statement string, usual, last float64) rdsfake.LoadKey {
	key := rdsfake.LoadKey{Dimensions: map[string]string{"db.wait_event.name": wait,
		"db.sql_tokenized.statement": statement}}
	for ago := 6 * time.Hour; ago > 0; ago -= 5 * time.Minute {
		v := usual
		if ago <= time.Hour {
			v = last
		}
		key.Points = append(key.Points, pi.DataPoint{Timestamp: aws.Time(w.ago(ago).Truncate(5 * time.Minute)),
			Value: aws.Float64(v)})
	}
	return key
}
