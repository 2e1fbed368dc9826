package ec2diag

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// signature is what one kind of failed boot or run writes to the console.
type signature struct {
	code       diag.Code
	title, doc string
	pattern    *regexp.Regexp
	sound      *regexp.Regexp // what shows it where the status checks pass; nil for what keeps a host from running
}

const sourceConsole = "Amazon EC2 user guide, Troubleshoot Amazon EC2 Linux instances with failed status checks"

// signatures stand in the order in which they decide when a console shows several: what stops everything comes first,
// what may only be a consequence comes last.
var signatures = []signature{
	{"ec2.kernel-panic", "Kernel panic", "The kernel stopped: no init, no root file system, or a fault of its own.",
		regexp.MustCompile(`(?i)kernel panic`), nil},
	{"ec2.out-of-memory", "Operating system out of memory", "The kernel killed processes for lack of memory.",
		regexp.MustCompile(`(?i)out of memory:? *kill(ed)? process|invoked oom-killer|oom-kill:`), nil},
	{"ec2.kernel-incompatible", "Kernel does not fit the host or the image",
		"The kernel is too old for the instance type or the image, or was built for another hypervisor.",
		regexp.MustCompile(
			`(?i)mmu_update failed|invalid kernel|elf_xen_note_check|xc_dom_parse|` +
				`xenbus: timeout connecting|kernel too old|runaway loop modprobe`,
		), nil},
	{"ec2.kernel-module-missing", "Kernel modules are missing",
		"The modules for the kernel are not there, often those of the disk or network driver.",
		regexp.MustCompile(`(?i)could not load /lib/modules|could not open .*modules\.dep|module \S+ not found`), nil},
	{"ec2.disk-io-error", "Disk I/O errors", "Reads or writes of a block device fail.",
		regexp.MustCompile(
			`(?i)buffer i/o error|i/o error, dev|end_request: i/o error|io error: neither local nor remote disk|local io failed`,
		), nil},
	{
		"ec2.selinux-policy-missing",
		"SELinux policy cannot be loaded",
		"SELinux enforces a policy that is not there, so the boot stops.",
		regexp.MustCompile(`(?i)unable to load selinux policy|failed to load selinux policy`),
		nil,
	},
	{"ec2.boot-device-missing", "Root device or volume is missing",
		"A device that the boot or /etc/fstab names does not exist: it is detached or has another name.",
		regexp.MustCompile(
			`(?i)unable to determine major/minor number|root device .* doesn't exist|does not exist\.? +dropping to a shell|` +
				`gave up waiting for (root|suspend/resume) device|no such file or directory while trying to open|fsck died|` +
				`timed out waiting for device|cannot open root device|superblock could not be read|waiting \d+ seconds for device`,
		), nil},
	{"ec2.file-system-not-mounted", "File system cannot be mounted",
		"A file system that /etc/fstab or the boot needs could not be mounted, so the boot ended in a maintenance shell.",
		regexp.MustCompile(
			`(?i)general error mounting filesystems|root filesystem isn't mounted|emergency mode|maintenance shell|` +
				`give root password for maintenance|dependency failed for .*(mount|file ?systems)|` +
				`failed to mount|unable to mount root fs|wrong fs type`,
		), nil},
	{"ec2.file-system-check", "File system check holds up the boot",
		"A file system is checked for its age, or is inconsistent and waits for somebody to check it.",
		regexp.MustCompile(
			`(?i)without being checked|check forced|` +
				`unexpected inconsistency|run fsck manually|error occurred during the file ?system check`,
		), nil},
	{"ec2.boot-loader-stuck", "Boot loader waits at its prompt", "GRUB found no configuration or no kernel to boot.",
		regexp.MustCompile(`(?im)^\s*grub(dom)?>|grub rescue>|minimal bash-like line editing`), nil},
	{"ec2.network-not-configured", "Network was not configured",
		"The operating system brought no network interface up: a fixed hardware address, no DHCP answer, or a broken script.",
		regexp.MustCompile(
			`(?i)different mac address than expected|no dhcpoffers|failed to start .*network|failed to bring up|` +
				`bringing up interface \S+: +.*(failed|error|does not seem)|dhclient.* failed`,
		), nil},
	{
		"ec2.disk-full",
		"Disk is full",
		"A file system has no space left.",
		regexp.MustCompile(`(?i)no space left on device`),
		nil,
	},
	{"ec2.file-system-read-only", "File system became read-only",
		"The kernel made a file system read-only, after errors of the disk or of the file system.",
		regexp.MustCompile(`(?i)remounting filesystem read-only|read-only file system`), nil},
	{"ec2.user-data-ignored", "User data is not run",
		"cloud-init does not know what the user data is and runs nothing of it: its first line is neither #! nor " +
			"#cloud-config, or it was encoded twice.",
		userDataUnknown, userDataUnknown},
	{"ec2.cloud-init-failed", "cloud-init failed", "cloud-init or the user data script ended with an error.",
		regexp.MustCompile(`(?i)cloud-init.*(\bfailed|traceback|[^-\w]error\b[:\s])|util\.py\[warning\]: failed`),
		cloudInitFailed},
}

