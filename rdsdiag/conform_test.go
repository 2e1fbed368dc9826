package rdsdiag_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

func status(s string) func(*world) {
	return func(w *world) { w.db().DBInstanceStatus, w.cluster().Status = aws.String(s), aws.String(s) }
}

func gp2(w *world) {
	w.db().StorageType, w.db().Iops, w.db().StorageThroughput = aws.String("gp2"), nil, nil
}

func class(name string) func(*world) {
	return func(w *world) { w.db().DBInstanceClass = aws.String(name) }
}

func maxConnections(value string) func(*world) {
	return func(w *world) { w.rds.Parameters[dbID+"-params"][0].ParameterValue = aws.String(value) }
}

func stat(name, stat string, usual float64, last ...float64) func(*world) {
	return func(w *world) { w.set(name, stat, usual, last...) }
}

func average(name string, usual float64, last ...float64) func(*world) {
	return stat(name, "Average", usual, last...)
}

func both(spoil ...func(*world)) func(*world) {
	return func(w *world) {
		for _, f := range spoil {
			f(w)
		}
	}
}

func waits(action string) func(*world) {
	return func(w *world) {
		for _, arn := range []string{rdsfake.InstanceARN(dbID), rdsfake.ClusterARN(clusterID)} {
			w.rds.PendingMaintenance = append(w.rds.PendingMaintenance,
				types.ResourcePendingMaintenanceActions{ResourceIdentifier: aws.String(arn),
					PendingMaintenanceActionDetails: []types.PendingMaintenanceAction{{Action: aws.String(action),
						Description:      aws.String("New OS"),
						CurrentApplyDate: aws.Time(now.Add(50 * time.Hour))}}})
		}
	}
}

// recovered has the host of the instance replaced within ten minutes.
func recovered(w *world) {
	both(happens(50*time.Minute, "Recovery of the DB instance has started."),
		happens(40*time.Minute, "Recovery of the DB instance is complete"))(w)
}

// single makes the instance the only one of the cluster.
func single(w *world) {
	w.db().DBClusterIdentifier = aws.String(clusterID)
	w.cluster().DBClusterMembers = w.cluster().DBClusterMembers[:1]
}

// oneUnit makes the instance a serverless one that takes 189 connections; the limit stands in two calls then.
func oneUnit(w *world) {
	both(serverless("aurora-postgresql", 0.5, 1), maxConnections(postgresFormula))(w)
}

