package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// The exit statuses.
const (
	exitDone     = 0
	exitBadInput = 3
)

// question is what the command line asks.
type question struct {
	world, now, notice, kind, target, targetType string
	environment, attempted, tried, logs, audit   string
	incident                                     bool
	format                                       string
}

func (q *question) bind(fs *flag.FlagSet) {
	text := func(p *string, name, value, usage string) { fs.StringVar(p, name, value, usage) }
	text(&q.world, "world", "", "saved world: a `folder` of JSON documents; without it, a made-up account")
	text(&q.now, "now", "", "`time` at which the world was saved, such as 2026-02-11T14:05:00Z")
	text(&q.notice, "notice", "", "alert, log line or error `message`, in place of -symptom and -target")
	text(&q.kind, "symptom", string(triage.Unknown), "what is wrong")
	text(&q.target, "target", "", "`resource` that shows it: name, id, ARN or cluster/service")
	text(&q.targetType, "target-type", "", "its CloudFormation `type`, where a name alone is ambiguous")
	text(&q.environment, "environment", "", "what people call the environment")
	text(&q.attempted, "attempted", "", "what was being done when it broke")
	text(&q.tried, "tried", "", "what was tried already, with semicolons between")
	text(&q.logs, "logs", "", "`file` with the end of the log")
	fs.BoolVar(&q.incident, "incident", false, "write an incident report instead of a request for help")
	text(&q.audit, "audit", "", "audit trail for the incident report: a `file` of JSON lines")
	text(&q.format, "format", "markdown", "markdown or json")
}

// run is the whole program but for what belongs to the process.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, _ func() time.Time) int {
	q := &question{}
	fs := flag.NewFlagSet("escalate", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	q.bind(fs)
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fs.SetOutput(stdout)
		fs.PrintDefaults()
		return exitDone
	case err != nil:
		return fail(stderr, err)
	case fs.NArg() > 0:
		return fail(stderr, fmt.Errorf("%q is no flag; -h lists the flags", fs.Arg(0)))
	case q.format != "markdown" && q.format != "json":
		return fail(stderr, fmt.Errorf("-format %q: want markdown or json", q.format))
	}
	if err := q.write(ctx, stdout); err != nil {
		return fail(stderr, err)
	}
	return exitDone
}

func (q *question) write(ctx context.Context, stdout io.Writer) error {
	account, now, err := q.open()
	if err != nil {
		return err
	}
	symptom, err := q.symptom()
	if err != nil {
		return err
	}
	redactor := diag.NewRedactor(nil)
	report, err := triage.Investigate(ctx, []triage.Scope{account.Scope()}, symptom, triage.Options{Now: now,
		Redactor: redactor})
	if err != nil {
		return err
	}
	if q.incident {
		return q.writeIncident(report, stdout)
	}
	extras := triage.EscalationExtras{Environment: q.environment, Attempted: q.attempted, Redactor: redactor}
	if q.tried != "" {
		extras.Tried = strings.Split(q.tried, ";")
	}
	if extras.Logs, err = q.lines(); err != nil {
		return err
	}
	b := triage.Escalation(report, symptom, extras)
	return q.render(stdout, b, b.Markdown)
}

func (q *question) writeIncident(report *diag.Report, stdout io.Writer) error {
	var audit io.Reader
	if q.audit != "" {
		file, err := os.Open(q.audit)
		if err != nil {
			return fmt.Errorf("-audit: %w", err)
		}
		defer file.Close()
		audit = file
	}
	i, err := triage.Incident(report, audit)
	if err != nil {
		return fmt.Errorf("-audit: %w", err)
	}
	return q.render(stdout, i, i.Markdown)
}

func (q *question) render(w io.Writer, v any, markdown func(io.Writer) error) error {
	if q.format == "markdown" {
		return markdown(w)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// symptom is what the flags or the notice complain of.
func (q *question) symptom() (triage.Symptom, error) {
	if q.notice != "" {
		return triage.ReadNotice(q.notice).Symptom()
	}
	if q.world == "" && q.target == "" {
		q.target, q.kind = "prod/api", string(triage.TasksStopping)
	}
	kind, err := triage.ParseSymptomKind(q.kind)
	return triage.Symptom{Kind: kind, Target: q.target, TargetType: q.targetType}, err
}

// lines reads the end of a log.
func (q *question) lines() (lines []triage.LogLine, err error) {
	if q.logs == "" {
		return nil, nil
	}
	file, err := os.Open(q.logs)
	if err != nil {
		return nil, fmt.Errorf("-logs: %w", err)
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		lines = append(lines, triage.LogLine{From: q.logs, Text: scanner.Text()})
	}
	return lines, scanner.Err()
}

func (q *question) open() (*triagefake.Account, time.Time, error) {
	if q.world == "" {
		return demo(), ecsfake.Now, nil
	}
	now, err := time.Parse(time.RFC3339, q.now)
	if err != nil {
		return nil, now, fmt.Errorf("-now %q: want the time at which the world was saved, such as 2026-02-11T14:05:00Z",
			q.now)
	}
	folder := q.world
	if info, statErr := os.Stat(filepath.Join(folder, "world")); statErr == nil && info.IsDir() {
		folder = filepath.Join(folder, "world")
	}
	account, err := triagefake.Load(os.DirFS(folder))
	if err != nil {
		return nil, now, fmt.Errorf("-world %q: %w", q.world, err)
	}
	return account, now, nil
}

// demo is an account with one service, whose tasks are killed for memory.
func demo() *triagefake.Account {
	a := &triagefake.Account{ID: "111122223333", Region: "eu-west-1"}
	a.ECS.Clusters = []types.Cluster{ecsfake.Cluster("prod")}
	a.ECS.Services = []types.Service{ecsfake.Service("prod", "api")}
	a.ECS.Services[0].LoadBalancers = nil
	a.ECS.TaskDefinitions = []types.TaskDefinition{ecsfake.TaskDefinition("api", 7)}
	a.Logs.Groups = []logsfake.Group{{LogGroup: logstypes.LogGroup{LogGroupName: aws.String("/ecs/api")}}}
	a.ECS.Tasks = []types.Task{ecsfake.Task("prod", "api", "api1"), ecsfake.Task("prod", "api", "api2")}
	for i, ago := range []time.Duration{5 * time.Minute, 20 * time.Minute, 35 * time.Minute} {
		at := ecsfake.Now.Add(-ago)
		t := ecsfake.Exited(ecsfake.Task("prod", "api", fmt.Sprintf("killed%d", i)), at, 137,
			"OutOfMemoryError: Container killed due to memory usage")
		t.StartedAt = aws.Time(at.Add(-10 * time.Minute))
		a.ECS.Tasks = append(a.ECS.Tasks, t)
	}
	return a
}

// fail writes an error on one line, whatever it holds.
func fail(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "escalate: "+strings.Trim(fmt.Sprintf("%q", err.Error()), `"`))
	return exitBadInput
}
