package rdsfake

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// minRecords and maxRecords bound MaxRecords of every operation; maxRecords is also the default (Amazon RDS API
// Reference).
const minRecords, maxRecords = 20, 100

// page cuts items as RDS does. Markers are RDS's word for tokens.
func page[T any](c *Client, action string, items []T, marker *string, asked *int32) ([]T, *string, error) {
	size := maxRecords
	if asked != nil {
		if *asked < minRecords || *asked > maxRecords {
			return nil, nil, invalid("Invalid value %d for MaxRecords. Must be between %d and %d", *asked, minRecords,
				maxRecords)
		}
		size = int(*asked)
	}
	return diagfake.Page(&c.Recorder, action, items, marker, size)
}

func invalid(format string, args ...any) error {
	return diagfake.APIError("InvalidParameterValue", fmt.Sprintf(format, args...))
}

// is reports that what was asked for names the resource, by identifier in any case or by ARN.
func is(asked, id, arn *string) bool {
	return strings.EqualFold(*asked, aws.ToString(id)) || *asked == aws.ToString(arn)
}

func (c *Client) describeDBInstances(in *rds.DescribeDBInstancesInput) (*rds.DescribeDBInstancesOutput, error) {
	found := c.DBInstances
	if in.DBInstanceIdentifier != nil {
		found = slices.DeleteFunc(slices.Clone(found), func(i types.DBInstance) bool {
			return !is(in.DBInstanceIdentifier, i.DBInstanceIdentifier, i.DBInstanceArn)
		})
		if len(found) == 0 {
			return nil, diagfake.APIError("DBInstanceNotFound", "DBInstance "+*in.DBInstanceIdentifier+" not found.")
		}
	}
	for _, f := range in.Filters {
		value, ok := instanceFilters[aws.ToString(f.Name)]
		if !ok {
			return nil, invalid("Unrecognized filter name: %s", aws.ToString(f.Name))
		}
		found = slices.DeleteFunc(slices.Clone(found), func(i types.DBInstance) bool {
			return !slices.Contains(f.Values, aws.ToString(value(i)))
		})
	}
	items, marker, err := page(c, "rds:DescribeDBInstances", found, in.Marker, in.MaxRecords)
	return &rds.DescribeDBInstancesOutput{DBInstances: items, Marker: marker}, err
}

// instanceFilters are those of DescribeDBInstances, but for domain.
var instanceFilters = map[string]func(types.DBInstance) *string{
	"db-cluster-id":   func(i types.DBInstance) *string { return i.DBClusterIdentifier },
	"db-instance-id":  func(i types.DBInstance) *string { return i.DBInstanceIdentifier },
	"dbi-resource-id": func(i types.DBInstance) *string { return i.DbiResourceId },
	"engine":          func(i types.DBInstance) *string { return i.Engine },
}

func (c *Client) describeDBClusters(in *rds.DescribeDBClustersInput) (*rds.DescribeDBClustersOutput, error) {
	found := c.DBClusters
	if in.DBClusterIdentifier != nil {
		found = slices.DeleteFunc(slices.Clone(found), func(d types.DBCluster) bool {
			return !is(in.DBClusterIdentifier, d.DBClusterIdentifier, d.DBClusterArn)
		})
		if len(found) == 0 {
			return nil, diagfake.APIError("DBClusterNotFoundFault", "DBCluster "+*in.DBClusterIdentifier+" not found.")
		}
	}
	items, marker, err := page(c, "rds:DescribeDBClusters", found, in.Marker, in.MaxRecords)
	return &rds.DescribeDBClustersOutput{DBClusters: items, Marker: marker}, err
}

func (c *Client) describeBlueGreenDeployments(
	in *rds.DescribeBlueGreenDeploymentsInput,
) (*rds.DescribeBlueGreenDeploymentsOutput, error) {
	found := c.BlueGreenDeployments
	if asked := in.BlueGreenDeploymentIdentifier; asked != nil {
		found = slices.DeleteFunc(slices.Clone(found), func(b types.BlueGreenDeployment) bool {
			return !strings.EqualFold(*asked, aws.ToString(b.BlueGreenDeploymentIdentifier))
		})
		if len(found) == 0 {
			return nil, diagfake.APIError("BlueGreenDeploymentNotFoundFault", "BlueGreenDeployment "+*asked+" not found.")
		}
	}
	for _, f := range in.Filters {
		value, ok := blueGreenFilters[aws.ToString(f.Name)]
		if !ok {
			return nil, invalid("Unrecognized filter name: %s", aws.ToString(f.Name))
		}
		found = slices.DeleteFunc(slices.Clone(found), func(b types.BlueGreenDeployment) bool {
			return !slices.Contains(f.Values, aws.ToString(value(b)))
		})
	}
	items, marker, err := page(c, "rds:DescribeBlueGreenDeployments", found, in.Marker, in.MaxRecords)
	return &rds.DescribeBlueGreenDeploymentsOutput{BlueGreenDeployments: items, Marker: marker}, err
}

