package rdsfake

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

const arnPrefix = "arn:aws:rds:eu-west-1:111122223333:"

// InstanceARN is the ARN that [Healthy] gives to an instance.
func InstanceARN(id string) string { return arnPrefix + "db:" + id }

// ClusterARN is the ARN that [Healthy] gives to a cluster.
func ClusterARN(id string) string { return arnPrefix + "cluster:" + id }

// Healthy makes a world with one PostgreSQL instance, and nothing wrong: available, backed up, certified for a year,
// with max_connections by AWS's formula. It has the parameter group id-params.
func Healthy(id string, now time.Time) *Client {
	group := id + "-params"
	return &Client{
		Now:         now,
		DBInstances: []types.DBInstance{Instance(id, group, now)},
		DBParameterGroups: []types.DBParameterGroup{{DBParameterGroupName: aws.String(group),
			DBParameterGroupFamily: aws.String("postgres15")}},
		Parameters: map[string][]types.Parameter{group: {
			Parameter("max_connections", "LEAST({DBInstanceClassMemory/9531392},5000)"),
			Parameter("superuser_reserved_connections", "3"),
			Parameter("rds.force_ssl", "1"),
		}},
		Events: []types.Event{
			Event(id, now.Add(-9*time.Hour), "Backing up DB instance", "backup"),
			Event(id, now.Add(-9*time.Hour+4*time.Minute), "Finished DB Instance backup", "backup"),
		},
	}
}

// Instance is a healthy db.m6g.large with 100 GiB of gp3.
func Instance(id, group string, now time.Time) types.DBInstance {
	return types.DBInstance{
		DBInstanceIdentifier: aws.String(id), DBInstanceArn: aws.String(InstanceARN(id)),
		DBInstanceClass:  aws.String("db.m6g.large"),
		DBInstanceStatus: aws.String("available"), Engine: aws.String("postgres"), EngineVersion: aws.String("15.8"),
		AllocatedStorage: aws.Int32(100), StorageType: aws.String("gp3"), Iops: aws.Int32(3000),
		StorageThroughput: aws.Int32(125),
		MultiAZ:           aws.Bool(true), PubliclyAccessible: aws.Bool(false), StorageEncrypted: aws.Bool(true),
		KmsKeyId: aws.String("arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"),
		Endpoint: &types.Endpoint{Address: aws.String(id + ".c1abcdefghij.eu-west-1.rds.amazonaws.com"),
			Port: aws.Int32(5432)},
		InstanceCreateTime:   aws.Time(now.Add(-400 * 24 * time.Hour)),
		LatestRestorableTime: aws.Time(now.Add(-5 * time.Minute)), BackupRetentionPeriod: aws.Int32(7),
		CACertificateIdentifier: aws.String("rds-ca-rsa2048-g1"),
		CertificateDetails: &types.CertificateDetails{CAIdentifier: aws.String("rds-ca-rsa2048-g1"),
			ValidTill: aws.Time(now.Add(300 * 24 * time.Hour))},
		DBParameterGroups: []types.DBParameterGroupStatus{{DBParameterGroupName: aws.String(group),
			ParameterApplyStatus: aws.String("in-sync")}},
		VpcSecurityGroups: []types.VpcSecurityGroupMembership{{VpcSecurityGroupId: aws.String("sg-0db"),
			Status: aws.String("active")}},
		DBSubnetGroup: &types.DBSubnetGroup{DBSubnetGroupName: aws.String(id + "-subnets"), VpcId: aws.String("vpc-1"),
			SubnetGroupStatus: aws.String("Complete"), Subnets: []types.Subnet{
				{SubnetIdentifier: aws.String("subnet-a"), SubnetStatus: aws.String("Active")},
				{SubnetIdentifier: aws.String("subnet-b"), SubnetStatus: aws.String("Active")},
			}},
	}
}

// Cluster is a healthy Aurora PostgreSQL cluster with one writer and one reader; their instances are not described.
func Cluster(id string, now time.Time) types.DBCluster {
	return types.DBCluster{
		DBClusterIdentifier: aws.String(id), DBClusterArn: aws.String(ClusterARN(id)), Status: aws.String("available"),
		Engine: aws.String("aurora-postgresql"), EngineVersion: aws.String("15.4"), Port: aws.Int32(5432),
		Endpoint:          aws.String(id + ".cluster-c1abcdefghij.eu-west-1.rds.amazonaws.com"),
		ReaderEndpoint:    aws.String(id + ".cluster-ro-c1abcdefghij.eu-west-1.rds.amazonaws.com"),
		ClusterCreateTime: aws.Time(now.Add(-400 * 24 * time.Hour)),
		DBClusterMembers: []types.DBClusterMember{
			{DBInstanceIdentifier: aws.String(id + "-1"), IsClusterWriter: aws.Bool(true),
				DBClusterParameterGroupStatus: aws.String("in-sync")},
			{DBInstanceIdentifier: aws.String(id + "-2"), IsClusterWriter: aws.Bool(false),
				DBClusterParameterGroupStatus: aws.String("in-sync")},
		},
		VpcSecurityGroups: []types.VpcSecurityGroupMembership{{VpcSecurityGroupId: aws.String("sg-0db"),
			Status: aws.String("active")}},
	}
}

// BlueGreen is a blue/green deployment of an instance whose green environment is ready.
func BlueGreen(id, instance string, now time.Time) types.BlueGreenDeployment {
	blue, green := InstanceARN(instance), InstanceARN(instance+"-green-abc123")
	return types.BlueGreenDeployment{
		BlueGreenDeploymentIdentifier: aws.String(id), BlueGreenDeploymentName: aws.String(instance + "-upgrade"),
		Source: aws.String(blue), Target: aws.String(green), Status: aws.String("AVAILABLE"),
		CreateTime: aws.Time(now.Add(-3 * 24 * time.Hour)),
		SwitchoverDetails: []types.SwitchoverDetail{{SourceMember: aws.String(blue), TargetMember: aws.String(green),
			Status: aws.String("AVAILABLE")}},
		Tasks: []types.BlueGreenDeploymentTask{
			{Name: aws.String("CREATING_READ_REPLICA_OF_SOURCE"), Status: aws.String("COMPLETED")},
			{Name: aws.String("DB_ENGINE_VERSION_UPGRADE"), Status: aws.String("COMPLETED")}},
	}
}

// Parameter is a parameter with a value, as AWS set it.
func Parameter(name, value string) types.Parameter {
	return types.Parameter{ParameterName: aws.String(name), ParameterValue: aws.String(value),
		Source: aws.String("system")}
}

// Event is an event of an instance.
func Event(id string, at time.Time, message string, categories ...string) types.Event {
	return types.Event{SourceIdentifier: aws.String(id), SourceType: types.SourceTypeDbInstance,
		SourceArn: aws.String(InstanceARN(id)),
		Date:      aws.Time(at), Message: aws.String(message), EventCategories: categories}
}

// BlueGreenEvent is an event of a blue/green deployment.
func BlueGreenEvent(id string, at time.Time, message string, categories ...string) types.Event {
	e := Event(id, at, message, categories...)
	e.SourceType, e.SourceArn = types.SourceTypeBlueGreenDeployment, aws.String(arnPrefix+"deployment:"+id)
	return e
}

// ClusterEvent is an event of a cluster.
func ClusterEvent(id string, at time.Time, message string, categories ...string) types.Event {
	e := Event(id, at, message, categories...)
	e.SourceType, e.SourceArn = types.SourceTypeDbCluster, aws.String(ClusterARN(id))
	return e
}