// What cloud-init writes of itself, as "cc_scripts_user.py[WARNING]: Failed to run module scripts-user (…)" and as
// "handlers[WARNING]: Unhandled non-multipart (text/x-not-multipart) userdata: …" (its source, and published console
// outputs), and systemd of its units. What its scripts write is left aside: packages are called "liberror" too.
var (
	cloudInitFailed = regexp.MustCompile(`(?i)\[(warning|error|critical)\]: *(failed (to run module|running )|` +
		`running module .* failed|failed (loading|parsing|to parse|at merging)|invalid cloud-config)|` +
		`failed to start (cloud-init|execute cloud user|.*cloud-(init|config|final))`)
	userDataUnknown = regexp.MustCompile(`(?i)unhandled (non-multipart|unknown content-type) \(`)
)

// signatureOf returns the signature that decides for a console text, and the line that shows it. Of a host that runs,
// what an earlier boot wrote is over.
func signatureOf(text string, sound bool) (signature, string, bool) {
	if sound {
		text = text[max(strings.LastIndex(text, "Linux version "), 0):]
	}
	for _, s := range signatures {
		pattern := s.pattern
		if sound {
			pattern = s.sound
		}
		if pattern == nil {
			continue
		}
		if at := pattern.FindStringIndex(text); at != nil {
			return s, lineAt(text, at[0]), true
		}
	}
	return signature{}, "", false
}

// consoleOdds says whether the console is worth reading: the operating system may not have come up, or it has and its
// user data may have failed.
func (i *Instance) consoleOdds(ctx context.Context, alsoSound bool) (read, sound bool, err error) {
	s, err := i.Status(ctx)
	if err != nil {
		return false, false, err
	}
	if s.InstanceStatus != nil && (s.InstanceStatus.Status == types.SummaryStatusImpaired ||
		s.InstanceStatus.Status == types.SummaryStatusInsufficientData) {
		return true, false, nil
	}
	within := time.Duration(i.reads.Load())
	if within == 0 || !alsoSound {
		return false, false, nil
	}
	d, err := i.Describe(ctx)
	young := runs(d) && d.LaunchTime != nil && i.window.End.Sub(*d.LaunchTime) <= within
	return young, true, err
}

// actions are what the check calls.
func (s signature) actions() []string {
	actions := []string{"ec2:DescribeInstanceStatus", "ec2:GetConsoleOutput"}
	if s.sound != nil { // and how old the instance is
		return append([]string{"ec2:DescribeInstances"}, actions...)
	}
	return actions
}

// severityOf is a warning for a host that runs all the same.
func severityOf(sound bool) diag.Severity {
	if sound {
		return diag.SeverityWarning
	}
	return diag.SeverityError
}

// lineAt returns the line around an offset.
func lineAt(text string, at int) string {
	start := strings.LastIndexByte(text[:at], '\n') + 1
	line, _, _ := strings.Cut(text[start:], "\n")
	return strings.TrimSpace(line)
}

// ConsoleChecks report what the console of an instance shows whose instance status check fails, one check for each kind
// of trouble.
func ConsoleChecks() []*diag.Check[*Instance] {
	var checks []*diag.Check[*Instance]
	for _, s := range signatures {
		checks = append(checks, s.check())
	}
	return checks
}

func (s signature) check() *diag.Check[*Instance] {
	return &diag.Check[*Instance]{
		Info: diag.Info{
			Code: s.code, Title: s.title, Severity: diag.SeverityError, Confidence: diag.Likely,
			Doc: s.doc + " Seen in the console output, which is read when the instance status check does not pass, and for " +
				"failures of cloud-init also where it does (see Instance.ReadConsole).",
			Breaks: []diag.Mechanism{diag.HostRun}, Actions: s.actions(),
			Limits: "EC2 keeps the latest 64 KB of console output.", Source: sourceConsole,
		},
		Run: func(ctx context.Context, i *Instance) ([]diag.Finding, error) {
			read, sound, err := i.consoleOdds(ctx, s.sound != nil)
			if err != nil || !read {
				return nil, err
			}
			console, err := i.Console(ctx)
			found, line, ok := signatureOf(console.Text, sound)
			if err != nil || !ok || found.code != s.code {
				return nil, err
			}
			return []diag.Finding{{
				Severity: severityOf(sound),
				Summary:  fmt.Sprintf("console of instance %s shows: %s", i.id, line),
				Evidence: []diag.Evidence{{Source: "ec2:GetConsoleOutput", Field: "Output", Value: line, At: console.At}},
				NextSteps: []diag.Step{{
					Text:    "Read the whole console output.",
					Command: "aws ec2 get-console-output --latest --output text --instance-id " + i.id,
					Doc:     "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/TroubleshootingInstances.html",
				}},
			}}, nil
		},
	}
}
