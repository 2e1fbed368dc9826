package rdsdiag_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

var now = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

const (
	dbID      = "shop-db"
	clusterID = "shop-aurora"
	gibibyte  = 1 << 30
)

// world is an account with one instance and one cluster, and the metrics of an ordinary day.
type world struct {
	rds    *rdsfake.Client
	cw     *metricsfake.Client
	window diag.Window
}

func newWorld(spoil ...func(*world)) *world {
	w := &world{rds: rdsfake.Healthy(dbID, now), cw: &metricsfake.Client{}, window: diag.Last(3*time.Hour, now)}
	w.rds.DBClusters = []types.DBCluster{rdsfake.Cluster(clusterID, now)}
	for name, usual := range map[string]float64{"CPUUtilization": 20, "DatabaseConnections": 40, "FreeableMemory": 3e9,
		"SwapUsage":        0,
		"FreeStorageSpace": 60 * gibibyte, "DiskQueueDepth": 0.2, "ReadIOPS": 80, "WriteIOPS": 120, "ReadLatency": 0.001,
		"WriteLatency": 0.002, "BurstBalance": 99, "CPUCreditBalance": 500, "EBSIOBalance%": 99, "EBSByteBalance%": 99} {
		w.set(name, "Average", usual)
	}
	for _, f := range spoil {
		f(w)
	}
	return w
}

// set gives a series of the instance its usual value over six hours, and other values at the end.
func (w *world) set(name, stat string, usual float64, last ...float64) {
	w.fill("DBInstanceIdentifier", dbID, name, stat, usual, last...)
}

func (w *world) fill(dimension, id, name, stat string, usual float64, last ...float64) {
	const points = 72
	values := make([]float64, points)
	for i := range values {
		values[i] = usual
	}
	copy(values[points-len(last):], last)
	s := metricsfake.Series{Metric: metrics.Metric{Namespace: "AWS/RDS", Name: name, Stat: stat,
		Dimensions: []metrics.Dimension{{Name: dimension, Value: id}}},
		Points: metricsfake.Every(5*time.Minute, now.Add(-points*5*time.Minute), values...)}
	for i, known := range w.cw.Series {
		if known.Metric.String() == s.Metric.String() {
			w.cw.Series[i] = s
			return
		}
	}
	w.cw.Series = append(w.cw.Series, s)
}

func (w *world) db() *types.DBInstance { return &w.rds.DBInstances[0] }

func (w *world) cluster() *types.DBCluster { return &w.rds.DBClusters[0] }

func (w *world) source() *metrics.Source { return metrics.NewSource(w.cw, w.window) }

func (w *world) instance() *rdsdiag.DBInstance {
	return rdsdiag.NewDBInstance(w.rds, dbID, w.source(), w.window)
}

func (w *world) dbCluster() *rdsdiag.DBCluster {
	return rdsdiag.NewDBCluster(w.rds, clusterID, w.source(), w.window)
}

// happens adds an event some time ago, to the instance and to the cluster.
func happens(ago time.Duration, message string, categories ...string) func(*world) {
	return func(w *world) {
		w.rds.Events = append(w.rds.Events, rdsfake.Event(dbID, now.Add(-ago), message, categories...),
			rdsfake.ClusterEvent(clusterID, now.Add(-ago), message, categories...))
	}
}

// ramp makes n values from one to another.
func ramp(from, to float64, n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = from + (to-from)*float64(i)/float64(n-1)
	}
	return values
}

func repeat(v float64, n int) []float64 { return ramp(v, v, n) }
