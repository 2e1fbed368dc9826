package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/coder/websocket"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/cork"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

const (
	// maxMessage bounds what one message may hold. The agent sends 1,024 bytes of payload.
	maxMessage = 1 << 20
	// closePatience is how long the peer may take to agree to a close.
	closePatience = time.Second
	// signingName is the service that data channels are signed for.
	signingName = "ssmmessages"
)

// connect opens a data channel and names the session by its token.
func (c *Client) connect(ctx context.Context, address, token, clientID string) (*link, error) {
	header, err := c.sign(ctx, address)
	if err != nil {
		return nil, err
	}
	l := &link{}
	client := cork.Client(c.options.HTTPClient, func(raw *cork.Conn) { l.raw = raw })
	conn, response, err := websocket.Dial(ctx, address, &websocket.DialOptions{HTTPClient: client, HTTPHeader: header})
	if err != nil {
		return nil, dialError(response, err)
	}
	conn.SetReadLimit(maxMessage)
	open, err := wire.OpenBytes(token, clientID, clientVersion)
	if err == nil {
		err = conn.Write(ctx, websocket.MessageText, open)
	}
	if err != nil {
		_ = conn.CloseNow()
		return nil, fmt.Errorf("opening the data channel: %w", err)
	}
	l.conn = conn
	l.life, l.end = context.WithCancel(context.Background())
	if l.raw != nil { // closing it does the same, and a context that never ends costs nothing
		l.end()
		l.life, l.end = context.Background(), func() { _ = l.raw.Close() }
	}
	return l, nil
}

// dialError names the error of a data channel that does not open. The address may hold a signature and stays out.
func dialError(response *http.Response, err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err
	}
	if response != nil && (response.StatusCode == http.StatusForbidden || response.StatusCode == http.StatusUnauthorized) {
		return diag.Errorf(diag.KindDenied, "opening the data channel: %w", err)
	}
	return diag.Errorf(diag.KindUnreachable, "opening the data channel: %w", err)
}

// sign makes the headers of a signed request (Signature Version 4), or none without credentials or if the address is
// signed already.
func (c *Client) sign(ctx context.Context, address string) (http.Header, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("reading the address of the data channel: %w", err)
	}
	if c.options.Credentials == nil || u.Query().Has("X-Amz-Signature") {
		return nil, nil
	}
	credentials, err := c.options.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("getting credentials for the data channel: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("reading the address of the data channel: %w", err)
	}
	empty := sha256.Sum256(nil)
	err = v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(empty[:]), signingName,
		c.region(u.Hostname()), time.Now())
	if err != nil {
		return nil, fmt.Errorf("signing for the data channel: %w", err)
	}
	return request.Header, nil
}

// region is that of ssmmessages.<region>.amazonaws.com, or what the options say.
func (c *Client) region(host string) string {
	if c.options.Region != "" {
		return c.options.Region
	}
	parts := strings.Split(host, ".")
	for i, p := range parts[:len(parts)-1] {
		if strings.HasPrefix(p, signingName) {
			return parts[i+1]
		}
	}
	return ""
}

// link is a channel.Link on a websocket.
type link struct {
	conn *websocket.Conn
	life context.Context // with end, closes the connection at once
	end  func()
	raw  *cork.Conn // nil with a client that does not tell
}

// Read returns the next message. Text is passed on too: it does not decode and is dropped.
func (l *link) Read(buffer []byte) ([]byte, error) {
	_, r, err := l.conn.Reader(l.life)
	if err != nil {
		return nil, err
	}
	for {
		if len(buffer) == cap(buffer) {
			buffer = append(buffer, 0)[:len(buffer)]
		}
		n, err := r.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		if err == io.EOF {
			return buffer, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// Write sends messages.
func (l *link) Write(messages [][]byte) error {
	if l.raw == nil {
		return l.each(messages)
	}
	l.raw.Hold()
	return errors.Join(l.each(messages), l.raw.Release())
}

func (l *link) each(messages [][]byte) error {
	for _, m := range messages {
		if err := l.conn.Write(l.life, websocket.MessageBinary, m); err != nil {
			return err
		}
	}
	return nil
}

// Ping waits for a pong.
func (l *link) Ping(ctx context.Context) error { return l.conn.Ping(ctx) }

// Close closes the connection: the good way is bounded, the other at once.
func (l *link) Close(good bool) {
	defer l.end()
	if good {
		hurry := time.AfterFunc(closePatience, l.end)
		defer hurry.Stop()
		_ = l.conn.Close(websocket.StatusNormalClosure, "") // there is nothing left to lose
		return
	}
	l.end()
	_ = l.conn.CloseNow()
}
