package ec2diag

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

// labels are what the corpus calls our codes.
var labels = map[diag.Code]string{
	"ec2.instance-stopped-by-call": "user_initiated", "ec2.instance-shut-down-inside": "user_shutdown_inside",
	"ec2.instance-spot-terminated": "spot_terminated", "ec2.instance-spot-stopped": "spot_terminated",
	"ec2.instance-internal-error": "internal_error", "ec2.instance-client-error": "client_internal_error",
	"ec2.instance-insufficient-capacity": "insufficient_capacity", "ec2.instance-volume-limit": "volume_limit",
	"ec2.instance-snapshot-missing": "snapshot_not_found", "ec2.instance-retired": "scheduled_stop",
	"ec2.out-of-memory": "console_oom", "ec2.disk-io-error": "console_io_error",
	"ec2.kernel-panic":        "console_kernel_panic",
	"ec2.kernel-incompatible": "console_kernel_incompatible", "ec2.kernel-module-missing": "console_kernel_modules",
	"ec2.boot-device-missing": "console_fs_missing_device", "ec2.file-system-not-mounted": "console_fs_mount_failed",
	"ec2.file-system-check": "console_fs_check", "ec2.boot-loader-stuck": "console_bootloader",
	"ec2.network-not-configured": "console_network_config", "ec2.selinux-policy-missing": "console_selinux",
}

// TestCorpus reads published texts. Those of status checks are no texts in life but members of an answer, which
// TestStatusChecks covers.
func TestCorpus(t *testing.T) {
	file, err := os.Open("testdata/corpus/ec2_state_reason.jsonl")
	require.NoError(t, err)
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var line struct{ ID, Text, Label string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &line))
		if strings.HasPrefix(line.Label, "status_check") {
			continue
		}
		assert.Equal(t, line.Label, labels[classify(line.Text)], "%s: %s", line.ID, line.Text)
	}
}

// classify takes a text for a reason of a state or else for console output.
func classify(text string) diag.Code {
	var reason struct{ Code, Message string }
	if json.Unmarshal([]byte(text), &reason) != nil {
		reason.Message = text
	}
	if r := stateReasonOf(reason.Code, reason.Message, ""); r.reason != "" {
		return r.code
	}
	s, _, _ := signatureOf(text, false)
	return s.code
}

// TestSignatures are texts of the user guide's kinds in other words than the corpus has.
func TestSignatures(t *testing.T) {
	for _, test := range []struct {
		text string
		want diag.Code
	}{
		{"[   12.1] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)", "ec2.kernel-panic"},
		{"Out of memory: kill process 20273 (httpd) score 1285 or sacrifice child", "ec2.out-of-memory"},
		{"nginx invoked oom-killer: gfp_mask=0x1100cca", "ec2.out-of-memory"},
		{"XENBUS: Timeout connecting to devices!", "ec2.kernel-incompatible"},
		{"blk_update_request: I/O error, dev nvme1n1, sector 2048", "ec2.disk-io-error"},
		{"fsck.ext4: No such file or directory while trying to open /dev/sdh", "ec2.boot-device-missing"},
		{"systemd[1]: dev-xvdf.device: Job timed out.\n[ TIME ] Timed out waiting for device /dev/xvdf.",
			"ec2.boot-device-missing"},
		{"You are in emergency mode. After logging in, type \"journalctl -xb\"", "ec2.file-system-not-mounted"},
		{"/dev/xvda1: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.", "ec2.file-system-check"},
		{"error: no such partition.\ngrub rescue> ", "ec2.boot-loader-stuck"},
		{"   [ Minimal BASH-like line editing is supported. ]\ngrubdom> ", "ec2.boot-loader-stuck"},
		{"Bringing up interface eth0:  Device eth0 has different MAC address than expected, ignoring.\n[FAILED]",
			"ec2.network-not-configured"},
		{"Unable to load SELinux Policy. Machine is in enforcing mode. Halting now.", "ec2.selinux-policy-missing"},
		{"cp: error writing '/var/lib/x': No space left on device", "ec2.disk-full"},
		{"EXT4-fs (nvme0n1p1): Remounting filesystem read-only", "ec2.file-system-read-only"},
		{"cloud-init[2012]: util.py[WARNING]: Failed running /var/lib/cloud/instance/scripts/part-001 [1]",
			"ec2.cloud-init-failed"},
		{"Cloud-init v. 22.2.2 finished at Sun, 01 Mar 2026 12:00:00 +0000. Up 22.38 seconds", ""},
		{"Amazon Linux 2023\nKernel 6.1.0 on an x86_64 (-)\n\nip-10-0-0-1 login: ", ""},
		{"[  OK  ] Reached target Network. Memory: 3900000K/4194304K available", ""},
	} {
		s, line, _ := signatureOf(test.text, false)
		assert.Equal(t, test.want, s.code, test.text)
		assert.Equal(t, test.want == "", line == "", "the line that shows it")
	}
}

// TestEveryDocumentedReason is the list of API_StateReason.
func TestEveryDocumentedReason(t *testing.T) {
	for _, code := range []string{
		"Server.InsufficientInstanceCapacity", "Server.InternalError", "Server.ScheduledStop", "Server.SpotInstanceShutdown",
		"Server.SpotInstanceTermination", "Client.InstanceInitiatedShutdown", "Client.InstanceTerminated",
		"Client.InternalError",
		"Client.InvalidSnapshot.NotFound", "Client.UserInitiatedHibernate", "Client.UserInitiatedShutdown",
		"Client.VolumeLimitExceeded",
	} {
		assert.Equal(t, code, stateReasonOf(code, "", "").reason)
		assert.Equal(t, code, stateReasonOf("", code+": in words", "").reason)
	}
	assert.Equal(t, diag.Code("ec2.instance-not-running"), stateReasonOf("Server.Unheard", "", "").code)
}
