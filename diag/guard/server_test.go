package guard_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"github.com/awsdiag/awsdiag/diag/guard"
)

// server answers as AWS does over HTTP: operation by operation, JSON for those in X-Amz-Target and XML for those in
// a form.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	requests []string
	// answer returns status and body; the default is an empty answer.
	answer func(operation, body string) (int, string)
}

func serve(t *testing.T, answer func(operation, body string) (int, string)) *server {
	t.Helper()
	s := &server{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(s.handle))
	t.Cleanup(s.Close)
	return s
}

func (s *server) handle(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, operation, json := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if !json {
		_, operation, _ = strings.Cut(string(body), "Action=")
		operation, _, _ = strings.Cut(operation, "&")
	}
	s.mu.Lock()
	s.requests = append(s.requests, operation)
	s.mu.Unlock()
	status, text := s.answer(operation, string(body))
	w.Header().Set("X-Amzn-RequestId", "request-"+operation)
	w.Header().Set("Content-Type", map[bool]string{true: "application/x-amz-json-1.1", false: "text/xml"}[json])
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// config returns the config of an account whose services are the server.
func (s *server) config() aws.Config {
	cfg := offline(nil)
	cfg.HTTPClient = s.Client()
	cfg.BaseEndpoint = aws.String(s.URL)
	return cfg
}

func (s *server) ecs(g *guard.Guard) *ecs.Client {
	return ecs.NewFromConfig(g.Config(s.config(), "111122223333"))
}

func (s *server) elbv2(g *guard.Guard) *elbv2.Client {
	return elbv2.NewFromConfig(g.Config(s.config(), "111122223333"))
}

// fixed gives every operation the same answer.
func fixed(status int, text string) func(string, string) (int, string) {
	return func(string, string) (int, string) { return status, text }
}

// paged answers ListTasks with pages of one task.
func paged(arns ...string) func(string, string) (int, string) {
	return func(_, body string) (int, string) {
		var in struct{ NextToken string }
		_ = json.Unmarshal([]byte(body), &in)
		i := len(in.NextToken)
		out := map[string]any{"taskArns": arns[i : i+1]}
		if i+1 < len(arns) {
			out["nextToken"] = strings.Repeat("t", i+1)
		}
		text, _ := json.Marshal(out)
		return http.StatusOK, string(text)
	}
}
