package rdsdiag_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

// logs gives the instance log files, written now.
func logs(files map[string]string) func(*world) {
	return func(w *world) {
		w.rds.LogFiles, w.rds.LogText = map[string][]types.DescribeDBLogFilesDetails{}, map[string]string{}
		for name, text := range files {
			w.rds.LogFiles[dbID] = append(w.rds.LogFiles[dbID], types.DescribeDBLogFilesDetails{LogFileName: aws.String(name),
				LastWritten: aws.Int64(now.UnixMilli()), Size: aws.Int64(int64(len(text)))})
			w.rds.LogText[dbID+"/"+name] = text
		}
	}
}

func (w *world) logFiles() *rdsdiag.LogFiles { return rdsdiag.NewLogFiles(w.rds, dbID, w.window) }

// TestLogErrors reads the error logs of every engine, each with its own name, dates and words.
func TestLogErrors(t *testing.T) {
	for _, c := range []struct {
		name, file, text string
		want             int // hits; zero is silence
		since            time.Time
	}{
		{"PostgreSQL", "error/postgresql.log.2026-03-04-11", "2026-03-04 11:10:00 UTC::@:[1]:LOG:  checkpoint starting\n" +
			"2026-03-04 11:20:00 UTC:10.0.0.1(5):app@shop:[7]:FATAL:  remaining connection slots are reserved\n" +
			"2026-03-04 11:21:00 UTC:10.0.0.1(5):app@shop:[8]:ERROR:  duplicate key value\n", 1, now.Add(-40 * time.Minute)},
		{"MySQL", "error/mysql-error-running.log",
			"2026-03-04T11:20:00.120000Z 0 [ERROR] [MY-012592] [InnoDB] Operating system error\n", 1,
			now.Add(-40 * time.Minute)},
		{"SQL Server", "log/ERROR", "2026-03-04 11:20:00.12 spid5  Error: 823, Severity: 24, State: 2.\n" +
			"2026-03-04 11:20:01.12 Logon  Error: 18456, Severity: 14, State: 8.\n", 1, now.Add(-40 * time.Minute)},
		{"Oracle", "trace/alert_ORCL.log",
			"2026-03-04T11:20:00.123456+00:00\nORA-00020: maximum number of processes (80) exceeded\n", 1,
			now.Add(-40 * time.Minute)},
		{"Db2", "diag.log", "2026-03-04-11.20.00.123456+000 I1 LEVEL: Severe\n", 1, time.Time{}},
		{"another zone", "error/postgresql.log", "2026-03-04 11:20:00 CET::@:[1]:PANIC:  could not write\n", 1, time.Time{}},
		{"before the window", "error/postgresql.log", "2026-03-03 11:20:00 UTC::@:[1]:PANIC:  could not write\n", 0,
			time.Time{}},
		{"a slow query log", "slowquery/mysql-slowquery.log", "# FATAL: is what somebody searched for\n", 0, time.Time{}},
		{"nothing in it", "error/mysql-error.log", "", 0, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, newWorld(logs(map[string]string{c.file: c.text})).logFiles(), rdsdiag.LogErrors)
			require.NoError(t, report.Err())
			if c.want == 0 {
				assert.Empty(t, report.Findings)
				return
			}
			f := diagtest.Only(t, report, "rds.log-errors")
			assert.Contains(t, f.Summary, fmt.Sprintf("%d error line of shop-db", c.want))
			assert.Equal(t, c.since, f.Since)
		})
	}
}

// TestLogErrorsOfALongFile says that it did not see the beginning of the window, and what it saw.
func TestLogErrorsOfALongFile(t *testing.T) {
	line := func(at time.Time, text string) string {
		return at.Format("2006-01-02 15:04:05") + " UTC::@:[1]:" + text + "\n"
	}
	text := strings.Repeat(line(now.Add(-2*time.Hour), "LOG:  noise"), 400) +
		strings.Repeat(line(now.Add(-time.Hour), "LOG:  noise"), 900) +
		line(now.Add(-50*time.Minute), "PANIC:  could not write")
	report := diagtest.Run(t, newWorld(logs(map[string]string{"error/postgresql.log": text})).logFiles(),
		rdsdiag.LogErrors)
	require.Len(t, report.Findings, 1)
	assert.True(t, report.Findings[0].SinceAtLeast)
	require.Len(t, report.Inconclusive, 1)
	assert.Equal(t, diag.KindIncomplete, report.Inconclusive[0].Kind)

	reaches := strings.Repeat(line(now.Add(-26*time.Hour), "LOG:  noise"), 1200) +
		line(now.Add(-50*time.Minute), "PANIC:  could not write")
	report = diagtest.Run(t, newWorld(logs(map[string]string{"error/postgresql.log": reaches})).logFiles(),
		rdsdiag.LogErrors)
	require.Len(t, report.Findings, 1)
	assert.NoError(t, report.Err(), "what was read reaches back beyond the window")
}

