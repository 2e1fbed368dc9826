package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

// The exit statuses.
const (
	exitHealthy = iota
	exitFindings
	exitInconclusive
	exitBadInput
)

// question is what the command line asks.
type question struct {
	worlds, kind, now, cursor, format string
	limit                             int
	all                               bool
}

func (q *question) bind(fs *flag.FlagSet) {
	var kinds []string
	for _, k := range triage.SweepKinds() {
		kinds = append(kinds, string(k))
	}
	fs.StringVar(&q.worlds, "world", "",
		"saved worlds: `folders` of JSON documents, with commas between; without it, a made-up account")
	fs.StringVar(&q.kind, "kind", string(triage.SweepServices), "what to sweep: "+strings.Join(kinds, ", "))
	fs.StringVar(&q.now, "now", "", "`time` to diagnose at, such as 2026-02-11T14:05:00Z; saved worlds need it")
	fs.StringVar(&q.cursor, "cursor", "", "`cursor` to go on from, as -limit printed it")
	fs.IntVar(&q.limit, "limit", 0, "how `many` resources to look at before it stops; 0 for all")
	fs.StringVar(&q.format, "format", "text", "text, or json for a report in each line")
	fs.BoolVar(&q.all, "v", false, "print what is healthy too")
}

// run is the whole program but for what belongs to the process.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, _ func() time.Time) int {
	q := &question{}
	fs := flag.NewFlagSet("sweep", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	q.bind(fs)
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fs.SetOutput(stdout)
		fs.PrintDefaults()
		return exitHealthy
	case err != nil:
		return fail(stderr, err)
	case fs.NArg() > 0:
		return fail(stderr, fmt.Errorf("%q is no flag; -h lists the flags", fs.Arg(0)))
	case q.format != "text" && q.format != "json":
		return fail(stderr, fmt.Errorf("-format %q: want text or json", q.format))
	case q.limit < 0:
		return fail(stderr, fmt.Errorf("-limit %d: want 0 or more", q.limit))
	}
	scopes, now, err := open(q.worlds, q.now)
	if err != nil {
		return fail(stderr, err)
	}
	return q.sweep(ctx, scopes, now, stdout, stderr)
}

// sweep prints reports as they come.
func (q *question) sweep(ctx context.Context, scopes []triage.Scope, now time.Time, stdout, stderr io.Writer) int {
	var t tally
	cursor := ""
	options := triage.SweepOptions{Now: now, Cursor: q.cursor, Checkpoint: func(c string) { cursor = c },
		Rate: -1} // a saved world has no quotas
	for r, err := range triage.Sweep(ctx, scopes, triage.SweepKind(q.kind), options) {
		if diag.KindOf(err) == diag.KindInvalid {
			return fail(stderr, err)
		}
		if err != nil { // a part could not be listed; the rest goes on
			t.blind++
			fmt.Fprintln(stderr, "sweep: "+line(err.Error()))
			continue
		}
		t.count(r)
		if err := q.print(stdout, r); err != nil {
			return fail(stderr, err)
		}
		if t.looked == q.limit {
			break
		}
	}
	if q.limit > 0 && t.looked == q.limit { // the loop is over: the cursor stands behind its last report
		fmt.Fprintln(stderr, "sweep: go on with -cursor "+cursor)
	}
	if q.format == "text" {
		fmt.Fprintf(stdout, "%d looked at, %d with findings, %d not seen in full\n", t.looked, t.broken, t.blind)
	}
	return t.status()
}

// tally counts resources.
type tally struct{ looked, broken, blind int }

func (t *tally) count(r *diag.Report) {
	t.looked++
	switch {
	case r.Worst() >= diag.SeverityWarning:
		t.broken++
	case r.Err() != nil:
		t.blind++
	}
}

func (t *tally) status() int {
	switch {
	case t.broken > 0:
		return exitFindings
	case t.blind > 0, t.looked == 0:
		return exitInconclusive
	}
	return exitHealthy
}

func (q *question) print(w io.Writer, r *diag.Report) error {
	if q.format == "json" {
		return json.NewEncoder(w).Encode(r)
	}
	if r.Worst() < diag.SeverityWarning && r.Err() == nil && !q.all {
		return nil
	}
	where := r.Focus.Account + " " + r.Focus.Region + " " + line(r.Focus.ID)
	text := fmt.Sprintf("%s: %s\n", where, r)
	for _, root := range r.Roots() {
		text += fmt.Sprintf("  %-7s %s\n          %s\n", root.Severity, line(root.Summary), root.Code)
	}
	_, err := io.WriteString(w, text)
	return err
}

// line is text on one line, whatever it holds.
func line(text string) string { return strings.Trim(fmt.Sprintf("%q", text), `"`) }

func fail(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "sweep: "+line(err.Error()))
	return exitBadInput
}
