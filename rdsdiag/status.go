package rdsdiag

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

const statusDoc = "Viewing Amazon RDS DB instance status; Viewing Amazon Aurora DB cluster status"

// state is how an instance or a cluster says it is.
type state struct {
	status   string
	resource diag.Resource
	field    string // of the description
	source   string
	// restartAt is when RDS starts a stopped database by itself; restorable until when its data can be restored.
	restartAt, restorable *time.Time
}

// InstanceStatuses are the checks of the status of an instance, one for each row of the table.
func InstanceStatuses() []*diag.Check[*DBInstance] {
	return statusChecks("rds.", callInstances, func(ctx context.Context, i *DBInstance) (state, error) {
		d, err := i.Describe(ctx)
		if err != nil {
			return state{}, err
		}
		return state{aws.ToString(d.DBInstanceStatus), i.resource(d), "DBInstances[0].DBInstanceStatus", callInstances,
			d.AutomaticRestartTime, d.LatestRestorableTime}, nil
	})
}

// ClusterStatuses are the checks of the status of a cluster, one for each row of the table.
func ClusterStatuses() []*diag.Check[*DBCluster] {
	return statusChecks("rds.cluster-", callClusters, func(ctx context.Context, c *DBCluster) (state, error) {
		d, err := c.Describe(ctx)
		if err != nil {
			return state{}, err
		}
		return state{aws.ToString(d.Status), c.resource(d), "DBClusters[0].Status", callClusters, d.AutomaticRestartTime,
			d.LatestRestorableTime}, nil
	})
}

func statusChecks[S diag.Subject](prefix diag.Code, action string, of func(context.Context, S) (state,
	error)) []*diag.Check[S] {
	var checks []*diag.Check[S]
	for _, row := range conditions {
		checks = append(checks, &diag.Check[S]{
			Info: diag.Info{Code: prefix + row.code, Title: row.title, Doc: row.doc, Severity: row.severity,
				Actions: []string{action},
				Breaks:  row.breaks, Needs: row.needs, Source: statusDoc,
				Limits: "The description does not say since when the status holds; events do."},
			Run: func(ctx context.Context, s S) ([]diag.Finding, error) {
				at, err := of(ctx, s)
				if err != nil || !row.covers(at.status) {
					return nil, err
				}
				return []diag.Finding{row.finding(at)}, nil
			},
		})
	}
	return checks
}

// covers reports that the row is the one for a status. Statuses are written with capitals in places.
func (c condition) covers(status string) bool {
	status = strings.ToLower(status)
	if status == "" || status == "available" || status == "storage-full" {
		return false
	}
	return rowOf(status) == c.code
}

// rowOf returns the row that names a status, else the one of its family, else the one for what is not known.
func rowOf(status string) diag.Code {
	for _, row := range conditions {
		if _, ok := row.statuses[status]; ok {
			return row.code
		}
	}
	for _, row := range conditions {
		if row.family != nil && row.family.MatchString(status) {
			return row.code
		}
	}
	return statusUnknown
}

func (c condition) finding(at state) diag.Finding {
	meaning, ok := c.statuses[strings.ToLower(at.status)]
	f := diag.Finding{
		Resource: at.resource, Summary: fmt.Sprintf("%s is %s (status %s)", at.resource.ID, meaning, at.status),
		Evidence:  []diag.Evidence{evidence(at.source, at.field, at.status)},
		NextSteps: []diag.Step{{Text: c.step}, lookAtEvents(at.resource)},
	}
	if !ok {
		f.Summary = fmt.Sprintf("%s is in status %s: %s", at.resource.ID, at.status, c.guess())
	}
	if at.restartAt != nil {
		f.Evidence = append(f.Evidence, evidence(at.source, "AutomaticRestartTime", at.restartAt.UTC().Format(time.RFC3339)))
		f.Summary += "; RDS starts it by itself at " + at.restartAt.UTC().Format("2006-01-02 15:04 UTC")
	}
	if c.code == "failed" && at.restorable != nil {
		f.Evidence = append(f.Evidence, evidence(at.source, "LatestRestorableTime", at.restorable.UTC().Format(time.RFC3339)))
	}
	if start := startCommand(at); c.code == "stopped" {
		f.NextSteps = append(f.NextSteps, start)
	}
	return f
}

// guess says what a status comes to that the table does not name.
func (c condition) guess() string {
	if c.code == statusUnknown {
		return "this module does not know it"
	}
	return "by its name, " + strings.ToLower(c.title[:1]) + c.title[1:]
}

// lookAtEvents asks for all events that RDS keeps: without a duration the CLI gets those of an hour.
func lookAtEvents(r diag.Resource) diag.Step {
	return diag.Step{Text: "Look at its events of the last 14 days.", Command: fmt.Sprintf(
		"aws rds describe-events --source-type %s --source-identifier %s --duration 20160", sourceType(r), r.ID)}
}

func sourceType(r diag.Resource) string {
	if r.Type == typeCluster {
		return "db-cluster"
	}
	return "db-instance"
}

func startCommand(at state) diag.Step {
	kind := strings.TrimPrefix(sourceType(at.resource), "db-")
	return diag.Step{Text: "Start it.", Changes: true,
		Command: fmt.Sprintf("aws rds start-db-%s --db-%s-identifier %s", kind, kind, at.resource.ID)}
}
