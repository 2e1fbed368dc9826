package guest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ssmdiag/guest"
)

// TestParseClock reads outputs from public repositories, but for the last three, which are made from documented words.
func TestParseClock(t *testing.T) {
	chrony := func(reference, system, leap string) string {
		return "Reference ID    : " + reference +
			"\nStratum         : 2\nRef time (UTC)  : Mon Oct 21 10:06:45 2024\nSystem time     : " + system +
			" of NTP time\nLast offset     : -3845.151367188 seconds\nRMS offset      : 3845.151367188 seconds\nLeap status     : " + leap + "\n"
	}
	tests := []struct {
		name, text   string
		synchronised bool
		offset       time.Duration
		source       string
	}{
		{"chrony", chrony("C0248F86 (192.36.143.134)", "0.000000001 seconds slow", "Normal"), true, -time.Nanosecond,
			"192.36.143.134"},
		{"chrony, not yet", chrony("00000000 ()", "0.000000000 seconds fast", "Not synchronised"), false, 0, ""},
		{"chrony, no source under a normal leap", "Reference ID    : 00000000 ()\nLeap status     : Normal\n", false, 0, ""},
		{"chrony before timedatectl", chrony("CB6B0658 (203.107.6.88)", "2.500000000 seconds fast", "Normal") +
			"System clock synchronized: no\n", true, 2500 * time.Millisecond, "203.107.6.88"},
		{"timedatectl",
			"               Local time: Sat 2027-12-25 00:02:26 UTC\n                Time zone: UTC (UTC, +0000)\n" +
				"System clock synchronized: no\n              NTP service: active\n          RTC in local TZ: yes\n", false, 0, ""},
		{"timedatectl of CentOS 7", "     NTP enabled: yes\nNTP synchronized: yes\n RTC in local TZ: no\n", true, 0, ""},
		{"w32tm", "Leap Indicator: 0(no warning)\nStratum: 3 (secondary reference)\nSource: time.windows.com,0x8\n" +
			"Last Sync Error: 0 (The command completed successfully.)\n", true, 0, "time.windows.com,0x8"},
		{"w32tm with spaces", "Leap Indicator: 0 (no warning)\nStratum: 4\nSource: DC-01.lab.local\n", true, 0,
			"DC-01.lab.local"},
		{"w32tm on its own clock",
			"Leap Indicator: 3(not synchronized)\nStratum: 0 (unspecified)\nSource: Local CMOS Clock\n", false, 0,
			"Local CMOS Clock"},
		{"w32tm, off", "Leap Indicator: 0(no warning)\nPhase Offset: -1.5000000s\nSource: time.aws.com\n", true,
			-1500 * time.Millisecond, "time.aws.com"},
		{"w32tm, stopped", "The following error occurred: The service has not been started. (0x80070426)\n", false, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, ok := guest.ParseClock(tt.text)
			require.True(t, ok)
			assert.Equal(t, []any{tt.synchronised, tt.offset, tt.source}, []any{c.Synchronised, c.Offset, c.Source})
		})
	}
	_, ok := guest.ParseClock("Mon Mar  2 10:00:00 UTC 2026\n")
	assert.False(t, ok, "the time alone tells nothing")
}

func TestClockFarOffIsAnError(t *testing.T) {
	m := healthyMachine()
	m[guest.TimeSync.Script()] = "Reference ID    : A9FEA97B (169.254.169.123)\nSystem time     : 361.2 seconds fast of " +
		"NTP time\nLeap status     : Normal\n"
	f := diagtest.Only(t, diagtest.Run(t, newFleet(t, newClient(m)).Guest(webID), guest.ClockWrong),
		"guest.clock-not-synchronised")
	assert.Equal(t, diag.SeverityError, f.Severity)
	assert.Contains(t, f.Summary, "6 min 1 s off: AWS refuses")
}

func TestParseCertificate(t *testing.T) {
	expired := "subject=CN = localhost\nissuer=CN = localhost\n---\nVerification error: certificate has expired\n---\n" +
		"Verify return code: 10 (certificate has expired)\n"
	c, ok := guest.ParseCertificate(expired)
	require.True(t, ok)
	assert.Equal(t, guest.PortCertificate{Subject: "CN = localhost", Issuer: "CN = localhost", Verify: 10,
		Problem: "certificate has expired"}, c)
	for name, text := range map[string]string{
		"refused": "40A7:error:8000006F:system library:BIO_connect:Connection " +
			"refused:crypto/bio/bio_sock2.c:114\nconnect:errno=111\n",
		"plain": "CONNECTED(00000003)\n139:error:1408F10B:SSL routines:ssl3_get_record:wrong version " +
			"number:ssl/record/ssl3_record.c:332:\nno peer certificate available\n",
		"no answer": "connect:errno=110\n",
	} {
		c, ok := guest.ParseCertificate(text)
		assert.True(t, ok, name)
		assert.NotEmpty(t, c.Problem, name)
		assert.Empty(t, c.Subject, name)
	}
	_, ok = guest.ParseCertificate("sh: openssl: not found\n")
	assert.False(t, ok)
}