// broken says for each check, without its prefix, how to spoil the world.
var broken = map[string]func(*world){
	// statuses
	"failed": status("failed"), "key-inaccessible": status("inaccessible-encryption-credentials"),
	"incompatible-network":  status("incompatible-network"),
	"incompatible-settings": status("incompatible-parameters"), "insufficient-capacity": status("insufficient-capacity"),
	"stopped": status("stopped"), "deleting": status("deleting"), "interrupted": status("rebooting"),
	"operation-under-way": status("backing-up"), "status-unknown": status("dreaming"),
	// metrics
	"connections-exhausted": both(oneUnit, average("DatabaseConnections", 40, 80, 187, 187, 187)),
	"connections-high":      both(oneUnit, average("DatabaseConnections", 40, 170, 171, 169)),
	"burst-balance-empty":   both(gp2, average("BurstBalance", 99, 60, 30, 0, 0, 0)),
	"burst-balance-low":     both(gp2, average("BurstBalance", 99, ramp(90, 20, 12)...)),
	"iops-at-limit":         both(average("ReadIOPS", 80, 2900, 2890, 2880, 2900), average("WriteIOPS", 100)),
	"throughput-at-limit": both(average("ReadThroughput", 1e6, repeat(120<<20, 4)...), average("WriteThroughput", 1e6,
		repeat(5<<20, 4)...)),
	"storage-latency-high": average("ReadLatency", 0.001, 0.1, 0.15, 0.12),
	"storage-full":         average("FreeStorageSpace", 60*gibibyte, ramp(50*gibibyte, 0.1*gibibyte, 20)...),
	"storage-filling":      average("FreeStorageSpace", 60*gibibyte, ramp(60*gibibyte, 40*gibibyte, 36)...),
	"local-storage-low":    average("FreeLocalStorage", 20*gibibyte, gibibyte, gibibyte),
	"cpu-credits-exhausted": both(class("db.t3.medium"), average("CPUCreditBalance", 300, 100, 0, 0, 0),
		average("CPUUtilization", 60, 20, 20, 20)),
	"load-above-processors": average("DBLoad", 0.5, 4, 5, 6),
	"cpu-high":              average("CPUUtilization", 20, 99, 99, 100, 99),
	"memory-low":            average("FreeableMemory", 3e9, 2e8, 1e8, 1e8, 1e8),
	"swapping":              average("SwapUsage", 1e6, 2e9, 2e9, 2e9, 2e9),
	"killed-for-memory": both(happens(30*time.Minute, "DB instance shutdown"), happens(29*time.Minute, "DB instance restarted"),
		average("FreeableMemory", 3e9, 2e9, 1e9, 2e8, 1e8, 3e9, 3e9, 3e9, 3e9, 3e9, 3e9)),
	"replica-lag":            stat("ReplicaLag", "Maximum", 1, 400, 800, 1200),
	"replication-slot-lag":   stat("OldestReplicationSlotLag", "Maximum", 1e6, 30*gibibyte, 31*gibibyte),
	"deadlocks":              average("Deadlocks", 0, 0.1, 0.2),
	"transaction-ids-high":   stat("MaximumUsedTransactionIDs", "Maximum", 1.2e9),
	"ebs-io-balance-empty":   average("EBSIOBalance%", 99, 50, 0, 0),
	"ebs-byte-balance-empty": average("EBSByteBalance%", 99, 50, 0, 0),
	"serverless-at-max-capacity": func(w *world) {
		w.fill("DBClusterIdentifier", clusterID, "ACUUtilization", "Average", 50, 100, 100, 100)
		w.cluster().ServerlessV2ScalingConfiguration = &types.ServerlessV2ScalingConfigurationInfo{MaxCapacity: aws.Float64(4)}
	},
	"instance-at-max-capacity": both(serverless("aurora-postgresql", 0.5, 4),
		average("ACUUtilization", 40, 100, 100, 100)),
	"no-standby": both(recovered, func(w *world) { w.db().MultiAZ = aws.Bool(false) }),
	"no-reader":  both(recovered, single),
	// descriptions
	"replication-broken": func(w *world) {
		w.db().StatusInfos = []types.DBInstanceStatusInfo{{StatusType: aws.String("read replication"),
			Normal: aws.Bool(false),
			Status: aws.String("error"), Message: aws.String("Duplicate entry")}}
	},
	"certificate-expired":  func(w *world) { w.db().CertificateDetails.ValidTill = aws.Time(now.Add(-time.Hour)) },
	"certificate-expiring": func(w *world) { w.db().CertificateDetails.ValidTill = aws.Time(now.Add(5 * 24 * time.Hour)) },
	"maintenance-pending":  waits("system-update"),
	"pending-modifications": func(w *world) {
		w.db().PendingModifiedValues = &types.PendingModifiedValues{DBInstanceClass: aws.String("db.m6g.xlarge")}
		w.cluster().PendingModifiedValues = &types.ClusterPendingModifiedValues{EngineVersion: aws.String("16.1")}
	},
	"parameter-group-pending-reboot": func(w *world) {
		w.db().DBParameterGroups[0].ParameterApplyStatus = aws.String("pending-reboot")
		w.cluster().DBClusterMembers[1].DBClusterParameterGroupStatus = aws.String("pending-reboot")
	},
	"publicly-accessible":       func(w *world) { w.db().PubliclyAccessible = aws.Bool(true) },
	"subnet-group-incomplete":   func(w *world) { w.db().DBSubnetGroup.Subnets[0].SubnetStatus = aws.String("Missing") },
	"security-group-not-active": func(w *world) { w.db().VpcSecurityGroups[0].Status = aws.String("adding") },
	"without-writer":            func(w *world) { w.cluster().DBClusterMembers[0].IsClusterWriter = aws.Bool(false) },
	// events
	"failed-over": both(happens(50*time.Minute, "Multi-AZ instance failover started"),
		happens(48*time.Minute, "Multi-AZ instance failover completed")),
	"switched-over": happens(50*time.Minute, "Switchover from DB instance x to x-green-abc123 completed."),
	"switchover-failed": happens(50*time.Minute, "Switchover from DB instance x to x-green-abc123 was canceled due to "+
		"replication lag."),
	"failover-failed": happens(50*time.Minute, "Cluster failover failed, check the health of your cluster "+
		"instances and try again."),
	"restarted": both(happens(50*time.Minute, "DB instance shutdown"), happens(49*time.Minute,
		"DB instance restarted")),
	"restart-failed":   happens(50*time.Minute, "Error restarting mysql: out of file handles"),
	"failure-reported": happens(50*time.Minute, "Database instance put into incompatible-parameters. work_mem"),
	"recovered": both(happens(50*time.Minute, "Recovery of the DB instance has started."),
		happens(40*time.Minute, "Recovery of the DB instance is complete")),
	"maintained": both(happens(50*time.Minute, "Applying off-line patches to DB instance"),
		happens(40*time.Minute, "Finished applying off-line patches to DB instance")),
	"upgrade-failed": happens(50*time.Minute, "DB instance is in a state that cannot be upgraded"),
	"was-stopped": both(happens(50*time.Minute, "DB instance stopped"), happens(40*time.Minute,
		"DB instance started")),
	"class-changed": both(happens(50*time.Minute, "Applying modification to database instance class"),
		happens(40*time.Minute, "Finished applying modification to DB instance class")),
	"storage-full-reported": happens(50*time.Minute, "Allocated storage has been exhausted. Allocate additional "+
		"storage to resolve."),
	"storage-low-reported": happens(50*time.Minute, "The free storage capacity for DB Instance: x is low at 9% "+
		"of the provisioned storage"),
	"storage-scaling-blocked": happens(50*time.Minute, "Storage autoscaling is unable to scale the storage for the "+
		"reason: x"),
	"memory-critical-reported": happens(50*time.Minute, "A database workload is causing the system to run critically "+
		"low on memory."),
	"credentials-reset":        happens(50*time.Minute, "Reset master credentials"),
	"credentials-reset-failed": happens(50*time.Minute, "Unable to reset your password. Error information: x"),
	"secret-missing":           happens(50*time.Minute, "Amazon RDS could not find the secret x"),
	"replication-interrupted":  happens(50*time.Minute, "Replication has stopped. Error 1062"),
	"parameters-changed":       happens(50*time.Minute, "Updated to use DBParameterGroup x"),
	"setup-failed": happens(50*time.Minute, "Enhanced Monitoring cannot be enabled without the enhanced "+
		"monitoring IAM role."),
	"too-many-objects": happens(50*time.Minute, "The number of tables you have for your DB instance exceeds "+
		"the recommended best practices"),
	"key-unreachable": happens(50*time.Minute, "Amazon RDS is unable to access the KMS encryption key for database "+
		"instance x."),
	"maintenance-scheduled": happens(50*time.Minute, "RDS will replace the host of DB instance x due to a pending "+
		"maintenance action."),
	"proxy-failed": happens(50*time.Minute, "RDS throttled some connections to DB proxy x."),
	"burst-credits-low-reported": happens(50*time.Minute, "The gp2 burst balance credits for the RDS database instance "+
		"are low."),
}

