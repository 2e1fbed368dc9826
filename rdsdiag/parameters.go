package rdsdiag

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
)

// limitParameters are those that [DBInstance.ConnectionLimit] reads. A parameter group has hundreds, in pages of 100;
// the filter makes one short page of them.
var limitParameters = []string{"max_connections", "processes", "user connections", "superuser_reserved_connections",
	"rds.rds_superuser_reserved_connections", "reserved_connections"}

// Parameters returns all parameters of a DB parameter group by name.
func (i *DBInstance) Parameters(ctx context.Context, group string) (map[string]types.Parameter, error) {
	return i.parameters.Get(ctx, group, func(ctx context.Context) (map[string]types.Parameter, error) {
		return i.readParameters(ctx, &rds.DescribeDBParametersInput{DBParameterGroupName: aws.String(group)})
	})
}

func (i *DBInstance) limitParameters(ctx context.Context, group string) (map[string]types.Parameter, error) {
	return i.parameters.Get(ctx, group+"?limits", func(ctx context.Context) (map[string]types.Parameter, error) {
		return i.readParameters(ctx, &rds.DescribeDBParametersInput{DBParameterGroupName: aws.String(group),
			Filters: []types.Filter{{Name: aws.String("parameter-name"), Values: limitParameters}}})
	})
}

func (i *DBInstance) readParameters(ctx context.Context, in *rds.DescribeDBParametersInput) (map[string]types.Parameter,
	error) {
	parameters := map[string]types.Parameter{}
	pages := rds.NewDescribeDBParametersPaginator(i.api, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return parameters, fmt.Errorf("reading parameter group %s: %w", aws.ToString(in.DBParameterGroupName), err)
		}
		for _, p := range page.Parameters {
			parameters[aws.ToString(p.ParameterName)] = p
		}
	}
	return parameters, nil
}

// ConnectionLimit is how many connections a database takes.
type ConnectionLimit struct {
	// Parameter and Value are what sets it, as the parameter group has it or, where it has nothing, as the engine's
	// default is.
	Parameter, Value string
	// Group is the parameter group that Value stands in; empty for a default.
	Group string
	// Most and Least bound the limit. They are equal for a plain number. A formula of the class's memory gives a range: of
	// the memory that a class is sold with, RDS and the operating system keep a share that AWS does not publish.
	Most, Least int
	// Reserved is how many of the connections ordinary users do not get.
	Reserved int
	// Pending reports that the group's values wait for a reboot: the database may run with others.
	Pending bool
	// Capacity is the greatest capacity of a serverless instance, in ACU, that its limit follows from; zero for others.
	Capacity float64
	// Dynamic reports that a new value holds at once, without a reboot.
	Dynamic bool
}

// Exact reports that the limit is one number.
func (l ConnectionLimit) Exact() bool { return l.Most == l.Least && !l.Pending }

// Vague reports that the limit is known too roughly to tell that it is reached.
func (l ConnectionLimit) Vague() bool { return float64(l.Most) > vague*float64(l.Least) }

// vague is how many times its least value a limit may be and still tell something.
const vague = 1.3

// engineLimit is how an engine limits connections: the parameter and its default ("Maximum number of database
// connections", Amazon RDS User Guide; "Maximum connections to an Aurora MySQL DB instance").
type engineLimit struct{ prefix, parameter, value string }

var engineLimits = []engineLimit{
	{"postgres", "max_connections", "LEAST({DBInstanceClassMemory/9531392},5000)"},
	{"aurora-postgresql", "max_connections", "LEAST({DBInstanceClassMemory/9531392},5000)"},
	{"aurora", "max_connections",
		"GREATEST({log(DBInstanceClassMemory/805306368)*45},{log(DBInstanceClassMemory/8187281408)*1000})"},
	{"mysql", "max_connections", "{DBInstanceClassMemory/12582880}"},
	{"mariadb", "max_connections", "LEAST({DBInstanceClassMemory/25165760},12000)"},
	{"oracle", "processes", "LEAST({DBInstanceClassMemory/9868951},20000)"},
	{"custom-oracle", "processes", "LEAST({DBInstanceClassMemory/9868951},20000)"},
	{"sqlserver", "user connections", "32767"},
}

