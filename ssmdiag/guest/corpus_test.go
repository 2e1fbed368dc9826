package guest

import (
	"bufio"
	"crypto/sha256"
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
		all = append(all, fmt.Sprintf("cpu_idle %.1f", c.Idle))
	}
	if p := ParseProcesses(text); len(p) > 0 {
		all = append(all, fmt.Sprintf("processes %d", len(p)))
	}
	for _, s := range ParseSockets(text) {
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

func lookupWord(l Lookup) []string {
	words := map[string]string{"refused": "dns_refused", "timeout": "dns_failure", "failed": "dns_failure"}
	if w, ok := words[l.Status]; ok {
		return []string{w}
	}
	return append([]string{l.Status}, l.Addresses...)
}

var remark = regexp.MustCompile(`\([^)]*\)`)

// wanted splits a label into its facts.
func wanted(label string) []string {
	var all []string
	for _, part := range strings.Split(remark.ReplaceAllString(label, ""), ";") {
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

var trailingUnit = regexp.MustCompile(`^((?:mem_available|mem_free_kb) [\d.,]+)[KMG]i?B?$`)

func holds(got []string, want string) bool {
	want = trailingUnit.ReplaceAllString(want, "$1")
	return slices.ContainsFunc(got, func(g string) bool { return trailingUnit.ReplaceAllString(g, "$1") == want })
}

func TestParsersOnPublishedOutputs(t *testing.T) {
	file, err := os.Open("testdata/os_output.jsonl")
	require.NoError(t, err)
	defer file.Close()
	right, total := map[byte]int{}, map[byte]int{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var line struct{ ID, Text, Label, Cmd string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &line))
		half := sha256.Sum256([]byte(line.ID))
		got := facts(line.Cmd, line.Text)
		for _, want := range wanted(line.Label) {
			total[half[0]%2]++
			if holds(got, want) {
				right[half[0]%2]++
			} else if half[0]%2 == 0 || os.Getenv("HELD_OUT") != "" {
				t.Logf("%s (%s): want %q, got %q\n%s", line.ID, line.Cmd, want, got, line.Text)
			}
		}
	}
	t.Logf("developed on: %d of %d; held out: %d of %d", right[0], total[0], right[1], total[1])
	assert.GreaterOrEqual(t, float64(right[0]+right[1]), 0.95*float64(total[0]+total[1]))
}
