package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/triage"
)

const (
	formatText     = "text"
	formatJSON     = "json"
	formatMarkdown = "markdown"
	formatHTML     = "html"
)

// question is what the command line asks.
type question struct {
	flags
	symptom triage.Symptom
	now     time.Time
	budget  time.Duration
}

// flags are the command line as it stands.
type flags struct {
	world, profile, region, endpoint, protocol string
	kind, target, targetType, since, nowText   string
	reason, format, budgetText, record, audit  string
	notice, stopped                            string
	verbose, probe                             bool
	set                                        []string
}

func (f *flags) bind(fs *flag.FlagSet) {
	text := func(p *string, name, value, usage string) { fs.StringVar(p, name, value, usage) }
	text(&f.world, "world", "", "saved world: a `folder` of JSON documents, one for each AWS call")
	text(&f.profile, "profile", "", "`name` of a profile of your AWS configuration")
	text(&f.region, "region", "", "region `code`, such as eu-west-1")
	text(&f.endpoint, "endpoint", "", "`URL` of an AWS-compatible server, in place of AWS")
	text(&f.protocol, "cloudwatch-protocol", protocolCBOR, "what the endpoint speaks for CloudWatch: cbor, json or query")
	text(&f.kind, "symptom", "", "what is wrong: one of "+strings.Join(symptoms(), ", "))
	text(&f.target, "target", "",
		"`resource` that shows it: name, id, ARN, address or URL; an ECS service as cluster/service")
	text(&f.targetType, "target-type", "", "its CloudFormation `type`, where a name alone is ambiguous")
	text(&f.notice, "notice", "", "`file` with an alert, log line or error message to start from, - for standard input")
	text(&f.stopped, "stopped", "",
		"`file` of archived ECS Task State Change events (JSON of EventBridge), for tasks that ECS has forgotten")
	text(&f.since, "since", "", "`when` somebody noticed: 2026-02-11T14:05:00Z, or 45m for that long ago")
	text(&f.nowText, "now", "", "`time` to diagnose at; a saved world needs it")
	text(&f.reason, "reason", "", "`why` the account is read, such as a ticket; stands in the audit")
	text(&f.format, "format", formatText, "text, json, markdown or html")
	text(&f.budgetText, "budget", "", "longest `duration` of the diagnosis, such as 30s")
	text(&f.record, "record", "", "`folder` to save what was read to, as a world")
	text(&f.audit, "audit", "", "`file` to append a JSON line for each AWS call to")
	fs.BoolVar(&f.probe, "probe", false, "look up, connect to and ask for the -target, if it is a URL, from this machine")
	fs.BoolVar(&f.verbose, "v", false, "write each AWS call to stderr")
}

func symptoms() []string {
	var names []string
	for _, k := range triage.SymptomKinds() {
		names = append(names, string(k))
	}
	return names
}

func usage(w io.Writer) {
	fmt.Fprint(w, "investigate says why something on AWS does not work; without flags it diagnoses a demo account\n\n")
	fs := flag.NewFlagSet("investigate", flag.ContinueOnError)
	fs.SetOutput(w)
	new(flags).bind(fs)
	fs.PrintDefaults()
	fmt.Fprint(w, "\nexit status: 0 healthy, 1 findings, 2 no verdict, 3 bad input\n")
}

// parse reads the command line. Errors say which input is wrong and what is allowed.
func parse(args []string, clock time.Time) (*question, error) {
	q := &question{}
	fs := flag.NewFlagSet("investigate", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	q.bind(fs)
	if err := fs.Parse(args); err != nil {
		if err == flag.ErrHelp {
			return nil, err
		}
		return nil, fmt.Errorf("%w; -h lists the flags", err)
	}
	if fs.NArg() > 0 {
		return nil, fmt.Errorf("%q is no flag; -h lists the flags, and a resource is named with -target", fs.Arg(0))
	}
	fs.Visit(func(f *flag.Flag) { q.set = append(q.set, f.Name) })
	if err := q.check(); err != nil {
		return nil, err
	}
	return q, q.read(clock)
}

// has returns the first of the flags that was given, with its dash.
func (f *flags) has(names ...string) (string, bool) {
	for _, n := range names {
		if slices.Contains(f.set, n) {
			return "-" + n, true
		}
	}
	return "", false
}

// liveFlags are for an account that is read over the wire.
var liveFlags = []string{"profile", "region", "endpoint", "cloudwatch-protocol", "reason", "record", "audit", "probe",
	"v"}

func (f *flags) live() bool {
	_, live := f.has("profile", "region", "endpoint", "cloudwatch-protocol", "reason", "record")
	return live && f.world == ""
}

func (f *flags) demo() bool { return f.world == "" && !f.live() }

// check finds flags that do not go together, and values that are none of a list.
func (f *flags) check() error {
	for _, n := range f.set {
		if n == "world" && f.world == "" {
			return fmt.Errorf("-world is empty: want the folder of a saved world")
		}
	}
	for _, n := range liveFlags {
		if n == "region" || n == "reason" { // a world has a region to compare with, and needs no reason
			continue
		}
		if given, ok := f.has(n); ok && !f.live() {
			return fmt.Errorf("%s is for an account read over the wire, not for %s; leave it out, or give -region and -reason "+
				"without -world",
				given, map[bool]string{true: "the demo", false: "a saved world"}[f.demo()])
		}
	}
	if !slices.Contains([]string{formatText, formatJSON, formatMarkdown, formatHTML}, f.format) {
		return fmt.Errorf("-format %q: want text, json, markdown or html", f.format)
	}
	if _, ok := protocols[f.protocol]; !ok {
		return fmt.Errorf("-cloudwatch-protocol %q: want cbor, json or query", f.protocol)
	}
	if !f.demo() && f.target == "" && f.notice == "" {
		return fmt.Errorf("-target is missing: name a resource by name, id, ARN or URL, an ECS service as cluster/service, " +
			"or give a -notice that names it")
	}
	return nil
}

// read turns texts into values.
func (q *question) read(clock time.Time) (err error) {
	if q.demo() {
		q.flags.fill(demoFlags)
	}
	if q.now, err = q.readNow(clock); err != nil {
		return err
	}
	q.symptom = triage.Symptom{Kind: triage.Unknown, Target: q.target, TargetType: q.targetType}
	if q.kind != "" {
		if q.symptom.Kind, err = triage.ParseSymptomKind(q.kind); err != nil {
			return fmt.Errorf("-symptom: %w", err)
		}
	}
	if q.symptom.Since, err = q.readSince(); err != nil {
		return err
	}
	if q.notice != "" {
		if err = q.readNotice(); err != nil {
			return err
		}
	}
	q.budget, err = q.readBudget()
	return err
}

// fill sets what was left out.
func (f *flags) fill(from flags) {
	if f.target == "" && f.notice == "" {
		f.target, f.targetType = from.target, from.targetType
		f.kind = firstOf(f.kind, from.kind)
		f.since = firstOf(f.since, from.since)
	}
	f.nowText = firstOf(f.nowText, from.nowText)
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
