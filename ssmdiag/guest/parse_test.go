package guest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/ssmdiag/guest"
)

func TestParseFilesystems(t *testing.T) {
	tests := []struct {
		name, text string
		want       []guest.Filesystem
	}{
		{"with a type", "Filesystem     Type  Size  Used Avail Use% Mounted on\n/dev/xvda1 xfs 8.0G 1.7G 6.3G 22% /\n",
			[]guest.Filesystem{
				{
					Device:    "/dev/xvda1",
					Type:      "xfs",
					Mount:     "/",
					Percent:   22,
					Total:     "8.0G",
					Used:      "1.7G",
					Available: "6.3G",
				},
			}},
		{
			"wrapped after the device",
			"Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/mapper/vg-a_very_long_name\n   100 97 3 97% /var/lib\n",
			[]guest.Filesystem{
				{
					Device:    "/dev/mapper/vg-a_very_long_name",
					Mount:     "/var/lib",
					Percent:   97,
					Total:     "100",
					Used:      "97",
					Available: "3",
				},
			},
		},
		{"German", "Dateisystem Größe Benutzt Verf. Verw% Eingehängt auf\n/dev/sda1 9,8G 9,8G 0 100% /\n",
			[]guest.Filesystem{
				{Device: "/dev/sda1", Mount: "/", Percent: 100, Total: "9,8G", Used: "9,8G", Available: "0"},
			}},
		{
			"inodes, a mount with a space",
			"Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/sdb1 10 10 0 100% /my data\n",
			[]guest.Filesystem{
				{
					Device:    "/dev/sdb1",
					Mount:     "/my data",
					Percent:   100,
					Inodes:    true,
					Total:     "10",
					Used:      "10",
					Available: "0",
				},
			},
		},
		{"inodes that are not counted", "Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/sda2 0 0 0 - /boot/efi\n",
			[]guest.Filesystem{
				{
					Device:    "/dev/sda2",
					Mount:     "/boot/efi",
					Percent:   -1,
					Inodes:    true,
					Total:     "0",
					Used:      "0",
					Available: "0",
				},
			}},
		{
			"macOS",
			"Filesystem Size Used Avail Capacity iused ifree %iused Mounted on\n/dev/disk1s1 466Gi 10Gi 300Gi 4% 487 48 1% /\n",
			[]guest.Filesystem{
				{Device: "/dev/disk1s1", Mount: "/", Percent: 4, Total: "466Gi", Used: "10Gi", Available: "300Gi"},
			},
		},
		{"something else", "df: /mnt: Stale file handle\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, guest.ParseFilesystems(tt.text)) })
	}
}

func TestParseMemory(t *testing.T) {
	tests := []struct {
		name, text string
		unit       float64
		total      float64
		available  float64
		has        bool
	}{
		{
			"new free",
			"       total used free shared buff/cache available\nMem:  1000 500 100 1 400 450\nSwap: 0 0 0\n",
			1 << 20,
			1000 << 20,
			450 << 20,
			true,
		},
		{
			"old free",
			"       total used free shared buffers cached\nMem: 1000 500 100 1 20 400\n-/+ buffers/cache: 80 920\n",
			1 << 10,
			1000 << 10,
			0,
			false,
		},
		{
			"human",
			"       total used free shared buff/cache available\nMem: 15Gi 2.0Gi 1.0Gi 8.0Mi 12Gi 13Gi\n",
			1,
			15 << 30,
			13 << 30,
			true,
		},
		{
			"German",
			"       gesamt  benutzt frei gemeinsam Puffer/Cache verfügbar\nSpeicher: 1000 500 100 1 400 450\n",
			1 << 10,
			1000 << 10,
			450 << 10,
			true,
		},
		{"meminfo", "MemTotal: 2000 kB\nMemFree: 10 kB\nMemAvailable: 900 kB\n", 1, 2000 << 10, 900 << 10, true},
		{
			"top",
			"MiB Mem :   2000.0 total,    10.0 free,   990.0 used\nMiB Swap: 0.0 total, 0.0 free, 0.0 used.   900.0 avail Mem\n",
			1,
			2000 << 20,
			900 << 20,
			true,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, ok := guest.ParseMemory(tt.text, tt.unit)
			assert.True(t, ok)
			assert.Equal(t, []any{tt.total, tt.available, tt.has}, []any{m.Total, m.Available, m.HasAvailable})
		})
	}
	_, ok := guest.ParseMemory("sh: free: not found", 1)
	assert.False(t, ok)
}

