package ecstext

import "strings"

// namedError is an error that AWS writes as the first word of a text.
type namedError struct {
	name  string
	cause Cause // what the name alone says
}

// namedErrors are the error names of the Amazon ECS agent (dockerapi/errors.go, engine/errors.go, api/errors) and the
// categories of "Amazon ECS stopped tasks error messages".
var namedErrors = []namedError{
	{"CannotPullContainerError", ImagePullOther},
	{"CannotPullContainerAuthError", ImagePullOther},
	{"CannotPullECRContainerError", ImagePullOther},
	{"CannotPullImageManifestError", ImagePullOther},
	{"CannotPullContainer", ImagePullOther},
	{"CannotCreateContainerError", CreateFailedOther},
	{"CannotStartContainerError", StartFailedOther},
	{"CannotStopContainerError", StopFailed},
	{"CannotRemoveContainerError", StopFailed},
	{"CannotInspectContainerError", InspectFailed},
	{"CannotDescribeContainerError", InspectFailed},
	{"CannotListContainersError", AgentError},
	{"CannotListImagesError", AgentError},
	{"CannotListPluginsError", AgentError},
	{"CannotCreateVolumeError", VolumeFailed},
	{"CannotInspectVolumeError", VolumeFailed},
	{"CannotRemoveVolumeError", VolumeFailed},
	{"InvalidVolumeError", VolumeFailed},
	{"CannotGetDockerclientError", AgentError},
	{"CannotGetDockerClientVersionError", AgentError},
	{"CannotGetContainerTopError", AgentError},
	{"CannotCreateContainerExecError", AgentError},
	{"CannotStartContainerExecError", AgentError},
	{"CannotInspectContainerExecError", AgentError},
	{"NoSuchContainerError", AgentError},
	{"DockerTimeoutError", DockerTimeout},
	{"DockerStateError", StartFailedOther},
	{"ContainerRuntimeError", StartFailedOther},
	{"ContainerRuntimeTimeoutError", DockerTimeout},
	{"OutOfMemoryError", OutOfMemory},
	{"ContainerVanishedError", AgentError},
	{"ContainerNetworkingError", ENIFailed},
	{"TaskDependencyError", DependencyFailed},
	{"TaskStoppedBeforePullBeginError", AgentError},
	{"ImpossibleStateTransitionError", AgentError},
	{"HostConfigError", CreateFailedOther},
	{"DockerClientConfigError", CreateFailedOther},
	{"ResourceInitializationError", TaskStartFailed},
	{"ResourceNotFoundException", TaskStartFailed},
	{"TaskFailedToStart", TaskStartFailed},
	{"InternalError", InternalError},
	{"SpotInterruptionError", SpotInterrupted},
	{"SpotInterruption", SpotInterrupted},
	{"UnparsablePort", CreateFailedOther},
	{"UnrecognizedTransportProtocol", CreateFailedOther},
}

// errorName returns the first named error of the text in AWS's spelling: a known one in any case, or a first word that
// is written as an error name. The stop code TaskFailedToStart gives way to an error after it. The names of services
// and images, which may hold anything, are not in the normalised text.
func errorName(text, normal string) string {
	fallback := ""
	for word := range strings.FieldsFuncSeq(normal, notLetter) {
		known := knownName(word)
		switch {
		case known == "TaskFailedToStart":
			fallback = known
		case known != "":
			return known
		}
	}
	if fallback == "" {
		fallback = leadingName(text)
	}
	return fallback
}

func notLetter(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }

func knownName(word string) string {
	if len(word) < len("HostConfigError")-2 {
		return ""
	}
	for i := range namedErrors {
		if strings.EqualFold(namedErrors[i].name, word) {
			return namedErrors[i].name
		}
	}
	return ""
}

// leadingName returns the first word of "SomeNewError: …".
func leadingName(text string) string {
	name, _, ok := strings.Cut(strings.TrimSpace(text), ":")
	if !ok || strings.ContainsFunc(name, notLetter) {
		return ""
	}
	if strings.HasSuffix(name, "Error") || strings.HasSuffix(name, "Exception") {
		return name
	}
	return ""
}

func causeOfName(name string) Cause {
	for i := range namedErrors {
		if namedErrors[i].name == name {
			return namedErrors[i].cause
		}
	}
	return Unrecognised
}
