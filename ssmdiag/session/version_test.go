package session

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOlder(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"3.0.195.9", "3.0.196.0", true},
		{"3.0.196.0", "3.0.196.0", false},
		{"3.0.196", "3.0.196.0", false},
		{"3.1.0.0", "3.0.196.0", false},
		{"2.3.1569.0", "3.0.196.0", true},
		{"10.0.0.0", "9.0.0.0", false},
		{"", "3.0.196.0", false},
		{"x", "3.0.196.0", true},
	} {
		assert.Equal(t, tt.want, older(tt.a, tt.b), "%s before %s", tt.a, tt.b)
	}
}

func TestClientVersionHasWhatTheAgentAsksFor(t *testing.T) {
	for _, least := range []string{"1.1.70", "1.2.295", "1.2.331.0"} {
		assert.True(t, older(least, clientVersion), least)
	}
}

func TestRegionOfAnAddress(t *testing.T) {
	c := &Client{}
	for host, want := range map[string]string{
		"ssmmessages.eu-central-1.amazonaws.com":            "eu-central-1",
		"ssmmessages-fips.us-gov-west-1.amazonaws.com":      "us-gov-west-1",
		"vpce-1-2.ssmmessages.us-east-1.vpce.amazonaws.com": "us-east-1",
		"127.0.0.1": "", "ssmmessages": "",
	} {
		assert.Equal(t, want, c.region(host), host)
	}
	c.options.Region = "eu-west-1"
	assert.Equal(t, "eu-west-1", c.region("127.0.0.1"))
}
