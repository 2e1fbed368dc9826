package ssmdiag

import "github.com/awsdiag/awsdiag/diag"

// NodeChecks returns all checks of a [ManagedNode]. Why a node is not connected is mostly told by its neighbours: its
// ways out, its role, its state. The checks of those are in the packages of their services.
func NodeChecks() []*diag.Check[*ManagedNode] {
	return []*diag.Check[*ManagedNode]{
		NodeConnectionLost, NodeNotManaged, NodeNotConnected, AgentTooOld, AgentOutdated, AssociationFailed,
	}
}

// IdentityChecks returns all checks of an [Identity].
func IdentityChecks() []*diag.Check[*Identity] {
	return []*diag.Check[*Identity]{NodeWithoutRole, NodeMetadataOff, HostManagementAgentTooOld, MetadataHopLimit}
}

// AttemptsChecks returns all checks of [Attempts].
func AttemptsChecks() []*diag.Check[*Attempts] { return []*diag.Check[*Attempts]{SessionRefused} }

// CommandsChecks returns all checks of [Commands].
func CommandsChecks() []*diag.Check[*Commands] {
	return []*diag.Check[*Commands]{CommandFailed, CommandNotDelivered}
}

// PreferencesChecks returns all checks of [Preferences].
func PreferencesChecks() []*diag.Check[*Preferences] {
	return []*diag.Check[*Preferences]{PreferencesInvalid, RunAsWithoutUser, SessionLogsRequireEncryption}
}

// ParameterChecks returns all checks of [Parameters].
func ParameterChecks() []*diag.Check[*Parameters] {
	return []*diag.Check[*Parameters]{ParameterMissing, ParameterChangedAfterStart, ParameterExpiring}
}

// DriftChecks returns all checks of a [Drift].
func DriftChecks() []*diag.Check[*Drift] {
	return []*diag.Check[*Drift]{ParametersDrifted, ParameterValuesDrifted}
}
