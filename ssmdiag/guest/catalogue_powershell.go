package guest

import "strconv"

// The commands without arguments, for Windows. Their output is JSON, which does not depend on the locale.
var (
	// DiskWindows tells how full each local drive is.
	DiskWindows = powerShell("disk", "ConvertTo-Json @(Get-CimInstance Win32_LogicalDisk -Filter 'DriveType=3' | "+
		"Select-Object DeviceID,Size,FreeSpace)")
	// MemoryWindows tells how much memory is available.
	MemoryWindows = powerShell("memory", "ConvertTo-Json @(Get-CimInstance Win32_OperatingSystem | "+
		"Select-Object TotalVisibleMemorySize,FreePhysicalMemory)")
	// ProcessesWindows lists the processes that used most CPU.
	ProcessesWindows = powerShell("processes", "ConvertTo-Json @(Get-Process | Sort-Object CPU -Descending | "+
		"Select-Object -First 40 Id,ProcessName,CPU,WorkingSet64)")
	// SocketsWindows lists the listening ports.
	SocketsWindows = powerShell("sockets", "netstat -ano -p TCP")
	// RoutesWindows lists the routes.
	RoutesWindows = powerShell("routes", "route print -4")
)

// ResolveWindows looks a name up.
func ResolveWindows(host string) (Command, error) {
	if err := checkHost(host); err != nil {
		return Command{}, err
	}
	return powerShellWith("resolve", "nslookup %s", host)
}

// ConnectWindows tries to open a TCP connection to a port.
func ConnectWindows(host string, port int) (Command, error) {
	if err := firstError(checkHost(host), checkPort(port)); err != nil {
		return Command{}, err
	}
	return powerShellWith(
		"connect",
		"Test-NetConnection -ComputerName %s -Port %s | Format-List",
		host,
		strconv.Itoa(port),
	)
}

// TailWindows shows the last lines of a file.
func TailWindows(path string, lines int) (Command, error) {
	if err := firstError(checkPath(path, Windows), checkLines(lines)); err != nil {
		return Command{}, err
	}
	return powerShellWith("tail", "Get-Content -Tail %s -LiteralPath %s", strconv.Itoa(lines), path)
}