// TestReadLogFile reads a file portion by portion, also where RDS cuts a line short, and stops at a limit.
func TestReadLogFile(t *testing.T) {
	var file strings.Builder
	for n := range 7000 {
		fmt.Fprintf(&file, "line %05d\n", n)
	}
	const name = "error/postgresql.log"
	for _, c := range []struct {
		what        string
		portion     int
		limit, want int
		kind        diag.Kind
		calls       int
	}{
		{"in portions of lines", 0, 1 << 20, file.Len(), "", 3},
		{"in portions that RDS cuts", 11*1000 + 5, 1 << 20, file.Len(), "", 12},
		{"up to a limit", 0, 1000, 990, diag.KindIncomplete, 1},
		{"nothing allowed", 0, 0, 0, diag.KindIncomplete, 1},
	} {
		w := newWorld(logs(map[string]string{name: file.String()}))
		w.rds.PortionSize = c.portion
		text, err := w.logFiles().Read(t.Context(), name, c.limit)
		assert.Equal(t, c.want, len(text), c.what)
		assert.True(t, strings.HasPrefix(file.String(), text), c.what)
		assert.Equal(t, c.kind, diag.KindOf(err), c.what)
		assert.Equal(t, c.calls, calls(w, "rds:DownloadDBLogFilePortion"), c.what)
	}
	long := newWorld(logs(map[string]string{name: strings.Repeat("x", 100) + "\nnext\n"}))
	long.rds.PortionSize = 40
	text, err := long.logFiles().Read(t.Context(), name, 1000)
	require.NoError(t, err)
	assert.Equal(t, strings.Repeat("x", 40)+" [Your log message was truncated]\nnext\n", text,
		"a line longer than an answer stays cut")

	_, err = newWorld(logs(nil)).logFiles().Read(t.Context(), "gone", 1000)
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
}

// TestLogErrorsKeepSecrets proves that the driver takes secrets out of what an engine wrote.
func TestLogErrorsKeepSecrets(t *testing.T) {
	report := diagtest.Run(t,
		newWorld(logs(map[string]string{"error/postgresql.log": "2026-03-04 11:20:00 UTC::@:[1]:FATAL:  " +
			"could not connect: postgresql://app:hunter2secret@shop-db:5432/shop\n"})).logFiles(), rdsdiag.LogErrors)
	require.Len(t, report.Findings, 1)
	assert.NotContains(t, fmt.Sprint(report.Findings), "hunter2secret")
}

// The error log of an engine is read on request, and a whole file with a limit.
func ExampleLogFiles() {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	client := rdsfake.Healthy("shop-db", now) // rds.NewFromConfig(cfg) in earnest
	client.LogFiles = map[string][]types.DescribeDBLogFilesDetails{"shop-db": {{
		LogFileName: aws.String("error/postgresql.log"), LastWritten: aws.Int64(now.UnixMilli()), Size: aws.Int64(91)}}}
	client.LogText = map[string]string{"shop-db/error/postgresql.log": "2026-03-04 11:58:00 UTC::@:[1]:FATAL:  " +
		"remaining connection slots are reserved\n"}

	files := rdsdiag.NewLogFiles(client, "shop-db", diag.Last(3*time.Hour, now))
	report := diag.Run(context.Background(), diag.On(files, rdsdiag.LogFileChecks()...))
	for _, f := range report.Findings {
		fmt.Println(f.Severity, f.Code, f.Since.Format("15:04"))
	}
	text, err := files.Read(context.Background(), "error/postgresql.log", 1<<20)
	fmt.Println(len(text), err)
	// Output:
	// warning rds.log-errors 11:58
	// 79 <nil>
}
