package rdsdiag_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
	"github.com/awsdiag/awsdiag/internal/saved"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

// messages make the SDK values of each recorded operation.
var messages = map[string]func() (in, out any){
	"DescribeDBInstances": func() (any, any) {
		return new(rds.DescribeDBInstancesInput),
			new(rds.DescribeDBInstancesOutput)
	},
	"DescribeDBClusters": func() (any, any) {
		return new(rds.DescribeDBClustersInput),
			new(rds.DescribeDBClustersOutput)
	},
	"DescribeEvents": func() (any, any) { return new(rds.DescribeEventsInput), new(rds.DescribeEventsOutput) },
	"DescribeDBSubnetGroups": func() (any, any) {
		return new(rds.DescribeDBSubnetGroupsInput),
			new(rds.DescribeDBSubnetGroupsOutput)
	},
	"DescribeDBParameters": func() (any, any) {
		return new(rds.DescribeDBParametersInput),
			new(rds.DescribeDBParametersOutput)
	},
	"DescribeDBLogFiles": func() (any, any) {
		return new(rds.DescribeDBLogFilesInput),
			new(rds.DescribeDBLogFilesOutput)
	},
	"GetMetricData": func() (any, any) {
		return new(cloudwatch.GetMetricDataInput),
			new(cloudwatch.GetMetricDataOutput)
	},
	"DescribeDBParameterGroups": func() (any, any) {
		return new(rds.DescribeDBParameterGroupsInput), new(rds.DescribeDBParameterGroupsOutput)
	},
	"DescribePendingMaintenanceActions": func() (any, any) {
		return new(rds.DescribePendingMaintenanceActionsInput), new(rds.DescribePendingMaintenanceActionsOutput)
	},
}

// loadPack reads the databases of a recorded account and their metrics.
func loadPack(t *testing.T, name string) *world {
	t.Helper()
	folder := filepath.Join("testdata", "packs", name)
	text, err := os.ReadFile(filepath.Join(folder, "now.txt"))
	require.NoError(t, err)
	now, err := time.Parse(time.RFC3339, strings.TrimSpace(string(text)))
	require.NoError(t, err)
	documents, err := saved.Read(os.DirFS(folder))
	require.NoError(t, err)
	w := &world{rds: &rdsfake.Client{Now: now}, cw: &metricsfake.Client{}, window: diag.Last(3*time.Hour, now)}
	for _, d := range documents {
		make, ok := messages[d.Operation]
		require.True(t, ok, d.Operation)
		in, out := make()
		require.NoError(t, saved.Decode(d.Input, in))
		require.NoError(t, saved.Decode(d.Output, out))
		require.True(t, w.rds.Merge(in, out) || w.cw.Merge(in, out), d.Operation)
		before := len(w.rds.Events)
		w.rds.Merge(in, out)
		require.Len(t, w.rds.Events, before, "merging twice changes nothing")
	}
	return w
}

// everything runs all checks and surveys on all databases of a world.
func (w *world) everything(t *testing.T) *diag.Report {
	t.Helper()
	directory := rdsdiag.NewDirectory(w.rds, metrics.NewSource(w.cw, w.window), w.window)
	instances, err := directory.DBInstances(t.Context())
	require.NoError(t, err)
	clusters, err := directory.DBClusters(t.Context())
	require.NoError(t, err)
	var plans []diag.Plan
	for _, i := range instances {
		plans = append(plans, diag.On(i, rdsdiag.DBInstanceChecks()...), diag.Observe(i, rdsdiag.DBInstanceSurvey))
	}
	for _, c := range clusters {
		plans = append(plans, diag.On(c, rdsdiag.DBClusterChecks()...), diag.Observe(c, rdsdiag.DBClusterSurvey))
	}
	return diag.Runner{Window: w.window}.Run(t.Context(), plans...)
}

// TestPacks looks at recorded accounts with the eyes of this package alone: two have a database in trouble, in all
// others the databases are sound.
func TestPacks(t *testing.T) {
	sick := map[string]struct {
		code     diag.Code
		resource string
		say, not []string
		since    string
	}{
		"database-connections-exhausted": {"rds.connections-exhausted", "courses-prod-db",
			[]string{"117 connections", "120 that max_connections allows", "out of connections since 10:"}, []string{"storage",
				"security group", "password"},
			"2026-05-28T10:11:29Z"},
		"gateway-timeout-burst-balance-empty": {"rds.burst-balance-empty", "tickets-live-db",
			[]string{"BurstBalance 0 %", "since 18:3", "100 GiB", "300 IOPS"}, []string{"security group", "memory"},
			"2026-02-26T18:30:00Z"},
	}
	folders, err := filepath.Glob("testdata/packs/*")
	require.NoError(t, err)
	require.Len(t, folders, 14)
	for _, folder := range folders {
		name := filepath.Base(folder)
		t.Run(name, func(t *testing.T) {
			report := loadPack(t, name).everything(t)
			assert.Empty(t, report.Inconclusive)
			want, ok := sick[name]
			if !ok {
				assert.Less(t, report.Worst(), diag.SeverityWarning, "%v", report.Findings)
				return
			}
			roots := report.Roots()
			require.NotEmpty(t, roots)
			for _, r := range roots {
				t.Logf("%s %s %v since %s: %s", r.Code, r.Resource, r.Severity, r.Since, r.Summary)
			}
			root := roots[0]
			assert.Equal(t, want.code, root.Code)
			assert.Equal(t, want.resource, root.Resource.ID)
			assert.Contains(t, root.Resource.ARN, ":db:"+want.resource)
			since, err := time.Parse(time.RFC3339, want.since)
			require.NoError(t, err)
			assert.WithinDuration(t, since, root.Since, 6*time.Minute)
			for _, s := range want.say {
				assert.Contains(t, root.Summary, s)
			}
			for _, s := range want.not {
				assert.NotContains(t, strings.ToLower(root.Summary), s)
			}
			assert.LessOrEqual(t, len(roots), 2, "one trouble, not many")
		})
	}
}
