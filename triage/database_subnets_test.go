package triage_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

// held gives the database of a sound account a status, and leaves its subnets some free addresses.
func held(t *testing.T, status string, free int32) *diag.Report {
	w := newWorld(t)
	db := &w.RDS.DBInstances[0]
	db.DBInstanceStatus = aws.String(status)
	var ids []string
	for _, s := range db.DBSubnetGroup.Subnets {
		ids = append(ids, *s.SubnetIdentifier)
	}
	for i := range w.EC2.Subnets {
		if slices.Contains(ids, *w.EC2.Subnets[i].SubnetId) {
			w.EC2.Subnets[i].AvailableIpAddressCount = aws.Int32(free)
		}
	}
	report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, triage.Symptom{Kind: triage.DBUnreachable,
		Target: *db.DBInstanceIdentifier, TargetType: targetDatabase, Since: w.ago(30 * time.Minute)},
		triage.Options{Now: w.now})
	require.NoError(t, err)
	return report
}

// TestDatabaseWithoutAddresses: what holds the database up is its subnets.
func TestDatabaseWithoutAddresses(t *testing.T) {
	report := held(t, "incompatible-network", 0)
	require.NotEmpty(t, report.Roots())
	root := report.Roots()[0]
	assert.Equal(t, diag.Code("ec2.subnet-out-of-addresses"), root.Code, told(report.Roots()))
	assert.Contains(t, lower(t, root), "rds.incompatible-network")

	report = held(t, "incompatible-network", 100)
	require.NotEmpty(t, report.Roots())
	assert.Equal(t, diag.Code("rds.incompatible-network"), report.Roots()[0].Code, told(report.Roots()))

	for _, f := range held(t, "available", 0).Findings {
		assert.NotEqual(t, diag.Code("ec2.subnet-out-of-addresses"), f.Code, "a database that has its address needs none")
	}
}

// TestDatabaseWithoutSubnets: one of its subnets was deleted, which is the cause and no gap in what is known.
func TestDatabaseWithoutSubnets(t *testing.T) {
	w := newWorld(t)
	db := &w.RDS.DBInstances[0]
	db.DBInstanceStatus = aws.String("incompatible-network")
	gone := *db.DBSubnetGroup.Subnets[0].SubnetIdentifier
	w.EC2.Subnets = slices.DeleteFunc(w.EC2.Subnets, func(s ec2types.Subnet) bool { return *s.SubnetId == gone })
	report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, triage.Symptom{Kind: triage.DBUnreachable,
		Target: *db.DBInstanceIdentifier, TargetType: targetDatabase, Since: w.ago(30 * time.Minute)},
		triage.Options{Now: w.now})
	require.NoError(t, err)
	require.NotEmpty(t, report.Roots())
	root := report.Roots()[0]
	assert.Equal(t, diag.Code("ec2.subnets-gone"), root.Code, told(report.Roots()))
	assert.Contains(t, root.Summary, gone)
	assert.Contains(t, lower(t, root), "rds.incompatible-network")
}
