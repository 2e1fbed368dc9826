package rdsdiag

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
)

// DBInstanceSurvey gathers an instance's neighbours, events and configuration.
var DBInstanceSurvey = &diag.Survey[*DBInstance]{
	Name:     "rds.instance",
	Actions:  []string{callInstances, callEvents},
	Links:    instanceLinks,
	Events:   instanceEvents,
	Settings: instanceSettings,
}

// DBClusterSurvey gathers a cluster's neighbours, events and configuration.
var DBClusterSurvey = &diag.Survey[*DBCluster]{
	Name:     "rds.cluster",
	Actions:  []string{callClusters, callEvents},
	Links:    clusterLinks,
	Events:   clusterEvents,
	Settings: clusterSettings,
}

// linker adds links from one resource.
type linker struct {
	from  diag.Resource
	links []diag.Link
}

func (l *linker) to(typ string, id *string, role string, context bool) {
	if aws.ToString(id) == "" {
		return
	}
	arn := ""
	if strings.HasPrefix(*id, "arn:") {
		arn = *id
	}
	to := diag.ResourceOf(typ, shortID(*id), arn).In(l.from.Account, l.from.Region)
	l.links = append(l.links, diag.Link{From: l.from, To: to, Role: role, Context: context})
}

// shortID is the last part of the ARN of a key, a role or a database; what is no ARN stays.
func shortID(id string) string {
	if !strings.HasPrefix(id, "arn:") {
		return id
	}
	return id[strings.LastIndexAny(id, ":/")+1:]
}

func instanceLinks(ctx context.Context, i *DBInstance) ([]diag.Link, error) {
	d, err := i.Describe(ctx)
	if err != nil {
		return nil, err
	}
	l := &linker{from: i.resource(d)}
	l.guards(d.VpcSecurityGroups)
	if d.DBSubnetGroup != nil {
		for _, s := range d.DBSubnetGroup.Subnets {
			l.to("AWS::EC2::Subnet", s.SubnetIdentifier, "placed in", false)
		}
		l.to("AWS::EC2::VPC", d.DBSubnetGroup.VpcId, "placed in", true)
	}
	l.to("AWS::KMS::Key", d.KmsKeyId, "encrypted by", false)
	l.to("AWS::IAM::Role", d.MonitoringRoleArn, "monitored as", true)
	l.to(typeInstance, d.ReadReplicaSourceDBInstanceIdentifier, "replicates", false)
	l.to(typeCluster, d.DBClusterIdentifier, "belongs to", false)
	for _, g := range d.DBParameterGroups {
		l.to("AWS::RDS::DBParameterGroup", g.DBParameterGroupName, "set by", false)
	}
	if d.MasterUserSecret != nil {
		l.to("AWS::SecretsManager::Secret", d.MasterUserSecret.SecretArn, "password in", true)
	}
	for _, name := range d.EnabledCloudwatchLogsExports {
		group := fmt.Sprintf("/aws/rds/instance/%s/%s", i.ref.id, name)
		l.to("AWS::Logs::LogGroup", &group, "logs to", true)
	}
	return l.links, nil
}

func (l *linker) guards(groups []types.VpcSecurityGroupMembership) {
	for _, g := range groups {
		l.to("AWS::EC2::SecurityGroup", g.VpcSecurityGroupId, "guarded by", false)
	}
}

// clusterLinks make a cluster depend on its instances: what breaks the writer breaks the cluster's endpoint. The way
// back, from an instance to its cluster, is there as well, for a cluster that is stopped has no running instances.
func clusterLinks(ctx context.Context, c *DBCluster) ([]diag.Link, error) {
	d, err := c.Describe(ctx)
	if err != nil {
		return nil, err
	}
	l := &linker{from: c.resource(d)}
	for _, m := range d.DBClusterMembers {
		role := "reads from"
		if aws.ToBool(m.IsClusterWriter) {
			role = "writes to"
		}
		l.to(typeInstance, m.DBInstanceIdentifier, role, false)
	}
	l.guards(d.VpcSecurityGroups)
	l.to("AWS::KMS::Key", d.KmsKeyId, "encrypted by", false)
	l.to("AWS::IAM::Role", d.MonitoringRoleArn, "monitored as", true)
	if d.MasterUserSecret != nil {
		l.to("AWS::SecretsManager::Secret", d.MasterUserSecret.SecretArn, "password in", true)
	}
	for _, name := range d.EnabledCloudwatchLogsExports {
		group := fmt.Sprintf("/aws/rds/cluster/%s/%s", c.ref.id, name)
		l.to("AWS::Logs::LogGroup", &group, "logs to", true)
	}
	return l.links, nil
}

