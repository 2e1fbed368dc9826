package guest

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// The commands without arguments, for Linux. Each works with the tools of Amazon Linux, Ubuntu, RHEL and busybox.
var (
	// Disk tells how full each file system is.
	Disk = shell("disk", "df -P -k")
	// Inodes tells how many inodes of each file system are used.
	Inodes = shell("inodes", "df -P -i")
	// Memory tells how much memory is available and swap used.
	Memory = shell("memory", "cat /proc/meminfo")
	// Load tells the load and the number of processors.
	Load = shell("load", "uptime; nproc 2>/dev/null || grep -c ^processor /proc/cpuinfo")
	// CPU tells what the processors do over a second, and who uses them.
	CPU = shell("cpu", "top -b -n 2 -d 1 | head -n 800")
	// Swapping tells how much moves between memory and swap, over a few seconds.
	Swapping = shell("swapping",
		"vmstat 1 4 2>/dev/null || { grep '^pswp' /proc/vmstat; sleep 1; grep '^pswp' /proc/vmstat; }")
	// Processes lists the processes, those that use most CPU first where ps can sort.
	Processes = shell("processes", "ps aux --sort=-%cpu 2>/dev/null | head -n 41 | grep . || ps aux | head -n 200")
	// Sockets lists listening and connected sockets of TCP and UDP.
	Sockets = shell("sockets", "ss -tuanp 2>/dev/null || netstat -tuanp")
	// Routes lists the routes.
	Routes = shell("routes", "ip route 2>/dev/null || route -n")
	// KernelLog is the end of the kernel's log.
	KernelLog = shell("kernel-log", "{ dmesg -T 2>/dev/null || dmesg || journalctl -k --no-pager; } | tail -n 400")
	// FailedUnits lists the services that failed.
	FailedUnits = shell("failed-units", "systemctl list-units --failed --no-pager --plain")
	// TimeSync tells whether the clock is synchronised.
	TimeSync = shell("time-sync", "chronyc tracking 2>/dev/null; timedatectl 2>/dev/null; date -u")
	// Containers lists containers of the engine on the host, the states of its services, and what the ECS agent says of
	// itself.
	Containers = shell("containers", "docker ps -a 2>&1 | head -n 200; "+
		"systemctl show -p Id -p LoadState -p ActiveState docker.service ecs.service 2>/dev/null; "+
		"curl -s --max-time 5 http://localhost:51678/v1/metadata 2>/dev/null")
	// AgentDiagnostics is what the SSM agent finds out about its own surroundings.
	AgentDiagnostics = shell("agent-diagnostics", "ssm-cli get-diagnostics --output json")
)

// Resolve looks a name up as programs on the node do.
func Resolve(host string) (Command, error) {
	if err := checkHost(host); err != nil {
		return Command{}, err
	}
	return shellWith("resolve", "getent ahosts %s || nslookup %s", host)
}

// Connect tries to open a TCP connection to a port, for five seconds.
func Connect(host string, port int) (Command, error) {
	if err := firstError(checkHost(host), checkPort(port)); err != nil {
		return Command{}, err
	}
	number := strconv.Itoa(port)
	return shellWith("connect", strings.Join([]string{
		"if command -v nc >/dev/null 2>&1; then nc -z -v -w 5 %s %s 2>&1",
		"elif command -v curl >/dev/null 2>&1; then curl -s -v --connect-timeout 5 --max-time 6 telnet://%s:%s </dev/null 2>&1",
		"else timeout 5 bash -c 'exec 3<>\"/dev/tcp/$0/$1\" && echo Connected to \"$0\"' %s %s 2>&1; fi",
	}, "\n"), host, number)
}

// Certificate shows the certificate that a port of a host presents: subject, issuer and dates, and what came of
// verifying it; or why there is none.
func Certificate(host string, port int) (Command, error) {
	if err := firstError(checkHost(host), checkPort(port)); err != nil {
		return Command{}, err
	}
	// An address goes without a server name: "-servername" takes names only.
	name := host
	if _, err := netip.ParseAddr(host); err == nil {
		name = ""
	}
	return shellWith("certificate", strings.Join([]string{
		"to=%s name=%s",
		`said=$(timeout 10 openssl s_client -connect "$to" ${name:+-servername "$name"} </dev/null 2>&1)`,
		`echo "$said" | openssl x509 -noout -subject -issuer -dates 2>/dev/null`,
		`echo "$said" | grep -iE 'verify (return|error)|no peer|errno|refused|timed out|unreachable|no route|not known|failure|alert|wrong version|unexpected eof'`,
	}, "\n"), net.JoinHostPort(host, strconv.Itoa(port)), name)
}

// Journal shows the last lines of a service's log.
func Journal(unit string, lines int) (Command, error) {
	if err := firstError(checkUnit(unit), checkLines(lines)); err != nil {
		return Command{}, err
	}
	return shellWith("journal", "journalctl --no-pager -n %s -u %s", strconv.Itoa(lines), unit)
}

// Tail shows the last lines of a file.
func Tail(path string, lines int) (Command, error) {
	if err := firstError(checkPath(path, Linux), checkLines(lines)); err != nil {
		return Command{}, err
	}
	return shellWith("tail", "tail -n %s %s", strconv.Itoa(lines), path)
}

// Unit shows the state of a service.
func Unit(unit string) (Command, error) {
	if err := checkUnit(unit); err != nil {
		return Command{}, err
	}
	return shellWith("unit", "systemctl status --no-pager -l %s", unit)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
