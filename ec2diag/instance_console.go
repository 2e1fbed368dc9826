package ec2diag

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// signature is what one kind of failed boot or run writes to the console.
type signature struct {
	code       diag.Code
	title, doc string
	pattern    *regexp.Regexp
}

const sourceConsole = "Amazon EC2 user guide, Troubleshoot Amazon EC2 Linux instances with failed status checks"

// signatures stand in the order in which they decide when a console shows several: what stops everything comes first,
// what may only be a consequence comes last.
var signatures = []signature{
	{"ec2.kernel-panic", "Kernel panic", "The kernel stopped: no init, no root file system, or a fault of its own.",
		regexp.MustCompile(`(?i)kernel panic`)},
	{"ec2.out-of-memory", "Operating system out of memory", "The kernel killed processes for lack of memory.",
		regexp.MustCompile(`(?i)out of memory:? *kill(ed)? process|invoked oom-killer|oom-kill:`)},
	{"ec2.kernel-incompatible", "Kernel does not fit the host or the image",
		"The kernel is too old for the instance type or the image, or was built for another hypervisor.",
		regexp.MustCompile(
			`(?i)mmu_update failed|invalid kernel|elf_xen_note_check|xc_dom_parse|` +
				`xenbus: timeout connecting|kernel too old|runaway loop modprobe`,
		)},
	{"ec2.kernel-module-missing", "Kernel modules are missing",
		"The modules for the kernel are not there, often those of the disk or network driver.",
		regexp.MustCompile(`(?i)could not load /lib/modules|could not open .*modules\.dep|module \S+ not found`)},
	{"ec2.disk-io-error", "Disk I/O errors", "Reads or writes of a block device fail.",
		regexp.MustCompile(
			`(?i)buffer i/o error|i/o error, dev|end_request: i/o error|io error: neither local nor remote disk|local io failed`,
		)},
	{
		"ec2.selinux-policy-missing",
		"SELinux policy cannot be loaded",
		"SELinux enforces a policy that is not there, so the boot stops.",
		regexp.MustCompile(`(?i)unable to load selinux policy|failed to load selinux policy`),
	},
	{"ec2.boot-device-missing", "Root device or volume is missing",
		"A device that the boot or /etc/fstab names does not exist: it is detached or has another name.",
		regexp.MustCompile(
			`(?i)unable to determine major/minor number|root device .* doesn't exist|does not exist\.? +dropping to a shell|` +
				`gave up waiting for (root|suspend/resume) device|no such file or directory while trying to open|fsck died|` +
				`timed out waiting for device|cannot open root device|superblock could not be read|waiting \d+ seconds for device`,
		)},
	{"ec2.file-system-not-mounted", "File system cannot be mounted",
		"A file system that /etc/fstab or the boot needs could not be mounted, so the boot ended in a maintenance shell.",
		regexp.MustCompile(
			`(?i)general error mounting filesystems|root filesystem isn't mounted|emergency mode|maintenance shell|` +
				`give root password for maintenance|dependency failed for .*(mount|file ?systems)|` +
				`failed to mount|unable to mount root fs|wrong fs type`,
		)},
	{"ec2.file-system-check", "File system check holds up the boot",
		"A file system is checked for its age, or is inconsistent and waits for somebody to check it.",
		regexp.MustCompile(
			`(?i)without being checked|check forced|` +
				`unexpected inconsistency|run fsck manually|error occurred during the file ?system check`,
		)},
	{"ec2.boot-loader-stuck", "Boot loader waits at its prompt", "GRUB found no configuration or no kernel to boot.",
		regexp.MustCompile(`(?im)^\s*grub(dom)?>|grub rescue>|minimal bash-like line editing`)},
	{"ec2.network-not-configured", "Network was not configured",
		"The operating system brought no network interface up: a fixed hardware address, no DHCP answer, or a broken script.",
		regexp.MustCompile(
			`(?i)different mac address than expected|no dhcpoffers|failed to start .*network|failed to bring up|` +
				`bringing up interface \S+: +.*(failed|error|does not seem)|dhclient.* failed`,
		)},
	{
		"ec2.disk-full",
		"Disk is full",
		"A file system has no space left.",
		regexp.MustCompile(`(?i)no space left on device`),
	},
	{"ec2.file-system-read-only", "File system became read-only",
		"The kernel made a file system read-only, after errors of the disk or of the file system.",
		regexp.MustCompile(`(?i)remounting filesystem read-only|read-only file system`)},
	{"ec2.cloud-init-failed", "cloud-init failed", "cloud-init or the user data script ended with an error.",
		regexp.MustCompile(`(?i)cloud-init.*(\bfailed|traceback|error)|util\.py\[warning\]: failed`)},
}

// signatureOf returns the signature that decides for a console text, and the line that shows it.
func signatureOf(text string) (signature, string, bool) {
	for _, s := range signatures {
		if at := s.pattern.FindStringIndex(text); at != nil {
			return s, lineAt(text, at[0]), true
		}
	}
	return signature{}, "", false
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
			Doc:    s.doc + " Seen in the console output, which is read only when the instance status check does not pass.",
			Breaks: []diag.Mechanism{diag.HostRun}, Actions: []string{"ec2:DescribeInstanceStatus", "ec2:GetConsoleOutput"},
			Limits: "EC2 keeps the latest 64 KB of console output.", Source: sourceConsole,
		},
		Run: func(ctx context.Context, i *Instance) ([]diag.Finding, error) {
			suspect, err := i.suspect(ctx)
			if err != nil || !suspect {
				return nil, err
			}
			console, err := i.Console(ctx)
			found, line, ok := signatureOf(console.Text)
			if err != nil || !ok || found.code != s.code {
				return nil, err
			}
			return []diag.Finding{{
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
