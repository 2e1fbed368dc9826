package changes

import (
	"cmp"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// databaseKinds are the events of RDS. CloudTrail spells its members "dBInstanceIdentifier".
func databaseKinds() []kind {
	instance := ids(typeDBInstance, "dBInstanceIdentifier")
	cluster := ids(typeDBCluster, "dBClusterIdentifier")
	parameters := ids(typeDBParameters, "dBParameterGroupName")
	clusterParameters := ids(typeDBClusterParam, "dBClusterParameterGroupName")
	return []kind{
		{"rds:ModifyDBInstance", "database-modified", "modified {target}{detail}", instance, settings, nil},
		{"rds:ModifyDBCluster", "database-modified", "modified {target}{detail}", cluster, settings, nil},
		{"rds:ModifyDBParameterGroup", "database-modified", "changed parameters{detail} of {target}", parameters,
			databaseParameters, nil},
		{"rds:ResetDBParameterGroup", "database-modified", "reset parameters{detail} of {target}", parameters,
			databaseParameters, nil},
		{"rds:ModifyDBClusterParameterGroup", "database-modified", "changed parameters{detail} of {target}",
			clusterParameters, databaseParameters, nil},
		{"rds:ResetDBClusterParameterGroup", "database-modified", "reset parameters{detail} of {target}", clusterParameters,
			databaseParameters, nil},
		{"rds:ModifyDBSubnetGroup", "database-modified", "changed {target}{detail}",
			ids("AWS::RDS::DBSubnetGroup", "dBSubnetGroupName"), named("subnetIds"), nil},
		{"rds:ModifyDBProxy", "database-modified", "modified {target}{detail}", ids(typeDBProxy, "dBProxyName"), settings,
			nil},
		{"rds:ModifyDBProxyTargetGroup", "database-modified", "modified the targets of {target}{detail}",
			ids(typeDBProxy, "dBProxyName"), named("connectionPoolConfig.maxConnectionsPercent",
				"connectionPoolConfig.maxIdleConnectionsPercent", "connectionPoolConfig.connectionBorrowTimeout"), nil},
		{"rds:ApplyPendingMaintenanceAction", "database-modified", "applied maintenance{detail} to {target}",
			ids(typeDBInstance, "resourceIdentifier"), param("applyAction"), nil},
		{"rds:RebootDBInstance", "database-restarted", "rebooted {target}", instance, nil, nil},
		{"rds:RebootDBCluster", "database-restarted", "rebooted {target}", cluster, nil, nil},
		{"rds:FailoverDBCluster", "database-restarted", "failed {target} over", cluster, nil, nil},
		{"rds:SwitchoverBlueGreenDeployment", "database-restarted", "switched {target} over", switched, nil, nil},
		{"rds:SwitchoverReadReplica", "database-restarted", "switched {target} over", instance, nil, nil},
		{"rds:SwitchoverGlobalCluster", "database-restarted", "switched {target} over",
			ids(typeDBCluster, "targetDbClusterIdentifier"), nil, nil},
		{"rds:PromoteReadReplica", "database-restarted", "promoted {target}", instance, nil, nil},
		{"rds:StopDBInstance", "database-stopped", "stopped {target}", instance, nil, startDatabase},
		{"rds:StopDBCluster", "database-stopped", "stopped {target}", cluster, nil, startCluster},
		{"rds:DeleteDBInstance", "database-stopped", "deleted {target}", instance, nil, nil},
		{"rds:DeleteDBCluster", "database-stopped", "deleted {target}", cluster, nil, nil},
		{"rds:StartDBInstance", "database-modified", "started {target}", instance, nil, nil},
	}
}

// switched returns the production database of a blue/green deployment, as the response names it. The request has only
// the deployment's id.
func switched(c *call) []diag.Resource {
	ref := cmp.Or(c.response.first("blueGreenDeployment.source"), c.response.first("source"))
	switch {
	case ref == "":
		return nil
	case strings.Contains(ref, ":cluster:"):
		return []diag.Resource{c.resource(typeDBCluster, ref)}
	}
	return []diag.Resource{c.resource(typeDBInstance, ref)}
}

// databaseParameters lists the parameters that were set, by name.
func databaseParameters(c *call) string {
	var parts []string
	for _, p := range c.params.get("parameters").list() {
		name := p.get("parameterName").str()
		parts = append(parts, oneLine(name+" "+shown(name, p.get("parameterValue").str())))
	}
	return some(parts)
}