// TestCertificateScriptOfThisMachine runs the script that nodes run, against a port on which nothing listens.
func TestCertificateScriptOfThisMachine(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("install openssl to run this")
	}
	c, err := guest.Certificate("127.0.0.1", 1)
	require.NoError(t, err)
	sh := exec.Command("sh")
	sh.Stdin = strings.NewReader(c.Script())
	out, _ := sh.CombinedOutput()
	got, ok := guest.ParseCertificate(string(out))
	assert.True(t, ok, "%s", out)
	assert.Contains(t, strings.ToLower(got.Problem), "refused", "%s", out)
}

func TestParseEngine(t *testing.T) {
	e, ok := guest.ParseEngine("CONTAINER ID        IMAGE               COMMAND             CREATED             STATUS   " +
		"           PORTS               NAMES\n" +
		"461c969e510b        busybox             \"sh\"                54 seconds ago      Up 53 seconds                           b1\n" +
		"9d2f0c1b7a3e        amazon/amazon-ecs-agent:latest   \"/agent\"   3 days ago   Up 3 days (unhealthy)   " +
		"0.0.0.0:51678->51678/tcp   ecs-agent\n" +
		"Id=docker.service\nLoadState=loaded\nActiveState=active\n\nId=ecs.service\nLoadState=loaded\nActiveState=active\n" +
		`{"Cluster":"prod","ContainerInstanceArn":"arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/0c1d","Version":"Amazon ECS Agent - v1.90.0 (*3f8a4d1)"}` + "\n")
	require.True(t, ok)
	assert.Equal(t, []guest.Container{{ID: "461c969e510b", Image: "busybox", Name: "b1", Status: "Up 53 seconds"},
		{ID: "9d2f0c1b7a3e", Image: "amazon/amazon-ecs-agent:latest", Name: "ecs-agent", Status: "Up 3 days (unhealthy)"}},
		e.Containers)
	assert.Equal(t, map[string]string{"docker": "active", "ecs": "active"}, e.Units)
	assert.Equal(t, "prod", e.Cluster)
	_, ok = guest.ParseEngine("something else\n")
	assert.False(t, ok)
}

func TestParseSwapTraffic(t *testing.T) {
	got, ok := guest.ParseSwapTraffic("pswpin 1000\npswpout 5000\npswpin 1256\npswpout 5512\n")
	require.True(t, ok)
	assert.Equal(t, []float64{256 * 4096, 512 * 4096}, []float64{got.In, got.Out})
	_, ok = guest.ParseSwapTraffic(vmstatHeader +
		" 0  0      0 112340  20544 812200  900  900    45   120  620 1400 12  3 84  1  0\n")
	assert.False(t, ok, "one sample is the average since the start")
}

