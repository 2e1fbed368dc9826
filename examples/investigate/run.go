package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/report"
	"github.com/awsdiag/awsdiag/triage"
)

// The exit statuses.
const (
	exitHealthy = iota
	exitFindings
	exitInconclusive
	exitBadInput
)

// run is the whole program but for what belongs to the process.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, clock func() time.Time) int {
	q, err := parse(args, clock())
	if errors.Is(err, flag.ErrHelp) {
		usage(stdout)
		return exitHealthy
	}
	if err != nil {
		return fail(stderr, err, exitBadInput)
	}
	r, status, err := q.answer(ctx, stderr)
	if r != nil {
		if writeErr := write(stdout, r, q.format); writeErr != nil {
			return fail(stderr, fmt.Errorf("writing the report: %w", writeErr), exitBadInput)
		}
	}
	if err != nil {
		return fail(stderr, err, status)
	}
	return status
}

// answer diagnoses, and ends what the diagnosis has opened: the audit and the record.
func (q *question) answer(ctx context.Context, stderr io.Writer) (_ *diag.Report, status int, err error) {
	src, err := q.open(ctx, stderr)
	if err != nil {
		return nil, exitBadInput, err
	}
	defer func() {
		if closeErr := src.close(); closeErr != nil && err == nil {
			status, err = exitBadInput, closeErr
		}
	}()
	if src.scope.StoppedTasks, err = archived(q.stopped); err != nil {
		return nil, exitBadInput, err
	}
	r, err := triage.Investigate(ctx, []triage.Scope{src.scope}, q.symptom, triage.Options{
		Now: q.now, Budget: diag.Budget{Time: q.budget},
	})
	if err != nil {
		return nil, statusOf(err), src.explain(err)
	}
	return r, verdict(r), nil
}

// statusOf tells a question that cannot be asked from an answer that could not be had.
func statusOf(err error) int {
	switch diag.KindOf(err) {
	case diag.KindThrottled, diag.KindCanceled, diag.KindBudget, diag.KindDenied, diag.KindUnreachable,
		diag.KindIncomplete:
		return exitInconclusive
	}
	return exitBadInput
}

func verdict(r *diag.Report) int {
	switch {
	case r.Worst() >= diag.SeverityWarning:
		return exitFindings
	case len(r.Inconclusive) > 0, len(r.Coverage.Subjects) == 0:
		return exitInconclusive
	}
	return exitHealthy
}

func write(w io.Writer, r *diag.Report, format string) error {
	switch format {
	case formatJSON:
		return report.JSON(w, r)
	case formatMarkdown:
		return report.Markdown(w, r)
	case formatHTML:
		return report.HTML(w, r)
	}
	return report.Text(w, r, report.Options{})
}

// fail writes an error on one line, whatever it holds.
func fail(stderr io.Writer, err error, status int) int {
	line := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, err.Error())
	fmt.Fprintln(stderr, "investigate: "+strings.Join(strings.Fields(line), " "))
	return status
}
