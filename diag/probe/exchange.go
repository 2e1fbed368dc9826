package probe

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	maxBody   = 64 << 10
	maxAnswer = maxBody + 256<<10 // with headers
	maxInform = 5                 // answers of status 1xx before the real one
	userAgent = "awsdiag-probe"
)

// exchange is one request and its answer. It is done by hand on one connection: nothing is pooled, no goroutine stays,
// and each layer is timed by itself.
type exchange struct {
	local   Local
	guard   guard
	page    *url.URL
	method  string
	address netip.AddrPort // where to dial, if it is known
	out     *Response
}

// run asks and returns where the answer redirects to, if it does.
func (e *exchange) run(ctx context.Context) (location string, err error) {
	e.out.Status, e.out.URL, e.out.Headers, e.out.Body, e.out.Timings = 0, bare(e.page), nil, "", Timings{}
	conn, address, err := e.dial(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	location, err = e.ask(ctx, conn)
	if ctx.Err() == nil && wants(e.page, e.out.Status, err) && e.answersTLS(ctx, address) {
		return "", fault{Failure{ReasonTLSExpected, "the port answers a TLS handshake"}}
	}
	return location, err
}

// dial tries the addresses in turn, each for its share of the time that is left.
func (e *exchange) dial(ctx context.Context) (net.Conn, netip.AddrPort, error) {
	addresses, err := e.addresses(ctx)
	if err != nil {
		return nil, netip.AddrPort{}, err
	}
	number, err := strconv.ParseUint(port(e.page), 10, 16)
	if err != nil {
		return nil, netip.AddrPort{}, err
	}
	begun := time.Now()
	defer func() { e.out.Timings.Connect = time.Since(begun) }()
	var failed error
	for i, addr := range addresses {
		to := netip.AddrPortFrom(addr, uint16(number))
		conn, err := e.try(ctx, to, len(addresses)-i)
		if err == nil {
			return conn, to, nil
		}
		failed = errors.Join(failed, err)
	}
	return nil, netip.AddrPort{}, failed
}

func (e *exchange) try(ctx context.Context, to netip.AddrPort, left int) (net.Conn, error) {
	if end, ok := ctx.Deadline(); ok {
		share, cancel := context.WithTimeout(ctx, time.Until(end)/time.Duration(left))
		defer cancel()
		ctx = share
	}
	return e.guard.dial(ctx, to)
}

func (e *exchange) ask(ctx context.Context, conn net.Conn) (string, error) {
	if e.page.Scheme == "https" {
		begun := time.Now()
		secure, err := secured(ctx, conn, e.page.Hostname())
		if err != nil {
			return "", err
		}
		e.out.Timings.TLS, conn = time.Since(begun), secure
	}
	request, err := http.NewRequestWithContext(ctx, e.method, e.page.String(), nil)
	if err != nil {
		return "", err
	}
	request.Close = true
	request.Header.Set("User-Agent", userAgent)
	request.Header.Set("Accept", "*/*")
	begun := time.Now()
	if err := request.Write(conn); err != nil {
		return "", err
	}
	reader := bufio.NewReader(io.LimitReader(conn, maxAnswer))
	if _, err := reader.Peek(1); err != nil {
		return "", err
	}
	e.out.Timings.FirstByte = time.Since(begun)
	return e.read(reader, request)
}

func (e *exchange) read(reader *bufio.Reader, request *http.Request) (string, error) {
	var answer *http.Response
	for range maxInform {
		var err error
		if answer, err = http.ReadResponse(reader, request); err != nil {
			if reasonOf(err) == ReasonOther {
				err = fault{Failure{ReasonNotHTTP, excerpt(err.Error())}}
			}
			return "", err
		}
		if answer.StatusCode >= http.StatusOK || answer.StatusCode == http.StatusSwitchingProtocols {
			break
		}
	}
	defer func() { _ = answer.Body.Close() }()
	e.out.Status, e.out.Headers = answer.StatusCode, kept(answer.Header, e.page)
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	e.out.Truncated = err != nil || len(body) > maxBody
	e.out.Body = strings.ToValidUTF8(string(body[:min(len(body), maxBody)]), "�")
	if answer.StatusCode/100 == 3 && answer.StatusCode != http.StatusNotModified {
		return answer.Header.Get("Location"), nil
	}
	return "", nil
}

// answersTLS tries a handshake where plain HTTP failed.
func (e *exchange) answersTLS(ctx context.Context, address netip.AddrPort) bool {
	conn, err := e.guard.dial(ctx, address)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_, err = secured(ctx, conn, e.page.Hostname())
	return err == nil || alerted(err)
}
