package rdsdiag

import (
	"slices"

	"github.com/awsdiag/awsdiag/diag"
)

// happening is one row of the table that makes the checks of events: what happened, and what it comes down to.
type happening struct {
	code             diag.Code // behind "rds." for instances, "rds.cluster-" for clusters
	title, doc, verb string
	severity         diag.Severity
	breaks           []diag.Mechanism
	// begins are the classes of the happening, ends those that tell that it is over, from then on.
	begins, ends []EventClass
	// partOf are the classes of which, close by, the happening is only a part: no finding of its own then.
	partOf []EventClass
	// lasts tells that what it brought stays when it is over: another class has other limits.
	lasts bool
	step  string
}

var (
	failovers = []EventClass{
		EventFailoverStarted,
		EventFailoverCompleted,
		EventFailoverRequested,
		EventFailoverFailed,
	}
	maintenance = []EventClass{
		EventMaintenanceStarted,
		EventMaintenanceCompleted,
		EventPatched,
		EventUpgradeStarted,
		EventUpgradeCompleted,
		EventUpgradeFailed,
	}
	births = []EventClass{EventCreated, EventRestored, EventStarted, EventStopped}
	larger = slices.Concat(failovers, maintenance, births)
)

// happenings leave out what is routine, which the timeline shows: backups, monitoring, certificates that RDS rotates.
var happenings = []happening{
	{
		code:     "failed-over",
		title:    "Database failed over",
		verb:     "failed over",
		severity: diag.SeverityWarning,
		breaks:   down,
		doc: "The standby or a replica took over within the window. Connections were cut; clients that keep old addresses " +
			"or connections fail until they connect anew.",
		begins: []EventClass{
			EventFailoverRequested,
			EventFailoverStarted,
			EventInstanceUnresponsive,
			EventFailoverCompleted,
		},
		ends: []EventClass{EventFailoverCompleted, EventFailoverFailed},
		step: "See why in the events just before, and that clients connect anew: short DNS cache, checked connections in " +
			"pools.",
	},
	{
		code:     "failover-failed",
		title:    "Failover failed",
		verb:     "did not fail over",
		severity: diag.SeverityError,
		breaks:   down,
		doc:      "A failover failed or was refused within the window.",
		begins:   []EventClass{EventFailoverFailed},
		ends:     []EventClass{EventFailoverCompleted},
		step:     "Look at the status of each instance, then fail over again.",
	},
	{
		code:     "restarted",
		title:    "Database restarted",
		verb:     "restarted",
		severity: diag.SeverityWarning,
		breaks:   down,
		partOf:   larger,
		doc: "The engine went down and came up within the window, outside of maintenance and failover. Connections were " +
			"cut. Without a request it crashed, most often for lack of memory.",
		begins: []EventClass{EventShutdown, EventRestarted},
		ends:   []EventClass{EventRestarted},
		step:   "Find out whether somebody rebooted it; if not, look at FreeableMemory before it and at the error log.",
	},
	{
		code:     "restart-failed",
		title:    "Database did not restart",
		verb:     "did not restart",
		severity: diag.SeverityError,
		breaks:   down,
		doc:      "The engine met an error while it started.",
		begins:   []EventClass{EventRestartFailed},
		ends:     []EventClass{EventRestarted},
		step:     "Read the error log of the engine; take the last parameter change back.",
	},
	{
		code:     "failure-reported",
		title:    "Failure reported",
		verb:     "failed",
		severity: diag.SeverityError,
		breaks:   down,
		doc:      "RDS reported within the window that the database cannot run: its parameters, its network or its storage.",
		begins:   []EventClass{EventInstanceFailed, EventInvalidParameters, EventIncompatibleNetwork},
		ends:     []EventClass{EventRestarted, EventRecoveryCompleted, EventStarted},
		step:     "Do what the message says; its status tells whether it still holds.",
	},
	{
		code:     "recovered",
		title:    "Database recovered",
		verb:     "went through recovery",
		severity: diag.SeverityWarning,
		breaks:   down,
		doc:      "RDS replaced or recovered the host or the engine within the window. Meanwhile the database did not serve.",
		partOf:   failovers,
		begins:   []EventClass{EventRecoveryStarted, EventRecoveryCompleted},
		ends:     []EventClass{EventRecoveryCompleted},
		step:     "Nothing, if it serves again. Multi-AZ shortens such interruptions.",
	},
	{
		code:     "maintained",
		title:    "Maintenance interrupted the database",
		verb:     "was under maintenance",
		severity: diag.SeverityWarning,
		breaks:   down,
		doc:      "The database was patched or upgraded within the window, which interrupts it.",
		begins: []EventClass{
			EventMaintenanceStarted,
			EventUpgradeStarted,
			EventPatched,
			EventUpgradeCompleted,
			EventMaintenanceCompleted,
		},
		ends: []EventClass{EventMaintenanceCompleted, EventUpgradeCompleted, EventPatched},
		step: "Move the maintenance window to a quiet hour.",
	},
	{
		code:     "upgrade-failed",
		title:    "Upgrade failed",
		verb:     "was not upgraded",
		severity: diag.SeverityWarning,
		breaks:   down,
		doc:      "An upgrade or patch failed and was taken back; the database was interrupted.",
		begins:   []EventClass{EventUpgradeFailed},
		step:     "Read the upgrade log among its log files.",
	},
	{
		code:     "was-stopped",
		title:    "Database was stopped",
		verb:     "was stopped",
		severity: diag.SeverityWarning,
		breaks:   down,
		doc:      "The database was stopped or started within the window.",
		begins:   []EventClass{EventStopped, EventStarted},
		ends:     []EventClass{EventStarted},
		step:     "Find out who stopped it in CloudTrail (StopDBInstance, StopDBCluster).",
	},
	{
		code:     "class-changed",
		title:    "Instance class changed",
		verb:     "changed its class",
		severity: diag.SeverityWarning,
		breaks:   down,
		doc:      "The instance moved to another class within the window, which interrupts it.",
		begins:   []EventClass{EventInstanceClassChange},
		ends:     []EventClass{EventInstanceClassChange},
		lasts:    true,
		step:     "Compare processor and memory with what the load needs.",
	},
	{
		code:     "storage-full-reported",
		title:    "RDS reported full storage",
		verb:     "ran out of storage",
		severity: diag.SeverityWarning,
		breaks:   down,
		doc:      "RDS reported within the window that the storage was used up.",
		begins:   []EventClass{EventStorageFull},
		ends:     []EventClass{EventStorageScaling},
		step:     "See how much is free now; add storage, and an alarm on FreeStorageSpace.",
	},
	{
		code:     "storage-low-reported",
		title:    "RDS reported low storage",
		verb:     "ran low on storage",
		severity: diag.SeverityWarning,
		doc:      "RDS reported within the window that little storage is left.",
		begins:   []EventClass{EventStorageLow},
		ends:     []EventClass{EventStorageScaling},
		step:     "Add storage, or let autoscaling do it.",
	},
	{
		code:     "storage-scaling-blocked",
		title:    "Storage does not grow",
		verb:     "could not grow its storage",
		severity: diag.SeverityWarning,
		doc: "Storage autoscaling wanted to add storage and could not: the ceiling, the quota, or a change less than six " +
			"hours ago.",
		begins: []EventClass{EventStorageScalingBlocked},
		ends:   []EventClass{EventStorageScaling},
		step:   "Raise the maximum storage threshold or the quota; or add storage by hand.",
	},
	{
		code:     "memory-critical-reported",
		title:    "RDS reported critical memory",
		verb:     "ran critically low on memory",
		severity: diag.SeverityWarning,
		breaks:   []diag.Mechanism{diag.DBServe},
		doc:      "RDS lowered caches because the load left next to no memory.",
		begins:   []EventClass{EventMemoryLow},
		step:     "Take a class with more memory, or fewer connections.",
	},
	{
		code:     "credentials-reset",
		title:    "Master credentials reset",
		verb:     "had its master credentials reset",
		severity: diag.SeverityWarning,
		breaks:   []diag.Mechanism{diag.DBAccept},
		doc:      "The master password changed within the window. Clients that read it before cannot log in anew.",
		begins:   []EventClass{EventPasswordReset},
		step:     "Start clients anew that use the master user and read its secret only when they start.",
	},
	{
		code:     "credentials-reset-failed",
		title:    "Reset of credentials failed",
		verb:     "kept its old master credentials",
		severity: diag.SeverityInfo,
		doc:      "A reset of the master password failed: who uses the new one cannot log in.",
		begins:   []EventClass{EventPasswordResetFailed},
		ends:     []EventClass{EventPasswordReset},
		step:     "Reset it again.",
	},
	{
		code:     "secret-missing",
		title:    "Secret missing",
		verb:     "misses its secret",
		severity: diag.SeverityWarning,
		doc:      "RDS did not find the secret that it manages the master password in.",
		begins:   []EventClass{EventSecretMissing},
		step:     "Look for the secret and its key.",
	},
	{
		code:     "replication-interrupted",
		title:    "Replication interrupted",
		verb:     "stopped replicating",
		severity: diag.SeverityWarning,
		doc:      "Replication stopped or fell far behind within the window.",
		ends:     []EventClass{EventReplicationResumed},
		begins:   []EventClass{EventReplicationBroken, EventReplicationStopped, EventReplicationLag},
		step:     "Look at ReplicaLag and the error log of the replica.",
	},
	{
		code:     "parameters-changed",
		title:    "Parameter group changed",
		verb:     "got other parameters",
		severity: diag.SeverityInfo,
		doc:      "The parameter group changed within the window.",
		begins:   []EventClass{EventParameterGroupChange},
		step:     "Compare the values with those of before.",
	},
	{
		code:     "setup-failed",
		title:    "A setting was refused",
		verb:     "refused a setting",
		severity: diag.SeverityInfo,
		doc: "RDS could not apply a setting that does not stop the database: monitoring role, option group, class, " +
			"scaling.",
		begins: []EventClass{
			EventMonitoringRole,
			EventOptionGroupFailed,
			EventInstanceClassRefused,
			EventScalingFailed,
			EventSetupFailed,
			EventStopFailed,
		},
		step: "Do what the message says.",
	},
	{
		code:     "key-unreachable",
		title:    "Encryption key out of reach",
		verb:     "lost access to its encryption key",
		severity: diag.SeverityError,
		breaks:   down,
		doc: "RDS could not use the KMS key of the storage within the window. If that lasts, it makes the database " +
			"inaccessible.",
		begins: []EventClass{EventKeyInaccessible},
		ends:   []EventClass{EventKeyAccessible},
		step:   "Look at the state, the policy and the grants of the key; enable it, then start the database.",
	},
	{
		code:     "maintenance-scheduled",
		title:    "Maintenance with a reboot is scheduled",
		verb:     "has maintenance scheduled, told",
		severity: diag.SeverityInfo,
		doc:      "RDS scheduled a reboot, a rotation of the certificate or a new host for the next maintenance window.",
		begins:   []EventClass{EventMaintenanceScheduled},
		step:     "Choose the time yourself: apply it in a quiet hour before AWS does.",
	},
	{
		code:     "proxy-failed",
		title:    "RDS Proxy refused connections",
		verb:     "had trouble with its proxy",
		severity: diag.SeverityWarning,
		breaks:   []diag.Mechanism{diag.DBAccept},
		doc:      "The proxy in front of the database found no addresses in its subnets, or throttled new connections.",
		begins:   []EventClass{EventProxyFailed},
		step:     "Free addresses in the subnets of the proxy; or spread the connections of the clients.",
	},
	{
		code:     "too-many-objects",
		title:    "Too many objects",
		verb:     "holds too many tables or databases",
		severity: diag.SeverityInfo,
		doc:      "RDS counts more tables or databases than it recommends: recovery takes long.",
		begins:   []EventClass{EventTooManyObjects},
		step:     "Drop what is not needed.",
	},
	{
		code:     "burst-credits-low-reported",
		title:    "RDS reported low burst credits",
		verb:     "ran low on burst credits",
		severity: diag.SeverityInfo,
		doc:      "RDS reported that the gp2 volume has few burst credits.",
		begins:   []EventClass{EventBurstCreditsLow},
		step:     "Look at BurstBalance; change the volume to gp3.",
	},
}
