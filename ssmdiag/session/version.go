package session

import (
	"strconv"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// clientVersion is what the agent is told of us. It goes by the number what a client can do: more than 1.1.70
// multiplexes connections, more than 1.2.295 takes standard error apart, more than 1.2.331 turns the multiplexer's
// keep-alive off.
const clientVersion = "1.2.707.0"

// Versions of the agent that brought what we need ("SSM Agent release notes", and version.go of
// session-manager-plugin).
const (
	versionMux         = "3.0.196.0"  // many connections in one session
	versionNoKeepAlive = "3.1.1511.0" // the multiplexer's keep-alive off; it defeats the idle timeout. Later than this.
	versionRemoteHost  = "3.1.1374.0" // AWS-StartPortForwardingSessionToRemoteHost
	versionPort        = "2.3.672.0"  // AWS-StartPortForwardingSession
)

// older reports whether version a is before b. An unknown version is not.
func older(a, b string) bool {
	if a == "" {
		return false
	}
	left, right := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(left), len(right)) {
		if x, y := number(left, i), number(right, i); x != y {
			return x < y
		}
	}
	return false
}

func number(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(parts[i]))
	if err != nil {
		return 0
	}
	return n
}

// needs gives an error if the agent is older than what the purpose needs.
func needs(agent, least, purpose string) error {
	if !older(agent, least) {
		return nil
	}
	return diag.Errorf(diag.KindInvalid, "%w: %s needs %s, the target has %s", ErrAgentTooOld, purpose, least, agent)
}