// instanceEvents adds the changes of the instance's parameter groups to its own events.
func instanceEvents(ctx context.Context, i *DBInstance, _ diag.Window) ([]diag.Event, error) {
	var groups []Event
	var groupsErr error
	var beside sync.WaitGroup
	beside.Go(func() { groups, groupsErr = i.ParameterGroupEvents(ctx) })
	own, err := i.Events(ctx)
	beside.Wait()
	d, _ := i.Describe(ctx)
	return append(told(i.resource(d), own), told(i.resource(d), groups)...), errors.Join(err, groupsErr)
}

func clusterEvents(ctx context.Context, c *DBCluster, _ diag.Window) ([]diag.Event, error) {
	events, err := c.Events(ctx)
	d, _ := c.Describe(ctx)
	return told(c.resource(d), events), err
}

func told(of diag.Resource, events []Event) []diag.Event {
	var out []diag.Event
	for _, e := range events {
		text := e.Message
		if e.SourceID != "" && !strings.EqualFold(e.SourceID, of.ID) {
			text = e.SourceID + ": " + text
		}
		out = append(out, diag.Event{At: e.At, Resource: of, Source: callEvents, Kind: "database", Text: text})
	}
	return out
}

func instanceSettings(ctx context.Context, i *DBInstance) ([]diag.Setting, error) {
	d, err := i.Describe(ctx)
	if err != nil {
		return nil, err
	}
	values := scalars(d, "DBInstanceIdentifier", "DBInstanceArn", "DBInstanceStatus", "DbiResourceId",
		"InstanceCreateTime", "MasterUsername")
	if d.Endpoint != nil {
		values["Endpoint.Port"] = fmt.Sprint(aws.ToInt32(d.Endpoint.Port))
	}
	for _, g := range d.DBParameterGroups {
		values["DBParameterGroup"] = aws.ToString(g.DBParameterGroupName)
	}
	values["VpcSecurityGroups"] = groupIDs(d.VpcSecurityGroups)
	values["IAMAuthenticationSupported"] = fmt.Sprint(SupportsIAMAuthentication(aws.ToString(d.Engine)))
	return asSettings(i.resource(d), values), nil
}

func clusterSettings(ctx context.Context, c *DBCluster) ([]diag.Setting, error) {
	d, err := c.Describe(ctx)
	if err != nil {
		return nil, err
	}
	values := scalars(d, "DBClusterIdentifier", "DBClusterArn", "Status", "DbClusterResourceId", "Endpoint",
		"ReaderEndpoint", "MasterUsername", "Capacity")
	values["VpcSecurityGroups"] = groupIDs(d.VpcSecurityGroups)
	values["Members"] = fmt.Sprint(len(d.DBClusterMembers))
	values["IAMAuthenticationSupported"] = fmt.Sprint(SupportsIAMAuthentication(aws.ToString(d.Engine)))
	return asSettings(c.resource(d), values), nil
}

// scalars are the plain members of a description but for those that name it or differ by nature.
func scalars(description any, without ...string) map[string]string {
	values := map[string]string{}
	for _, s := range setMembers(description) {
		if s[1] != "(set)" && !slices.Contains(without, s[0]) {
			values[s[0]] = s[1]
		}
	}
	return values
}

func groupIDs(groups []types.VpcSecurityGroupMembership) string {
	var ids []string
	for _, g := range groups {
		ids = append(ids, aws.ToString(g.VpcSecurityGroupId))
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

func asSettings(of diag.Resource, values map[string]string) []diag.Setting {
	var out []diag.Setting
	for _, name := range slices.Sorted(maps.Keys(values)) {
		out = append(out, diag.Setting{Resource: of, Name: name, Value: values[name]})
	}
	return out
}

// SupportsIAMAuthentication reports an engine that lets users log in with IAM credentials ("Supported Regions and DB
// engines for IAM database authentication"): not Oracle, SQL Server and Db2.
func SupportsIAMAuthentication(engine string) bool {
	return slices.ContainsFunc([]string{"aurora", "mysql", "mariadb", "postgres"},
		func(p string) bool { return strings.HasPrefix(engine, p) })
}
