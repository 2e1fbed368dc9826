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
	}
}

// connects makes the machine print something for any attempt to connect.
const connects = "connects"

func (m machine) shell(_, script string) ssmfake.Printed {
	if out, ok := m[script]; ok {
		return ssmfake.Printed{Stdout: out}
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
