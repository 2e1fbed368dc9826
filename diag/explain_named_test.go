package diag

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestMentions is about names of resources in what a finding says.
func TestMentions(t *testing.T) {
	for _, tt := range []struct {
		text, id string
		want     bool
	}{
		{"getaddrinfo enotfound shop-sessions.k3x9ab.ng.0001.use2.cache.amazonaws.com", "shop-sessions", true},
		{"dial tcp: lookup master.shop-sessions.k3x9ab.use2.cache.amazonaws.com: no such host", "shop-sessions", true},
		{"no such host shop-sessions.k3x9ab.cache.amazonaws.com.cn.", "shop-sessions", true},
		{"no such host old-shop-sessions.k3x9ab.cache.amazonaws.com", "shop-sessions", false},
		{"no such host shop-sessions-2.k3x9ab.cache.amazonaws.com", "shop-sessions", false},
		{"no such host shop-sessions.internal.example", "shop-sessions", false},
		{"table shop-sessions throttles", "shop-sessions", true},
		{"sessions.k3x9ab.cache.amazonaws.com", "sessions", false}, // a common word
	} {
		assert.Equal(t, tt.want, names(tt.text).mention(Resource{ID: tt.id}), tt.text)
	}
}
