package triage_test

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ecs "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
)

const (
	auroraAny  = "booking-aurora"
	writerHost = "booking-aurora.cluster-cc539014f701.eu-south-1.rds.amazonaws.com"
	readerHost = "booking-aurora.cluster-ro-cc539014f701.eu-south-1.rds.amazonaws.com"
)

// db is the database of the world.
func (w *world) db() *types.DBInstance { return &w.RDS.DBInstances[0] }

// series adds a metric of the database: a value until some time ago, and others from then on; none repeats the last.
func (w *world) series(name, stat string, before float64, since time.Duration, after func(i int) float64) {
	w.seriesOf("DBInstanceIdentifier", *w.db().DBInstanceIdentifier, name, stat, before, since, after)
}

func (w *world) seriesOf(dimension, id, name, stat string, before float64, since time.Duration,
	after func(i int) float64) {
	s := metricsfake.Series{Metric: metrics.Metric{Namespace: "AWS/RDS", Name: name, Stat: stat,
		Dimensions: []metrics.Dimension{{Name: dimension, Value: id}}}}
	i := 0
	for x := w.ago(6 * time.Hour).Truncate(5 * time.Minute); x.Before(w.ago(9 * time.Minute)); x = x.Add(5 * time.Minute) {
		v := before
		if !x.Before(w.ago(since).Truncate(5 * time.Minute)) {
			v = after(i)
			i++
		}
		s.Points = append(s.Points, metrics.Point{At: x, Value: v})
	}
	for n := range w.CloudWatch.Series {
		if w.CloudWatch.Series[n].Metric.String() == s.Metric.String() {
			w.CloudWatch.Series[n] = s
			return
		}
	}
	w.CloudWatch.Series = append(w.CloudWatch.Series, s)
}

func flat(v float64) func(int) float64 { return func(int) float64 { return v } }

func climb(from, step, most float64) func(int) float64 {
	return func(i int) float64 { return min(from+step*float64(i), most) }
}

func fall(from, step, least float64) func(int) float64 {
	return func(i int) float64 { return max(from-step*float64(i), least) }
}

// aurora makes the database the writer of an Aurora cluster with one reader, which the services reach by its endpoint.
func (w *world) aurora(host string) {
	db := w.db()
	reader := *clone(db)
	reader.DBInstanceIdentifier = aws.String("booking-aurora-reader")
	reader.DBInstanceArn = aws.String("arn:aws:rds:eu-south-1:628905137462:db:booking-aurora-reader")
	reader.DbiResourceId = aws.String("db-READER0NORNSNKNCBE535C6EQ")
	reader.Endpoint.Address = aws.String("booking-aurora-reader.cc539014f701.eu-south-1.rds.amazonaws.com")
	w.RDS.DBInstances = append(w.RDS.DBInstances, reader)
	for i := range w.RDS.DBInstances {
		d := &w.RDS.DBInstances[i]
		d.Engine, d.EngineVersion, d.DBClusterIdentifier = aws.String("aurora-postgresql"), aws.String("16.4"),
			aws.String(auroraAny)
		d.StorageType, d.Iops, d.StorageThroughput, d.MultiAZ = aws.String("aurora"), nil, nil, aws.Bool(false)
		d.AllocatedStorage = aws.Int32(1)
	}
	w.RDS.DBClusters = append(w.RDS.DBClusters, types.DBCluster{
		DBClusterIdentifier: aws.String(auroraAny),
		DBClusterArn:        aws.String("arn:aws:rds:eu-south-1:628905137462:cluster:booking-aurora"),
		Status:              aws.String("available"), Engine: aws.String("aurora-postgresql"),
		EngineVersion: aws.String("16.4"),
		EngineMode:    aws.String("provisioned"),
		Endpoint:      aws.String(writerHost), ReaderEndpoint: aws.String(readerHost), Port: aws.Int32(5432),
		DBClusterMembers: []types.DBClusterMember{
			{DBInstanceIdentifier: w.RDS.DBInstances[0].DBInstanceIdentifier, IsClusterWriter: aws.Bool(true),
				DBClusterParameterGroupStatus: aws.String("in-sync")},
			{DBInstanceIdentifier: aws.String("booking-aurora-reader"), IsClusterWriter: aws.Bool(false),
				DBClusterParameterGroupStatus: aws.String("in-sync")}},
		VpcSecurityGroups: w.RDS.DBInstances[0].VpcSecurityGroups, KmsKeyId: w.RDS.DBInstances[0].KmsKeyId,
		ClusterCreateTime: aws.Time(w.ago(9000 * time.Hour))})
	w.env("quotes", "DB_HOST", host)
	w.env("payouts", "DB_HOST", writerHost)
}

