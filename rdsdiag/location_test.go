package rdsdiag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

func TestLocation(t *testing.T) {
	w := newWorld(broken["publicly-accessible"])
	at, err := w.instance().Location(t.Context())
	require.NoError(t, err)
	assert.Equal(t, rdsdiag.Location{Host: "shop-db.c1abcdefghij.eu-west-1.rds.amazonaws.com", Port: 5432, Public: true,
		VPC:     "vpc-1",
		Subnets: []string{"subnet-a", "subnet-b"}, Groups: []string{"sg-0db"}}, at)
	at, err = w.dbCluster().Location(t.Context())
	require.NoError(t, err)
	assert.Equal(t, rdsdiag.Location{Host: "shop-aurora.cluster-c1abcdefghij.eu-west-1.rds.amazonaws.com", Port: 5432,
		Groups: []string{"sg-0db"}}, at)
}

func TestLocationWhileCreating(t *testing.T) {
	w := newWorld()
	w.db().Endpoint, w.db().DBSubnetGroup = nil, nil
	at, err := w.instance().Location(t.Context())
	require.NoError(t, err)
	assert.Equal(t, rdsdiag.Location{Groups: []string{"sg-0db"}}, at)
}

func TestWriter(t *testing.T) {
	w := newWorld()
	id, err := w.dbCluster().Writer(t.Context())
	require.NoError(t, err)
	assert.Equal(t, clusterID+"-1", id)
	broken["without-writer"](w)
	_, err = w.dbCluster().Writer(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
}
