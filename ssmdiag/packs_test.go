package ssmdiag_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/saved"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

// calls make the SDK values of each recorded operation.
var calls = map[string]func() (in, out any){
	"DescribeInstanceInformation": func() (any, any) {
		return new(ssm.DescribeInstanceInformationInput), new(ssm.DescribeInstanceInformationOutput)
	},
	"DescribeParameters": func() (any, any) {
		return new(ssm.DescribeParametersInput), new(ssm.DescribeParametersOutput)
	},
	"GetConnectionStatus": func() (any, any) {
		return new(ssm.GetConnectionStatusInput),
			new(ssm.GetConnectionStatusOutput)
	},
}

func loadPack(t *testing.T, name string) (*ssmfake.Client, time.Time) {
	t.Helper()
	folder := filepath.Join("testdata", "packs", name)
	text, err := os.ReadFile(filepath.Join(folder, "now.txt"))
	require.NoError(t, err)
	now, err := time.Parse(time.RFC3339, strings.TrimSpace(string(text)))
	require.NoError(t, err)
	documents, err := saved.Read(os.DirFS(folder))
	require.NoError(t, err)
	c := new(ssmfake.Client)
	for range 2 { // merging twice is merging once
		for _, d := range documents {
			create, ok := calls[d.Operation]
			if !ok {
				continue // sessions
			}
			in, out := create()
			require.NoError(t, saved.Decode(d.Input, in))
			require.NoError(t, saved.Decode(d.Output, out))
			require.True(t, c.Merge(in, out), d.Operation)
		}
	}
	return c, now
}

// lostNodes are how many nodes of a pack have lost their connection; the others of all packs are healthy.
var lostNodes = map[string]int{"ssm-endpoints-removed": 2, "nat-gateway-deleted-image-pull-timeout": 4}

func TestPacks(t *testing.T) {
	folders, err := os.ReadDir(filepath.Join("testdata", "packs"))
	require.NoError(t, err)
	require.Len(t, folders, 14)
	for _, folder := range folders {
		t.Run(folder.Name(), func(t *testing.T) {
			c, now := loadPack(t, folder.Name())
			nodes, err := ssmdiag.NewDirectory(c, diag.Last(time.Hour, now)).Nodes(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, nodes)
			plan := diag.On(ssmdiag.NewPreferences(c, diag.Last(time.Hour, now)), ssmdiag.PreferencesChecks()...)
			parameters := ssmdiag.NewParameterPath(c, "/", diag.Last(time.Hour, now))
			plan = diag.Join(
				plan,
				diag.On(parameters, ssmdiag.ParameterChecks()...),
				diag.Observe(parameters, ssmdiag.ParameterSurvey),
			)
			for _, n := range nodes {
				plan = diag.Join(plan, diag.On(n, ssmdiag.NodeChecks()...), diag.Observe(n, ssmdiag.NodeSurvey))
			}
			report := diag.Run(t.Context(), plan)
			require.NoError(t, report.Err())
			lost := 0
			for _, f := range report.Findings {
				if f.Severity < diag.SeverityWarning {
					continue
				}
				assert.Equal(t, diag.Code("ssm.node-connection-lost"), f.Code, f.Summary)
				assert.Contains(t, f.Summary, "ConnectionLost")
				assert.False(t, f.Since.IsZero())
				lost++
			}
			assert.Equal(t, lostNodes[folder.Name()], lost)
		})
	}
}
