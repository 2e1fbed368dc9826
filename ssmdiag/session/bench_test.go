package session_test

import (
	"io"
	"net"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ssmdiag/session"
	"github.com/awsdiag/awsdiag/ssmdiag/session/sessiontest"
)

// flood is a server on the target: "d" sends size bytes, "u" takes as many and answers with one.
func flood(b *testing.B, size int64) (port int) {
	b.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(b, err)
	b.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveFlood(conn, size)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

func serveFlood(conn net.Conn, size int64) {
	defer conn.Close()
	what := make([]byte, 1)
	_, _ = io.ReadFull(conn, what) // a wrong count shows
	if what[0] == 'd' {
		_, _ = io.CopyN(conn, zeros{}, size) // as above
		return
	}
	_, _ = io.CopyN(io.Discard, conn, size) // as above
	_, _ = conn.Write(what)                 // as above
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// BenchmarkForward moves data through a forwarded port to an agent without pacing. Gateway, agent and server share the
// machine. heap-MB is the largest heap in use that was seen.
func BenchmarkForward(b *testing.B) {
	for _, bb := range []struct {
		name    string
		what    string
		payload int
	}{
		{"down/1KiB", "d", 1024}, {"down/32KiB", "d", 32 << 10}, {"up/1KiB", "u", 1024},
	} {
		b.Run(bb.name, func(b *testing.B) {
			const size = 64 << 20
			_, client, _ := open(b, worldOf(sessiontest.Agent{Payload: bb.payload}))
			ctx := b.Context()
			forward, err := client.Forward(ctx, node, session.Port{Port: flood(b, size), Local: -1})
			require.NoError(b, err)
			b.SetBytes(size)
			var peak uint64
			for b.Loop() {
				conn, err := forward.Dial(ctx)
				require.NoError(b, err)
				_, err = io.WriteString(conn, bb.what)
				require.NoError(b, err)
				want := int64(size)
				if bb.what == "u" {
					want = 1
					_, err = io.CopyN(conn, zeros{}, size)
					require.NoError(b, err)
				}
				n, err := io.Copy(io.Discard, conn)
				require.NoError(b, err)
				require.Equal(b, want, n)
				require.NoError(b, conn.Close())
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse)
			}
			b.ReportMetric(float64(peak)/1e6, "heap-MB")
			require.NoError(b, forward.Close())
		})
	}
}
