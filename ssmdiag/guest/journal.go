package guest

import (
	"regexp"
	"slices"
	"strings"
)

// Sign is a line of a log that tells of a trouble of the host.
type Sign struct {
	// Kind is "oom-kill", "unit-failed", "disk-error", "read-only", "disk-full", "mount-failed", "emergency-mode",
	// "kernel-panic", "task-hung", "soft-lockup", "segfault", "conntrack-full", "syn-flood", "nic-reset", "fd-exhausted",
	// "process-limit" or "selinux-denied".
	Kind string
	// Subject is the unit, the process or the device, "" where the line names none.
	Subject string
	Line    string
}

var (
	unitRow    = regexp.MustCompile(`^\s*[●•○×x*]?\s*(` + unitOf + `)(?: - |\s*$)`)
	activeText = regexp.MustCompile(`^\s*Active: (\w+)(?: \(([^)]*)\))?(?: \(Result: ([\w-]+)\))?(?: since (.*?);)?`)
	isUnit     = regexp.MustCompile(`^` + unitOf + `$`)
)

// ParseSigns finds the signs in the output of journalctl, dmesg, systemctl or in a log file, each kind and subject
// once. A unit that was killed for memory is not told again as one that failed.
func ParseSigns(text string) []Sign {
	var all []Sign
	add := func(s Sign) {
		if !slices.ContainsFunc(
			all,
			func(o Sign) bool { return o.Subject == s.Subject && (o.Kind == s.Kind || o.Kind == "oom-kill") },
		) {
			all = append(all, s)
		}
	}
	for _, line := range lines(text) {
		for _, r := range signRules {
			if r.except != nil && r.except.MatchString(line) {
				continue
			}
			if m := r.pattern.FindStringSubmatch(line); m != nil {
				add(Sign{r.kind, strings.Join(m[1:], ""), strings.TrimSpace(line)})
				break
			}
		}
	}
	if u, ok := ParseUnit(text); ok && u.Failed() {
		add(Sign{"unit-failed", u.Name, "Active: " + u.Active + " (" + u.Detail + ")"})
	}
	return named(all)
}

// named takes out failures without the name of a unit where others have one: systemd tells of one failure in several
// lines, some by the unit's description.
func named(all []Sign) []Sign {
	vague := func(s Sign) bool { return s.Kind == "unit-failed" && !isUnit.MatchString(s.Subject) }
	if !slices.ContainsFunc(all, func(s Sign) bool { return s.Kind == "unit-failed" && !vague(s) }) {
		return all
	}
	return slices.DeleteFunc(all, vague)
}

// UnitState is what systemctl status says.
type UnitState struct {
	Name string
	// Active is "active", "inactive", "failed", "activating" …; Detail what stands behind it: "running", "Result:
	// exit-code".
	Active, Detail, Since string
	// Result is how its last run ended, where systemctl says so: "exit-code", "signal", "timeout".
	Result string
}

// Failed reports a unit that failed, or that waits to be started again after it did.
func (u UnitState) Failed() bool {
	return u.Active == "failed" || u.Result != "" && u.Result != "success" && u.Active != "active"
}

// ParseUnit reads the output of systemctl status.
func ParseUnit(text string) (UnitState, bool) {
	var u UnitState
	for _, line := range lines(text) {
		if m := unitRow.FindStringSubmatch(line); m != nil && u.Name == "" {
			u.Name = m[1]
		} else if m := activeText.FindStringSubmatch(line); m != nil && u.Active == "" {
			u.Active, u.Detail, u.Result, u.Since = m[1], m[2], m[3], m[4]
			if r, ok := strings.CutPrefix(u.Detail, "Result: "); ok {
				u.Result = r
			}
		}
	}
	return u, u.Active != ""
}
