package probe

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
)

// TestOwnHost: a redirect from elsewhere may not lead to the own host. There is no elsewhere in a test, so that the
// guard is asked itself.
func TestOwnHost(t *testing.T) {
	for _, address := range []string{"127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1"} {
		addr := netip.MustParseAddr(address)
		assert.NoError(t, guard{}.refuse(addr), address)
		assert.Equal(t, diag.KindInvalid, diag.KindOf(guard{noLoopback: true}.refuse(addr)), address)
	}
	assert.NoError(t, guard{noLoopback: true}.refuse(netip.MustParseAddr("10.0.0.1")))
}

func TestLinkLocalWhereAllowed(t *testing.T) {
	addr := netip.MustParseAddr("169.254.169.254")
	assert.NoError(t, Local{LinkLocal: true}.guard().refuse(addr))
	assert.Error(t, Local{}.guard().refuse(addr))
}
