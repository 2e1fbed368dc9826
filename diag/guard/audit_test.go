package guard_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/guard"
)

// trail keeps audit records.
type trail struct {
	records []map[string]any
	fail    error
}

func (t *trail) Enabled(context.Context, slog.Level) bool { return true }
func (t *trail) WithAttrs([]slog.Attr) slog.Handler       { return t }
func (t *trail) WithGroup(string) slog.Handler            { return t }
func (t *trail) Handle(_ context.Context, r slog.Record) error {
	m := map[string]any{"level": r.Level, "time": r.Time}
	r.Attrs(func(a slog.Attr) bool {
		m[a.Key] = a.Value.Any()
		return true
	})
	t.records = append(t.records, m)
	return t.fail
}

func (t *trail) last() map[string]any { return t.records[len(t.records)-1] }

func audited(t *testing.T) (*guard.Guard, *trail) {
	t.Helper()
	log := &trail{}
	return newGuard(t, guard.Options{Reason: "INC-4711", Audit: log}), log
}

func TestAuditOfAnAnswer(t *testing.T) {
	s := serve(t, fixed(http.StatusOK, `{"services": []}`))
	g, log := audited(t)
	begun := time.Now()
	in := &ecs.DescribeServicesInput{Cluster: aws.String("prod"), Services: []string{"api", "web"}}
	_, err := s.ecs(g).DescribeServices(context.Background(), in)
	require.NoError(t, err)
	require.Len(t, log.records, 1)
	r := log.last()
	assert.WithinRange(t, r["time"].(time.Time), begun, time.Now())
	assert.Positive(t, r["duration"].(time.Duration))
	delete(r, "time")
	delete(r, "duration")
	assert.Equal(t, map[string]any{
		"level": slog.LevelInfo, "account": "111122223333", "region": "eu-central-1", "service": "ecs",
		"operation": "DescribeServices", "class": "read",
		"resources": []string{"Services=api", "Services=web", "Cluster=prod"},
		"outcome":   "ok", "attempts": int64(1), "request_id": "request-DescribeServices", "reason": "INC-4711",
	}, r)
}

func TestAuditOfFailures(t *testing.T) {
	log := &trail{}
	g := newGuard(t, guard.Options{Reason: "r", Audit: log})
	s := serve(t, fixed(http.StatusBadRequest, `{"__type": "ClusterNotFoundException", "message": "Cluster not found."}`))
	_, err := s.ecs(g).ListTasks(context.Background(), &ecs.ListTasksInput{Cluster: aws.String("gone")})
	require.Error(t, err)
	r := log.last()
	assert.Equal(t, []any{slog.LevelWarn, "error", "ClusterNotFoundException", "not-found", "request-ListTasks", int64(1)},
		[]any{r["level"], r["outcome"], r["error_code"], r["error_kind"], r["request_id"], r["attempts"]})

	_, err = s.ecs(g).StopTask(context.Background(), &ecs.StopTaskInput{Task: aws.String("arn:task")})
	require.Error(t, err)
	r = log.last()
	assert.Equal(t, []any{slog.LevelWarn, "refused", "denied", int64(0)},
		[]any{r["level"], r["outcome"], r["error_kind"], r["attempts"]})
	assert.Equal(t, 1, s.count())
}

func TestAuditCountsAttempts(t *testing.T) {
	n := 0
	s := serve(t, func(string, string) (int, string) {
		if n++; n < 3 {
			return http.StatusServiceUnavailable, `{}`
		}
		return http.StatusOK, `{"clusterArns": []}`
	})
	g, log := audited(t)
	cfg := s.config()
	cfg.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
	}
	_, err := ecs.NewFromConfig(g.Config(cfg, "")).ListClusters(context.Background(), nil)
	require.NoError(t, err)
	assert.Equal(t, int64(3), log.last()["attempts"])
	assert.Equal(t, 1, g.Calls(), "a retry is no further call")
}

func TestAuditNamesResources(t *testing.T) {
	g, log := audited(t)
	cfg := g.Config(offline(&wire{}), "")
	ctx := context.Background()
	_, _ = ec2.NewFromConfig(cfg).DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{
		SubnetIds: []string{"subnet-1"}, NextToken: aws.String("opaque"),
		Filters: []ec2types.Filter{{Name: aws.String("vpc-id"), Values: []string{"vpc-1", "vpc-2"}}},
	})
	assert.Equal(t, []string{"vpc-id=vpc-1,vpc-2", "SubnetIds=subnet-1"}, log.last()["resources"])
	series := cwtypes.MetricDataQuery{MetricStat: &cwtypes.MetricStat{Metric: &cwtypes.Metric{
		Namespace: aws.String("AWS/ECS"), MetricName: aws.String("CPUUtilization"),
		Dimensions: []cwtypes.Dimension{{Name: aws.String("ServiceName"), Value: aws.String("api")}},
	}}}
	_, _ = cloudwatch.NewFromConfig(cfg).GetMetricData(ctx,
		&cloudwatch.GetMetricDataInput{MetricDataQueries: []cwtypes.MetricDataQuery{series}})
	assert.Equal(t, []string{"ServiceName=api", "MetricName=CPUUtilization", "Namespace=AWS/ECS"}, log.last()["resources"])
	many := make([]string, 40)
	for i := range many {
		many[i] = "i-" + strings.Repeat("x", i)
	}
	_, _ = ec2.NewFromConfig(cfg).DescribeInstances(ctx, &ec2.DescribeInstancesInput{InstanceIds: many})
	assert.Equal(t, "and 8 more", log.last()["resources"].([]string)[32])
}

func TestAuditHoldsNoSecret(t *testing.T) {
	log := &trail{}
	g := newGuard(t, guard.Options{Reason: "try password=hunter2secret", Audit: log})
	_, _ = ec2.NewFromConfig(g.Config(offline(&wire{}), "")).DescribeInstances(context.Background(),
		&ec2.DescribeInstancesInput{
			Filters: []ec2types.Filter{{Name: aws.String("tag:password"), Values: []string{"hunter2secret"}}},
		})
	assert.NotContains(t, log.last()["reason"], "hunter2secret")
	assert.NotContains(t, strings.Join(log.last()["resources"].([]string), " "), "hunter2secret")
}

func TestNothingIsAskedWithoutAnAudit(t *testing.T) {
	s := serve(t, fixed(http.StatusOK, `{}`))
	g, log := audited(t)
	log.fail = errors.New("disk full")
	client := s.ecs(g)
	_, err := client.ListClusters(context.Background(), nil)
	require.NoError(t, err, "the first call was made before anybody knew")
	_, err = client.ListServices(context.Background(), nil)
	assert.ErrorContains(t, err, "the audit cannot be written: disk full")
	assert.Equal(t, 1, s.count())
	assert.ErrorContains(t, g.Close(), "writing the audit: disk full")
}
