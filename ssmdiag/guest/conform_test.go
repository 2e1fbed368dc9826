package guest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ssmdiag/guest"
)

func worlds[S diag.Subject](t *testing.T, subject func(*guest.Guest) S, spoil func(machine)) diagtest.Worlds[S] {
	at := func(spoil func(machine)) diagtest.World[S] {
		return func() (S, []diagfake.Fake) {
			m := healthyMachine()
			m[connects] = "Connection to db 5432 port [tcp/*] succeeded!"
			m[certificate] = "subject=CN = shop\nissuer=CN = Amazon RSA 2048 M02\nnotBefore=Jan  1 00:00:00 2026 " +
				"GMT\nnotAfter=Jan 31 23:59:59 2027 GMT\n" +
				"Verify return code: 0 (ok)\n"
			spoil(m)
			c := newClient(m)
			return subject(newFleet(t, c).Guest(webID)), []diagfake.Fake{c}
		}
	}
	return diagtest.Worlds[S]{Healthy: at(func(machine) {}), Broken: at(spoil)}
}

func prints(c guest.Command, text string) func(machine) {
	return func(m machine) { m[c.Script()] = text }
}

var brokenGuests = map[diag.Code]func(machine){
	"guest.disk-full": prints(
		guest.Disk,
		"Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 100 99 1 99% /var\n",
	),
	"guest.inodes-full": prints(
		guest.Inodes,
		"Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/sda1 100 91 9 91% /data\n",
	),
	"guest.memory-low": prints(
		guest.Memory,
		"MemTotal: 1000000 kB\nMemFree: 20000 kB\nMemAvailable: 50000 kB\nSwapTotal: 2000 kB\nSwapFree: 0 kB\n",
	),
	"guest.load-high": prints(guest.Load, "load average: 9.19, 8.95, 1.50\n2\n"),
	"guest.oom-kill":  prints(guest.KernelLog, "[  12.3] Out of memory: Killed process 4242 (java) total-vm:1kB\n"),
	"guest.conntrack-full": prints(guest.KernelLog,
		"[1694413.62] nf_conntrack: nf_conntrack: table full, dropping packet\n"),
	"guest.task-hung":  prints(guest.KernelLog, "INFO: task dd:1234 blocked for more than 120 seconds.\n"),
	"guest.disk-error": prints(guest.KernelLog, "EXT4-fs (nvme0n1p1): Remounting filesystem read-only\n"),
	"guest.agent-diagnostic-failed": prints(
		guest.AgentDiagnostics,
		`{"DiagnosticsOutput": [{"Check": "Connectivity to ssm endpoint", `+
			`"Status": "Failed", "Note": "ssm.eu-west-1.amazonaws.com is not reachable"}]}`,
	),
	"guest.cpu-saturated": prints(guest.CPU, "top - 10:00:00 up 3 days\n%Cpu(s): 98.0 us, 2.0 sy, 0.0 ni, 0.0 id\n"+
		"  PID USER  S  %CPU  %MEM  TIME+ COMMAND\n  99 app   R 190.0   0.1  0:01 java\n"),
	"guest.swap-thrash": prints(guest.Swapping, vmstatHeader+
		" 1  4 900000  12340    544  12200    0    0    45   120  620 1400 12  3 84  1  0\n"+
		" 1  4 900000  12340    544  12200 4096 8192    45   120  620 1400 12  3  4 81  0\n"),
	"guest.clock-not-synchronised": prints(guest.TimeSync, "               Local time: Mon 2026-03-02 10:00:00 UTC\n"+
		"System clock synchronized: no\n              NTP service: active\n"),
	"guest.container-engine-down": prints(guest.Containers,
		"Cannot connect to the Docker daemon at unix:///var/run/docker.sock. "+
			"Is the docker daemon running?\nId=docker.service\nLoadState=loaded\nActiveState=failed\n"),
	"guest.ecs-agent-down": prints(guest.Containers, "CONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES\n"+
		"Id=docker.service\nLoadState=loaded\nActiveState=active\n\nId=ecs.service\nLoadState=loaded\nActiveState=inactive\n"),
	"guest.ecs-agent-unregistered": prints(guest.Containers,
		`{"Cluster":"prod","ContainerInstanceArn":null,"Version":"Amazon ECS Agent - v1.90.0 (*3f8a4d1)"}`),
	"guest.container-failing": prints(guest.Containers,
		"CONTAINER ID   IMAGE     COMMAND       CREATED       STATUS                         PORTS     NAMES\n"+
			"4f1c2d3e5a6b   web:1.2   \"nginx -g…\"   2 hours ago   Restarting (1) 5 seconds ago             web\n"),
	"guest.unit-failed": prints(
		guest.FailedUnits,
		"UNIT LOAD ACTIVE SUB DESCRIPTION\nnginx.service loaded failed failed A web server\n",
	),
}

