package rdsdiag_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

func ends(in time.Duration) func(*world) {
	return func(w *world) { w.db().CertificateDetails.ValidTill = aws.Time(now.Add(in)) }
}

func pending(a types.PendingMaintenanceAction) func(*world) {
	return func(w *world) {
		w.rds.PendingMaintenance = []types.ResourcePendingMaintenanceActions{{ResourceIdentifier: aws.String(rdsfake.InstanceARN(dbID)),
			PendingMaintenanceActionDetails: []types.PendingMaintenanceAction{a}}}
	}
}

// TestInstanceConfiguration says what certificates, maintenance, pending changes, parameter groups and subnet groups
// come to, and keeps quiet about what is well.
func TestInstanceConfiguration(t *testing.T) {
	const day = 24 * time.Hour
	due := now.Add(50 * time.Hour)
	for _, c := range []struct {
		name  string
		spoil func(*world)
		want  string // code and severity; empty is silence
		say   string
	}{
		{"certificate for a year", ends(300 * day), "", ""},
		{"certificate for 61 days", ends(61 * day), "", ""},
		{"certificate for 59 days", ends(59 * day), "rds.certificate-expiring info",
			"expires in 59 days, on 2026-05-02 12:00 UTC"},
		{"certificate for 13 days", ends(13 * day), "rds.certificate-expiring warning",
			"(rds-ca-rsa2048-g1) expires in 13 days"},
		{"certificate for an hour", ends(time.Hour), "rds.certificate-expiring warning", "expires in 1 h"},
		{"certificate at its end", ends(0), "rds.certificate-expired error", "expired on 2026-03-04 12:00 UTC"},
		{"certificate not told", func(w *world) { w.db().CertificateDetails = nil }, "", ""},
		{"maintenance with a date",
			pending(types.PendingMaintenanceAction{Action: aws.String("system-update"), CurrentApplyDate: &due}),
			"rds.maintenance-pending info", "shop-db waits for system-update, to be applied on 2026-03-06 14:00 UTC"},
		{"maintenance by force",
			pending(types.PendingMaintenanceAction{Action: aws.String("ca-certificate-rotation"), ForcedApplyDate: &due}),
			"rds.maintenance-pending info", "waits for ca-certificate-rotation, to be applied on 2026-03-06 14:00 UTC"},
		{"maintenance without a date", pending(types.PendingMaintenanceAction{Action: aws.String("db-upgrade")}),
			"rds.maintenance-pending info", "shop-db waits for db-upgrade"},
		{"maintenance without a name", pending(types.PendingMaintenanceAction{}), "", ""},
		{"maintenance of another database", func(w *world) {
			pending(types.PendingMaintenanceAction{Action: aws.String("db-upgrade")})(w)
			w.rds.PendingMaintenance[0].ResourceIdentifier = aws.String(rdsfake.InstanceARN("other"))
		}, "", ""},
		{"a change that waits", func(w *world) {
			w.db().PendingModifiedValues = &types.PendingModifiedValues{DBInstanceClass: aws.String("db.m6g.xlarge"),
				AllocatedStorage: aws.Int32(200)}
		}, "rds.pending-modifications info", "waits for changes: AllocatedStorage=200, DBInstanceClass=db.m6g.xlarge"},
		{"a password that waits", func(w *world) {
			w.db().PendingModifiedValues = &types.PendingModifiedValues{MasterUserPassword: aws.String("hunter2")}
		}, "rds.pending-modifications info", "waits for changes: MasterUserPassword="},
		{"nothing waits", func(w *world) { w.db().PendingModifiedValues = &types.PendingModifiedValues{} }, "", ""},
		{"parameters in sync", func(*world) {}, "", ""},
		{"parameters wait", broken["parameter-group-pending-reboot"], "rds.parameter-group-pending-reboot info",
			"without the newest values of its parameter group shop-db-params until it is rebooted"},
		{"parameters failed",
			func(w *world) { w.db().DBParameterGroups[0].ParameterApplyStatus = aws.String("failed-to-apply") },
			"rds.parameter-group-pending-reboot info", "shop-db-params"},
		{"parameters being applied",
			func(w *world) { w.db().DBParameterGroups[0].ParameterApplyStatus = aws.String("applying") }, "", ""},
		{"subnet group incomplete", func(w *world) { w.db().DBSubnetGroup.SubnetGroupStatus = aws.String("Incomplete") },
			"rds.subnet-group-incomplete warning",
			"is in subnet group shop-db-subnets, which is not sound: SubnetGroupStatus is Incomplete"},
		{"a subnet gone", broken["subnet-group-incomplete"], "rds.subnet-group-incomplete warning",
			"Subnets[subnet-a].SubnetStatus is Missing"},
		{"no subnet group", func(w *world) { w.db().DBSubnetGroup = nil }, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			checks := append(slices.Clone(rdsdiag.Configuration()), rdsdiag.CertificateExpired, rdsdiag.CertificateExpiring,
				rdsdiag.MaintenancePending)
			report := diagtest.Run(t, newWorld(c.spoil).instance(), checks...)
			require.NoError(t, report.Err())
			if c.want == "" {
				assert.Empty(t, report.Findings)
				return
			}
			require.Len(t, report.Findings, 1)
			f := report.Findings[0]
			assert.Equal(t, c.want, string(f.Code)+" "+f.Severity.String())
			assert.Contains(t, f.Summary, c.say)
		})
	}
}

// TestSupportsIAMAuthentication holds the engines of "Supported Regions and DB engines for IAM database
// authentication".
func TestSupportsIAMAuthentication(t *testing.T) {
	for engine, want := range map[string]bool{"aurora-mysql": true, "aurora-postgresql": true, "mysql": true,
		"mariadb":  true,
		"postgres": true, "oracle-se2": false, "custom-oracle-ee": false, "sqlserver-ex": false, "db2-se": false, "": false} {
		assert.Equal(t, want, rdsdiag.SupportsIAMAuthentication(engine), engine)
	}
}
