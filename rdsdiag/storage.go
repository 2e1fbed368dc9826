package rdsdiag

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

const (
	// fullShare is the share of the storage below which next to nothing can be written, lowShare where RDS itself warns
	// (RDS-EVENT-0089) and autoscaling begins ("Managing capacity automatically with storage autoscaling").
	fullShare, lowShare = 0.01, 0.10
	// fillsWithin is the time within which storage must not be full. fillFit and fillChange tell filling from noise: the
	// line explains most of what happens, and moves by a percent of the storage at least.
	fillsWithin         = 24 * time.Hour
	fillFit, fillChange = 0.8, 0.01
	// localLow is the local storage of an Aurora instance, for temporary tables and logs, below which statements fail
	// soon.
	localLow = 2 * gib
)

// StorageFull reports a database that can no longer write.
var StorageFull = metricCheck(diag.Info{
	Code: "rds.storage-full", Title: "Storage full", Severity: diag.SeverityError,
	Doc:    "The database has used up its storage. It refuses writes, and RDS shuts it down to keep its data sound.",
	Breaks: []diag.Mechanism{diag.DBStorage, diag.DBServe, diag.DBAccept},
	Source: "Amazon RDS DB instance running out of storage",
	Limits: "What fills the storage is not in the metrics: tables, temporary files, binary or write-ahead logs.",
}, judgeFull)

// StorageFilling reports a database whose storage ends soon.
var StorageFilling = metricCheck(diag.Info{
	Code: "rds.storage-filling", Title: "Storage fills up", Severity: diag.SeverityWarning,
	Doc: "Less than a tenth of the storage is free, or it will be used up within a day at the rate of the last hours. " +
		"Where autoscaling may still add storage it is an information.",
	Source: "Managing capacity automatically with storage autoscaling",
}, judgeFilling)

// LocalStorageLow reports an Aurora instance with little room for temporary tables.
var LocalStorageLow = metricCheck(diag.Info{
	Code: "rds.local-storage-low", Title: "Local storage low", Severity: diag.SeverityWarning,
	Doc: "The local storage of the Aurora instance, which takes temporary tables, sorts and logs, is nearly used up: " +
		"large queries fail. It grows only with the instance class.",
	Breaks: []diag.Mechanism{diag.DBServe}, Source: "Temporary storage limits for Aurora",
}, judgeLocal)

func isAurora(d *types.DBInstance) bool { return strings.HasPrefix(aws.ToString(d.Engine), "aurora") }

func judgeFull(r reading) []diag.Finding {
	status, allocated := aws.ToString(r.d.DBInstanceStatus), float64(aws.ToInt32(r.d.AllocatedStorage))*gib
	free := r.series("FreeStorageSpace", "Average")
	newest, known := free.Last()
	b, low := lastStretch(free, r.window(), 1, true, atMost(fullShare*allocated))
	isFull := status == "storage-full"
	if isAurora(r.d) || (!isFull && (!low || !b.ongoing)) {
		return nil
	}
	summary := fmt.Sprintf("%s has no storage left", r.id())
	if known {
		summary += fmt.Sprintf(": %s of %d GiB free", size(newest.Value), aws.ToInt32(r.d.AllocatedStorage))
	}
	if isFull {
		summary += ", status storage-full"
	}
	if low {
		summary += ", " + b.when()
	}
	b.ongoing = true
	f := r.finding(b, diag.SeverityError, summary, []diag.Evidence{instanceEvidence("DBInstanceStatus", status),
		instanceEvidence("AllocatedStorage", fmt.Sprint(aws.ToInt32(r.d.AllocatedStorage)))}, autoscaling(r.d))
	if known {
		f.Evidence = append(f.Evidence, pointEvidence(free, newest, " bytes"))
	}
	f.NextSteps = growSteps(r)
	return []diag.Finding{led(f, free, metrics.Fall, cmp.Or(b.start, newest.At), bytesUnit)}
}

