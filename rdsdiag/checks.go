package rdsdiag

import (
	"slices"

	"github.com/awsdiag/awsdiag/diag"
)

// DBInstanceChecks are all checks of a database instance. Left out: waits and statements, which Performance Insights
// knows, a service of its own: [LoadChecks]; and [LogErrors], which reads what the database wrote and is for who asks.
func DBInstanceChecks() []*diag.Check[*DBInstance] {
	return slices.Concat(
		InstanceStatuses(),
		[]*diag.Check[*DBInstance]{
			ConnectionsExhausted, ConnectionsHigh, BurstBalanceEmpty, BurstBalanceLow, IOPSAtLimit, ThroughputAtLimit,
			StorageLatencyHigh,
			StorageFull, StorageFilling, LocalStorageLow, CPUCreditsExhausted, CPUHigh, LoadAboveProcessors, MemoryLow, KilledForMemory,
			Swapping, ReplicaLag, ReplicationBroken,
			ReplicationSlotLag, Deadlocks, TransactionIDs, CertificateExpired, CertificateExpiring, MaintenancePending,
			InstanceAtMaxCapacity, NoStandby, NoReader,
		},
		EBSBalances(),
		Configuration(),
		InstanceEvents(),
	)
}

// DBClusterChecks are all checks of a database cluster. Its instances have their own.
func DBClusterChecks() []*diag.Check[*DBCluster] {
	return slices.Concat(
		ClusterStatuses(),
		[]*diag.Check[*DBCluster]{
			ClusterWithoutWriter, ClusterParametersPendingReboot, ClusterPendingModifications, ClusterMaintenancePending,
			ServerlessAtMaxCapacity,
		},
		ClusterEvents(),
	)
}

// LogFileChecks are the checks of what stands in log files. Their action is of class data.
func LogFileChecks() []*diag.Check[*LogFiles] { return []*diag.Check[*LogFiles]{LogErrors} }
