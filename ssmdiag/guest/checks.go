package guest

import "github.com/awsdiag/awsdiag/diag"

// GuestChecks returns all checks of a [Guest] with Linux. They send commands: run them only where that is wanted.
func GuestChecks() []*diag.Check[*Guest] {
	return []*diag.Check[*Guest]{
		DiskFull, InodesFull, MemoryLow, LoadHigh, OOMKills, DiskErrors, UnitsFailed,
		ConntrackFull, TasksHung,
		AgentDiagnosticFailed, CPUSaturated, SwapThrash, ClockWrong,
		EngineDown, ECSAgentDown, ECSAgentUnregistered, ContainersFailing,
	}
}

// WindowsChecks returns the checks of a [Guest] that also know Windows.
func WindowsChecks() []*diag.Check[*Guest] {
	return []*diag.Check[*Guest]{DiskFull, MemoryLow, UnitsFailed, AgentDiagnosticFailed, ClockWrong}
}

// TLSPortChecks returns all checks of a [TLSPort].
func TLSPortChecks() []*diag.Check[*TLSPort] {
	return []*diag.Check[*TLSPort]{CertificateExpired, CertificateExpiring, CertificateMissing}
}

// ConnectionChecks returns all checks of a [Connection], one for each way in which it can fail.
func ConnectionChecks() []*diag.Check[*Connection] {
	return []*diag.Check[*Connection]{
		ConnectRefused, ConnectTimedOut, ConnectNoRoute, ConnectNoName, ConnectReset, ConnectOtherwise,
	}
}

// ListenerChecks returns all checks of a [Listener].
func ListenerChecks() []*diag.Check[*Listener] {
	return []*diag.Check[*Listener]{PortNotListening, PortOnlyOnLoopback}
}