// clusterEvent adds an event of the Aurora cluster.
func (w *world) clusterEvent(ago time.Duration, category, message string) {
	w.RDS.Events = append(w.RDS.Events, types.Event{SourceIdentifier: aws.String(auroraAny),
		SourceArn:  w.RDS.DBClusters[0].DBClusterArn,
		SourceType: types.SourceTypeDbCluster, Date: aws.Time(w.ago(ago)), EventCategories: []string{category},
		Message: aws.String(message)})
}

// env sets a variable of a service's container.
func (w *world) env(service, name, value string) {
	setEnv(w.definition(*w.service(service).TaskDefinition), name, value)
}

func setEnv(td *ecs.TaskDefinition, name, value string) {
	c := &td.ContainerDefinitions[0]
	for i := range c.Environment {
		if aws.ToString(c.Environment[i].Name) == name {
			c.Environment[i].Value = aws.String(value)
			return
		}
	}
	c.Environment = append(c.Environment, ecs.KeyValuePair{Name: aws.String(name), Value: aws.String(value)})
}

// deployed makes a service run a new revision whose tasks started some time ago.
func (w *world) deployed(name string, ago time.Duration, change func(*ecs.TaskDefinition)) {
	s := w.service(name)
	td := w.revise(name, ago, change)
	s.TaskDefinition = td.TaskDefinitionArn
	d := &s.Deployments[0]
	d.TaskDefinition, d.CreatedAt, d.UpdatedAt = td.TaskDefinitionArn, aws.Time(w.ago(ago)),
		aws.Time(w.ago(ago-4*time.Minute))
	for _, t := range w.tasks(name) {
		t.TaskDefinitionArn, t.StartedBy = td.TaskDefinitionArn, d.Id
		t.CreatedAt, t.StartedAt = aws.Time(w.ago(ago-time.Minute)), aws.Time(w.ago(ago-2*time.Minute))
	}
	w.event(name, ago-5*time.Minute, "has reached a steady state.")
}

// scaledOut gives a service n tasks, started some time ago.
func (w *world) scaledOut(name string, ago time.Duration, n int) {
	s := w.service(name)
	old := *w.tasks(name)[0]
	for i := range n - int(s.RunningCount) {
		t := *clone(&old)
		w.rename(&t, w.id())
		t.CreatedAt, t.StartedAt = aws.Time(w.ago(ago)), aws.Time(w.ago(ago-40*time.Second))
		w.move(&t, fmt.Sprintf("10.150.38.%d", 200+i))
		w.ECS.Tasks = append(w.ECS.Tasks, t)
	}
	s.DesiredCount, s.RunningCount = int32(n), int32(n)
	s.Deployments[0].DesiredCount, s.Deployments[0].RunningCount = int32(n), int32(n)
	w.event(name, ago, "has started %d tasks.", n-2)
	w.event(name, ago-3*time.Minute, "has reached a steady state.")
	w.change(ago, "AutoScaling-UpdateDesiredCapacity", "ecs:UpdateService",
		fmt.Sprintf(`{"cluster":%q,"service":%q,"desiredCount":%d}`,
			short(*s.ClusterArn), *s.ServiceName, n), "AWS::ECS::Service "+*s.ServiceArn)
}

// limited sets max_connections, so that the limit is known.
func (w *world) limited(n string) {
	group := *w.db().DBParameterGroups[0].DBParameterGroupName
	parameters := w.RDS.Parameters[group]
	for i := range parameters {
		if aws.ToString(parameters[i].ParameterName) == "max_connections" {
			parameters[i].ParameterValue = aws.String(n)
			return
		}
	}
	w.RDS.Parameters[group] = append(parameters,
		types.Parameter{ParameterName: aws.String("max_connections"), ParameterValue: aws.String(n)})
}

// full makes the connections stand at a limit from some time on.
func (w *world) full(since time.Duration) {
	w.limited("100")
	w.metric("DatabaseConnections", "Average", databaseAny, since,
		func(i int, _ float64) float64 { return min(70+12*float64(i), 97) })
	w.series("DatabaseConnections", "Maximum", 34, since, climb(80, 12, 97))
	w.refused(since-8*time.Minute,
		"FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute")
}
