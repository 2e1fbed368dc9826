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

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// The exit statuses.
const (
	exitSame = iota
	exitDiffers
	exitUnclear
	exitBadInput
)

// side is one of the two worlds, and where to start in it.
type side struct {
	folder, target, targetType, nowText string

	account *triagefake.Account
	now     time.Time
}

func (s *side) bind(fs *flag.FlagSet, letter string) {
	fs.StringVar(&s.folder, letter, "", "saved world "+letter+": a `folder` of JSON documents")
	fs.StringVar(&s.target, "target-"+letter, "",
		"`resource` of world "+letter+" to start from: name, id, ARN or cluster/service")
	fs.StringVar(&s.targetType, "target-type-"+letter, "", "its CloudFormation `type`, where a name alone is ambiguous")
	fs.StringVar(&s.nowText, "now-"+letter, "",
		"`time` at which world "+letter+" was saved, such as 2026-02-11T14:05:00Z")
}

// run is the whole program but for what belongs to the process.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, _ func() time.Time) int {
	var a, b side
	fs := flag.NewFlagSet("compare", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	a.bind(fs, "a")
	b.bind(fs, "b")
	format := fs.String("format", "text", "text or markdown")
	verify := fs.Bool("verify", false,
		"say which findings of a are gone in b, a later world, instead of which settings differ")
	pair := fs.String("pair", "", "`ids` that stand for one another, as a1=b1,a2=b2")
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fs.SetOutput(stdout)
		fs.PrintDefaults()
		return exitSame
	case err != nil:
		return fail(stderr, err)
	case fs.NArg() > 0:
		return fail(stderr, fmt.Errorf("%q is no flag; -h lists the flags", fs.Arg(0)))
	case *format != "text" && *format != "markdown":
		return fail(stderr, fmt.Errorf("-format %q: want text or markdown", *format))
	}
	pairs, err := readPairs(*pair)
	if err != nil {
		return fail(stderr, err)
	}
	before, after, err := reports(ctx, &a, &b)
	if err != nil {
		return fail(stderr, err)
	}
	if *verify {
		return verified(stdout, stderr, triage.Verify(before, after))
	}
	return compared(stdout, stderr, triage.Compare(before, after, triage.CompareOptions{Pair: pairs}), *format)
}

// reports diagnoses both sides. One key for both makes equal secrets have equal tokens, so that they can be compared.
func reports(ctx context.Context, a, b *side) (*diag.Report, *diag.Report, error) {
	redactor := diag.NewRedactor([]byte("any key does that lasts for the two runs"))
	var out [2]*diag.Report
	if a.folder == "" && b.folder == "" {
		*a, *b = demo()
	}
	for i, s := range []*side{a, b} {
		letter := string("ab"[i])
		if err := s.load(letter); err != nil {
			return nil, nil, err
		}
		r, err := triage.Investigate(ctx, []triage.Scope{s.account.Scope()}, triage.Symptom{Kind: triage.Unknown,
			Target: s.target, TargetType: s.targetType},
			triage.Options{Now: s.now, Redactor: redactor})
		if err != nil {
			return nil, nil, fmt.Errorf("-target-%s: %w", letter, err)
		}
		out[i] = r
	}
	return out[0], out[1], nil
}

func (s *side) load(letter string) error {
	if s.account != nil {
		return nil
	}
	if s.folder == "" || s.target == "" {
		return fmt.Errorf("-%[1]s and -target-%[1]s: want a saved world and a resource in it, for both sides", letter)
	}
	var err error
	if s.now, err = time.Parse(time.RFC3339, s.nowText); err != nil {
		return fmt.Errorf("-now-%s %q: want the time at which the world was saved, such as 2026-02-11T14:05:00Z",
			letter, s.nowText)
	}
	inner := filepath.Join(s.folder, "world")
	if info, statErr := os.Stat(inner); statErr == nil && info.IsDir() {
		s.folder = inner
	}
	if s.account, err = triagefake.Load(os.DirFS(s.folder)); err != nil {
		return fmt.Errorf("-%s %q: %w", letter, s.folder, err)
	}
	return nil
}

func readPairs(text string) (map[string]string, error) {
	pairs := map[string]string{}
	for one := range strings.SplitSeq(text, ",") {
		a, b, ok := strings.Cut(one, "=")
		if one != "" && !ok {
			return nil, fmt.Errorf("-pair %q: want a1=b1,a2=b2", text)
		}
		pairs[a] = b
	}
	return pairs, nil
}

func compared(stdout, stderr io.Writer, c triage.Comparison, format string) int {
	write := c.Text
	if format == "markdown" {
		write = c.Markdown
	}
	if err := write(stdout); err != nil {
		return fail(stderr, err)
	}
	switch {
	case len(c.Differences)+len(c.OnlyA)+len(c.OnlyB) > 0:
		return exitDiffers
	case len(c.Unclear)+len(c.Blind) > 0:
		return exitUnclear
	}
	return exitSame
}

func verified(stdout, stderr io.Writer, v triage.Verification) int {
	if err := v.Text(stdout); err != nil {
		return fail(stderr, err)
	}
	switch {
	case v.Fixed():
		return exitSame
	case len(v.Remaining)+len(v.New) > 0:
		return exitDiffers
	}
	return exitUnclear
}

// fail writes an error on one line, whatever it holds.
func fail(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "compare: "+strings.Trim(fmt.Sprintf("%q", err.Error()), `"`))
	return exitBadInput
}