func spoiled(t *testing.T, code diag.Code) func(*world) {
	t.Helper()
	name := strings.TrimPrefix(strings.TrimPrefix(string(code), "rds."), "cluster-")
	spoil, ok := broken[name]
	require.True(t, ok, "no symptom known for %s", code)
	return spoil
}

func TestConformInstance(t *testing.T) {
	for _, check := range rdsdiag.DBInstanceChecks() {
		at := func(spoil ...func(*world)) diagtest.World[*rdsdiag.DBInstance] {
			return func() (*rdsdiag.DBInstance, []diagfake.Fake) {
				w := newWorld(spoil...)
				return w.instance(), []diagfake.Fake{w.rds, w.cw}
			}
		}
		diagtest.Conform(t, check, diagtest.Worlds[*rdsdiag.DBInstance]{Healthy: at(), Broken: at(spoiled(t, check.Code))})
	}
}

func TestConformCluster(t *testing.T) {
	for _, check := range rdsdiag.DBClusterChecks() {
		at := func(spoil ...func(*world)) diagtest.World[*rdsdiag.DBCluster] {
			return func() (*rdsdiag.DBCluster, []diagfake.Fake) {
				w := newWorld(spoil...)
				return w.dbCluster(), []diagfake.Fake{w.rds, w.cw}
			}
		}
		diagtest.Conform(t, check, diagtest.Worlds[*rdsdiag.DBCluster]{Healthy: at(), Broken: at(spoiled(t, check.Code))})
	}
}

func TestConformLogFiles(t *testing.T) {
	at := func(text string) diagtest.World[*rdsdiag.LogFiles] {
		return func() (*rdsdiag.LogFiles, []diagfake.Fake) {
			w := newWorld()
			w.rds.LogFiles = map[string][]types.DescribeDBLogFilesDetails{dbID: {{LogFileName: aws.String("error/postgresql.log"),
				LastWritten: aws.Int64(now.UnixMilli()), Size: aws.Int64(100)}}}
			w.rds.LogText = map[string]string{dbID + "/error/postgresql.log": text}
			return rdsdiag.NewLogFiles(w.rds, dbID, w.window), []diagfake.Fake{w.rds}
		}
	}
	diagtest.Conform(t, rdsdiag.LogErrors, diagtest.Worlds[*rdsdiag.LogFiles]{
		Healthy: at("LOG:  checkpoint complete\nERROR:  duplicate key value violates unique constraint\n"),
		Broken: at("LOG:  checkpoint complete\nFATAL:  remaining connection slots are reserved for roles with the " +
			"SUPERUSER attribute\n"),
	})
}

// TestCatalogue keeps codes apart, and interfaces narrow and reading only.
func TestCatalogue(t *testing.T) {
	var infos []diag.Info
	for _, c := range rdsdiag.DBInstanceChecks() {
		infos = append(infos, c.Info)
	}
	for _, c := range rdsdiag.DBClusterChecks() {
		infos = append(infos, c.Info)
	}
	for _, c := range rdsdiag.LogFileChecks() {
		infos = append(infos, c.Info)
	}
	for _, c := range rdsdiag.BlueGreenChecks() {
		infos = append(infos, c.Info)
	}
	assert.NoError(t, diag.Validate(infos...))
	diagtest.ReadOnly[rdsdiag.DBInstanceAPI](t)
	diagtest.ReadOnly[rdsdiag.DBClusterAPI](t)
	diagtest.ReadOnly[rdsdiag.DirectoryAPI](t)
	diagtest.ReadOnly[rdsdiag.BlueGreenAPI](t)
	diagtest.ReadOnly[rdsdiag.LogFileAPI](t, "DownloadDBLogFilePortion")
}
