package guest

import (
	"regexp"
	"slices"
	"strings"
)

// Sign is a line of a log that tells of a trouble of the host.
type Sign struct {
	// Kind is "oom-kill", "unit-failed", "disk-error", "read-only" or "disk-full".
	Kind string
	// Subject is the unit, the process or the device, "" where the line names none.
	Subject string
	Line    string
}

// signRules recognise signs. The first group is the subject.
var signRules = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{
		"oom-kill",
		regexp.MustCompile(
			`(\S+\.(?:service|scope|slice)): (?:A process of this unit has been killed by the OOM killer|Failed with result 'oom-kill'|.*killed by (?:the )?OOM killer)`,
		),
	},
	{"oom-kill", regexp.MustCompile(`oom-kill:.*task_memcg=\S*?/?([\w@.:\\-]+\.(?:service|scope))\b`)},
	{"oom-kill", regexp.MustCompile(`oom-kill:.*\btask=([^,]+)`)},
	{
		"oom-kill",
		regexp.MustCompile(
			`(?i)(?:out of memory|memory cgroup out of memory)[:,]? (?:OOM )?kill(?:ed)? process \d+,? ?\(?([^),\s]+)`,
		),
	},
	{"oom-kill", regexp.MustCompile(`(?i)^(?:.*: )?kill(?:ed)? process \d+ \(([^)]+)\).*(?:total-vm|anon-rss)`)},
	{"oom-kill", regexp.MustCompile(`(\S+) invoked oom-killer`)},
	{"unit-failed", regexp.MustCompile(`(\S+\.(?:service|socket|mount|timer|target)): Failed with result`)},
	{"unit-failed", regexp.MustCompile(`Unit (\S+) entered failed state`)},
	{
		"unit-failed",
		regexp.MustCompile(
			`(\S+\.(?:service|socket|mount|timer|target)): (?:Main process exited, .*status=[1-9]|Start request repeated too quickly|start operation timed out|Failed at step|Failed to (?:start|run|execute))`,
		),
	},
	{
		"unit-failed",
		regexp.MustCompile(`^\W*(\S+\.(?:service|socket|mount|timer|target))\s+(?:loaded|not-found|masked)\s+failed\b`),
	},
	{"unit-failed", regexp.MustCompile(`Failed with result '[\w-]+'`)},
	{"unit-failed", regexp.MustCompile(`systemd\[\d+\]: Failed to start ([^:]+?)\.?$`)},
	{"read-only", regexp.MustCompile(`(?i)remounting filesystem read-only|\(([\w-]+)\).*remount(?:ing|ed) read-only`)},
	{"disk-error", regexp.MustCompile(`(?i)(?:blk_update_request: |)I/O error,? (?:on |)dev(?:ice)? (\w+)`)},
	{
		"disk-error",
		regexp.MustCompile(
			`(?i)(?:EXT4|XFS|BTRFS)[\w-]*(?:-fs)? error \(device ([\w-]+)\)|XFS \((\w+)\): .*(?:corruption|error)`,
		),
	},
	{"disk-full", regexp.MustCompile(`(?i)no space left on device`)},
}

var (
	unitRow    = regexp.MustCompile(`^\s*[●○×x*]?\s*(\S+\.(?:service|socket|mount|timer|target))(?: - |\s*$)`)
	activeText = regexp.MustCompile(`^\s*Active: (\w+)(?: \(([^)]*)\))?(?: since (.*?);)?`)
)

// ParseSigns finds the signs in the output of journalctl, dmesg, systemctl or in a log file, each kind and subject once.
// A unit that was killed for memory is not told again as one that failed.
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
			if m := r.pattern.FindStringSubmatch(line); m != nil {
				add(Sign{r.kind, strings.Join(m[1:], ""), strings.TrimSpace(line)})
				break
			}
		}
	}
	if u, ok := ParseUnit(text); ok && u.Active == "failed" {
		add(Sign{"unit-failed", u.Name, "Active: failed (" + u.Detail + ")"})
	}
	return all
}

// UnitState is what systemctl status says.
type UnitState struct {
	Name string
	// Active is "active", "inactive", "failed", "activating" …; Detail what stands behind it: "running", "Result: exit-code".
	Active, Detail, Since string
}

// ParseUnit reads the output of systemctl status.
func ParseUnit(text string) (UnitState, bool) {
	var u UnitState
	for _, line := range lines(text) {
		if m := unitRow.FindStringSubmatch(line); m != nil && u.Name == "" {
			u.Name = m[1]
		} else if m := activeText.FindStringSubmatch(line); m != nil && u.Active == "" {
			u.Active, u.Detail, u.Since = m[1], m[2], m[3]
		}
	}
	return u, u.Active != ""
}
