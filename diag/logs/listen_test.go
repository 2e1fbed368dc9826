package logs_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
)

func TestParseBind(t *testing.T) {
	for text, want := range map[string]logs.Bind{
		" * Running on http://127.0.0.1:8000":                                            {Host: "127.0.0.1", Port: 8000},
		"INFO:     Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)":      {Host: "127.0.0.1", Port: 8000},
		"[2026-02-11 13:00:00 +0000] [1] [INFO] Listening at: http://127.0.0.1:8000 (1)": {Host: "127.0.0.1", Port: 8000},
		"Starting development server at http://127.0.0.1:8000/":                          {Host: "127.0.0.1", Port: 8000},
		"* Listening on http://127.0.0.1:3000":                                           {Host: "127.0.0.1", Port: 3000},
		`{"level":"info","msg":"server started","addr":"[::1]:9090"}`:                    {Host: "::1", Port: 9090},
		`{"msg":"listening","host":"::1","port":8080}`:                                   {Host: "::1", Port: 8080},
		"info: Now listening on: http://localhost:5000":                                  {Host: "localhost", Port: 5000},
		"Server ready at http://localhost:4000/graphql":                                  {Host: "localhost", Port: 4000},
		"listening on 0.0.0.0:8080":                                                      {Host: "0.0.0.0", Port: 8080},
		"2026/02/11 12:00:01 listening on :8080":                                         {Host: "*", Port: 8080},
		"Listening on [::]:8080":                                                         {Host: "*", Port: 8080},
		"Listening on *:8080":                                                            {Host: "*", Port: 8080},
		" * Running on all addresses (0.0.0.0)":                                          {Host: "0.0.0.0"},
		"Tomcat started on port 9081 (http) with context path '/'":                       {Port: 9081},
		"Tomcat started on port(s): 8080 (http)":                                         {Port: 8080},
		"Example app listening on port 3000":                                             {Port: 3000},
		`{"level":"info","msg":"server listening","port":3000}`:                          {Port: 3000},
		"Listening on 4000":                                                              {Port: 4000},
	} {
		got, ok := logs.ParseBind(logs.Line{Text: text})
		require.True(t, ok, text)
		got.Line = logs.Line{}
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"connect ECONNREFUSED 127.0.0.1:5432", "connected to redis at 127.0.0.1:6379, ready",
		`127.0.0.1 - - [11/Feb/2026:13:51:00 +0000] "GET /started HTTP/1.1" 200 12`,
		"listen tcp 127.0.0.1:8080: bind: address already in use", "starting worker 12:00:01", "job started",
		"failed to start server on 127.0.0.1:8080", "cache host is 127.0.0.1:6379", "listening 999.1.1.1:80", "",
		"connecting to db on port 5432", "started job 8080", "listening on port 0",
	} {
		_, ok := logs.ParseBind(logs.Line{Text: text})
		assert.False(t, ok, text)
	}
}

// listens is the question about a log, with the ports that are not reached.
func listens(fake *logsfake.Client, ports ...int) *logs.Listening {
	return logs.NewListening(group(fake), "api/api/", func(context.Context) ([]int, error) { return ports, nil })
}

func TestConformListening(t *testing.T) {
	world := func(text string) diagtest.World[*logs.Listening] {
		return func() (*logs.Listening, []diagfake.Fake) {
			c := client(minutes(text, 20, 15, 10)...)
			return listens(c, 8000), []diagfake.Fake{c}
		}
	}
	broken := map[diag.Code]string{"logs.listens-on-loopback": "Listening on 127.0.0.1:8000",
		"logs.listens-on-other-port": "Listening on port 9000",
		"logs.speaks-other-protocol": `Invalid HTTP request line: '\x16\x03\x01\x02\x00\x01'`}
	for _, check := range logs.ListeningChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*logs.Listening]{
			Healthy: world("Listening on 0.0.0.0:8000"), Broken: world(broken[check.Info.Code])})
	}
}

