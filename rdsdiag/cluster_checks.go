package rdsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// ClusterWithoutWriter reports a cluster that nobody can write to.
var ClusterWithoutWriter = clusterCheck(diag.Info{
	Code: "rds.cluster-without-writer", Title: "Cluster without writer", Severity: diag.SeverityError, Breaks: down,
	Doc:    "No instance of the cluster is its writer, or it has no instance at all: the cluster endpoint leads nowhere.",
	Source: "Amazon Aurora DB clusters",
}, func(d *types.DBCluster) (string, []diag.Evidence) {
	serverless := strings.EqualFold(aws.ToString(d.EngineMode), "serverless") // version 1 has no members
	known := slices.ContainsFunc(d.DBClusterMembers,
		func(m types.DBClusterMember) bool { return m.IsClusterWriter != nil })
	switch {
	case serverless || d.Status == nil || !strings.EqualFold(*d.Status, "available"):
		return "", nil // other statuses explain it
	case len(d.DBClusterMembers) == 0:
		return "has no instances", []diag.Evidence{clusterEvidence("DBClusterMembers", "[]")}
	case !known || slices.ContainsFunc(d.DBClusterMembers,
		func(m types.DBClusterMember) bool { return aws.ToBool(m.IsClusterWriter) }):
		return "", nil
	}
	return fmt.Sprintf("has %s and none is its writer", words.Count(len(d.DBClusterMembers), "instance")),
		[]diag.Evidence{clusterEvidence("DBClusterMembers[].IsClusterWriter", "false")}
}, "Look at the status and events of its instances; fail over to a sound one.")

// ClusterParametersPendingReboot reports members that run with other parameters than the cluster's group shows.
var ClusterParametersPendingReboot = clusterCheck(diag.Info{
	Code: "rds.cluster-parameter-group-pending-reboot", Title: "Cluster parameters wait for a reboot",
	Severity: diag.SeverityInfo,
	Doc:      "The cluster parameter group has values that these instances take at their next start.",
	Source:   "Working with parameter groups (Amazon Aurora User Guide)",
}, func(d *types.DBCluster) (string, []diag.Evidence) {
	var members []string
	var evidence []diag.Evidence
	for _, m := range d.DBClusterMembers {
		if aws.ToString(m.DBClusterParameterGroupStatus) == "pending-reboot" {
			id := aws.ToString(m.DBInstanceIdentifier)
			members = append(members, id)
			evidence = append(evidence, clusterEvidence("DBClusterMembers["+id+"].DBClusterParameterGroupStatus",
				"pending-reboot"))
		}
	}
	if len(members) == 0 {
		return "", nil
	}
	return "has instances without the newest cluster parameters until they are rebooted: " + strings.Join(members, ", "),
		evidence
}, "Reboot the instances at a quiet time.")

// ClusterPendingModifications reports changes that wait for the maintenance window.
var ClusterPendingModifications = clusterCheck(diag.Info{
	Code: "rds.cluster-pending-modifications", Title: "Changes of the cluster wait", Severity: diag.SeverityInfo,
	Doc:    "Changes were made that RDS applies in the next maintenance window: the cluster does not run with them yet.",
	Source: "Modifying an Amazon Aurora DB cluster",
}, func(d *types.DBCluster) (string, []diag.Evidence) {
	if d.PendingModifiedValues == nil {
		return "", nil
	}
	var names []string
	var evidence []diag.Evidence
	for _, s := range setMembers(d.PendingModifiedValues) {
		names = append(names, s[0]+"="+s[1])
		evidence = append(evidence, clusterEvidence("PendingModifiedValues."+s[0], s[1]))
	}
	if len(names) == 0 {
		return "", nil
	}
	return "waits for changes: " + strings.Join(names, ", "), evidence
}, "Apply them at once if they are meant to fix something; that may interrupt the cluster.")

func clusterEvidence(field, value string) diag.Evidence {
	return evidence(callClusters, "DBClusters[0]."+field, value)
}

func clusterCheck(info diag.Info, judge func(*types.DBCluster) (string, []diag.Evidence),
	step string) *diag.Check[*DBCluster] {
	info.Actions = []string{callClusters}
	return &diag.Check[*DBCluster]{Info: info, Run: func(ctx context.Context, c *DBCluster) ([]diag.Finding, error) {
		d, err := c.Describe(ctx)
		if err != nil {
			return nil, err
		}
		summary, evidence := judge(d)
		if summary == "" {
			return nil, nil
		}
		return []diag.Finding{{Resource: c.resource(d), Summary: c.ref.id + " " + summary, Evidence: evidence,
			NextSteps: []diag.Step{{Text: step}}}}, nil
	}}
}
