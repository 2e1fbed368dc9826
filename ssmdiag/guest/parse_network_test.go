package guest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/ssmdiag/guest"
)

func TestParseConnectivity(t *testing.T) {
	tests := []struct {
		name, text string
		want       []guest.Outcome
	}{
		{"busybox, open", "10.0.0.1 (10.0.0.1:80) open", []guest.Outcome{guest.Reachable}},
		{"nmap's", "Ncat: Connected to 10.0.0.1:22.", []guest.Outcome{guest.Reachable}},
		{
			"curl, first address fails",
			"*   Trying [::1]:80...\n* connect to ::1 port 80 failed: Connection refused\n*   Trying 127.0.0.1:80...\n* " +
				"Connected to localhost (127.0.0.1) port 80 (#0)",
			[]guest.Outcome{guest.Refused, guest.Reachable},
		},
		{
			"curl, verdict",
			"* Trying 10.0.0.1:80...\n* Immediate connect fail for fe80::1: Network is unreachable\ncurl: (28) Connection " +
				"timed out after 5001 milliseconds",
			[]guest.Outcome{guest.TimedOut},
		},
		{
			"OpenBSD, timeout",
			"nc: connect to 10.0.0.1 port 80 (tcp) timed out: Operation now in progress",
			[]guest.Outcome{guest.TimedOut},
		},
		{
			"telnet",
			"Trying 10.0.0.1...\ntelnet: Unable to connect to remote host: No route to host",
			[]guest.Outcome{guest.NoRoute},
		},
		{
			"certificate",
			"* Connected to x (10.0.0.1) port 443\ncurl: (60) SSL certificate problem: certificate has expired",
			[]guest.Outcome{guest.TLSFailed},
		},
		{"Windows", "TcpTestSucceeded : False", []guest.Outcome{guest.ConnectFailed}},
		{"shell", "bash: connect: Connection refused", []guest.Outcome{guest.Refused}},
		{"nothing yet", "Trying 10.0.0.1...", nil},
	}
	for _, tt := range tests {
		t.Run(
			tt.name,
			func(t *testing.T) { assert.Equal(t, tt.want, guest.Outcomes(guest.ParseConnectivity(tt.text))) },
		)
	}
}

func TestParseLookup(t *testing.T) {
	tests := []struct{ name, text, status string }{
		{"dig", ";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n", "nxdomain"},
		{"dig, answer", ";; status: NOERROR\nx.example. 60 IN A 10.0.0.1\n", "resolved"},
		{
			"dig, no answer",
			";; ->>HEADER<<- status: NOERROR\n;; flags: qr; QUERY: 1, ANSWER: 0, AUTHORITY: 1\n",
			"no-data",
		},
		{"nslookup", "Server:\t\t10.0.0.2\nAddress:\t10.0.0.2#53\n\nName:\tx.example\nAddress: 10.0.0.1\n", "resolved"},
		{
			"nslookup, refused",
			"Server:\t\t10.0.0.2\nAddress:\t10.0.0.2#53\n\n** server can't find x: REFUSED\n",
			"refused",
		},
		{"getent", "10.0.0.1        STREAM x.example\n10.0.0.1        DGRAM\n", "resolved"},
		{"nobody answers", ";; connection timed out; no servers could be reached\n", "timeout"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, ok := guest.ParseLookup(tt.text)
			assert.True(t, ok)
			assert.Equal(t, tt.status, l.Status)
		})
	}
}

func TestParseSigns(t *testing.T) {
	tests := []struct{ name, text, kind, subject string }{
		{"kernel", "[1.2] Out of memory: Killed process 4242 (java) total-vm:1kB", "oom-kill", "java"},
		{"control group", "Memory cgroup out of memory: Killed process 7 (node) total-vm:1kB", "oom-kill", "node"},
		{
			"systemd",
			"Mar 02 10:00:00 h systemd[1]: app.service: Failed with result 'oom-kill'.",
			"oom-kill",
			"app.service",
		},
		{
			"unit",
			"Mar 02 10:00:00 h systemd[1]: app.service: Failed with result 'exit-code'.",
			"unit-failed",
			"app.service",
		},
		{
			"status",
			"● app.service - App\n   Loaded: loaded\n   Active: failed (Result: exit-code) since Mon; 2min ago\n",
			"unit-failed",
			"app.service",
		},
		{"list", "● app.service loaded failed failed App", "unit-failed", "app.service"},
		{"disk", "blk_update_request: I/O error, dev nvme1n1, sector 4", "disk-error", "nvme1n1"},
		{"full", "write /x: no space left on device", "disk-full", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := guest.ParseSigns(tt.text)
			if assert.Len(t, got, 1) {
				assert.Equal(t, []string{tt.kind, tt.subject}, []string{got[0].Kind, got[0].Subject})
			}
		})
	}
	assert.Empty(t, guest.ParseSigns("app.service: Succeeded.\noom_score_adj set to 0\n"))
}

func TestParseAgentDiagnostics(t *testing.T) {
	table := "┌───────┬────────┬──────┐\n│ Check │ Status │ Note │\n├───────┼────────┼──────┤\n" +
		"│ AWS Credentials │ Success │ Credentials are for\u0020│\n│                 │         │ role web │\n" +
		"│ Proxy configuration │ Skipped │ No proxy │\n└───────┴────────┴──────┘\n"
	got, ok := guest.ParseAgentDiagnostics(table)
	assert.True(t, ok)
	assert.Equal(
		t,
		[]guest.Diagnostic{{Check: "AWS Credentials", Status: "Success", Note: "Credentials are for role web"},
			{Check: "Proxy configuration", Status: "Skipped", Note: "No proxy"}},
		got,
	)
	_, ok = guest.ParseAgentDiagnostics("ssm-cli: command not found")
	assert.False(t, ok)
}
