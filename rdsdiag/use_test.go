package rdsdiag_test

import (
	"context"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

var service = diag.Resource{Type: "AWS::ECS::Service", ID: "prod/shop"}

// client is a client that was told of databases, and what it says.
type client struct {
	told    []rdsdiag.Told
	says    string
	at      time.Time
	changed time.Time
	started time.Time
	spoil   func(*world)
	iam     string
}

func (c client) use(w *world) (*rdsdiag.Use, []diagfake.Fake) {
	if c.spoil != nil {
		c.spoil(w)
	}
	directory := rdsdiag.NewDirectory(w.rds, metrics.NewSource(w.cw, w.window), w.window)
	return rdsdiag.NewUse(rdsdiag.Client{Resource: service,
		Told: func(context.Context) ([]rdsdiag.Told, error) { return c.told, nil },
		Said: func(_ context.Context, what *regexp.Regexp) (time.Time, error) {
			if what.MatchString(c.says) {
				return c.at, nil
			}
			return time.Time{}, nil
		},
		IAM: func(context.Context) (string, error) { return c.iam, nil },
		Secrets: func(context.Context) ([]rdsdiag.Rotation, time.Time, error) {
			return []rdsdiag.Rotation{{Secret: diag.Resource{Type: "AWS::SecretsManager::Secret", ID: "shop/db"},
				Changed: c.changed}}, c.started, nil
		},
	}, directory), []diagfake.Fake{w.rds}
}

func hosts(w *world) (instance, writer, reader string) {
	return *w.db().Endpoint.Address, *w.cluster().Endpoint, *w.cluster().ReaderEndpoint
}

func TestConformUse(t *testing.T) {
	instance, writer, readers := hosts(newWorld())
	healthy := client{told: []rdsdiag.Told{{From: "DB_HOST", Host: instance, Port: 5432, PortFrom: "DB_PORT"},
		{From: "WRITER", Host: writer},
		{From: "READER", Host: readers}, {From: "OTHER", Host: "x.aaaaaaaaaaaa.us-east-1.rds.amazonaws.com"}},
		says: "SELECT 1", at: now.Add(-time.Hour), changed: now.Add(-48 * time.Hour), started: now.Add(-24 * time.Hour),
		iam: "DB_IAM_AUTH", spoil: iam(true)}
	_, place, _ := cut(instance)
	broken := map[diag.Code]client{
		"rds.client-port-mismatch": {told: []rdsdiag.Told{{From: "DB_HOST", Host: instance, Port: 3306,
			PortFrom: "DB_PORT"}}},
		"rds.client-endpoint-missing": {told: []rdsdiag.Told{{From: "DB_HOST", Host: "gone." + place}}},
		"rds.client-reads-only": {told: []rdsdiag.Told{{From: "DB_HOST", Host: readers}},
			says: "ERROR: cannot execute INSERT in a read-only transaction", at: now.Add(-time.Hour)},
		"rds.client-on-former-writer": {told: []rdsdiag.Told{{From: "DB_HOST", Host: instance}}, at: now.Add(-time.Hour),
			says: "MySQL server is running with the --read-only option", spoil: happens(61*time.Minute, switchedOver)},
		"rds.client-names-old-database": {told: []rdsdiag.Told{{From: "DB_HOST", Host: "shop-db-old1." + place}},
			at:   now.Add(-time.Hour),
			says: "cannot execute UPDATE in a read-only transaction", spoil: former("shop-db-old1")},
		"rds.client-iam-disabled": {told: []rdsdiag.Told{{From: "DB_HOST", Host: instance}}, iam: "DB_IAM_AUTH",
			at:   now.Add(-time.Hour),
			says: `PAM authentication failed for user "app"`, spoil: iam(false)},
		"rds.client-credentials-stale": {told: []rdsdiag.Told{{From: "DB_HOST", Host: instance}}, at: now.Add(-time.Hour),
			says:    `FATAL:  password authentication failed for user "app"`,
			changed: now.Add(-61 * time.Minute), started: now.Add(-24 * time.Hour)},
	}
	for _, check := range rdsdiag.UseChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*rdsdiag.Use]{
			Healthy: func() (*rdsdiag.Use, []diagfake.Fake) { return healthy.use(newWorld()) },
			Broken:  func() (*rdsdiag.Use, []diagfake.Fake) { return broken[check.Code].use(newWorld()) },
		})
	}
}

const switchedOver = "Switchover from DB instance shop-db to shop-db-green-abc123 completed."

// former adds an instance of another name beside the world's own.
func former(id string) func(*world) {
	return func(w *world) {
		other := rdsfake.Instance(id, dbID+"-params", now)
		w.rds.DBInstances = append(w.rds.DBInstances, other)
	}
}

func iam(on bool) func(*world) {
	return func(w *world) {
		w.db().IAMDatabaseAuthenticationEnabled, w.cluster().IAMDatabaseAuthenticationEnabled = aws.Bool(on), aws.Bool(on)
	}
}

