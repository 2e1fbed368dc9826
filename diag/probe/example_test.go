package probe_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/probe"
	"github.com/awsdiag/awsdiag/diag/probe/probefake"
)

var noTargets = &diag.Check[target]{
	Info: diag.Info{Code: "toy.no-targets", Title: "No targets", Doc: "None.", Severity: diag.SeverityError,
		Actions: []string{"toy:Read"}, Breaks: []diag.Mechanism{diag.Routing}},
	Run: func(context.Context, target) ([]diag.Finding, error) {
		return []diag.Finding{{Summary: "none", Evidence: []diag.Evidence{{Source: "toy:Read", Value: "0"}}}}, nil
	},
}

func Example() {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()

	endpoint := probe.NewEndpoint(server.URL+"/healthz", diag.Last(time.Hour, time.Now()))
	report := diag.Run(context.Background(), diag.On(endpoint, probe.EndpointChecks()...))
	for _, f := range report.Findings {
		fmt.Println(f.Severity, f.Code)
		fmt.Println(strings.ReplaceAll(f.Summary, server.URL, "http://…"))
	}
	// Output:
	// error probe.http-not-found
	// http://…/healthz answers 404 Not Found: not implemented, or the wrong path
}

// A bare port, such as that of a database, on a network that exists in memory only.
func ExampleNewEndpoint_port() {
	network := &probefake.Client{Hosts: map[string][]string{"db.example.com": {"10.0.3.4"}}}
	endpoint := probe.NewEndpoint("db.example.com:5432", diag.Last(time.Hour, time.Now()), probe.Through(network))
	report := diag.Run(context.Background(), diag.On(endpoint, probe.EndpointChecks()...))
	fmt.Println(report.Findings[0].Summary)
	// Output:
	// db.example.com:5432 refuses connections: nobody listens there, or on 127.0.0.1 only (1 of 1 addresses: 10.0.3.4)
}
