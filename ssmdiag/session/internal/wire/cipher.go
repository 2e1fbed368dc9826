package wire

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
)

// DataKeyLength is how many bytes a session asks of KMS: two keys for AES-256.
const DataKeyLength = 64

// ErrDecrypt: an encrypted payload was not made with the session's key.
var ErrDecrypt = errors.New("payload does not decrypt")

// Cipher encrypts what one side sends and decrypts what it gets, with AES-GCM and a random nonce before each payload.
type Cipher struct{ seal, open cipher.AEAD }

// NewClientCipher makes the client's cipher of a plain data key: the first half decrypts, the second encrypts.
func NewClientCipher(key []byte) (*Cipher, error) {
	if len(key) != DataKeyLength {
		return nil, fmt.Errorf("data key of %d bytes, not %d", len(key), DataKeyLength)
	}
	return newCipher(key[DataKeyLength/2:], key[:DataKeyLength/2])
}

// NewAgentCipher makes the agent's cipher of a plain data key.
func NewAgentCipher(key []byte) (*Cipher, error) {
	if len(key) != DataKeyLength {
		return nil, fmt.Errorf("data key of %d bytes, not %d", len(key), DataKeyLength)
	}
	return newCipher(key[:DataKeyLength/2], key[DataKeyLength/2:])
}

func newCipher(sealKey, openKey []byte) (*Cipher, error) {
	seal, err := gcm(sealKey)
	if err != nil {
		return nil, err
	}
	open, err := gcm(openKey)
	if err != nil {
		return nil, err
	}
	return &Cipher{seal: seal, open: open}, nil
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("making a cipher: %w", err)
	}
	return cipher.NewGCM(block)
}

// Seal encrypts.
func (c *Cipher) Seal(plain []byte) []byte {
	nonce := make([]byte, c.seal.NonceSize(), c.seal.NonceSize()+len(plain)+c.seal.Overhead())
	_, _ = rand.Read(nonce) // never fails (package crypto/rand)
	return c.seal.Seal(nonce, nonce, plain, nil)
}

// Open decrypts.
func (c *Cipher) Open(sealed []byte) ([]byte, error) {
	n := c.open.NonceSize()
	if len(sealed) < n {
		return nil, fmt.Errorf("%w: %d bytes", ErrDecrypt, len(sealed))
	}
	plain, err := c.open.Open(nil, sealed[:n], sealed[n:], nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDecrypt, err)
	}
	return plain, nil
}