// reader makes the world's instance the reader of its cluster, or the writer.
func reader(writes bool) func(*world) {
	return func(w *world) {
		w.db().DBClusterIdentifier = aws.String(clusterID)
		w.cluster().DBClusterMembers[1].DBInstanceIdentifier = aws.String(dbID)
		w.cluster().DBClusterMembers[1].IsClusterWriter = aws.Bool(writes)
	}
}

func cut(host string) (first, rest string, ok bool) {
	for i, c := range host {
		if c == '.' {
			return host[:i], host[i+1:], true
		}
	}
	return host, "", false
}

// TestUse holds what must not be told, or told more quietly.
func TestUse(t *testing.T) {
	instance, writer, readers := hosts(newWorld())
	_, place, _ := cut(instance)
	stale := client{told: []rdsdiag.Told{{Host: instance}}, says: "Access denied for user 'app'@'10.0.0.1'",
		at:      now.Add(-time.Hour),
		changed: now.Add(-61 * time.Minute), started: now.Add(-24 * time.Hour)}
	restarted, old := stale, stale
	restarted.started = now.Add(-30 * time.Minute)
	old.at = now.Add(-2 * time.Hour)
	for _, c := range []struct {
		name   string
		client client
		want   []diag.Code
	}{
		{"nothing told", client{}, nil},
		{"reads only, and says nothing", client{told: []rdsdiag.Told{{From: "H", Host: readers}}},
			[]diag.Code{"rds.client-reads-only info"}},
		{"reads and writes", client{told: []rdsdiag.Told{{From: "H", Host: readers}, {From: "W", Host: writer}}}, nil},
		{"an instance that is a reader", client{told: []rdsdiag.Told{{From: "H", Host: instance}}, spoil: reader(false)},
			[]diag.Code{"rds.client-reads-only info"}},
		{"an instance that is a reader, and its writer",
			client{told: []rdsdiag.Told{{From: "H", Host: instance}, {From: "W", Host: writer}},
				spoil: reader(false)}, nil},
		{"an instance that is the writer", client{told: []rdsdiag.Told{{From: "H", Host: instance}}, spoil: reader(true)},
			nil},
		{"a read replica", client{told: []rdsdiag.Told{{From: "H", Host: instance}}, at: now.Add(-time.Hour),
			says:  "The MySQL server is running with the --super-read-only option",
			spoil: func(w *world) { w.db().ReadReplicaSourceDBInstanceIdentifier = aws.String("main") }},
			[]diag.Code{"rds.client-reads-only error"}},
		{"refused before the switchover", client{told: []rdsdiag.Told{{From: "H", Host: instance}},
			at:   now.Add(-2 * time.Hour),
			says: "read-only transaction", spoil: happens(61*time.Minute, switchedOver)}, nil},
		{"refused, and nothing changed places", client{told: []rdsdiag.Told{{From: "H", Host: instance}},
			at:   now.Add(-time.Hour),
			says: "read-only transaction"}, nil},
		{"a failover and an old connection", client{told: []rdsdiag.Told{{From: "H", Host: writer}}, at: now.Add(-time.Hour),
			says: "read-only transaction", spoil: happens(62*time.Minute, "Completed failover to DB instance: shop-aurora-2")},
			[]diag.Code{"rds.client-on-former-writer error"}},
		{"a reader beside it may be what refused",
			client{told: []rdsdiag.Told{{From: "H", Host: writer}, {From: "R", Host: readers}},
				at: now.Add(-time.Hour), says: "read-only transaction", spoil: happens(61*time.Minute, switchedOver)}, nil},
		{"the former database, unheard", client{told: []rdsdiag.Told{{From: "H", Host: "shop-db-old1." + place}},
			spoil: former("shop-db-old1")}, []diag.Code{"rds.client-names-old-database warning"}},
		{"a name that only sounds so", client{told: []rdsdiag.Told{{From: "H", Host: "ledger-old1." + place}},
			spoil: former("ledger-old1")}, nil},
		{"IAM switched off, unheard", client{told: []rdsdiag.Told{{From: "H", Host: instance}}, iam: "DB_IAM",
			spoil: iam(false)},
			[]diag.Code{"rds.client-iam-disabled info"}},
		{"IAM switched off at the cluster", client{told: []rdsdiag.Told{{From: "H", Host: writer}}, iam: "DB_IAM",
			spoil: iam(false),
			says:  "Access denied for user 'app'@'10.0.0.1'", at: now.Add(-time.Hour)},
			[]diag.Code{"rds.client-iam-disabled error"}},
		{"IAM switched on", client{told: []rdsdiag.Told{{From: "H", Host: instance}}, iam: "DB_IAM", spoil: iam(true)}, nil},
		{"IAM not wanted", client{told: []rdsdiag.Told{{From: "H", Host: instance}}, spoil: iam(false)}, nil},
		{"IAM not told of", client{told: []rdsdiag.Told{{From: "H", Host: instance}}, iam: "DB_IAM"}, nil},
		{"an engine without IAM", client{told: []rdsdiag.Told{{From: "H", Host: instance}}, iam: "DB_IAM",
			spoil: func(w *world) { w.db().Engine = aws.String("oracle-se2") }}, []diag.Code{"rds.client-iam-disabled info"}},
		{"a proxy", client{told: []rdsdiag.Told{{From: "H", Host: "shop.proxy-" + place}}}, nil},
		{"another Region", client{told: []rdsdiag.Told{{From: "H", Host: "gone.cc539014f701.us-east-1.rds.amazonaws.com"}}},
			nil},
		{"a cluster that is gone", client{told: []rdsdiag.Told{{From: "H", Host: "gone.cluster-" + place}}},
			[]diag.Code{"rds.client-endpoint-missing error"}},
		{"an old password", stale, []diag.Code{"rds.client-credentials-stale error"}},
		{"started after the rotation", restarted, nil},
		{"refused before the rotation", old, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			use, _ := c.client.use(newWorld())
			report := diag.Run(t.Context(), diag.On(use, rdsdiag.UseChecks()...))
			require.NoError(t, report.Err())
			var got []diag.Code
			for _, f := range report.Findings {
				got = append(got, f.Code+" "+diag.Code(f.Severity.String()))
			}
			assert.Equal(t, c.want, got)
		})
	}
}

