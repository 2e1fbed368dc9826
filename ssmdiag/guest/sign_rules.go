package guest

import "regexp"

// unitOf is the name of a unit of systemd ("systemd.unit").
const unitOf = `[\w@.:\\-]+\.(?:service|socket|mount|automount|timer|target|path|swap|scope|slice)`

// signRule recognises a sign in a line: by its pattern, whose groups are the subject, unless the exception fits as
// well.
type signRule struct {
	kind            string
	pattern, except *regexp.Regexp
}

func sign(kind, pattern string) signRule {
	return signRule{kind: kind, pattern: regexp.MustCompile(pattern)}
}

// but gives a rule an exception.
func (r signRule) but(except string) signRule {
	r.except = regexp.MustCompile(except)
	return r
}

// signRules recognise signs, in the words of the kernel, of systemd, mount(8) and the shells.
var signRules = []signRule{
	sign("oom-kill",
		`(\S+\.(?:service|scope|slice)): (?:.*killed by (?:the )?OOM killer|Failed with result 'oom-kill'|`+
			`systemd-oomd killed)`),
	sign("oom-kill", `systemd-oomd(?:\[\d+\])?: Killed \S*?([^/\s]+) due to memory`),
	sign("oom-kill", `oom-kill:.*task_memcg=\S*?/?([\w@.:\\-]+\.(?:service|scope))\b`),
	sign("oom-kill", `oom-kill:.*\btask=([^,]+)`),
	sign("oom-kill",
		`(?i)(?:out of memory|memory cgroup out of memory)[:,]? (?:OOM )?kill(?:ed)? process \d+,? ?\(?([^),\s]+)`),
	sign("oom-kill", `(?i)^(?:.*: )?kill(?:ed)? process \d+,? (?:UID \d+, )?\(([^)]+)\).*(?:total-vm|anon-rss)`),
	sign("oom-kill", `(\S+) invoked oom-killer`),
	sign("oom-kill", `oom_reaper: reaped process \d+ \(([^)]+)\)`),
	sign("unit-failed",
		`(`+unitOf+`): (?:Unit entered failed state|Failed with result|Failed at step|Start request repeated|`+
			`[Ss]tart[ -]operation timed out|State '[\w-]+' timed out|Failed to (?:start|run|execute|load)|`+
			`(?:Main|main|Control|control) process exited, .*(?:status=\d*[1-9]|code=(?:killed|dumped)))`),
	sign("unit-failed", `Dependency failed for (`+unitOf+`)`),
	sign("unit-failed", `(`+unitOf+`): Job \S+ failed with result`),
	sign("unit-failed",
		`(`+unitOf+`) (?:entered failed state|has failed|failed(?:\.$| because| with result))`),
	sign("unit-failed", `(`+unitOf+`)\s+(?:loaded|not-found|masked|error|bad-setting)\s+failed\b`),
	sign("unit-failed", `Failed to start (`+unitOf+`)(?: - |\.?$)`),
	sign("unit-failed", `See ['"]systemctl status (`+unitOf+`)['"] for details`),
	sign("unit-failed", `Failed with result '[\w-]+'`),
	sign("unit-failed", `systemd\[\d+\]: Failed to start ([^:]+?)\.?$`),
	sign("read-only", `(?i)\(([\w-]+)\)[: ].*remount(?:ing|ed)(?: filesystem)? read-only`),
	sign("read-only", `(?i)remounting filesystem read-only`),
	sign("disk-error", `(?i)I/O error,? (?:on |)dev(?:ice)? (\w+)`),
	sign("disk-error", `\b(?:medium|target|nexus|space allocation) error, dev (\w+)`),
	sign("disk-error", `(?i)EXT4-fs warning \(device ([\w-]+)\).*I/O error|JBD2: .*IO errors? .*\bon ([\w-]+)`),
	sign("disk-error",
		`(?i)(?:EXT4|XFS|BTRFS)[\w-]*(?:-fs)? error \(device ([\w-]+)\)|XFS \(([\w-]+)\): .*(?:corruption|error)`),
	sign("disk-error", `\bnvme (nvme\d+): (?:I/O (?:tag )?\d+.*\btimeout\b|controller is down|Device not ready|`+
		`Removing after probe)`).but(`completion polled`),
	sign("disk-full", `(?i)no space left on device`),
	sign("read-only", `(?i): read-only file system\b`),
	sign("mount-failed", `Timed out waiting for device (\S+?)\.?(?: - .*)?$`),
	sign("mount-failed", `(?:Dependency failed for|Failed to mount) (/\S*?)\.?(?: - .*)?$`),
	sign("mount-failed", `\bmount(?:\.\w+)?: (/\S*?): (?:can't find|wrong fs|unknown file|.*does not exist|.*failed)`),
	sign("mount-failed", `\bmount: wrong fs type.* on (/\S+?),`),
	sign("mount-failed", `\bmount\.(?:nfs4?|efs|cifs|fuse): (?:.*(?:timed out|denied|refused|failed|unreachable))()`),
	sign("emergency-mode", `(?i)\b(?:in|to|enter|entering|entered) emergency mode\b|give root password for maintenance`),
	sign("kernel-panic", `(?i)kernel panic - not syncing`),
	sign("task-hung", `INFO: task (.+):\d+ blocked for more than \d+ seconds`),
	sign("soft-lockup", `soft lockup - CPU#\d+ stuck for .*\[([^\]]+?):\d+\]`),
	sign("segfault", `(\S+?)\[\d+\]: segfault at `),
	sign("syn-flood", `Possible SYN flooding on port ([\d.:\[\]a-f]*\d)`),
	sign("nic-reset", `\bena \S+ (\w+): Keep alive watchdog timeout`),
	sign("conntrack-full", `_conntrack: table full`),
	sign("fd-exhausted", `(?i)too many open files|file-max limit \d+ reached`),
	sign("process-limit", `\bfork: (?:retry: )?(?:Resource temp|Cannot alloc)|fork rejected by pids controller`),
	sign("selinux-denied", `\bavc:\s+denied\s+\{[^}]*\}.*\bcomm="?([^"\s]+)`).but(`permissive=1`),
	sign("selinux-denied", `SELinux is preventing (\S+?),? from`),
}
