package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"time"
)

// Handshake does a TLS handshake; see [Network].
func (l Local) Handshake(ctx context.Context, in *HandshakeInput) (*Handshake, error) {
	out := &Handshake{Address: in.Address}
	var err error
	out.Failure, err = l.probe(ctx, handshakeAction, func(ctx context.Context) error {
		conn, err := l.guard().dial(ctx, in.Address)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		begun := time.Now()
		secure, err := secured(ctx, conn, in.ServerName)
		out.Took = time.Since(begun)
		if err != nil {
			return err
		}
		l.describe(out, secure.ConnectionState(), in)
		return nil
	})
	return out, err
}

// secured does the handshake without judging the certificate, and with versions that are outdated, so that there is
// something to tell. Nothing confidential goes over the connection.
func secured(ctx context.Context, conn net.Conn, host string) (*tls.Conn, error) {
	secure := tls.Client(conn, &tls.Config{ServerName: host, InsecureSkipVerify: true, MinVersion: tls.VersionTLS10})
	err := secure.HandshakeContext(ctx)
	if err != nil && reasonOf(err) == ReasonOther {
		err = fault{Failure{ReasonTLS, err.Error()}}
	}
	return secure, err
}

func (l Local) describe(out *Handshake, state tls.ConnectionState, in *HandshakeInput) {
	out.Version, out.Cipher = state.Version, tls.CipherSuiteName(state.CipherSuite)
	for _, c := range state.PeerCertificates {
		out.Chain = append(out.Chain, certificate(c))
	}
	if len(state.PeerCertificates) == 0 {
		return
	}
	leaf := state.PeerCertificates[0]
	if err := leaf.VerifyHostname(in.ServerName); err != nil {
		out.NameFault = err.Error()
	}
	if err := l.verify(state.PeerCertificates, in.At); err != nil {
		out.TrustFault = err.Error()
	}
}

// verify looks for a way to a trusted root at a time at which the first certificate is valid: whether it is valid now
// is another question.
func (l Local) verify(chain []*x509.Certificate, at time.Time) error {
	leaf, between := chain[0], x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	switch {
	case at.Before(leaf.NotBefore):
		at = leaf.NotBefore
	case at.After(leaf.NotAfter):
		at = leaf.NotAfter
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: l.Roots, Intermediates: between, CurrentTime: at})
	return err
}

func certificate(c *x509.Certificate) Certificate {
	names := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	return Certificate{Subject: c.Subject.String(), Issuer: c.Issuer.String(), Names: names,
		NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC()}
}
