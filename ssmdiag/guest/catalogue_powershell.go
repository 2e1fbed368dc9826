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
	// FailedServicesWindows lists the services that Windows starts by itself and that stopped with an error.
	FailedServicesWindows = powerShell("failed-units", "ConvertTo-Json @(Get-CimInstance Win32_Service -Filter "+
		"\"StartMode='Auto' AND State<>'Running' AND ExitCode<>0 AND ExitCode<>1077\" | Select-Object Name,State,ExitCode)")
	// TimeSyncWindows tells whether the clock is synchronised.
	TimeSyncWindows = powerShell("time-sync", "w32tm /query /status /verbose")
	// AgentDiagnosticsWindows is what the SSM agent finds out about its own surroundings.
	AgentDiagnosticsWindows = powerShell("agent-diagnostics",
		"& \"$env:ProgramFiles\\Amazon\\SSM\\ssm-cli.exe\" get-diagnostics --output json")
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