func TestParseLoadAndCPU(t *testing.T) {
	for name, text := range map[string]string{
		"point":   " 10:00 up 1 day, load average: 1.50, 2.25, 3.00\n4\n",
		"comma":   " 10:00:00 up 1 day,  1 user,  load average: 1,50, 2,25, 3,00\n4\n",
		"proc":    "1.50 2.25 3.00 1/123 4567\n4\n",
		"busybox": "Load average: 1.50 2.25 3.00 1/123 4567\n4\n",
	} {
		l, ok := guest.ParseLoad(text)
		assert.True(t, ok, name)
		assert.Equal(t, guest.LoadAverage{One: 1.5, Five: 2.25, Fifteen: 3, Processors: 4}, l, name)
	}
	for name, text := range map[string]string{
		"GNU":     "%Cpu(s):  2.0 us,  3.0 sy,  0.0 ni, 94.0 id,  1.0 wa,  0.0 hi,  0.0 si,  0.0 st",
		"old":     "Cpu(s):  2.0%us,  3.0%sy,  0.0%ni, 94.0%id,  1.0%wa,  0.0%hi,  0.0%si,  0.0%st",
		"busybox": "CPU:   2% usr   3% sys   0% nic  94% idle   1% io   0% irq   0% sirq",
	} {
		c, ok := guest.ParseCPU(text)
		assert.True(t, ok, name)
		assert.Equal(t, guest.CPUUse{User: 2, System: 3, Idle: 94, Wait: 1}, c, name)
	}
}

func TestParseProcesses(t *testing.T) {
	gnu := guest.ParseProcesses(
		"USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND\nroot 1 0.5 1.0 10 4 ? Ss Sep12 0:00 /sbin/init splash\n",
	)
	assert.Equal(
		t,
		[]guest.Process{{User: "root", PID: 1, CPU: 0.5, Memory: 1, State: "Ss", Command: "/sbin/init splash"}},
		gnu,
	)
	busybox := guest.ParseProcesses("PID   USER     TIME  COMMAND\n    1 root      0:00 sh -c sleep 9\n")
	assert.Equal(t, []guest.Process{{User: "root", PID: 1, Command: "sh -c sleep 9"}}, busybox)
}

func TestParseSockets(t *testing.T) {
	tests := []struct {
		name, text string
		want       guest.Socket
		port       int
		loopback   bool
	}{
		{
			"ss",
			"LISTEN 0 128 127.0.0.53%lo:53 0.0.0.0:* users:((\"dns\",pid=1,fd=2))",
			guest.Socket{
				State:   "LISTEN",
				Local:   "127.0.0.53%lo:53",
				Peer:    "0.0.0.0:*",
				Process: "users:((\"dns\",pid=1,fd=2))",
			},
			53,
			true,
		},
		{
			"ss, six",
			"tcp LISTEN 0 128 [::]:80 [::]:*",
			guest.Socket{Protocol: "tcp", State: "LISTEN", Local: "[::]:80", Peer: "[::]:*"},
			80,
			false,
		},
		{
			"netstat",
			"tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN 1/sshd",
			guest.Socket{Protocol: "tcp", State: "LISTEN", Local: "0.0.0.0:22", Peer: "0.0.0.0:*", Process: "1/sshd"},
			22,
			false,
		},
		{
			"netstat, udp",
			"udp 0 0 127.0.0.1:323 0.0.0.0:* -",
			guest.Socket{Protocol: "udp", State: "UNCONN", Local: "127.0.0.1:323", Peer: "0.0.0.0:*"},
			323,
			true,
		},
		{
			"Windows",
			"  TCP    0.0.0.0:135   0.0.0.0:0   LISTENING   904",
			guest.Socket{Protocol: "tcp", State: "LISTEN", Local: "0.0.0.0:135", Peer: "0.0.0.0:0", Process: "904"},
			135,
			false,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := guest.ParseSockets(tt.text)
			assert.Equal(t, []guest.Socket{tt.want}, got)
			assert.Equal(t, tt.port, tt.want.Port())
			assert.Equal(t, tt.loopback, tt.want.OnlyLoopback())
		})
	}
	assert.Empty(t, guest.ParseSockets("State Recv-Q Send-Q Local Address:Port Peer Address:Port\n"))
}

func TestParseRoutes(t *testing.T) {
	want := guest.Route{Destination: "default", Via: "10.0.0.1", Device: "eth0"}
	for name, text := range map[string]string{
		"ip": "default via 10.0.0.1 dev eth0 proto dhcp metric 512\n",
		"route -n": "Destination Gateway Genmask Flags Metric Ref Use Iface\n0.0.0.0         10.0.0.1        0.0.0.0    " +
			"     UG    0      0        0 eth0\n",
		"route, names": "default         10.0.0.1        0.0.0.0         UG    0      0        0 eth0\n",
	} {
		assert.Equal(t, []guest.Route{want}, guest.ParseRoutes(text), name)
	}
	windows := guest.ParseRoutes("          0.0.0.0          0.0.0.0         10.0.0.1         10.0.0.5     25\n")
	assert.Equal(t, []guest.Route{{Destination: "default", Via: "10.0.0.1", Device: "10.0.0.5"}}, windows)
}
