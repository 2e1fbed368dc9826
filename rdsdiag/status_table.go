package rdsdiag

import (
	"regexp"

	"github.com/awsdiag/awsdiag/diag"
)

// condition is what a status comes down to: one row, one check. The rows serve instances and clusters.
type condition struct {
	code     diag.Code // behind "rds." for instances, "rds.cluster-" for clusters
	title    string
	severity diag.Severity
	// doc explains the row as a whole; step says what to do.
	doc, step string
	breaks    []diag.Mechanism
	needs     []diag.Mechanism
	// family fits statuses newer than the table, by the way AWS names them.
	family *regexp.Regexp
	// statuses are DBInstanceStatus values or cluster statuses, with what they mean, to end the sentence "it is …".
	statuses map[string]string
}

var down = []diag.Mechanism{diag.DBAccept, diag.DBServe}

// conditions hold the statuses of "Viewing Amazon RDS DB instance status", "Viewing Amazon Aurora DB cluster status"
// and "Viewing DB instance status in an Aurora cluster". The status available has no row, storage-full is
// [StorageFull]'s.
var conditions = []condition{
	{
		code: "failed", title: "Database failed", severity: diag.SeverityError, breaks: down,
		family: regexp.MustCompile(`-(failed|error)$`),
		doc:    "RDS cannot recover the database. What it last held can be restored to a new one.",
		step:   "Restore to the latest restorable time, into a new database.",
		statuses: map[string]string{"failed": "beyond recovery by RDS",
			"restore-error":        "the result of a restore that met an error",
			"incompatible-restore": "the result of a restore that its data does not allow",
			"incompatible-create":  "not compatible with what was asked for at its creation",
			"cloning-failed":       "the result of a clone that failed",
			"migration-failed":     "the result of a migration that failed"},
	},
	{
		code: "key-inaccessible", title: "Encryption key inaccessible", severity: diag.SeverityError, breaks: down,
		needs:  []diag.Mechanism{diag.Permission},
		family: regexp.MustCompile(`^inaccessible-`),
		doc:    "The KMS key that encrypts the storage is disabled, pending deletion, or RDS lost its grant on it.",
		step:   "Look at the state and policy of the key; enable it, then start the database.",
		statuses: map[string]string{"inaccessible-encryption-credentials": "without access to its KMS key",
			"inaccessible-encryption-credentials-recoverable": "without access to its KMS key, and will start once the key " +
				"works again"},
	},
	{
		code: "incompatible-network", title: "Network does not let RDS recover the database", severity: diag.SeverityError,
		breaks: down, needs: []diag.Mechanism{diag.Placement},
		doc: "RDS has to act on the database and cannot: no free address in a subnet of its group, a subnet that is gone, " +
			"DNS attributes of the VPC, or the quota of network interfaces.",
		step:     "Look at free addresses in the subnets of its subnet group, and whether they all exist.",
		statuses: map[string]string{"incompatible-network": "held up by the state of its VPC"},
	},
	{
		code: "incompatible-settings", title: "Database does not start with its settings", severity: diag.SeverityError,
		breaks: down, family: regexp.MustCompile(`^incompatible-`),
		doc:  "RDS cannot start the database with its parameter group, option group or credentials.",
		step: "Take the last change to its parameter or option group back, then reboot.",
		statuses: map[string]string{"incompatible-parameters": "not able to start with its parameter group",
			"incompatible-option-group": "not able to apply its option group",
			"incompatible-credentials":  "not able to use its stored credentials",
			"unsupported-configuration": "in a configuration that RDS does not support"},
	},
	{
		code: "insufficient-capacity", title: "No capacity for the instance", severity: diag.SeverityError, breaks: down,
		doc:      "AWS has no capacity for the instance class in the Availability Zone at the moment.",
		step:     "Choose another class or Availability Zone, or try again later.",
		statuses: map[string]string{"insufficient-capacity": "waiting for capacity that AWS does not have there"},
	},
	{
		code: "stopped", title: "Database stopped", severity: diag.SeverityError, breaks: down,
		doc:      "Somebody stopped the database. RDS starts it by itself after seven days.",
		step:     "Start it if it should serve.",
		statuses: map[string]string{"stopped": "stopped", "stopping": "being stopped"},
	},
	{
		code: "deleting", title: "Database being deleted", severity: diag.SeverityError, breaks: down,
		doc:      "The database is on its way out.",
		step:     "Find out who deleted it; restore from its final snapshot if it was not meant.",
		statuses: map[string]string{"deleting": "being deleted", "delete-precheck": "being examined before its deletion"},
	},
	{
		code: "interrupted", title: "Database not serving yet", severity: diag.SeverityWarning, breaks: down,
		doc: "An operation is under way during which the database does not serve, or only partly. It should be over by " +
			"itself.",
		step: "Wait for the status available; look at its events if it takes long.",
		statuses: map[string]string{"rebooting": "being rebooted", "starting": "being started", "creating": "being created",
			"upgrading": "being upgraded to another engine version", "maintenance": "under maintenance",
			"renaming":          "being renamed: its endpoint changes",
			"converting-to-vpc": "being moved into a VPC", "moving-to-vpc": "being moved to another VPC",
			"backtracking": "being taken back to an earlier time",
			"failing-over": "failing over to another instance", "migrating": "being restored from a snapshot",
			"promoting":                "being promoted from a replica",
			"preparing-data-migration": "being prepared for a migration"},
	},
	{
		code: operationUnderWay, title: "Operation under way", severity: diag.SeverityInfo,
		family: regexp.MustCompile(`^(configuring|update|updating|modifying|scaling)-`),
		doc:    "RDS works on the database, which serves meanwhile. Latency may rise a little.",
		step:   "Wait for the status available before the next change.",
		statuses: map[string]string{"backing-up": "being backed up", "modifying": "being modified",
			"configuring-enhanced-monitoring": "getting Enhanced Monitoring switched",
			"configuring-iam-database-auth":   "getting IAM authentication switched",
			"configuring-log-exports":         "getting log exports switched",
			"configuring-associated-roles":    "getting its roles changed",
			"configuring-activity-stream":     "getting its activity stream switched",
			"update-iam-db-auth":              "getting IAM authentication switched",
			"resetting-master-credentials":    "getting its master credentials reset",
			"storage-optimization":            "having its storage optimised after a change",
			"storage-config-upgrade":          "having its storage configuration upgraded",
			"storage-initialization":          "loading its storage from a snapshot: first reads are slow",
			"scaling-storage":                 "having its storage scaled",
			"scaling-capacity":                "scaling its capacity", "scaling-compute": "scaling its capacity"},
	},
	{
		code: "status-unknown", title: "Status not known to this module", severity: diag.SeverityInfo,
		doc:  "The database is in a status that no AWS document known to this module explains.",
		step: "Look the status up in the AWS documentation.",
	},
}

const (
	statusUnknown     = "status-unknown"
	operationUnderWay = "operation-under-way"
)