func TestListensOnOtherPort(t *testing.T) {
	const other = "Tomcat started on port 9081 (http)"
	before := func(text string) logsfake.Event {
		return logsfake.Event{At: now.Add(-time.Hour), Stream: "api/api/00000000000000000000000000000001", Message: text}
	}
	for _, c := range []struct {
		name   string
		events []logsfake.Event
		ports  []int
		want   diag.Confidence
	}{
		{"another port", minutes(other, 20, 15), []int{8081}, diag.Possible},
		{"other tasks used the port", append(minutes(other, 5), before("listening on port 8081")), []int{8081}, diag.Likely},
		{"the health check has a port of its own", minutes(other, 5), []int{8081, 9081}, 0},
		{"every port is reached", minutes(other, 5), nil, 0},
		{"metrics beside", minutes("metrics server listening on port 9090", 5), []int{8081}, 0},
		{"two ports", append(minutes(other, 5), minutes("listening on port 8081", 4)...), []int{8081}, 0},
		{"a port untold", append(minutes(other, 5), minutes("Running on all addresses (0.0.0.0)", 4)...), []int{8081}, 0},
		{"the loopback address is another trouble", minutes("Listening on 127.0.0.1:9081", 5), []int{8081}, 0},
		{"one that has run for long", append(minutes(other, 45), minutes("job done", 2)...), []int{8081}, 0},
		{"mended by the newest task", append(minutes("listening on port 8081", 5), before(other)), []int{8081}, 0},
	} {
		report := diagtest.Run(t, listens(client(c.events...), c.ports...), logs.ListeningChecks()...)
		require.NoError(t, report.Err(), c.name)
		if c.want == 0 {
			assert.Empty(t, report.Findings, c.name)
			continue
		}
		f := diagtest.Only(t, report, "logs.listens-on-other-port")
		assert.Equal(t, c.want, f.Confidence, c.name)
		assert.Contains(t, f.Summary, "listens on port 9081, and the load balancer tries port 8081 in vain", c.name)
	}
}

func TestListensOnLoopback(t *testing.T) {
	const all, loop = "Listening on 0.0.0.0:8000", "Listening on 127.0.0.1:8000"
	old := logsfake.Event{At: now.Add(-time.Hour), Stream: "api/api/00000000000000000000000000000001", Message: loop}
	for _, c := range []struct {
		name   string
		events []logsfake.Event
		ports  []int
		want   diag.Confidence
	}{
		{"loopback", minutes(loop, 20, 15), []int{8000}, diag.Likely},
		{"localhost may mean all", minutes("Listening on http://localhost:8000", 5), []int{8000}, diag.Possible},
		{"every port is reached", minutes(loop, 5), nil, 0},
		{"another port is not reached", minutes(loop, 5), []int{9000}, 0},
		{"admin port beside the served one", minutes("admin listening on 127.0.0.1:9901", 5), []int{8000}, 0},
		{"all addresses, named one by one", append(minutes(loop, 5), minutes("Running on all addresses (0.0.0.0)", 5)...),
			[]int{8000}, 0},
		{"one that has run for long", append(minutes(loop, 45), minutes("job done", 2)...), []int{8000}, 0},
		{"mended by the newest task", append(minutes(all, 5), old), []int{8000}, 0},
		{"another container", []logsfake.Event{{At: now.Add(-time.Minute), Stream: "proxy/x/1", Message: loop}},
			[]int{8000}, 0},
	} {
		report := diagtest.Run(t, listens(client(c.events...), c.ports...), logs.ListeningChecks()...)
		require.NoError(t, report.Err(), c.name)
		if c.want == 0 {
			assert.Empty(t, report.Findings, c.name)
			continue
		}
		assert.Equal(t, c.want, diagtest.Only(t, report, "logs.listens-on-loopback").Confidence, c.name)
	}
}

// TestListeningReadsNothingUnasked: a service whose targets answer costs no call, and what is not known is told.
func TestListeningReadsNothingUnasked(t *testing.T) {
	c := client(minutes("Listening on 127.0.0.1:8000", 5)...)
	diagtest.Want(t, diagtest.Run(t, listens(c), logs.ListeningChecks()...))
	assert.Empty(t, c.Calls())
	blind := logs.NewListening(group(c), "", func(context.Context) ([]int, error) { return nil, errors.New("denied") })
	assert.Error(t, diagtest.Run(t, blind, logs.ListeningChecks()...).Err())
	assert.Equal(t, groupName+":", blind.Resource().ID)
}
