package sessiontest

import (
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/awsdiag/awsdiag/ssmdiag/session"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/cork"
)

// Region of the clients that a gateway makes.
const Region = "eu-central-1"

// Gateway is the service: its API and its data channels, on a loopback port.
type Gateway struct {
	world  World
	server *httptest.Server
	ctx    context.Context
	cancel context.CancelFunc
	all    sync.WaitGroup

	mu       sync.Mutex
	sessions map[string]*room
	count    int
	calls    []Call
	keys     map[string]dataKey // by ciphertext
}

// corked gathers the small writes of its connections.
type corked struct{ net.Listener }

// Accept waits for a connection.
func (l corked) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return cork.Wrap(c), nil
}

// rawKey is the key of a request's connection.
type rawKey struct{}

// Call is an API call that came.
type Call struct {
	Operation string // "StartSession"
	Body      string // JSON
}

// New starts a gateway. Close it.
func New(world World) *Gateway {
	g := &Gateway{world: world, sessions: map[string]*room{}, keys: map[string]dataKey{}}
	g.ctx, g.cancel = context.WithCancel(context.Background())
	g.server = httptest.NewUnstartedServer(g)
	g.server.Listener = corked{g.server.Listener}
	g.server.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, rawKey{}, c)
	}
	g.server.Start()
	return g
}

// Close ends all sessions and waits for what they run.
func (g *Gateway) Close() {
	g.cancel()
	for _, r := range g.rooms() {
		r.end("")
		r.drop()
	}
	g.server.CloseClientConnections()
	g.server.Close()
	g.all.Wait()
}

func (g *Gateway) rooms() []*room {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []*room
	for _, r := range g.sessions {
		all = append(all, r)
	}
	return all
}

// URL is the endpoint of the API, for an aws.Config's BaseEndpoint.
func (g *Gateway) URL() string { return g.server.URL }

// Config is an aws.Config that leads to the gateway.
func (g *Gateway) Config() aws.Config {
	return aws.Config{Region: Region, BaseEndpoint: aws.String(g.server.URL), HTTPClient: g.server.Client(),
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} }}
}

// SSM returns a client of Systems Manager that leads to the gateway.
func (g *Gateway) SSM() *ssm.Client { return ssm.NewFromConfig(g.Config()) }

// KMS returns a client of KMS that leads to the gateway.
func (g *Gateway) KMS() *kms.Client { return kms.NewFromConfig(g.Config()) }

// Calls returns the API calls that came, in order.
func (g *Gateway) Calls() []Call {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]Call(nil), g.calls...)
}

// Called returns how often an operation was called.
func (g *Gateway) Called(operation string) (n int) {
	for _, c := range g.Calls() {
		if c.Operation == operation {
			n++
		}
	}
	return n
}

// Open opens a session as another API does, such as ECS's ExecuteCommand. It fails if the target is not connected.
func (g *Gateway) Open(target, document string, parameters map[string][]string) (session.Stream, error) {
	agent, ok := g.world.Targets[target]
	if !ok {
		return session.Stream{}, fmt.Errorf("%s is not connected", target)
	}
	g.mu.Lock()
	g.count++
	r := newRoom(g, fmt.Sprintf("tester-%017x", g.count), target, document, parameters, agent)
	g.sessions[r.id] = r
	g.mu.Unlock()
	return session.Stream{SessionID: r.id, URL: g.address(r.id), Token: r.token(), Target: target}, nil
}

func (g *Gateway) address(id string) string {
	return "ws" + strings.TrimPrefix(g.server.URL, "http") + "/v1/data-channel/" + id + "?role=publish_subscribe"
}

// Kick closes the data channels of all clients, as the service does about hourly. They may resume.
func (g *Gateway) Kick() {
	for _, r := range g.rooms() {
		r.kick()
	}
}

// Finish ends all sessions as the service does, with a text for the user.
func (g *Gateway) Finish(text string) {
	for _, r := range g.rooms() {
		r.end(text)
	}
}

// Active returns how many sessions are open.
func (g *Gateway) Active() (n int) {
	for _, r := range g.rooms() {
		if !r.over() {
			n++
		}
	}
	return n
}
