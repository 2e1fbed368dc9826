package probe_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/probe"
)

func TestRequest(t *testing.T) {
	var mu sync.Mutex
	var seen []*http.Request
	page := web(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, r)
		w.Header().Set("Server", "toy")
		w.Header().Set("Set-Cookie", "session=1")
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new?token=abc", http.StatusMovedPermanently)
			return
		}
		_, _ = fmt.Fprint(w, strings.Repeat("x", 70<<10))
	})
	withUser := strings.Replace(page, "http://", "http://user:pass@", 1)
	endpoint := probe.NewEndpoint(withUser+"/old?key=abc#top", window)
	response, err := endpoint.Request(t.Context())
	require.NoError(t, err)
	require.True(t, response.OK(), response.Text)
	assert.Equal(t, 200, response.Status)
	assert.Equal(t, []probe.Hop{{URL: page + "/old", Status: 301, Location: page + "/new"}}, response.Hops)
	assert.Equal(t, page+"/new", response.URL)
	assert.Len(t, response.Body, 64<<10)
	assert.True(t, response.Truncated)
	assert.Equal(
		t,
		[]probe.Header{{Name: "Content-Type", Value: "text/plain; charset=utf-8"}, {Name: "Server", Value: "toy"}},
		response.Headers,
	)
	assert.Positive(t, response.Timings.Total)
	assert.Equal(t, page+"/old", endpoint.Resource().ID, "neither user nor query")
	mu.Lock()
	defer mu.Unlock()
	require.Len(t, seen, 2)
	assert.Equal(t, "abc", seen[0].URL.Query().Get("key"))
	for _, r := range seen {
		assert.Equal(t, http.MethodGet, r.Method)
		for _, header := range []string{"Authorization", "Cookie", "Referer"} {
			assert.Empty(t, r.Header.Get(header), header)
		}
	}
}

func TestRedirects(t *testing.T) {
	page := web(t, func(w http.ResponseWriter, r *http.Request) {
		to := map[string]string{"/self": "/self", "/a": "/b", "/b": "/a", "/mail": "mailto:a@b",
			"/gone": "http://nowhere.test/"}[r.URL.Path]
		if n, more := strings.CutPrefix(r.URL.Path, "/long"); more {
			to = "/long" + n + "x"
		}
		http.Redirect(w, r, to, http.StatusFound)
	})
	for _, tt := range []struct {
		path    string
		follow  int
		want    []diag.Code
		summary string
	}{
		{"/self", 5, []diag.Code{"probe.redirect-loop"}, "in a circle, back to " + page + "/self"},
		{"/a", 5, []diag.Code{"probe.redirect-loop"}, "in a circle, back to " + page + "/a"},
		{"/long", 3, []diag.Code{"probe.redirect-loop"}, "too many redirects, the last of them to " + page + "/longxxxx"},
		{"/mail", 5, []diag.Code{"probe.not-http"}, "this is no HTTP address to go on to"},
		{"/gone", 5, []diag.Code{"probe.request-failed"}, "after 1 redirect, at http://nowhere.test/: "},
		{"/self", 0, nil, ""},
	} {
		t.Run(fmt.Sprint(tt.path, tt.follow), func(t *testing.T) {
			report := ask(t, page+tt.path, probe.Local{Resolver: names{}}, probe.Redirects(tt.follow))
			require.NoError(t, report.Err())
			diagtest.Want(t, report, tt.want...)
			for _, f := range report.Findings {
				assert.Contains(t, f.Summary, tt.summary)
			}
		})
	}
}

func TestHead(t *testing.T) {
	page := web(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Amzn-Errortype", r.Method)
		_, _ = fmt.Fprint(w, "body")
	})
	response, err := probe.NewEndpoint(page, window, probe.Head()).Request(t.Context())
	require.NoError(t, err)
	assert.Contains(t, response.Headers, probe.Header{Name: "X-Amzn-Errortype", Value: http.MethodHead})
	assert.Empty(t, response.Body)
}

// TestOddAnswers come by hand: informational answers before the real one, a body that ends early, bytes that are no
// text.
func TestOddAnswers(t *testing.T) {
	for _, tt := range []struct {
		name, answer string
		status       int
		body         string
		truncated    bool
	}{
		{"early hints", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 204, "", false},
		{"cut short", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", 200, "half", true},
		{"no text", "HTTP/1.0 500 No\r\n\r\na\xffb", 500, "a�b", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			address := listen(t, func(c net.Conn) { reply(tt.answer)(c) })
			response, err := probe.NewEndpoint("http://"+address, window).Request(t.Context())
			require.NoError(t, err)
			assert.True(t, response.OK(), response.Text)
			assert.Equal(t, tt.status, response.Status)
			assert.Equal(t, tt.body, response.Body)
			assert.Equal(t, tt.truncated, response.Truncated)
		})
	}
}

// TestOnlyReads: no other method leaves, whatever a caller asks for.
func TestOnlyReads(t *testing.T) {
	page := web(t, func(http.ResponseWriter, *http.Request) { t.Error("must not be asked") })
	for _, method := range []string{"", "POST", "PUT", "DELETE", "OPTIONS", "get"} {
		_, err := probe.Local{}.Request(t.Context(), &probe.RequestInput{URL: page, Method: method})
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err), method)
	}
}