// TestParseWindows reads what ConvertTo-Json makes of lists, in all of its ways.
func TestParseWindows(t *testing.T) {
	want := []guest.Filesystem{{Device: "C:", Mount: `C:\`, Percent: 91, Total: "100.0G", Used: "90.5G",
		Available: "9.5G"}}
	for name, text := range map[string]string{
		"an array":         `[{"DeviceID":"C:","Size":107374182400,"FreeSpace":10200547328},{"DeviceID":"D:","Size":null,"FreeSpace":null}]`,
		"one alone":        `{"DeviceID":"C:","Size":107374182400,"FreeSpace":10200547328}`,
		"numbers as text":  `{"DeviceID":"C:","Size":"107374182400","FreeSpace":"10200547328"}`,
		"PowerShell 5.1":   `{"value":[{"DeviceID":"C:","Size":107374182400,"FreeSpace":10200547328}],"Count":1}`,
		"with a byte mark": "\ufeff[{\"DeviceID\":\"C:\",\"Size\":107374182400,\"FreeSpace\":10200547328}]",
		"under a line break": "\r\n[\r\n    {\r\n \"DeviceID\":  \"C:\", \"Size\":  107374182400, \"FreeSpace\":  " +
			"10200547328 }\r\n]\r\n",
	} {
		got, ok := guest.ParseDrives(text)
		assert.True(t, ok, name)
		assert.Equal(t, want, got, name)
	}
	for _, text := range []string{"", "Get-CimInstance : Access denied", `[{"DeviceID":"C:"`, "[]"} {
		_, ok := guest.ParseDrives(text)
		assert.False(t, ok, text)
	}
	m, ok := guest.ParseMemoryWindows(`{"TotalVisibleMemorySize":8166712,"FreePhysicalMemory":919804}`)
	assert.True(t, ok)
	assert.Equal(t, []float64{8166712 * 1024, 919804 * 1024}, []float64{m.Total, m.Available})
	p, ok := guest.ParseProcessesWindows(`[{"Id":4,"ProcessName":"System","CPU":12.5,"WorkingSet64":139264},{"Id":99,"ProcessName":"w3wp","CPU":null,"WorkingSet64":1}]`)
	assert.True(t, ok)
	assert.Equal(t, []guest.Process{{PID: 4, Command: "System"}, {PID: 99, Command: "w3wp"}}, p)
	s, ok := guest.ParseServicesWindows(`{"Name":"W3SVC","State":"Stopped","ExitCode":1067}`)
	assert.True(t, ok)
	assert.Equal(t, []guest.Sign{{Kind: "unit-failed", Subject: "W3SVC", Line: "W3SVC is Stopped, exit code 1067"}}, s)
	s, ok = guest.ParseServicesWindows("[]\r\n")
	assert.True(t, ok)
	assert.Empty(t, s)
}

// TestWindowsGuest judges a Windows node by the same checks, and leaves those aside that know Linux only.
func TestWindowsGuest(t *testing.T) {
	m := machine{
		guest.DiskWindows.Script():             `{"DeviceID":"C:","Size":100,"FreeSpace":1}`,
		guest.MemoryWindows.Script():           `{"TotalVisibleMemorySize":1000,"FreePhysicalMemory":50}`,
		guest.FailedServicesWindows.Script():   `{"Name":"W3SVC","State":"Stopped","ExitCode":1067}`,
		guest.TimeSyncWindows.Script():         "Leap Indicator: 3(not synchronized)\nSource: Local CMOS Clock\n",
		guest.AgentDiagnosticsWindows.Script(): `{"DiagnosticsOutput": [{"Check": "Windows sysprep image state", "Status": "Failed", "Note": "image state is not complete"}]}`,
	}
	g := newFleet(t, newClient(m)).WindowsGuest(webID)
	diagtest.Want(t, diagtest.Run(t, g, guest.WindowsChecks()...), "guest.disk-full", "guest.memory-low",
		"guest.unit-failed",
		"guest.agent-diagnostic-failed", "guest.clock-not-synchronised")
	_, err := g.Load(t.Context())
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
	c, err := guest.NewConnection(g, "db", 5432)
	require.NoError(t, err)
	m[`Test-NetConnection -ComputerName 'db' -Port '5432' | Format-List`] = "RemotePort : 5432\nTcpTestSucceeded : False\n"
	diagtest.Only(t, diagtest.Run(t, c, guest.ConnectionChecks()...), "guest.connect-failed")
}

// objects are the objects of a bucket by "bucket/key".
type objects map[string]string

func (o objects) Fetch(_ context.Context, bucket, key string) (io.ReadCloser, error) {
	text, ok := o[bucket+"/"+key]
	if !ok {
		return nil, errors.New("NoSuchKey")
	}
	return io.NopCloser(bytes.NewReader([]byte(text))), nil
}

func TestACutOutputIsFollowed(t *testing.T) {
	m := healthyMachine()
	rows := "Filesystem 1024-blocks Used Available Capacity Mounted on\n" + strings.Repeat("/dev/x 1 1 1 1% /x\n", 2000)
	m[guest.Disk.Script()] = rows
	run := func(bucket objects) (*diag.Report, guest.Output) {
		f := newFleet(t, newClient(m), guest.KeepOutput("bucket", "diag"), guest.FollowOutput(bucket))
		outputs, err := f.Run(t.Context(), guest.Disk, webID)
		require.NoError(t, err)
		return diagtest.Run(t, f.Guest(webID), guest.DiskFull), outputs[0]
	}
	_, cut := run(objects{})
	assert.True(t, cut.Truncated)
	assert.ErrorContains(t, cut.FollowErr, "NoSuchKey")
	key := cut.StdoutURL[strings.Index(cut.StdoutURL, "bucket/diag/"):]
	report, whole := run(objects{key: rows + "/dev/sda1 100 99 1 99% /\n",
		strings.Replace(key, "000000000001", "000000000002", 1): rows + "/dev/sda1 100 99 1 99% /\n"})
	assert.False(t, whole.Truncated)
	assert.NoError(t, whole.FollowErr)
	diagtest.Only(t, report, "guest.disk-full")
	assert.Empty(t, report.Inconclusive)
}