// usableMemory is the least share of a class's memory that the database gets. Measured values of max_connections lie
// between 88 % at 2 GiB and 97 % at 16 GiB.
const usableMemory = 0.85

// ConnectionLimit evaluates the parameter that limits connections. It is nil for an engine that has none, and for a
// serverless instance whose cluster names no capacity. A formula over the memory of a class that this module does not
// know is an error of [diag.KindIncomplete].
func (i *DBInstance) ConnectionLimit(ctx context.Context) (*ConnectionLimit, error) {
	described, err := i.Describe(ctx)
	if err != nil {
		return nil, err
	}
	engine := engineLimitOf(aws.ToString(described.Engine))
	if engine.parameter == "" {
		return nil, nil
	}
	limit := &ConnectionLimit{Parameter: engine.parameter, Value: engine.value}
	var parameters map[string]types.Parameter
	for _, group := range described.DBParameterGroups {
		if group.DBParameterGroupName == nil {
			continue
		}
		if parameters, err = i.limitParameters(ctx, *group.DBParameterGroupName); err != nil {
			return nil, err
		}
		limit.Pending = aws.ToString(group.ParameterApplyStatus) == "pending-reboot"
		value := aws.ToString(parameters[engine.parameter].ParameterValue)
		if value != "" && (engine.parameter != "user connections" || value != "0") { // zero stands for the default there
			limit.Value, limit.Group = value, *group.DBParameterGroupName
			limit.Dynamic = aws.ToString(parameters[engine.parameter].ApplyType) == "dynamic"
		}
	}
	limit.Reserved = reserved(aws.ToString(described.Engine), parameters)
	if aws.ToString(described.DBInstanceClass) == serverless {
		return i.serverlessLimit(ctx, described, limit)
	}
	return limit, limit.evaluate(described)
}

func engineLimitOf(engine string) engineLimit {
	for _, e := range engineLimits {
		if strings.HasPrefix(engine, e.prefix) {
			return e
		}
	}
	return engineLimit{}
}

func (l *ConnectionLimit) evaluate(described *types.DBInstance) error {
	return l.evaluateWith(classOf(aws.ToString(described.DBInstanceClass)), described)
}

func (l *ConnectionLimit) evaluateWith(class instanceClass, described *types.DBInstance) error {
	variables := map[string]float64{"AllocatedStorage": float64(aws.ToInt32(described.AllocatedStorage)) * gib}
	if class.memory > 0 {
		variables["DBInstanceClassMemory"] = class.memory
	}
	if class.vcpus > 0 {
		variables["DBInstanceVCPU"] = class.vcpus
	}
	most, err := EvaluateFormula(l.Value, variables)
	if err != nil {
		return diag.Errorf(diag.KindIncomplete, "%s of class %s is not known: %w", l.Parameter,
			aws.ToString(described.DBInstanceClass), err)
	}
	if !strings.Contains(strings.ToLower(l.Value),
		"log(") { // where log rounds, the nominal memory gives AWS's own figures
		variables["DBInstanceClassMemory"] = class.memory * usableMemory
	}
	least, err := EvaluateFormula(l.Value, variables)
	if err != nil {
		return err
	}
	l.Most, l.Least = int(max(most, least)), int(min(most, least))
	return nil
}

// reservedByDefault is PostgreSQL's superuser_reserved_connections where nobody set it.
const reservedByDefault = 3

// reserved counts the connections that PostgreSQL keeps for administrators. Other engines allow one more than the limit
// instead.
func reserved(engine string, parameters map[string]types.Parameter) int {
	if !strings.Contains(engine, "postgres") {
		return 0
	}
	sum := reservedByDefault
	for name, p := range parameters {
		n, err := strconv.Atoi(aws.ToString(p.ParameterValue))
		if err != nil || !strings.Contains(name, "reserved") {
			continue
		}
		if sum += n; name == "superuser_reserved_connections" {
			sum -= reservedByDefault
		}
	}
	return sum
}