// blueGreenFilters are those of DescribeBlueGreenDeployments.
var blueGreenFilters = map[string]func(types.BlueGreenDeployment) *string{
	"blue-green-deployment-identifier": func(b types.BlueGreenDeployment) *string { return b.BlueGreenDeploymentIdentifier },
	"blue-green-deployment-name":       func(b types.BlueGreenDeployment) *string { return b.BlueGreenDeploymentName },
	"source":                           func(b types.BlueGreenDeployment) *string { return b.Source },
	"target":                           func(b types.BlueGreenDeployment) *string { return b.Target },
}

func (c *Client) describeDBParameterGroups(in *rds.DescribeDBParameterGroupsInput) (*rds.DescribeDBParameterGroupsOutput, error) {
	found := c.DBParameterGroups
	if in.DBParameterGroupName != nil {
		found = slices.DeleteFunc(slices.Clone(found), func(g types.DBParameterGroup) bool {
			return !is(in.DBParameterGroupName, g.DBParameterGroupName, g.DBParameterGroupArn)
		})
		if len(found) == 0 {
			return nil, noGroup(*in.DBParameterGroupName)
		}
	}
	items, marker, err := page(c, "rds:DescribeDBParameterGroups", found, in.Marker, in.MaxRecords)
	return &rds.DescribeDBParameterGroupsOutput{DBParameterGroups: items, Marker: marker}, err
}

func noGroup(name string) error {
	return diagfake.APIError("DBParameterGroupNotFound", "DBParameterGroup not found: "+name)
}

func (c *Client) describeDBParameters(in *rds.DescribeDBParametersInput) (*rds.DescribeDBParametersOutput, error) {
	found, ok := c.Parameters[aws.ToString(in.DBParameterGroupName)]
	if !ok {
		return nil, noGroup(aws.ToString(in.DBParameterGroupName))
	}
	if in.Source != nil {
		found = slices.DeleteFunc(slices.Clone(found),
			func(p types.Parameter) bool { return aws.ToString(p.Source) != *in.Source })
	}
	for _, f := range in.Filters {
		if aws.ToString(f.Name) != "parameter-name" {
			return nil, invalid("Unrecognized filter name: %s", aws.ToString(f.Name))
		}
		found = slices.DeleteFunc(slices.Clone(found), func(p types.Parameter) bool {
			return !slices.Contains(f.Values, aws.ToString(p.ParameterName))
		})
	}
	items, marker, err := page(c, "rds:DescribeDBParameters", found, in.Marker, in.MaxRecords)
	return &rds.DescribeDBParametersOutput{Parameters: items, Marker: marker}, err
}

func (c *Client) describeDBSubnetGroups(in *rds.DescribeDBSubnetGroupsInput) (*rds.DescribeDBSubnetGroupsOutput,
	error) {
	found := c.DBSubnetGroups
	if in.DBSubnetGroupName != nil {
		found = slices.DeleteFunc(slices.Clone(found), func(g types.DBSubnetGroup) bool {
			return !is(in.DBSubnetGroupName, g.DBSubnetGroupName, g.DBSubnetGroupArn)
		})
		if len(found) == 0 {
			return nil, diagfake.APIError("DBSubnetGroupNotFoundFault",
				"DB subnet group '"+*in.DBSubnetGroupName+"' does not exist.")
		}
	}
	items, marker, err := page(c, "rds:DescribeDBSubnetGroups", found, in.Marker, in.MaxRecords)
	return &rds.DescribeDBSubnetGroupsOutput{DBSubnetGroups: items, Marker: marker}, err
}

func (c *Client) describePendingMaintenanceActions(
	in *rds.DescribePendingMaintenanceActionsInput,
) (*rds.DescribePendingMaintenanceActionsOutput, error) {
	found := c.PendingMaintenance
	if in.ResourceIdentifier != nil {
		found = slices.DeleteFunc(slices.Clone(found), func(r types.ResourcePendingMaintenanceActions) bool {
			return aws.ToString(r.ResourceIdentifier) != *in.ResourceIdentifier
		})
	}
	items, marker, err := page(c, "rds:DescribePendingMaintenanceActions", found, in.Marker, in.MaxRecords)
	return &rds.DescribePendingMaintenanceActionsOutput{PendingMaintenanceActions: items, Marker: marker}, err
}
