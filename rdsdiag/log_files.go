package rdsdiag

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
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
type LogLine struct{ File, Text string }

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

// Lines returns the last lines of the newest error logs that were written in the window.
func (l *LogFiles) Lines(ctx context.Context) ([]LogLine, error) {
	return l.lines.Get(ctx, func(ctx context.Context) ([]LogLine, error) {
		files, err := listLogFiles(ctx, l.api, &rds.DescribeDBLogFilesInput{DBInstanceIdentifier: aws.String(l.ref.id),
			FilenameContains: aws.String("error"), FileLastWritten: aws.Int64(l.window.Start.UnixMilli())})
		if err != nil {
			return nil, err
		}
		slices.SortFunc(files, func(a, b types.DescribeDBLogFilesDetails) int {
			return cmp.Or(cmp.Compare(aws.ToInt64(b.LastWritten), aws.ToInt64(a.LastWritten)),
				cmp.Compare(aws.ToString(b.LogFileName), aws.ToString(a.LogFileName)))
		})
		var lines []LogLine
		for _, f := range files[:min(len(files), newestFiles)] {
			if f.LogFileName == nil {
				continue
			}
			out, err := l.api.DownloadDBLogFilePortion(ctx,
				&rds.DownloadDBLogFilePortionInput{DBInstanceIdentifier: aws.String(l.ref.id),
					LogFileName: f.LogFileName, NumberOfLines: aws.Int32(tailLines)})
			if err != nil {
				return lines, fmt.Errorf("reading log file %s of %s: %w", *f.LogFileName, l.ref.id, err)
			}
			for text := range strings.Lines(aws.ToString(out.LogFileData)) {
				lines = append(lines, LogLine{*f.LogFileName, strings.TrimRight(text, "\r\n")})
			}
		}
		return lines, nil
	})
}

// errorLine finds lines in which an engine tells of trouble of its own: the levels FATAL and PANIC of PostgreSQL, ERROR
// of MySQL, and crashes. Statements that failed for their sender (ERROR of PostgreSQL) are the application's.
var errorLine = regexp.MustCompile(`\b(FATAL|PANIC)\b:|\[ERROR\]|\bORA-00600\b|` +
	`terminated by signal|got signal \d|[Oo]ut of memory|No space left|could not fork`)

// LogErrors reports errors in the logs of the engine.
var LogErrors = &diag.Check[*LogFiles]{
	Info: diag.Info{
		Code: "rds.log-errors", Title: "Errors in the engine's log", Severity: diag.SeverityWarning,
		Doc:     "The engine wrote errors of its own: refused logins or connections, crashes, missing memory or storage.",
		Actions: []string{callLogFiles, callLogPortion},
		Limits: "The last 1,000 lines of the two newest error logs. Lines are not dated: each engine writes time in its " +
			"own way.",
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
		f := diag.Finding{Summary: fmt.Sprintf("%s of %s since %s or later, the last: %s", plural(len(hits), "error line"),
			l.ref.id,
			l.window.Start.UTC().Format(time.RFC3339), hits[len(hits)-1].Text)}
		for _, h := range hits[max(0, len(hits)-maxEvents):] {
			f.Evidence = append(f.Evidence, evidence(callLogPortion, h.File, h.Text))
		}
		f.NextSteps = []diag.Step{{Text: "Read the file around these lines.", Command: fmt.Sprintf(
			"aws rds download-db-log-file-portion --db-instance-identifier %s --log-file-name %s --output text", l.ref.id,
			hits[len(hits)-1].File)}}
		return []diag.Finding{f}, err
	},
}
