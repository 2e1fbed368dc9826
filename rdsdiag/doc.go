// Package rdsdiag diagnoses Amazon RDS: database instances of every engine, and Aurora and Multi-AZ clusters.
//
// The main subjects are [DBInstance] and [DBCluster]. They read from the SDK's client and, for metrics, from a source
// that all subjects of a run share:
//
//	window := diag.Last(3*time.Hour, time.Now())
//	source := metrics.NewSource(cloudwatchClient, window)
//	directory := rdsdiag.NewDirectory(rdsClient, source, window)
//	db := directory.DBInstance("shop-prod-db")
//	report := diag.Run(ctx, diag.On(db, rdsdiag.DBInstanceChecks()...), diag.Observe(db, rdsdiag.DBInstanceSurvey))
//
// A [Directory] hands out one subject for each database, and finds the one that a client means by the host name in its
// configuration: [Directory.ByEndpoint].
//
// # What is looked at
//
// Every documented status ([InstanceStatuses], [ClusterStatuses]); the events of the window ([InstanceEvents]), which
// [ClassifyEvent] tells apart; what runs out: connections, storage, burst credits, IOPS, throughput, processor and
// memory; replication; certificates, pending changes and maintenance.
//
// Connections are held against what the parameter group allows. The value there is a number or a formula over the
// memory of the instance class; see [EvaluateFormula] and [DBInstance.ConnectionLimit].
//
// The limit of a serverless instance follows from the greatest capacity of its cluster.
//
// A [BlueGreenDeployment] is a subject of its own. [BlueGreenSurvey] finds the deployments that a database is in, where
// its name or its events tell of one. A [Use] is how a client uses databases: what it was told of them, and what its
// log says. An [Exposure] is a database as one comes to it from outside its VPC.
//
// A trouble that lasts to the newest point of its series has its full severity; one that is over by then is a warning
// at most.
//
// # What is not
//
// Waits and statements are in Performance Insights, a service of its own, which [Load] reads for who has a client: what
// sessions wait for, and in which statements, without their values. Its console ended on July 31, 2026 in favour of
// CloudWatch Database Insights; the API and PerformanceInsightsEnabled stay ("Turning Performance Insights on and
// off").
//
// What the database wrote to its log files is of class data; [LogFiles] reads it for who asks. Whether a client gets to
// the endpoint over the network is for a package that knows networks: the survey links a database to its security
// groups and subnets.
package rdsdiag
