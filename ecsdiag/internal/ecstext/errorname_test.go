package ecstext

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// leastNames is the number of error names that the agent's sources define.
const leastNames = 37

func TestNamedErrors(t *testing.T) {
	assert.GreaterOrEqual(t, len(namedErrors), leastNames)
	for _, named := range namedErrors {
		t.Run(named.name, func(t *testing.T) {
			for _, text := range []string{named.name + ": the moon was in the way", strings.ToLower(named.name) + ": ?"} {
				got := ContainerReason(text)
				assert.Equal(t, named.name, got.ErrorName, text)
				assert.NotEqual(t, Unrecognised, got.Cause, text)
			}
		})
	}
}

func TestErrorName(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"none", "Essential container in task exited", ""},
		{"after the stop code", "TaskFailedToStart: ResourceInitializationError: x", "ResourceInitializationError"},
		{"stop code alone", "TaskFailedToStart: AGENT", "TaskFailedToStart"},
		{"outermost", "CannotStartContainerError: ResourceNotFoundException: x", "CannotStartContainerError"},
		{"quoted by an event", "(service web) was unable to place a task. Reason: CannotPullContainerError: x",
			"CannotPullContainerError"},
		{"name of the service", "(service CannotPullContainerError) has reached a steady state.", ""},
		{"new name", "SomethingNewError: x", "SomethingNewError"},
		{"no name", "something new: x", ""},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, StoppedReason(c.text).ErrorName) })
	}
}
