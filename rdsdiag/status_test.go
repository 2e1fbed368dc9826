package rdsdiag

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
)

// documentedStatuses are those of "Viewing Amazon RDS DB instance status", "Viewing Amazon Aurora DB cluster status"
// and "Viewing DB instance status in an Aurora cluster". RDS has no enum of them.
var documentedStatuses = []string{
	"available", "backing-up", "backtracking", "cloning-failed", "configuring-enhanced-monitoring",
	"configuring-iam-database-auth",
	"configuring-log-exports", "converting-to-vpc", "creating", "delete-precheck", "deleting", "failed", "failing-over",
	"inaccessible-encryption-credentials", "inaccessible-encryption-credentials-recoverable", "incompatible-create",
	"incompatible-network",
	"incompatible-option-group", "incompatible-parameters", "incompatible-restore", "insufficient-capacity", "maintenance",
	"migrating",
	"migration-failed", "modifying", "moving-to-vpc", "preparing-data-migration", "promoting", "rebooting", "renaming",
	"resetting-master-credentials", "restore-error", "starting", "stopped", "stopping", "storage-config-upgrade",
	"storage-full",
	"storage-initialization", "storage-optimization", "unsupported-configuration", "update-iam-db-auth", "upgrading",
}

// TestDocumentedStatuses proves that one row explains each status, and none explains what is well.
func TestDocumentedStatuses(t *testing.T) {
	for _, s := range documentedStatuses {
		var rows []diag.Code
		for _, row := range conditions {
			if row.covers(s) {
				rows = append(rows, row.code)
			}
		}
		if s == "available" || s == "storage-full" { // the latter is StorageFull's
			assert.Empty(t, rows, s)
			continue
		}
		assert.Len(t, rows, 1, s)
		assert.NotContains(t, rows, diag.Code(statusUnknown), s)
	}
}

func TestConditionCovers(t *testing.T) {
	unknown := conditions[len(conditions)-1]
	assert.True(t, unknown.covers("dreaming"))
	assert.False(t, unknown.covers(""), "a status that AWS left out is no status")
	assert.False(t, unknown.covers("Available"), "the Aurora guide writes capitals")
	assert.True(t, conditions[0].covers("Failed"))
}

// TestStatusFamilies proves that a status newer than the table goes to the row of its family, and is no alarm without
// one.
func TestStatusFamilies(t *testing.T) {
	for status, want := range map[string]diag.Code{
		"incompatible-license": "incompatible-settings", "inaccessible-storage-credentials": "key-inaccessible",
		"configuring-performance-insights": "operation-under-way", "update-network-type": "operation-under-way",
		"upgrade-failed": "failed", "promotion-error": "failed", "incompatible-network": "incompatible-network",
		"dreaming": statusUnknown,
	} {
		for _, row := range conditions {
			assert.Equal(t, row.code == want, row.covers(status), "%s by %s", status, row.code)
		}
	}
	assert.Equal(t, diag.SeverityInfo, conditions[len(conditions)-1].severity)
}

// TestEveryEventClassIsTold proves that each class is either routine, for the timeline only, or makes a finding.
func TestEveryEventClassIsTold(t *testing.T) {
	routine := map[EventClass]bool{EventBackupStarted: true, EventBackupCompleted: true, EventBackupDeferred: true,
		EventBackupSetting: true,
		EventCertificate:   true, EventCreated: true, EventCreationFailed: true, EventDeleted: true,
		EventFailoverSkipped:    true,
		EventMaintenanceDelayed: true, EventMonitoringChange: true, EventMultiAZChange: true, EventPaused: true,
		EventRecoveryInfo: true,
		EventRenamed:      true, EventReplicationResumed: true, EventRestored: true, EventResumed: true, EventScaled: true,
		EventSecurityGroup:  true,
		EventStorageScaling: true, EventUpgradeAvailable: true, EventOther: true, EventKeyAccessible: true,
		EventProxyChange: true, EventStorageInitializing: true}
	told := map[EventClass]bool{}
	for _, h := range happenings {
		for _, c := range h.begins {
			told[c] = true
		}
	}
	for _, r := range eventRules {
		assert.NotEqual(t, routine[r.class], told[r.class], "%s is routine: %v, makes a finding: %v", r.class,
			routine[r.class], told[r.class])
	}
}
