package ecsdiag

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/stretchr/testify/assert"
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

// TestPacks looks at recorded accounts with the eyes of this package alone.
func TestPacks(t *testing.T) {
	for _, c := range []struct {
		pack  string
		roots []diag.Code // of this package, in order
		say   []string    // in the first root's summary or evidence
		not   []string    // in its summary
	}{
		{"api-container-out-of-memory", []diag.Code{"ecs.task-oom-killed"}, []string{"OutOfMemoryError", "1024 MiB",
			"6 tasks of shop-prod/api"}, []string{"security group"}},
		{"health-check-path-404", []diag.Code{"ecs.task-failed-elb-health-check"}, []string{"[404]"}, []string{"timed out",
			"memory"}},
		{"missing-environment-variable", []diag.Code{"ecs.task-exited-with-error"},
			[]string{"code 3", "environment variable PAYMENTS_URL removed"}, []string{"memory", "health check"}},
		{"no-memory-left-on-container-instances", []diag.Code{"ecs.placement-no-memory"},
			[]string{"3840", "3668", "insufficient memory", "memory: 2048 -> 3840", "minimumHealthyPercent"},
			[]string{"out of memory", "health check"}},
		{"secret-denied-to-execution-role", []diag.Code{"ecs.task-secret-denied"},
			[]string{"parcels-task-execution", "carriers/prod/dhl-token", "secretsmanager:GetSecretValue"},
			[]string{"connection", "kms"}},
		{"two-faults-log-group-and-host-port", []diag.Code{"ecs.task-log-group-missing", "ecs.placement-port-in-use"},
			[]string{"log group /ecs/grants-prod/portal-v2"}, []string{"memory", "connection"}},
		{"nat-gateway-deleted-image-pull-timeout", []diag.Code{"ecs.task-image-pull-network", "ecs.agent-disconnected",
			"ecs.agent-disconnected"},
			[]string{"There is a connection issue between the task and Amazon ECR"}, []string{"not authorized",
				"does not exist"}},
		{"task-ingress-rule-revoked", []diag.Code{"ecs.task-failed-elb-health-check"}, []string{"Request timed out",
			"storefront-tg"}, []string{"grace period", "memory"}},
		{"healthy-rolling-deployment", nil, nil, nil},
		{"healthy-scale-in-and-jobs", nil, nil, nil},
		{"database-connections-exhausted", nil, nil, nil},
		{"exec-without-ssmmessages", []diag.Code{"ecs.exec-agent-stopped"}, []string{"ssmmessages", "2 of 2", "STOPPED"},
			[]string{"not enabled"}},
		{"gateway-timeout-burst-balance-empty", nil, nil, nil},
		{"ssm-endpoints-removed", nil, nil, nil},
	} {
		t.Run(c.pack, func(t *testing.T) {
			report := loadPack(t, c.pack).everything(t)
			assert.NoError(t, report.Err())
			var roots []diag.Code
			for _, root := range report.Roots() {
				roots = append(roots, root.Code)
			}
			require.Equal(t, c.roots, roots)
			if len(roots) == 0 {
				assert.Less(t, report.Worst(), diag.SeverityWarning)
				return
			}
			first := report.Roots()[0].Finding
			for _, want := range c.say {
				assert.Contains(t, tell(first), want)
			}
			for _, wrong := range c.not {
				assert.NotContains(t, strings.ToLower(first.Summary), wrong)
			}
			assert.NotEmpty(t, first.Resource.ARN)
			dated := first.Code != "ecs.exec-agent-stopped" // ECS dates the start of an agent, not its end
			assert.Equal(t, dated, !first.Since.IsZero())
		})
	}
}

// tell is all text of a finding.
func tell(f diag.Finding) string {
	text := f.Summary
	for _, e := range f.Evidence {
		text += "\n" + e.Field + " " + e.Value
	}
	return text
}

// TestPackOnset compares when the trouble began with what the recorded events say.
func TestPackOnset(t *testing.T) {
	report := loadPack(t, "api-container-out-of-memory").everything(t)
	f := report.Roots()[0].Finding
	assert.Equal(t, "2026-02-11T14:05:08Z", f.Since.UTC().Format(time.RFC3339), "the end of the first killed container")
	assert.False(t, f.SinceAtLeast, "the deployment is younger than what ECS remembers")
}
