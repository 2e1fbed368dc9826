package logs_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
)

type recorded struct {
	Input  cloudwatchlogs.FilterLogEventsInput
	Output cloudwatchlogs.FilterLogEventsOutput
}

// packs returns the log events of recorded incidents, by incident and group.
func packs(t *testing.T) map[string][]recorded {
	file, err := os.Open("testdata/packs.json.gz")
	require.NoError(t, err)
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	require.NoError(t, err)
	var packs map[string][]recorded
	require.NoError(t, json.NewDecoder(unzipped).Decode(&packs))
	return packs
}

// told is what recorded groups have of findings of warning or worse; all others must have none.
var told = map[string][]diag.Code{
	"missing-environment-variable " +
		"LedgerLive-TransfersTaskDefLogGroup1EB24953-wcikTv4hDLpS": {"logs.missing-environment-variable",
		"logs.worker-boot-failed"},
	"database-connections-exhausted /copilot/courses-prod-learn": {"logs.database-too-many-connections",
		"logs.http-server-error"},
	"database-connections-exhausted /copilot/courses-prod-grader": {"logs.database-too-many-connections"},
	"database-connections-exhausted " +
		"/aws/rds/instance/courses-prod-db/postgresql": {"logs.database-too-many-connections"},
	"health-check-path-404 /copilot/media-prod-site": {"logs.health-check-not-found"},
	"nat-gateway-deleted-image-pull-timeout /ecs/fleet-prod/ingest": {"logs.upstream-timeout",
		"logs.http-server-error"},
	"nat-gateway-deleted-image-pull-timeout /ecs/fleet-prod/rollup": {"logs.aws-endpoint-timeout"},
	"ssm-endpoints-removed /clinic/prod/syslog":                     {"logs.aws-endpoint-timeout"},
}

func TestPacks(t *testing.T) {
	seen := 0
	for pack, groups := range packs(t) {
		for _, r := range groups {
			name := aws.ToString(r.Input.LogGroupName)
			t.Run(pack+" "+name, func(t *testing.T) {
				fake := &logsfake.Client{}
				require.True(t, fake.Merge(&r.Input, &r.Output))
				window := diag.Window{Start: time.UnixMilli(*r.Input.StartTime), End: time.UnixMilli(*r.Input.EndTime)}
				report := diagtest.Run(t, logs.NewGroup(fake, name, window), logs.GroupChecks()...)
				require.NoError(t, report.Err())
				codes := []diag.Code{}
				for _, f := range report.Findings {
					t.Logf("%s %s since %s: %s", f.Severity, f.Code, f.Since.UTC().Format(time.TimeOnly), f.Summary)
					if f.Severity >= diag.SeverityWarning {
						codes = append(codes, f.Code)
					}
				}
				assert.ElementsMatch(t, append([]diag.Code{}, told[pack+" "+name]...), slices.Compact(codes))
			})
			if told[pack+" "+name] != nil {
				seen++
			}
		}
	}
	assert.Equal(t, len(told), seen)
}
