package wire

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ciphers(t *testing.T) (client, agent *Cipher) {
	t.Helper()
	key := append(bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)...)
	client, err := NewClientCipher(key)
	require.NoError(t, err)
	agent, err = NewAgentCipher(key)
	require.NoError(t, err)
	return client, agent
}

func TestCipherBothWays(t *testing.T) {
	client, agent := ciphers(t)
	for _, pair := range [][2]*Cipher{{client, agent}, {agent, client}} {
		sealed := pair[0].Seal([]byte("secret"))
		assert.Len(t, sealed, 12+6+16)
		assert.NotEqual(t, sealed, pair[0].Seal([]byte("secret")), "the nonce is fresh")
		plain, err := pair[1].Open(sealed)
		require.NoError(t, err)
		assert.Equal(t, "secret", string(plain))
	}
}

func TestCipherRefuses(t *testing.T) {
	client, agent := ciphers(t)
	sealed := client.Seal([]byte("secret"))
	for name, b := range map[string][]byte{"nothing": nil, "short": sealed[:11], "cut": sealed[:20],
		"plain": []byte("secret, not sealed, and long")} {
		_, err := agent.Open(b)
		assert.ErrorIs(t, err, ErrDecrypt, name)
	}
	_, err := client.Open(sealed)
	assert.ErrorIs(t, err, ErrDecrypt, "each direction has its own key")
}

func TestCipherNeedsAWholeKey(t *testing.T) {
	_, err := NewClientCipher(make([]byte, 32))
	assert.Error(t, err)
	_, err = NewAgentCipher(make([]byte, 63))
	assert.Error(t, err)
}
