package rdsdiag

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
)

// advice is one row of the table that makes the checks of configuration.
type advice struct {
	code       diag.Code
	title, doc string
	severity   diag.Severity
	source     string
	// judge returns the summary, behind the identifier, and the evidence; both empty if there is nothing to say.
	judge func(d *types.DBInstance) (summary string, evidence []diag.Evidence)
	step  diag.Step
}

var advices = []advice{
	{
		code: "rds.pending-modifications", title: "Changes wait", severity: diag.SeverityInfo,
		doc: "Changes were made that RDS applies in the next maintenance window, or at the next reboot: the database does " +
			"not run with them yet.",
		source: "Using the Apply Immediately setting", judge: judgePending,
		step: diag.Step{Text: "Apply them at once if they are meant to fix something; that may interrupt the database."},
	},
	{
		code: "rds.parameter-group-pending-reboot", title: "Parameters wait for a reboot", severity: diag.SeverityInfo,
		doc: "The parameter group has values that the engine takes at its next start: it runs with others than the group " +
			"shows.",
		source: "Working with parameter groups", judge: judgeParameterGroups,
		step: diag.Step{Text: "Reboot it at a quiet time. Connections are cut.", Changes: true},
	},
	{
		code: "rds.publicly-accessible", title: "Publicly accessible", severity: diag.SeverityInfo,
		doc: "The endpoint resolves to a public address outside the VPC. Clients can reach it only if its subnets route " +
			"to an internet gateway and its security groups let them in.",
		source: "Working with a DB instance in a VPC", judge: func(d *types.DBInstance) (string, []diag.Evidence) {
			if !aws.ToBool(d.PubliclyAccessible) {
				return "", nil
			}
			return "is publicly accessible", []diag.Evidence{instanceEvidence("PubliclyAccessible", "true")}
		},
		step: diag.Step{Text: "Make it private unless clients outside the VPC need it."},
	},
	{
		code: "rds.subnet-group-incomplete", title: "Subnet group not sound", severity: diag.SeverityWarning,
		doc: "A subnet of the subnet group is gone or not usable, or the group itself is not complete: RDS may fail to " +
			"recover, fail over or modify the database (status incompatible-network).",
		source: "Working with DB subnet groups", judge: judgeSubnets,
		step: diag.Step{Text: "Take the missing subnets out of the group and put others in."},
	},
	{
		code: "rds.security-group-not-active", title: "Security group not active", severity: diag.SeverityInfo,
		doc:    "A security group is being added to or removed from the database.",
		source: "VpcSecurityGroupMembership (Amazon RDS API Reference)", judge: judgeGroups,
		step: diag.Step{Text: "Wait until the change is done."},
	},
}

// Configuration are the checks of how an instance is set up, one for each row of the table.
func Configuration() []*diag.Check[*DBInstance] {
	var checks []*diag.Check[*DBInstance]
	for _, row := range advices {
		checks = append(checks, &diag.Check[*DBInstance]{
			Info: diag.Info{Code: row.code, Title: row.title, Doc: row.doc, Severity: row.severity,
				Actions: []string{callInstances}, Source: row.source},
			Run: func(ctx context.Context, i *DBInstance) ([]diag.Finding, error) {
				d, err := i.Describe(ctx)
				if err != nil {
					return nil, err
				}
				summary, evidence := row.judge(d)
				if summary == "" {
					return nil, nil
				}
				return []diag.Finding{{Resource: i.resource(d), Summary: i.ref.id + " " + summary, Evidence: evidence,
					NextSteps: []diag.Step{row.step}}}, nil
			},
		})
	}
	return checks
}

func judgePending(d *types.DBInstance) (string, []diag.Evidence) {
	if d.PendingModifiedValues == nil {
		return "", nil
	}
	var names []string
	var evidence []diag.Evidence
	for _, s := range setMembers(d.PendingModifiedValues) {
		names = append(names, s[0]+"="+s[1])
		evidence = append(evidence, instanceEvidence("PendingModifiedValues."+s[0], s[1]))
	}
	if len(names) == 0 {
		return "", nil
	}
	return "waits for changes: " + strings.Join(names, ", "), evidence
}

