package plugintest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/session-manager-plugin/src/sessionmanagerplugin/session"
	_ "github.com/aws/session-manager-plugin/src/sessionmanagerplugin/session/portsession"
	_ "github.com/aws/session-manager-plugin/src/sessionmanagerplugin/session/shellsession"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ssmdiag/session/sessiontest"
)

const (
	node     = "i-0abc"
	asPlugin = "PLUGINTEST_RUN_PLUGIN"
)

// TestMain is the plugin itself where it is started as such.
func TestMain(m *testing.M) {
	if os.Getenv(asPlugin) != "" {
		session.ValidateInputAndStartSession(os.Args, os.Stdout)
		return
	}
	os.Exit(m.Run())
}

// shown is what a plugin prints.
type shown struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *shown) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *shown) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func (s *shown) wait(t *testing.T, text string) string {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(s.String(), text) }, 20*time.Second, 10*time.Millisecond,
		"%q in %s", text, s)
	return s.String()
}

// plugin starts the plugin on a session of the gateway, as the AWS CLI does.
func plugin(t *testing.T, gateway *sessiontest.Gateway, document string,
	parameters map[string][]string) (*shown, io.Writer) {
	t.Helper()
	stream, err := gateway.Open(node, document, parameters)
	require.NoError(t, err)
	response, err := json.Marshal(map[string]string{"SessionId": stream.SessionID, "StreamUrl": stream.URL,
		"TokenValue": stream.Token})
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	command := exec.CommandContext(ctx, self, string(response), sessiontest.Region, "StartSession", "",
		fmt.Sprintf(`{"Target":%q}`, node), gateway.URL())
	command.Env = []string{asPlugin + "=1", "AWS_ENDPOINT_URL=" + gateway.URL(), "AWS_ACCESS_KEY_ID=AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY=secret", "AWS_EC2_METADATA_DISABLED=true", "HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir(),
		"PATH=" + os.Getenv("PATH")}
	out := &shown{}
	command.Stdout, command.Stderr = out, out
	in, err := command.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		cancel()
		_ = command.Wait() // it was killed, or had ended
	})
	return out, in
}

func gatewayOf(t *testing.T, agent sessiontest.Agent) *sessiontest.Gateway {
	t.Helper()
	gateway := sessiontest.New(sessiontest.World{Targets: map[string]sessiontest.Agent{node: agent}})
	t.Cleanup(gateway.Close)
	return gateway
}

func TestPluginRunsACommand(t *testing.T) {
	gateway := gatewayOf(t, sessiontest.Agent{Command: func(_ context.Context, line string, stdout, stderr io.Writer) int {
		fmt.Fprintln(stdout, "out", line)
		fmt.Fprintln(stderr, "err", line)
		return 7
	}})
	out, _ := plugin(t, gateway, "AWS-StartNonInteractiveCommand", map[string][]string{"command": {"uptime"}})
	text := out.wait(t, "EXIT_CODE: 7")
	assert.Contains(t, text, "out uptime\n")
	assert.Contains(t, text, "err uptime\n")
}

func TestPluginHasAShell(t *testing.T) {
	for _, tt := range []struct {
		name  string
		agent sessiontest.Agent
	}{
		{"without handshake", sessiontest.Agent{NoHandshake: true}},
		{"with handshake", sessiontest.Agent{Message: "welcome"}},
		{"encrypted", sessiontest.Agent{KMSKey: "alias/x"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			gateway := gatewayOf(t, tt.agent)
			out, in := plugin(t, gateway, "", nil)
			out.wait(t, "$ ")
			_, err := io.WriteString(in, "echo hello\n")
			require.NoError(t, err)
			out.wait(t, "hello\r\n")
			_, err = io.WriteString(in, "exit\n")
			require.NoError(t, err)
			text := out.wait(t, "Exiting session")
			assert.Contains(t, text, tt.agent.Message)
		})
	}
}

// TestPluginDoesNotKnowTheChallenge: the fake is as strict as the agent is.
func TestPluginDoesNotKnowTheChallenge(t *testing.T) {
	gateway := gatewayOf(t, sessiontest.Agent{KMSKey: "alias/x", Challenge: true})
	out, _ := plugin(t, gateway, "", nil)
	out.wait(t, "initiating handshake")
}

func TestPluginForwardsAPort(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // a short one shows in the answer
		_, _ = w.Write(body)          // as above
	}))
	defer server.Close()
	port := fmt.Sprint(server.Listener.Addr().(*net.TCPAddr).Port)
	gateway := gatewayOf(t, sessiontest.Agent{})
	out, _ := plugin(t, gateway, "AWS-StartPortForwardingSession",
		map[string][]string{"portNumber": {port}, "localPortNumber": {"0"}})
	opened := regexp.MustCompile(`Port (\d+) opened`).FindStringSubmatch(out.wait(t, "Waiting for connections"))
	require.Len(t, opened, 2)
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			data := bytes.Repeat([]byte{byte(n)}, 50_000)
			response, err := http.Post("http://127.0.0.1:"+opened[1], "text/plain", bytes.NewReader(data))
			if !assert.NoError(t, err) {
				return
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			assert.NoError(t, err)
			assert.True(t, bytes.Equal(data, body))
		})
	}
	all.Wait()
}
