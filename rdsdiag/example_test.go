package rdsdiag_test

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

// A database is named, checked, and told about.
func Example() {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	client := rdsfake.Healthy("shop-db", now) // rds.NewFromConfig(cfg) in earnest
	client.DBInstances[0].DBInstanceStatus = aws.String("incompatible-network")

	window := diag.Last(3*time.Hour, now)
	db := rdsdiag.NewDBInstance(client, "shop-db", metrics.NewSource(&metricsfake.Client{}, window), window)
	report := diag.Run(context.Background(), diag.On(db, rdsdiag.DBInstanceChecks()...))
	for _, f := range report.Findings {
		fmt.Println(f.Severity, f.Code)
		fmt.Println(f.Summary)
	}
	// Output:
	// error rds.incompatible-network
	// shop-db is held up by the state of its VPC (status incompatible-network)
}

// A client's configuration names an endpoint; the directory knows whose it is.
func ExampleDirectory_ByEndpoint() {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	window := diag.Last(time.Hour, now)
	source := metrics.NewSource(&metricsfake.Client{}, window)
	directory := rdsdiag.NewDirectory(rdsfake.Healthy("shop-db", now), source, window)
	db, err := directory.ByEndpoint(context.Background(), "shop-db.c1abcdefghij.eu-west-1.rds.amazonaws.com:5432")
	fmt.Println(db.Resource(), err)
	// Output: RDS::DBInstance shop-db <nil>
}

func ExampleEvaluateFormula() {
	connections, err := rdsdiag.EvaluateFormula("LEAST({DBInstanceClassMemory/9531392},5000)",
		map[string]float64{"DBInstanceClassMemory": 8 << 30})
	fmt.Println(connections, err)
	// Output: 901 <nil>
}

func ExampleClassifyEvent() {
	fmt.Println(rdsdiag.ClassifyEvent("The RDS Multi-AZ primary instance is busy and unresponsive."))
	// Output: instance-unresponsive
}