func growSteps(r reading) []diag.Step {
	return []diag.Step{
		{Text: "Add storage; it works also in status storage-full.", Changes: true, Command: fmt.Sprintf(
			"aws rds modify-db-instance --db-instance-identifier %s --allocated-storage %d --apply-immediately", r.id(),
			growth(aws.ToInt32(r.d.AllocatedStorage)))},
		{Text: "Find out what grew: tables, temporary files, or logs kept for a replica or a replication slot that no " +
			"longer reads."},
	}
}

// growth suggests half as much again; RDS takes no less than a tenth more.
func growth(allocated int32) int32 { return allocated + max(allocated/2, 10) }

func autoscaling(d *types.DBInstance) []diag.Evidence {
	if d.MaxAllocatedStorage == nil {
		return nil
	}
	return []diag.Evidence{instanceEvidence("MaxAllocatedStorage", fmt.Sprint(*d.MaxAllocatedStorage))}
}

// scales reports that autoscaling may still add storage: by at least a tenth, below its ceiling.
func scales(d *types.DBInstance) bool {
	return float64(aws.ToInt32(d.MaxAllocatedStorage)) >= 1.1*float64(aws.ToInt32(d.AllocatedStorage)) &&
		aws.ToInt32(d.AllocatedStorage) > 0
}

func judgeFilling(r reading) []diag.Finding {
	allocated := float64(aws.ToInt32(r.d.AllocatedStorage)) * gib
	free := r.series("FreeStorageSpace", "Average")
	newest, ok := free.Last()
	if !ok || allocated == 0 || isAurora(r.d) || newest.Value <= fullShare*allocated ||
		aws.ToString(r.d.DBInstanceStatus) == "storage-full" {
		return nil
	}
	t, fits := trendOf(free, max(r.window().Duration(), time.Hour))
	falling := fits && t.perHour < 0 && t.fit >= fillFit && -t.change >= fillChange*allocated
	soon := falling && t.until(0) <= fillsWithin
	low := newest.Value <= lowShare*allocated
	if !low && !soon {
		return nil
	}
	summary := fmt.Sprintf("%s has %s of %d GiB free", r.id(), size(newest.Value), aws.ToInt32(r.d.AllocatedStorage))
	b := stretch{ongoing: true}
	if falling {
		summary += fmt.Sprintf(" and loses %s an hour since %s or earlier: full in about %s", size(-t.perHour), words.Clock(t.from),
			words.Span(t.until(0)))
		b.start = t.from
	}
	severity := diag.SeverityWarning
	if scales(r.d) {
		summary += fmt.Sprintf("; autoscaling may grow it to %d GiB", *r.d.MaxAllocatedStorage)
		severity = diag.SeverityInfo
	}
	f := r.finding(b, severity, summary, []diag.Evidence{pointEvidence(free, newest, " bytes"),
		instanceEvidence("AllocatedStorage", fmt.Sprint(aws.ToInt32(r.d.AllocatedStorage)))}, autoscaling(r.d))
	f.SinceAtLeast = falling
	f.NextSteps = growSteps(r)
	found := led(f, free, metrics.Fall, newest.At, bytesUnit)
	if falling {
		found.Summary = f.Summary // says so already
	}
	return []diag.Finding{found}
}

func judgeLocal(r reading) []diag.Finding {
	free := r.series("FreeLocalStorage", "Average")
	b, ok := lastStretch(free, r.window(), 2, true, atMost(localLow))
	if !ok {
		return nil
	}
	f := r.finding(b, diag.SeverityWarning, fmt.Sprintf("%s is down to %s of local storage %s", r.id(),
		size(b.worst.Value), b.when()),
		stretchEvidence(free, b, " bytes"))
	f.NextSteps = []diag.Step{{Text: "Find the queries that sort or join much, and give them indexes; or take a larger " +
		"instance class."}}
	return []diag.Finding{led(f, free, metrics.Fall, b.start, bytesUnit)}
}
