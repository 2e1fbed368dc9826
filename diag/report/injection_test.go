package report_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/report"
)

// poisoned is a report in which every text that somebody else may have written is s.
func poisoned(s string) *diag.Report {
	r := diag.Resource{Type: "AWS::" + s, ID: s, ARN: s, Account: s, Region: s}
	finding := diag.Finding{
		Summary: s + " ", Evidence: []diag.Evidence{{Source: s, Field: s, Value: s}, {Source: "x", Value: s}},
		Related:   []diag.Related{{Resource: r, Role: s}},
		NextSteps: []diag.Step{{Text: s + ".", Command: s, Doc: s, Changes: true}},
	}
	t := &thing{resource: r, findings: map[diag.Code]diag.Finding{
		"ecs.task-oom-killed": finding, "alb.http-503": finding, "ec2.rule-too-wide": finding,
		"ecs.no-circuit-breaker": finding,
	}, errs: map[diag.Code]error{"logs.error-class": diag.Errorf(diag.KindDenied, "reading: %s", s)},
		events: []diag.Event{{At: now, Kind: s, Source: s, Text: s}}}
	return investigate(t)
}

const attack = "x\x1b[2J\x1b]0;t\a\r\n\u009b31m\u202eevil\u200b\u2028\x00\xff\U000e0041"

func TestNothingCanSteerTheTerminal(t *testing.T) {
	for _, o := range []report.Options{{Color: report.ColorNever}, {Color: report.ColorAlways}, {ASCII: true}} {
		out := text(t, poisoned(attack), o)
		assertHarmless(t, out)
		assert.Contains(t, out, `x\x1b[2J`, "it is shown, not dropped")
		assert.Contains(t, out, `\u202eevil`)
	}
}

func TestASCIIIsASCII(t *testing.T) {
	for _, r := range []*diag.Report{broken(), poisoned("Größe 東京 💥"), healthy(), blind()} {
		for _, c := range text(t, r, report.Options{ASCII: true}) {
			assert.Less(t, c, rune(utf8.RuneSelf))
		}
	}
}

var ourStyles = regexp.MustCompile("\x1b\\[(0|1|2|1;3[123])m")

func assertHarmless(t testing.TB, out string) {
	t.Helper()
	for line := range strings.SplitSeq(ourStyles.ReplaceAllString(out, ""), "\n") {
		for _, c := range line {
			if unicode.Is(unicode.C, c) || unicode.In(c, unicode.Zl, unicode.Zp) {
				t.Errorf("%q holds %U", line, c)
			}
		}
	}
}

func TestJSONCannotSteerTheTerminal(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, report.JSON(&b, poisoned(attack)))
	assertHarmless(t, b.String())
	var back struct {
		Findings []struct{ Evidence []diag.Evidence }
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &back))
	assert.Equal(t, strings.ReplaceAll(attack, "\xff", "\ufffd"), back.Findings[0].Evidence[0].Value,
		"the value is the same")
}

func FuzzText(f *testing.F) {
	f.Add(attack, 80)
	f.Add("", 0)
	f.Add("aws ecs 'a", 40)
	f.Add(strings.Repeat("東", 700), 41)
	f.Fuzz(func(t *testing.T, s string, width int) {
		assertHarmless(t, text(t, poisoned(s), report.Options{Width: width % 200, Color: report.ColorAlways}))
		var b bytes.Buffer
		if err := report.JSON(&b, poisoned(s)); err != nil || !json.Valid(b.Bytes()) {
			t.Errorf("JSON: %v: %q", err, b.String())
		}
		assertHarmless(t, b.String())
	})
}
