package rdsdiag

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// LogFiles are the error logs of a database instance. They hold what the engine and its clients wrote: an action of
// class data, in a subject of its own, for who asks for it.
type LogFiles struct {
	api    LogFileAPI
	ref    ref
	window diag.Window

	lines diag.Memo[[]LogLine]
}

var _ diag.Subject = (*LogFiles)(nil)

// LogLine is one line of a log file.
type LogLine struct {
	File, Text string
	// At is when it was written, or the dated line before it; zero where the file has no dates that can be read.
	At time.Time
}

// NewLogFiles makes the error logs of an instance, named by identifier or ARN.
func NewLogFiles(api LogFileAPI, idOrARN string, window diag.Window) *LogFiles {
	return &LogFiles{api: api, ref: refOf(idOrARN), window: window}
}

// Resource names the instance.
func (l *LogFiles) Resource() diag.Resource { return l.ref.resource(typeInstance) }

const (
	// newestFiles is how many of the files written in the window are read, tailLines how many lines at the end of each
	// ("DownloadDBLogFilePortion": at most 1 MiB or 10,000 lines).
	newestFiles, tailLines = 2, 1000
)

// errorFile finds the files that engines write their own troubles to: PostgreSQL's error/postgresql.log, MySQL's and
// MariaDB's mysql-error.log, SQL Server's log/ERROR, Oracle's trace/alert_SID.log, Db2's diag.log ("Monitoring Amazon
// RDS log files", for each engine).
var errorFile = regexp.MustCompile(`(?i)error|postgresql\.log|/alert_|\bdiag\.log`)

// Lines returns the last lines of the newest error logs that were written in the window, without those that are dated
// before it. Where a file has more lines than are read, and these do not reach back to the window's beginning, that
// is an error of [diag.KindIncomplete] beside them.
func (l *LogFiles) Lines(ctx context.Context) ([]LogLine, error) {
	return l.lines.Get(ctx, func(ctx context.Context) ([]LogLine, error) {
		files, err := listLogFiles(ctx, l.api, &rds.DescribeDBLogFilesInput{DBInstanceIdentifier: aws.String(l.ref.id),
			FileLastWritten: aws.Int64(l.window.Start.UnixMilli())})
		if err != nil {
			return nil, err
		}
		files = slices.DeleteFunc(files, func(f types.DescribeDBLogFilesDetails) bool {
			return !errorFile.MatchString(aws.ToString(f.LogFileName))
		})
		slices.SortFunc(files, func(a, b types.DescribeDBLogFilesDetails) int {
			return cmp.Or(cmp.Compare(aws.ToInt64(b.LastWritten), aws.ToInt64(a.LastWritten)),
				cmp.Compare(aws.ToString(b.LogFileName), aws.ToString(a.LogFileName)))
		})
		var lines []LogLine
		var errs []error
		for _, f := range files[:min(len(files), newestFiles)] {
			read, err := l.tail(ctx, *f.LogFileName)
			lines, errs = append(lines, read...), append(errs, err)
		}
		return lines, errors.Join(errs...)
	})
}

// tail returns the last lines of a file.
func (l *LogFiles) tail(ctx context.Context, file string) ([]LogLine, error) {
	read, err := l.portion(ctx, file, nil, tailLines)
	if err != nil {
		return nil, err
	}
	var lines []LogLine
	var at, first time.Time
	for text := range strings.Lines(read.text) {
		text = strings.TrimRight(text, "\r\n")
		if dated, ok := dateOf(text); ok {
			at = dated
			if first.IsZero() {
				first = at
			}
		}
		if at.IsZero() || !at.Before(l.window.Start) {
			lines = append(lines, LogLine{file, text, at})
		}
	}
	if read.lines >= read.asked && (first.IsZero() || !first.Before(l.window.Start)) {
		return lines, diag.Errorf(diag.KindIncomplete, "reading log file %s of %s: only its last %d lines, of a longer "+
			"window",
			file, l.ref.id, read.lines)
	}
	return lines, nil
}

// lineDate is how engines begin a line: PostgreSQL "2026-03-04 11:59:00 UTC:", MySQL and Oracle
// "2026-03-04T11:59:00.1Z", MariaDB and SQL Server "2026-03-04 11:59:00". Times of another zone than UTC are not
// read.
var lineDate = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d| [A-Z]{3,5}\b)?`)

func dateOf(line string) (time.Time, bool) {
	m := lineDate.FindStringSubmatch(line)
	if m == nil || !slices.Contains([]string{"", "Z", "+00:00", "+0000", " UTC", " GMT"}, m[3]) {
		return time.Time{}, false
	}
	at, err := time.Parse(time.DateTime, m[1]+" "+m[2])
	return at, err == nil
}

// errorLine finds lines in which an engine tells of trouble of its own: the levels FATAL and PANIC of PostgreSQL, ERROR
// of MySQL, severities from 17 on of SQL Server, Severe of Db2, and crashes. Statements that failed for their sender
// (ERROR of PostgreSQL) are the application's.
var errorLine = regexp.MustCompile(`\b(FATAL|PANIC)\b:|\[ERROR\]|\bORA-(00600|07445|04031|00018|00020|00257)\b|` +
	`Error: \d+, Severity: (1[7-9]|2\d)|LEVEL: (Severe|Critical)|` +
	`terminated by signal|got signal \d|[Oo]ut of memory|No space left|could not fork`)

// LogErrors reports errors in the logs of the engine.
var LogErrors = &diag.Check[*LogFiles]{
	Info: diag.Info{
		Code: "rds.log-errors", Title: "Errors in the engine's log", Severity: diag.SeverityWarning,
		Doc:     "The engine wrote errors of its own: refused logins or connections, crashes, missing memory or storage.",
		Actions: []string{callLogFiles, callLogPortion},
		Limits: "The last 1,000 lines of the two newest error logs. Lines that are dated in another zone than UTC, or not " +
			"at all, may be older than the window.",
		Source: "Monitoring Amazon RDS log files",
	},
	Run: func(ctx context.Context, l *LogFiles) ([]diag.Finding, error) {
		lines, err := l.Lines(ctx)
		var hits []LogLine
		for _, line := range lines {
			if errorLine.MatchString(line.Text) {
				hits = append(hits, line)
			}
		}
		if len(hits) == 0 {
			return nil, err
		}
		slices.SortStableFunc(hits, func(a, b LogLine) int { return a.At.Compare(b.At) })
		first, last := hits[0], hits[len(hits)-1]
		f := diag.Finding{Since: first.At, SinceAtLeast: diag.KindOf(err) == diag.KindIncomplete}
		if first.At.IsZero() {
			f.Summary = fmt.Sprintf("%s of %s since %s or later, the last: %s", words.Count(len(hits), "error line"), l.ref.id,
				l.window.Start.UTC().Format(time.RFC3339), last.Text)
		} else {
			f.Summary = fmt.Sprintf("%s of %s from %s to %s, the last: %s", words.Count(len(hits), "error line"), l.ref.id,
				first.At.Format("15:04"), words.Clock(last.At), last.Text)
		}
		for _, h := range hits[max(0, len(hits)-maxEvents):] {
			e := evidence(callLogPortion, h.File, h.Text)
			e.At = h.At
			f.Evidence = append(f.Evidence, e)
		}
		f.NextSteps = []diag.Step{{Text: "Read the file around these lines.", Command: fmt.Sprintf(
			"aws rds download-db-log-file-portion --db-instance-identifier %s --log-file-name %s --output text", l.ref.id,
			hits[len(hits)-1].File)}}
		return []diag.Finding{f}, err
	},
}