// setMembers lists the members of an SDK structure that are set, as name and value, by name. AWS masks passwords in it;
// the value is left out all the same.
func setMembers(structure any) [][2]string {
	var set [][2]string
	v := reflect.Indirect(reflect.ValueOf(structure))
	for n := range v.NumField() {
		name, f := v.Type().Field(n).Name, reflect.Indirect(v.Field(n))
		if !v.Type().Field(n).IsExported() || !f.IsValid() || f.IsZero() && v.Field(n).Kind() != reflect.Pointer {
			continue
		}
		value := "(set)"
		switch f.Kind() {
		case reflect.String, reflect.Bool, reflect.Int32, reflect.Int64:
			if !strings.Contains(name, "Password") {
				value = fmt.Sprint(f.Interface())
			}
		}
		set = append(set, [2]string{name, value})
	}
	slices.SortFunc(set, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return set
}

func judgeParameterGroups(d *types.DBInstance) (string, []diag.Evidence) {
	var names []string
	var evidence []diag.Evidence
	for _, g := range d.DBParameterGroups {
		if status := aws.ToString(g.ParameterApplyStatus); status == "pending-reboot" || status == "failed-to-apply" {
			name := aws.ToString(g.DBParameterGroupName)
			names = append(names, name)
			evidence = append(evidence, instanceEvidence("DBParameterGroups["+name+"].ParameterApplyStatus", status))
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	return "runs without the newest values of its parameter group " + strings.Join(names, ", ") + " until it is rebooted",
		evidence
}

func judgeSubnets(d *types.DBInstance) (string, []diag.Evidence) {
	if d.DBSubnetGroup == nil {
		return "", nil
	}
	var bad []diag.Evidence
	if s := aws.ToString(d.DBSubnetGroup.SubnetGroupStatus); s != "" && s != "Complete" {
		bad = append(bad, instanceEvidence("DBSubnetGroup.SubnetGroupStatus", s))
	}
	for _, subnet := range d.DBSubnetGroup.Subnets {
		if s := aws.ToString(subnet.SubnetStatus); s != "" && s != "Active" {
			bad = append(bad, instanceEvidence("DBSubnetGroup.Subnets["+aws.ToString(subnet.SubnetIdentifier)+"].SubnetStatus",
				s))
		}
	}
	if len(bad) == 0 {
		return "", nil
	}
	return fmt.Sprintf("is in subnet group %s, which is not sound: %s", aws.ToString(d.DBSubnetGroup.DBSubnetGroupName),
		strings.TrimPrefix(bad[0].Field, "DBInstances[0].DBSubnetGroup.")+" is "+bad[0].Value), bad
}

func judgeGroups(d *types.DBInstance) (string, []diag.Evidence) {
	for _, g := range d.VpcSecurityGroups {
		if s := aws.ToString(g.Status); s != "" && s != "active" {
			return fmt.Sprintf("has security group %s in status %s", aws.ToString(g.VpcSecurityGroupId), s),
				[]diag.Evidence{instanceEvidence("VpcSecurityGroups["+aws.ToString(g.VpcSecurityGroupId)+"].Status", s)}
		}
	}
	return "", nil
}

// MaintenancePending reports maintenance that waits for the instance.
var MaintenancePending = maintenanceCheck("rds.maintenance-pending", callInstances, (*DBInstance).Maintenance)

// ClusterMaintenancePending reports maintenance that waits for the cluster.
var ClusterMaintenancePending = maintenanceCheck("rds.cluster-maintenance-pending", callClusters,
	(*DBCluster).Maintenance)

func maintenanceCheck[S diag.Subject](
	code diag.Code, describe string, pending func(S, context.Context) ([]types.PendingMaintenanceAction, error),
) *diag.Check[S] {
	return &diag.Check[S]{
		Info: diag.Info{Code: code, Title: "Maintenance waits", Severity: diag.SeverityInfo, Actions: []string{describe,
			callMaintenance},
			Doc:    "AWS has maintenance for the database. Some of it is applied by force at a date, and may interrupt it.",
			Source: "Maintaining a DB instance"},
		Run: func(ctx context.Context, s S) ([]diag.Finding, error) {
			actions, err := pending(s, ctx)
			var findings []diag.Finding
			for _, a := range actions {
				if a.Action == nil {
					continue
				}
				f := diag.Finding{Summary: fmt.Sprintf("%s waits for %s", s.Resource().ID, *a.Action),
					Evidence: []diag.Evidence{evidence(callMaintenance, "PendingMaintenanceActionDetails."+*a.Action,
						aws.ToString(a.Description))}}
				if due := firstOf(a.CurrentApplyDate, a.ForcedApplyDate, a.AutoAppliedAfterDate); due != nil {
					f.Summary += ", to be applied on " + due.UTC().Format("2006-01-02 15:04 UTC")
				}
				f.NextSteps = []diag.Step{{Text: "Choose the time yourself: apply it in a quiet hour before AWS does."}}
				findings = append(findings, f)
			}
			return findings, err
		},
	}
}

func firstOf(times ...*time.Time) *time.Time {
	for _, t := range times {
		if t != nil {
			return t
		}
	}
	return nil
}
