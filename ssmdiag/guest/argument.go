package guest

import (
	"net/netip"
	"regexp"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

var (
	hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?$`)
	unitName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9:_.\\@-]{0,254}$`)
)

// checkHost accepts names and addresses. It keeps options ("-x") and URLs from standing where a host is meant; quoting
// is what keeps shell syntax out.
func checkHost(host string) error {
	if _, err := netip.ParseAddr(host); err == nil || hostName.MatchString(host) {
		return nil
	}
	return diag.Errorf(diag.KindInvalid, "%q is neither a host name nor an address", host)
}

func checkPort(port int) error {
	if port < 1 || port > 65535 {
		return diag.Errorf(diag.KindInvalid, "port %d is not in 1 to 65535", port)
	}
	return nil
}

func checkUnit(unit string) error {
	if !unitName.MatchString(unit) {
		return diag.Errorf(diag.KindInvalid, "%q is not the name of a service", unit)
	}
	return nil
}

// checkPath accepts absolute paths, so that none can be taken for an option.
func checkPath(path string, p Platform) error {
	windows := len(path) > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/')
	if p == Linux && strings.HasPrefix(path, "/") || p == Windows && windows {
		return nil
	}
	return diag.Errorf(diag.KindInvalid, "%q is not an absolute path of %s", path, p)
}

// maxLines bounds what is asked of a log: 24,000 characters come back.
const maxLines = 1000

func checkLines(lines int) error {
	if lines < 1 || lines > maxLines {
		return diag.Errorf(diag.KindInvalid, "%d lines are not in 1 to %d", lines, maxLines)
	}
	return nil
}
