package guest_test

import (
	"net"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ssmdiag/guest"
)

// tool runs a tool of this machine, or skips where it is missing.
func tool(t *testing.T, argv ...string) string {
	t.Helper()
	path, err := exec.LookPath(argv[0])
	if err != nil {
		t.Skipf("install %s to run this", argv[0])
	}
	out, err := exec.Command(path, argv[1:]...).Output()
	if err != nil {
		t.Skipf("run where %v works, such as on a host with a network: %v", argv, err)
	}
	return string(out)
}

// TestToolsOfThisMachine proves that what real tools print is understood, GNU's and busybox's.
func TestToolsOfThisMachine(t *testing.T) {
	understood := map[string]func(string) bool{
		"df -P -k":       func(s string) bool { return hasRoot(guest.ParseFilesystems(s), false) },
		"df -hT":         func(s string) bool { return hasRoot(guest.ParseFilesystems(s), false) },
		"df -P -i":       func(s string) bool { return hasRoot(guest.ParseFilesystems(s), true) },
		"free":           func(s string) bool { m, ok := guest.ParseMemory(s, 1<<10); return ok && m.Total > 1<<20 },
		"free -m":        func(s string) bool { m, ok := guest.ParseMemory(s, 1<<20); return ok && m.Total > 1<<20 },
		"free -h":        func(s string) bool { m, ok := guest.ParseMemory(s, 1); return ok && m.Total > 1<<20 },
		"uptime":         func(s string) bool { _, ok := guest.ParseLoad(s); return ok },
		"top -b -n 1":    func(s string) bool { _, ok := guest.ParseCPU(s); return ok && len(guest.ParseProcesses(s)) > 0 },
		"ps aux":         func(s string) bool { return len(guest.ParseProcesses(s)) > 1 },
		"ip route":       func(s string) bool { return s == "" || len(guest.ParseRoutes(s)) > 0 },
		"route -n":       func(s string) bool { return len(guest.ParseRoutes(s)) > 0 || strings.Count(s, "\n") < 3 },
		"ss -tuanp":      listens(t),
		"netstat -tuanp": listens(t),
	}
	for line, check := range understood {
		argv := strings.Fields(line)
		t.Run(line, func(t *testing.T) {
			out := tool(t, argv...)
			assert.True(t, check(out), out)
		})
		if argv[0] == "ss" {
			continue // busybox has none
		}
		t.Run("busybox "+line, func(t *testing.T) {
			out := tool(t, append([]string{"busybox"}, argv...)...)
			assert.True(t, check(out), out)
		})
	}
}

func hasRoot(list []guest.Filesystem, inodes bool) bool {
	for _, f := range list {
		if f.Mount == "/" && f.Inodes == inodes {
			return true
		}
	}
	return false
}

// listens opens a port and tells whether an output shows it.
func listens(t *testing.T) func(string) bool {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	return func(out string) bool {
		for _, s := range guest.ParseSockets(out) {
			if s.Port() == l.Addr().(*net.TCPAddr).Port && s.Listens() && s.OnlyLoopback() {
				return true
			}
		}
		return false
	}
}

// TestConnectScriptOfThisMachine runs the script that nodes run against a port that is open and one that is not.
func TestConnectScriptOfThisMachine(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			c.Close() // so that curl need not wait
		}
	}()
	defer l.Close()
	conn, err := net.Dial("tcp", l.Addr().String()) // its own port is taken, and nobody listens there
	require.NoError(t, err)
	defer conn.Close()
	attempt := func(at net.Addr) []guest.Outcome {
		c, err := guest.Connect("127.0.0.1", at.(*net.TCPAddr).Port)
		require.NoError(t, err)
		sh := exec.Command("sh")
		sh.Stdin = strings.NewReader(c.Script())
		out, _ := sh.CombinedOutput()
		t.Logf("%s", out)
		return guest.Outcomes(guest.ParseConnectivity(string(out)))
	}
	assert.Contains(t, attempt(l.Addr()), guest.Reachable)
	assert.Equal(t, []guest.Outcome{guest.Refused}, attempt(conn.LocalAddr()))
}
