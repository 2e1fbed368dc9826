package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/report"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// The exit statuses.
const (
	exitHealthy = iota
	exitFindings
	exitInconclusive
	exitBadInput
)

// run is the whole program but for what belongs to the process.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, _ func() time.Time) int {
	fs := flag.NewFlagSet("customcheck", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	folder := fs.String("world", "", "saved world: a `folder` of JSON documents; without it, a made-up account")
	now := fs.String("now", "", "`time` at which the world was saved, such as 2026-02-11T14:05:00Z")
	service := fs.String("service", "", "`cluster/service` to look at; without it, all")
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fs.SetOutput(stdout)
		fs.PrintDefaults()
		return exitHealthy
	case err != nil:
		return fail(stderr, err)
	case fs.NArg() > 0:
		return fail(stderr, fmt.Errorf("%q is no flag; -h lists the flags", fs.Arg(0)))
	}
	account, at, err := open(*folder, *now)
	if err != nil {
		return fail(stderr, err)
	}
	if *service != "" {
		return one(ctx, account.Scope(), *service, at, stdout, stderr)
	}
	return all(ctx, account.Scope(), at, stdout, stderr)
}

// one walks from a service over all that it depends on.
func one(ctx context.Context, scope triage.Scope, service string, now time.Time, stdout, stderr io.Writer) int {
	symptom := triage.Symptom{Kind: triage.Unknown, Target: service, TargetType: "AWS::ECS::Service"}
	r, err := triage.Investigate(ctx, []triage.Scope{scope}, symptom, triage.Options{Now: now, Catalogue: catalogue()})
	if err != nil {
		return fail(stderr, err)
	}
	if err := report.Text(stdout, r, report.Options{}); err != nil {
		return fail(stderr, err)
	}
	return status(r)
}

// all sweeps the services, each by itself.
func all(ctx context.Context, scope triage.Scope, now time.Time, stdout, stderr io.Writer) int {
	worst := exitHealthy
	options := triage.SweepOptions{Now: now, Catalogue: catalogue(), Rate: -1} // a saved world has no quotas
	for r, err := range triage.Sweep(ctx, []triage.Scope{scope}, triage.SweepServices, options) {
		if err != nil {
			return fail(stderr, err)
		}
		fmt.Fprintf(stdout, "%s: %s\n", r.Focus.ID, r)
		for _, root := range r.Roots() {
			fmt.Fprintf(stdout, "  %s %s: %q\n", root.Severity, root.Code, root.Summary)
		}
		if s := status(r); worst != exitFindings && s != exitHealthy {
			worst = s
		}
	}
	return worst
}

func status(r *diag.Report) int {
	switch {
	case r.Worst() >= diag.SeverityWarning:
		return exitFindings
	case r.Err() != nil:
		return exitInconclusive
	}
	return exitHealthy
}

// open loads a saved world, or makes an account up.
func open(folder, now string) (*triagefake.Account, time.Time, error) {
	if folder == "" {
		return demo(), ecsfake.Now, nil
	}
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		return nil, at,
			fmt.Errorf("-now %q: a saved world needs the time at which it was saved, such as 2026-02-11T14:05:00Z", now)
	}
	if info, err := os.Stat(filepath.Join(folder, "world")); err == nil && info.IsDir() {
		folder = filepath.Join(folder, "world")
	}
	account, err := triagefake.Load(os.DirFS(folder))
	if err != nil {
		return nil, at, fmt.Errorf("-world %q: %w", folder, err)
	}
	return account, at, nil
}

// demo is an account with two services, of which somebody owns one.
func demo() *triagefake.Account {
	a := &triagefake.Account{ID: "111122223333", Region: "eu-west-1"}
	a.ECS.Clusters = []types.Cluster{ecsfake.Cluster("prod")}
	for _, name := range []string{"api", "web"} {
		a.ECS.Services = append(a.ECS.Services, ecsfake.Service("prod", name))
		a.ECS.TaskDefinitions = append(a.ECS.TaskDefinitions, ecsfake.TaskDefinition(name, 7))
		a.ECS.Tasks = append(a.ECS.Tasks, ecsfake.Task("prod", name, name+"1"), ecsfake.Task("prod", name, name+"2"))
	}
	a.ECS.Services[0].Tags = []types.Tag{{Key: aws.String("owner"), Value: aws.String("team-a")}}
	return a
}

// fail writes an error on one line, whatever it holds.
func fail(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "customcheck: "+strings.Trim(fmt.Sprintf("%q", err.Error()), `"`))
	return exitBadInput
}
