package probe

import (
	"slices"

	"github.com/awsdiag/awsdiag/diag"
)

// EndpointChecks returns all checks of an [Endpoint]. Those of layers that an endpoint does not have find nothing.
//
// Left out on purpose: what a page says (a health page may be green and wrong), and how fast a name resolves or a
// connection opens (that depends on where the probe runs more than on the endpoint).
func EndpointChecks() []*diag.Check[*Endpoint] {
	return slices.Concat(
		[]*diag.Check[*Endpoint]{NameNotFound, NameLookupFailed},
		connectChecks(),
		[]*diag.Check[*Endpoint]{NotTLS, TLSFailed, TLSOutdated},
		[]*diag.Check[*Endpoint]{
			CertificateExpired,
			CertificateNotYetValid,
			CertificateExpiresSoon,
			CertificateWrongName,
			CertificateUntrusted,
		},
		exchangeChecks(),
		statusChecks(),
		[]*diag.Check[*Endpoint]{Slow},
	)
}

var (
	nameActions    = []string{resolveAction}
	connectActions = []string{resolveAction, connectAction}
	tlsActions     = []string{resolveAction, connectAction, handshakeAction}
	httpActions    = []string{resolveAction, connectAction, handshakeAction, requestAction}
)

// limits holds for every check.
const limits = "Sees the network from where the program runs, at one moment: others may come another way."

// quoted makes one word of s for a shell.
func quoted(s string) string {
	out := []byte{'\''}
	for _, b := range []byte(s) {
		if b == '\'' {
			out = append(out, `'\'`...)
		}
		out = append(out, b)
	}
	return string(append(out, '\''))
}

func (e *Endpoint) curl() diag.Step {
	return diag.Step{
		Text:    "Ask again by hand, and from inside the VPC, to see whether it depends on where one stands.",
		Command: "curl -sv --max-time 5 -o /dev/null " + quoted(e.target.String()),
	}
}

func (e *Endpoint) openssl() diag.Step {
	command := "openssl s_client -showcerts -connect " + quoted(e.target.address())
	if _, literal := e.target.literal(); !literal {
		command += " -servername " + quoted(e.target.host)
	}
	return diag.Step{Text: "Look at the certificates that are presented.", Command: command + " </dev/null"}
}
