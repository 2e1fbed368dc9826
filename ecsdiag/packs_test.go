package ecsdiag

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
	"github.com/awsdiag/awsdiag/internal/saved"
)

// outputs make the SDK value of each recorded operation.
var outputs = map[string]func() any{
	"ListClusters":               func() any { return new(ecs.ListClustersOutput) },
	"DescribeClusters":           func() any { return new(ecs.DescribeClustersOutput) },
	"ListServices":               func() any { return new(ecs.ListServicesOutput) },
	"DescribeServices":           func() any { return new(ecs.DescribeServicesOutput) },
	"ListTasks":                  func() any { return new(ecs.ListTasksOutput) },
	"DescribeTasks":              func() any { return new(ecs.DescribeTasksOutput) },
	"DescribeTaskDefinition":     func() any { return new(ecs.DescribeTaskDefinitionOutput) },
	"ListTaskDefinitions":        func() any { return new(ecs.ListTaskDefinitionsOutput) },
	"ListContainerInstances":     func() any { return new(ecs.ListContainerInstancesOutput) },
	"DescribeContainerInstances": func() any { return new(ecs.DescribeContainerInstancesOutput) },
	"ListServiceDeployments":     func() any { return new(ecs.ListServiceDeploymentsOutput) },
}

// pack is a recorded account and the time it was recorded at.
type pack struct {
	*ecsfake.Client
	now time.Time
}

func loadPack(t *testing.T, name string) pack {
	t.Helper()
	folder := filepath.Join("testdata", "packs", name)
	text, err := os.ReadFile(filepath.Join(folder, "now.txt"))
	require.NoError(t, err)
	now, err := time.Parse(time.RFC3339, strings.TrimSpace(string(text)))
	require.NoError(t, err)
	documents, err := saved.Read(os.DirFS(folder))
	require.NoError(t, err)
	client := new(ecsfake.Client)
	for _, d := range documents {
		make, ok := outputs[d.Operation]
		if !ok {
			continue // capacity providers
		}
		out := make()
		require.NoError(t, saved.Decode(d.Output, out))
		require.True(t, client.Merge(nil, out), d.Operation)
	}
	return pack{client, now}
}

// everything runs all checks and surveys of the package on all subjects of a pack.
func (p pack) everything(t *testing.T) *diag.Report {
	t.Helper()
	window := diag.Last(3*time.Hour, p.now)
	directory := NewDirectory(p.Client, window)
	services, err := directory.Services(t.Context())
	require.NoError(t, err)
	var plans []diag.Plan
	for _, s := range services {
		plans = append(plans, diag.On(s, ServiceChecks()...), diag.Observe(s, ServiceSurvey))
	}
	for _, c := range p.Clusters {
		cluster := directory.Cluster(p.Client, aws.ToString(c.ClusterName))
		plans = append(plans, diag.On(cluster, ClusterChecks()...), diag.Observe(cluster, ClusterSurvey))
	}
	for _, d := range p.TaskDefinitions {
		td := directory.TaskDefinition(aws.ToString(d.TaskDefinitionArn))
		plans = append(plans, diag.On(td, TaskDefinitionChecks()...), diag.Observe(td, TaskDefinitionSurvey))
	}
	for _, x := range p.Tasks {
		task := directory.Task(aws.ToString(x.ClusterArn), aws.ToString(x.TaskArn))
		plans = append(plans, diag.On(task, TaskChecks()...), diag.Observe(task, TaskSurvey))
	}
	return diag.Runner{Window: window}.Run(t.Context(), plans...)
}

func TestScratch(t *testing.T) {
	entries, _ := os.ReadDir("testdata/packs")
	for _, e := range entries {
		r := loadPack(t, e.Name()).everything(t)
		t.Log("=====", e.Name(), r.String(), r.Coverage.Calls)
		for _, root := range r.Roots() {
			t.Log("ROOT", root.Severity, root.Code, root.Resource.ID, "|", root.Summary, root.Since.Format("15:04:05"), root.SinceAtLeast)
			for _, x := range root.Explains {
				t.Log("     -", x.Code, x.Summary)
			}
		}
		for _, f := range r.Findings {
			if f.Severity == diag.SeverityInfo {
				t.Log("  info", f.Code, f.Summary)
			}
		}
		for _, i := range r.Inconclusive {
			t.Log("  INC", i)
		}
	}
}