// crowd is the world's instance, out of connections since 11:25 in a rise that began at 11:15, and what its client did.
func crowd(w *world, changes ...rdsdiag.ClientChange) (*rdsdiag.Crowd, []diagfake.Fake) {
	return rdsdiag.NewCrowd(w.instance(), func(context.Context) ([]rdsdiag.ClientChange, error) { return changes, nil }),
		[]diagfake.Fake{w.rds, w.cw}
}

func exhausted(w *world) {
	both(maxConnections("120"), average("DatabaseConnections", 40, 80, 117, 117, 117))(w)
}

func released(at time.Time) rdsdiag.ClientChange {
	return rdsdiag.ClientChange{Client: service, At: at, What: "was deployed (task definition shop:7)",
		Evidence: []diag.Evidence{{Source: "ecs:DescribeServices", Field: "deployments[].createdAt", Value: "shop:7",
			At: at}}}
}

func TestConformCrowd(t *testing.T) {
	at := newWorld(exhausted)
	set, err := at.instance().Metrics(t.Context())
	require.NoError(t, err)
	onset, ok := set.Series(metrics.DBInstance(dbID)[2]).Onset(metrics.Rise)
	require.True(t, ok)
	for check, broken := range map[*diag.Check[*rdsdiag.Crowd]]func(*world){
		rdsdiag.ClientsGrew:    broken["connections-exhausted"],
		rdsdiag.ClientsHeavier: average("CPUUtilization", 40, 80, 99, 99, 99),
		rdsdiag.ClientsDrain:   broken["burst-balance-empty"]} {
		diagtest.Conform(t, check, diagtest.Worlds[*rdsdiag.Crowd]{
			Healthy: func() (*rdsdiag.Crowd, []diagfake.Fake) { return crowd(newWorld(), released(onset.Start)) },
			Broken: func() (*rdsdiag.Crowd, []diagfake.Fake) {
				return crowd(newWorld(broken), released(onset.Start.Add(-3*time.Minute)))
			},
		})
	}
	subject, _ := crowd(newWorld(average("CPUUtilization", 40, 80, 99, 99, 99)), released(onset.Start.Add(-3*time.Minute)))
	report := diag.Run(t.Context(), diag.Join(diag.On(subject, rdsdiag.CrowdChecks()...),
		diag.On(subject.DBInstance, rdsdiag.CPUHigh)))
	require.Len(t, report.Roots(), 1)
	assert.Equal(t, diag.Code("rds.clients-heavier"), report.Roots()[0].Code)
	assert.Contains(t, report.Roots()[0].Summary, "right after it the processor load of "+dbID+" rose from")
	for name, c := range map[string]struct {
		changes []rdsdiag.ClientChange
		want    diag.Confidence
	}{
		"nothing changed":      {nil, 0},
		"long before":          {[]rdsdiag.ClientChange{released(onset.Start.Add(-25 * time.Minute))}, 0},
		"after the rise began": {[]rdsdiag.ClientChange{released(onset.Start.Add(6 * time.Minute))}, 0},
		"right before":         {[]rdsdiag.ClientChange{released(onset.Start.Add(-10 * time.Minute))}, diag.Likely},
		"two of them, who knows": {[]rdsdiag.ClientChange{released(onset.Start), released(onset.Start.Add(-time.Minute))},
			diag.Possible},
	} {
		t.Run(name, func(t *testing.T) {
			subject, _ := crowd(newWorld(exhausted), c.changes...)
			report := diag.Run(t.Context(), diag.Join(diag.On(subject, rdsdiag.ClientsGrew),
				diag.On(subject.DBInstance, rdsdiag.ConnectionsExhausted)))
			require.NoError(t, report.Err())
			require.Len(t, report.Roots(), 1)
			root := report.Roots()[0]
			if c.want == 0 {
				assert.Equal(t, diag.Code("rds.connections-exhausted"), root.Code)
				return
			}
			assert.Equal(t, diag.Code("rds.clients-grew"), root.Code)
			assert.Equal(t, c.want, root.Confidence)
		})
	}
}
