package guest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// facts lists what the parsers make of an output, in the words of the corpus's labels.
func facts(command, text string) []string {
	var all []string
	for _, f := range ParseFilesystems(text) {
		kind := "disk"
		if f.Inodes {
			kind = "inodes"
		}
		all = append(all, fmt.Sprintf("%s %s %d%%", kind, f.Mount, f.Percent))
		if f.Percent == 100 {
			all = append(all, fmt.Sprintf("%s_full %s 100%%", kind, f.Mount))
		}
	}
	if m, ok := ParseMemory(text, 1<<10); ok {
		kind := "mem_free_kb"
		if m.HasAvailable {
			kind = "mem_available"
		}
		all = append(all, kind+" "+m.Printed)
	}
	if l, ok := ParseLoad(text); ok {
		all = append(all, fmt.Sprintf("load1 %.2f", l.One))
	}
	if c, ok := ParseCPU(text); ok {
		all = append(all, fmt.Sprintf("cpu_idle %.1f", c.Idle), fmt.Sprintf("cpu_idle %g", c.Idle))
	}
	if v := ParseVMStat(text); len(v) > 0 {
		last := v[len(v)-1]
		all = append(all, fmt.Sprintf("cpu_idle %g", last.CPU.Idle), fmt.Sprintf("mem_free_kb %.0f", last.Free/1024))
	}
	if p := ParseProcesses(text); len(p) > 0 {
		all = append(all, fmt.Sprintf("processes %d", len(p)))
	}
	for _, s := range ParseSockets(text) {
		all = append(all, "peer "+s.Peer)
		if s.Listens() {
			all = append(all, "listening "+s.Local, "listening "+s.Local+" "+s.Program())
		}
	}
	for _, r := range ParseRoutes(text) {
		if r.Destination == "default" {
			all = append(all, fmt.Sprintf("route default via %s dev %s", r.Via, r.Device))
		}
	}
	if loss, ok := ParsePing(text); ok {
		all = append(all, fmt.Sprintf("loss %g%%", loss))
	}
	all = append(all, engineWords(text)...)
	if l, ok := ParseLookup(text); ok && regexp.MustCompile(`dig|nslookup|host|getent`).MatchString(command) {
		return append(all, lookupWord(l)...)
	}
	attempts := ParseConnectivity(text)
	outcomes := Outcomes(attempts)
	words := map[Outcome]string{NoRoute: "no_route", NoName: "dns_failure", ConnectFailed: "connect_failed"}
	for _, o := range outcomes {
		word := words[o]
		if word == "" {
			word = string(o)
		}
		all = append(all, word)
	}
	var each []string
	for _, a := range attempts {
		each = append(each, a.Host+" "+string(a.Outcome))
	}
	all = append(all, "mixed: "+strings.Join(each, ", "))
	for _, s := range ParseSigns(text) {
		all = append(all, strings.TrimSpace(strings.ReplaceAll(s.Kind, "-", "_")+" "+s.Subject))
	}
	return all
}

// engineWords lists what is told of containers, clock and certificate, which the corpus has no labels for.
func engineWords(text string) []string {
	var all []string
	if e, ok := ParseEngine(text); ok {
		for _, c := range e.Containers {
			all = append(all, "container "+c.Name+" "+c.Status)
		}
	}
	if c, ok := ParseClock(text); ok {
		all = append(all, map[bool]string{true: "clock yes", false: "clock no"}[c.Synchronised])
	}
	if c, _ := ParseCertificate(text); c.Verify >= 0 {
		all = append(all, fmt.Sprintf("verify %d", c.Verify))
	}
	return all
}

func lookupWord(l Lookup) []string {
	words := map[string]string{"refused": "dns_refused", "timeout": "dns_failure", "failed": "dns_failure"}
	if w, ok := words[l.Status]; ok {
		return []string{w}
	}
	all := append([]string{l.Status}, l.Addresses...)
	for _, a := range l.Addresses {
		all = append(all, l.Status+" "+a)
	}
	return all
}

var remark = regexp.MustCompile(`\([^)]*\)`)

// wanted splits a label into its facts.
func wanted(label string) []string {
	var all []string
	if !strings.HasPrefix(label, "container ") { // whose status has parentheses
		label = remark.ReplaceAllString(label, "")
	}
	for _, part := range strings.Split(label, ";") {
		part = strings.TrimSpace(part)
		if addresses, ok := strings.CutPrefix(part, "listening "); ok {
			for _, a := range strings.Split(addresses, ",") {
				all = append(all, "listening "+strings.TrimSpace(a))
			}
		} else if part != "" {
			all = append(all, part)
		}
	}
	return all
}

var (
	trailingUnit = regexp.MustCompile(`^((?:mem_available|mem_free_kb) [\d.,]+)[KMGkmg]i?B?$`)
	trailingZero = regexp.MustCompile(`(\.\d*?)0+$`)
)

// plain is a fact without its unit and without zeros behind its point, which labels write or do not write.
func plain(fact string) string {
	return strings.TrimSuffix(trailingZero.ReplaceAllString(trailingUnit.ReplaceAllString(fact, "$1"), "$1"), ".")
}

func holds(got []string, want string) bool {
	return slices.ContainsFunc(got, func(g string) bool { return plain(g) == plain(want) })
}

// outputs are the outputs of a file of the corpus.
func outputs(t *testing.T, name string) []published {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	require.NoError(t, err)
	defer file.Close()
	var all []published
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var p published
		require.NoError(t, json.Unmarshal(lines.Bytes(), &p))
		all = append(all, p)
	}
	return all
}

// published is an output of a tool as somebody published it, with what a person makes of it.
type published struct{ ID, Text, Label, Cmd string }

// TestParsersOnPublishedOutputs reads the corpus that we were given, and the outputs that were taken from public
// repositories and labelled before any parser saw them; see testdata/README.md.
func TestParsersOnPublishedOutputs(t *testing.T) {
	for _, name := range []string{"os_output.jsonl", "os_output_public.jsonl"} {
		t.Run(name, func(t *testing.T) {
			right, total := 0, 0
			for _, p := range outputs(t, name) {
				got := facts(p.Cmd, p.Text)
				if p.Label == "" {
					assert.Empty(t, ParseSigns(p.Text), p.ID)
				}
				for _, want := range wanted(p.Label) {
					total++
					if holds(got, want) {
						right++
					} else {
						t.Logf("%s (%s): want %q, got %q\n%s", p.ID, p.Cmd, want, got, p.Text)
					}
				}
			}
			t.Logf("%d of %d facts", right, total)
			assert.GreaterOrEqual(t, float64(right), 0.95*float64(total))
		})
	}
}
