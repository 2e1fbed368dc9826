package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Replay answers the requests of SDK clients from a recording. Of the exchanges of an operation it takes the one whose
// request has most words in common with the request at hand.
type Replay struct {
	exchanges []Exchange
	// Only, if set, is the one exchange that answers every request.
	Only *Exchange
	// Unanswered lists the operations asked for that the recording does not have.
	Unanswered []string
}

// Load makes a replay of the recording of a server, "moto" or "ministack".
func Load(server string) (*Replay, error) {
	exchanges, err := Exchanges(server)
	return &Replay{exchanges: exchanges}, err
}

// Of makes a replay of exchanges, such as hand-made ones of what no server answers.
func Of(exchanges ...Exchange) *Replay { return &Replay{exchanges: exchanges} }

// Config returns an SDK configuration whose requests go to the replay, and never to a network.
func (r *Replay) Config() aws.Config {
	return aws.Config{
		Region:           "us-east-1",
		Credentials:      credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		HTTPClient:       &http.Client{Transport: r},
		RetryMaxAttempts: 1,
	}
}

// RoundTrip answers a request.
func (r *Replay) RoundTrip(request *http.Request) (*http.Response, error) {
	var body []byte
	if request.Body != nil {
		var err error
		if body, err = io.ReadAll(request.Body); err != nil {
			return nil, fmt.Errorf("reading a request: %w", err)
		}
	}
	e := r.Only
	if e == nil {
		e = r.match(operation(request, body), words(body))
	}
	if e == nil {
		r.Unanswered = append(r.Unanswered, operation(request, body))
		return nil, fmt.Errorf("the recording has no %s", operation(request, body))
	}
	return &http.Response{
		StatusCode: e.Status, Status: http.StatusText(e.Status), Request: request,
		Header: http.Header{"Content-Type": {contentType(*e)}, "Smithy-Protocol": {"rpc-v2-cbor"},
			"X-Amzn-Requestid": {"recorded"}},
		Body: io.NopCloser(strings.NewReader(e.Response())), ContentLength: int64(len(e.Response())),
	}, nil
}

func (r *Replay) match(operation string, want map[string]bool) *Exchange {
	var best *Exchange
	score := -1
	for i := range r.exchanges {
		e := &r.exchanges[i]
		if e.Operation != operation {
			continue
		}
		common := 0
		for w := range words([]byte(e.Request())) {
			if want[w] {
				common++
			}
		}
		if common > score {
			best, score = e, common
		}
	}
	return best
}

var word = regexp.MustCompile(`[A-Za-z0-9_:/.-]{3,}`)

func words(body []byte) map[string]bool {
	text := string(body)
	if plain, err := url.QueryUnescape(text); err == nil {
		text = plain
	}
	set := map[string]bool{}
	for _, w := range word.FindAllString(text, -1) {
		set[w] = true
	}
	return set
}

// operation tells the API operation of a request: by the X-Amz-Target header (awsJson), the path (rpc-v2-cbor), the
// Action parameter (query), or else the last part of the path (rest).
func operation(request *http.Request, body []byte) string {
	if _, op, ok := strings.Cut(request.Header.Get("X-Amz-Target"), "."); ok {
		return op
	}
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("Action") != "" {
		return form.Get("Action")
	}
	parts := strings.Split(strings.Trim(request.URL.Path, "/"), "/")
	if op := paths[request.URL.Path]; op != "" {
		return op
	}
	return parts[len(parts)-1]
}

// paths are the operations of X-Ray that its paths do not name ("AWS X-Ray API Reference").
var paths = map[string]string{"/TraceSummaries": "GetTraceSummaries", "/Traces": "BatchGetTraces",
	"/ServiceGraph": "GetServiceGraph"}

func contentType(e Exchange) string {
	switch {
	case bytes.HasPrefix([]byte(e.Response()), []byte("<!doctype html")),
		bytes.HasPrefix([]byte(e.Response()), []byte("<html")):
		return "text/html"
	case e.Protocol == "query":
		return "text/xml"
	case e.Protocol == "rpc-v2-cbor":
		return "application/cbor"
	case json.Valid([]byte(e.Response())):
		return "application/x-amz-json-1.1"
	}
	return "application/octet-stream"
}