func connecting(text string) func(machine) { return func(m machine) { m[connects] = text } }

var brokenConnections = map[diag.Code]func(machine){
	"guest.connect-refused":  connecting("nc: connect to db port 5432 (tcp) failed: Connection refused"),
	"guest.connect-timeout":  connecting("Ncat: Connection timed out."),
	"guest.connect-no-route": connecting("nc: connect to db port 5432 (tcp) failed: No route to host"),
	"guest.connect-no-name":  connecting("nc: bad address 'db'"),
	"guest.connect-reset":    connecting("Ncat: Connection reset by peer."),
	"guest.connect-failed": connecting(
		"curl: (7) Failed to connect to db port 5432 after 3 ms: Couldn't connect to server",
	),
}

func TestConform(t *testing.T) {
	for _, check := range guest.GuestChecks() {
		spoil, ok := brokenGuests[check.Code]
		require.True(t, ok, "no broken world for %s", check.Code)
		diagtest.Conform(t, check, worlds(t, func(g *guest.Guest) *guest.Guest { return g }, spoil))
	}
	connection := func(g *guest.Guest) *guest.Connection {
		c, err := guest.NewConnection(g, "db", 5432)
		require.NoError(t, err)
		return c
	}
	for _, check := range guest.ConnectionChecks() {
		spoil, ok := brokenConnections[check.Code]
		require.True(t, ok, "no broken world for %s", check.Code)
		diagtest.Conform(t, check, worlds(t, connection, spoil))
	}
	listener := func(g *guest.Guest) *guest.Listener {
		l, err := guest.NewListener(g, 80)
		require.NoError(t, err)
		return l
	}
	diagtest.Conform(
		t,
		guest.PortNotListening,
		worlds(t, listener, prints(guest.Sockets, "tcp LISTEN 0 1 0.0.0.0:81 0.0.0.0:*\n")),
	)
	diagtest.Conform(
		t,
		guest.PortOnlyOnLoopback,
		worlds(t, listener, prints(guest.Sockets, "tcp LISTEN 0 1 127.0.0.1:80 0.0.0.0:*\n")),
	)
}

func presents(text string) func(machine) { return func(m machine) { m[certificate] = text } }

var brokenPorts = map[diag.Code]func(machine){
	"guest.certificate-expired": presents("subject=CN = shop\nnotAfter=Mar  1 00:00:00 2026 GMT\nVerify return code: 10 " +
		"(certificate has expired)\n"),
	"guest.certificate-expiring": presents("subject=CN = shop\nnotAfter=Mar  8 00:00:00 2026 GMT\nVerify return code: 0 (ok)\n"),
	"guest.tls-fails":            presents("no peer certificate available\nVerify return code: 0 (ok)\n"),
}

func TestPortsConform(t *testing.T) {
	port := func(g *guest.Guest) *guest.TLSPort {
		p, err := guest.NewTLSPort(g, "127.0.0.1", 443)
		require.NoError(t, err)
		return p
	}
	for _, check := range guest.TLSPortChecks() {
		spoil, ok := brokenPorts[check.Code]
		require.True(t, ok, "no broken world for %s", check.Code)
		diagtest.Conform(t, check, worlds(t, port, spoil))
	}
}

func TestCatalogue(t *testing.T) {
	var infos []diag.Info
	for _, c := range guest.TLSPortChecks() {
		infos = append(infos, c.Info)
	}
	for _, c := range guest.GuestChecks() {
		infos = append(infos, c.Info)
	}
	for _, c := range guest.ConnectionChecks() {
		infos = append(infos, c.Info)
	}
	for _, c := range guest.ListenerChecks() {
		infos = append(infos, c.Info)
	}
	assert.NoError(t, diag.Validate(infos...))
	for _, info := range infos {
		assert.NotEmpty(t, info.Source, info.Code)
		assert.Contains(t, info.Actions, "ssm:SendCommand", "a plan shows that it runs something")
	}
}

func TestOnlySendCommandIsNoRead(t *testing.T) {
	diagtest.ReadOnly[guest.CommandAPI](t, "SendCommand")
	diagtest.ReadOnly[guest.CancelAPI](t, "CancelCommand")
	policy, err := diag.On[*guest.Guest](newFleet(t, newClient(nil)).Guest(webID), guest.DiskFull).Policy()
	require.NoError(t, err)
	assert.Contains(t, string(policy), "AwsdiagActive")
}
