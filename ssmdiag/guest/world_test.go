package guest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag/guest"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

const webID = "i-0123456789abcdef0"

var window = diag.Last(time.Hour, ssmfake.Now)

// machine is what each tool of a healthy host prints, by the command that runs it.
type machine map[string]string

func healthyMachine() machine {
	return machine{
		guest.Disk.Script(): "Filesystem 1024-blocks Used Available Capacity Mounted on\n" +
			"/dev/nvme0n1p1 8376300 3120000 5256300 38% /\n/dev/loop2 148480 148480 0 100% /snap/core/2898\n",
		guest.Inodes.Script(): "Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/nvme0n1p1 4193216 51234 4141982 2% /\n",
		guest.Memory.Script(): "MemTotal: 3933000 kB\nMemFree: 739000 kB\nMemAvailable: 1393000 kB\nSwapTotal: 0 kB\n",
		guest.Load.Script():   " 10:00:00 up 3 days,  2:11,  0 users,  load average: 0.42, 0.37, 0.30\n2\n",
		guest.Sockets.Script(): "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n" +
			"tcp   LISTEN 0      511          0.0.0.0:80        0.0.0.0:*     users:((\"nginx\",pid=7,fd=6))\n" +
			"tcp   LISTEN 0      128        127.0.0.1:5432      0.0.0.0:*\n",
		guest.KernelLog.Script(): "[Mon Mar  2 09:00:00 2026] eth0: link becomes ready\n",
		guest.AgentDiagnostics.Script(): `{"DiagnosticsOutput": [{"Check": "EC2 IMDS", "Status": "Success", "Note": "IMDS is accessible"},
			{"Check": "Hybrid instance registration", "Status": "Skipped", "Note": "Instance does not have hybrid registration"}]}`,
		guest.FailedUnits.Script(): "0 loaded units listed.\n",
		guest.CPU.Script(): "top - 10:00:00 up 3 days\n%Cpu(s): 99.0 us,  0.0 sy,  0.0 ni,  1.0 id\n  PID USER  S  %CPU  " +
			"%MEM  TIME+ COMMAND\n" +
			"   7 root  R  98.0   0.1  0:01 since boot\n" +
			"\ntop - 10:00:01 up 3 days\n%Cpu(s):  2.0 us,  1.0 sy,  0.0 ni, 97.0 id,  0.0 wa\n  PID USER  S  %CPU  %MEM  " +
			"TIME+ COMMAND\n" +
			"   7 nginx S   2.0   0.1  0:01 nginx\n",
		guest.Swapping.Script(): vmstatHeader +
			" 0  0      0 112340  20544 812200  900  900    45   120  620 1400 12  3 84  1  0\n" +
			" 0  0      0 112340  20544 812200    0    0    45   120  620 1400 12  3 84  1  0\n",
		guest.TimeSync.Script(): "Reference ID    : A9FEA97B (169.254.169.123)\nStratum         : 4\n" +
			"System time     : 0.000004153 seconds slow of NTP time\nLeap status     : Normal\n",
		guest.Containers.Script(): "sh: 1: docker: not " +
			"found\nId=docker.service\nLoadState=not-found\nActiveState=inactive\n\n" +
			"Id=ecs.service\nLoadState=not-found\nActiveState=inactive\n",
	}
}

const vmstatHeader = "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n" +
	" r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n"

// connects makes the machine print something for any attempt to connect.
const connects = "connects"

// certificate makes the machine print something for any look at a certificate.
const certificate = "certificate"

func (m machine) shell(_, script string) ssmfake.Printed {
	if out, ok := m[script]; ok {
		return ssmfake.Printed{Stdout: out}
	}
	if strings.Contains(script, "openssl s_client") {
		return ssmfake.Printed{Stdout: m[certificate]}
	}
	if strings.Contains(script, "nc -z -v") {
		return ssmfake.Printed{Stdout: m[connects], Exit: 1}
	}
	return ssmfake.Printed{Stderr: "sh: not found", Exit: 127}
}

func newClient(m machine) *ssmfake.Client {
	c := &ssmfake.Client{Shell: m.shell}
	c.Nodes = append(c.Nodes, ssmfake.Node(webID))
	return c
}

// newFleet is a fleet that does not wait.
func newFleet(t testing.TB, api guest.CommandAPI, options ...guest.Option) *guest.Fleet {
	t.Helper()
	f, err := guest.NewFleet(
		api,
		"ticket 42",
		window,
		append(
			[]guest.Option{guest.Rate(1e9), guest.Poll(0, time.Millisecond), guest.GiveUpAfter(20 * time.Millisecond)},
			options...)...)
	require.NoError(t, err)
	return f
}

func manyNodes(c *ssmfake.Client, n int) []string {
	var ids []string
	for i := range n {
		id := fmt.Sprintf("i-%017x", i)
		c.Nodes = append(c.Nodes, ssmfake.Node(id))
		ids = append(ids, id)
	}
	return ids
}
