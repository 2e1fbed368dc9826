package rdsdiag

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

// serverless is the class of Aurora Serverless v2.
const serverless = "db.serverless"

// capacityLimit is the default of max_connections at a greatest capacity, in Aurora capacity units (ACU).
type capacityLimit struct {
	acu             float64
	mysql, postgres int
}

// capacityLimits are the rows of "Maximum connections for Aurora Serverless v2" (Amazon Aurora User Guide), by
// capacity.
var capacityLimits = []capacityLimit{
	{1, 90, 189}, {4, 135, 823}, {8, 1000, 1669}, {16, 2000, 3360}, {32, 3000, 5000}, {64, 4000, 5000}, {128, 5000, 5000},
}

const (
	// acuMemory is the memory of a capacity unit ("How Aurora Serverless v2 works": approximately 2 GiB).
	acuMemory = 2 * gib
	// postgresPerACU, postgresLess and postgresMost are the straight line through the rows of PostgreSQL, which it meets
	// within one connection, and where these end.
	postgresPerACU, postgresLess, postgresMost = 211.4, 22.4, 5000
	// lineBlur is how far from the line a capacity between the rows may lie.
	lineBlur = 0.02
	// smallMinimum is the least capacity, in ACU, up to which PostgreSQL takes no more than cappedConnections (same
	// source: "when you specify a minimum capacity of 0 or 0.5 ACUs").
	smallMinimum, cappedConnections = 0.5, 2000
)

// serverlessLimit completes the limit of a serverless instance, which follows from the greatest capacity of its
// cluster, not from the present one, and which the instance takes on when it starts. It is nil if nothing tells it.
func (i *DBInstance) serverlessLimit(
	ctx context.Context, d *types.DBInstance, limit *ConnectionLimit,
) (*ConnectionLimit, error) {
	postgres := strings.Contains(aws.ToString(d.Engine), "postgres")
	plain, err := strconv.Atoi(limit.Value)
	if err == nil && (!postgres || plain <= cappedConnections) {
		limit.Most, limit.Least = plain, plain
		return limit, nil
	}
	isPlain := err == nil
	cluster, err := i.Cluster(ctx)
	if cluster == nil {
		return nil, err
	}
	described, err := cluster.Describe(ctx)
	if err != nil {
		return nil, err
	}
	capacity := described.ServerlessV2ScalingConfiguration
	if capacity == nil || aws.ToFloat64(capacity.MaxCapacity) <= 0 {
		return nil, nil
	}
	limit.Capacity = *capacity.MaxCapacity
	limit.Pending = limit.Pending || pendingReboot(described, i.ref.id)
	switch {
	case isPlain:
		limit.Most, limit.Least = plain, plain
	case sameFormula(limit.Value, engineLimitOf(aws.ToString(d.Engine)).value):
		limit.Least, limit.Most = defaultAt(limit.Capacity, postgres)
	default:
		if err := limit.evaluateWith(instanceClass{memory: limit.Capacity * acuMemory}, d); err != nil {
			return nil, err
		}
	}
	if least := capacity.MinCapacity; postgres && least != nil && *least <= smallMinimum {
		limit.Most, limit.Least = min(limit.Most, cappedConnections), min(limit.Least, cappedConnections)
	}
	return limit, nil
}

// pendingReboot reports that a member runs with other cluster parameters or another capacity range than the cluster
// shows.
func pendingReboot(c *types.DBCluster, id string) bool {
	return slices.ContainsFunc(c.DBClusterMembers, func(m types.DBClusterMember) bool {
		return strings.EqualFold(aws.ToString(m.DBInstanceIdentifier), id) &&
			aws.ToString(m.DBClusterParameterGroupStatus) == "pending-reboot"
	})
}

func sameFormula(a, b string) bool {
	strip := func(s string) string { return strings.ReplaceAll(strings.ToLower(s), " ", "") }
	return strip(a) == strip(b)
}

// defaultAt returns the bounds of the default of max_connections at a greatest capacity: as documented, or what lies
// between the documented rows.
func defaultAt(acu float64, postgres bool) (least, most int) {
	n, exact := slices.BinarySearchFunc(capacityLimits, acu,
		func(row capacityLimit, acu float64) int { return cmp.Compare(row.acu, acu) })
	if postgres {
		if exact {
			return capacityLimits[n].postgres, capacityLimits[n].postgres
		}
		line := postgresPerACU*acu - postgresLess
		return int(min(postgresMost, math.Floor(line*(1-lineBlur)))), int(min(postgresMost, math.Ceil(line*(1+lineBlur))))
	}
	if exact {
		return capacityLimits[n].mysql, capacityLimits[n].mysql
	}
	least, most = 0, capacityLimits[min(n, len(capacityLimits)-1)].mysql
	if n > 0 {
		least = capacityLimits[n-1].mysql
	}
	if n == len(capacityLimits) { // it grows by 1,000 each time the memory doubles (same source)
		most += 1000 * int(math.Ceil(math.Log2(acu/capacityLimits[n-1].acu)))
	}
	return least, most
}
