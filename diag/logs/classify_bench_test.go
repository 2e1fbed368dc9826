package logs

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mixedLogs makes size bytes of logs of several programs: access logs, structured and plain lines, a few warnings, and
// one error in two hundred lines. The same size gives the same logs.
func mixedLogs(tb testing.TB, size int) []byte {
	var errors []string
	for _, s := range corpus(tb) {
		if s.Label != "none" {
			errors = append(errors, strings.ReplaceAll(s.Text, "\n", " "))
		}
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	word := func(of ...string) string { return of[rnd.IntN(len(of))] }
	path := func() string {
		return fmt.Sprintf("/%s/%d", word("orders", "users", "cart", "search", "health", "assets/app.js"), rnd.IntN(90000))
	}
	var out bytes.Buffer
	for i := 0; out.Len() < size; i++ {
		clock := fmt.Sprintf("%02d:%02d:%02d.%03d", rnd.IntN(24), rnd.IntN(60), rnd.IntN(60), rnd.IntN(1000))
		switch n := rnd.IntN(200); {
		case n == 0:
			fmt.Fprintf(&out, "2026-02-11 %s ERROR %s\n", clock, errors[rnd.IntN(len(errors))])
		case n < 60:
			fmt.Fprintf(&out,
				`10.0.%d.%d - - [11/Feb/2026:%s +0000] "GET %s HTTP/1.1" 200 %d "-" "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"`+
					"\n", rnd.IntN(255), rnd.IntN(255), clock[:8], path(), rnd.IntN(20000))
		case n < 110:
			fmt.Fprintf(&out,
				`{"level":"info","time":"2026-02-11T%sZ","svc":"api","reqId":"%06x","method":"GET","url":"%s","status":200,"ms":%d,"msg":"request completed"}`+"\n", clock, rnd.IntN(1<<24), path(), rnd.IntN(90))
		case n < 150:
			fmt.Fprintf(&out, "2026-02-11 %s  INFO 1 --- [nio-8080-exec-%d] c.shop.web.OrderController : order %d stored for "+
				"customer %d\n", clock, rnd.IntN(30), rnd.IntN(1e6), rnd.IntN(1e6))
		case n < 180:
			fmt.Fprintf(&out, "time=2026-02-11T%sZ level=INFO msg=\"job done\" job=price-refresh id=%d ms=%d\n", clock,
				rnd.IntN(1e6), rnd.IntN(900))
		case n < 195:
			fmt.Fprintf(&out, "2026-02-11 %s UTC [%d] LOG:  checkpoint complete: wrote %d buffers (0.%d%%)\n", clock,
				rnd.IntN(30000), rnd.IntN(900), rnd.IntN(9))
		default:
			fmt.Fprintf(&out, "2026-02-11 %s WARN worker: cache miss ratio above target ratio=0.%d\n", clock, rnd.IntN(99))
		}
	}
	return out.Bytes()
}

// benchmarkSize is 20 MB, or what AWSDIAG_BENCH_MB says: 200 for the figures of the documentation.
func benchmarkSize() int {
	if mb, err := strconv.Atoi(os.Getenv("AWSDIAG_BENCH_MB")); err == nil {
		return mb << 20
	}
	return 20 << 20
}

// BenchmarkClassify classifies mixed logs line by line.
//
//	AWSDIAG_BENCH_MB=200 go test ./diag/logs -run - -bench 'Classify|Grep'
func BenchmarkClassify(b *testing.B) {
	text := string(mixedLogs(b, benchmarkSize()))
	Classify(text[:1000])
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	lines, found := 0, 0
	for b.Loop() {
		lines, found = 0, 0
		for rest := text; rest != ""; {
			line, after, _ := strings.Cut(rest, "\n")
			rest = after
			lines++
			if _, ok := Classify(line); ok {
				found++
			}
		}
	}
	b.ReportMetric(float64(lines), "lines")
	b.ReportMetric(float64(found), "found")
}

// BenchmarkGrep looks for the same literals in the same logs with grep -F -f, which does less: it tells no class.
func BenchmarkGrep(b *testing.B) {
	grep, err := exec.LookPath("grep")
	if err != nil {
		b.Skip("there is no grep here")
	}
	dir := b.TempDir()
	logs, words := filepath.Join(dir, "logs"), filepath.Join(dir, "words")
	text := mixedLogs(b, benchmarkSize())
	require.NoError(b, os.WriteFile(logs, text, 0o600))
	var literals []string
	for _, l := range Literals() {
		literals = append(literals, strings.Trim(l, "\n"))
	}
	require.NoError(b, os.WriteFile(words, []byte(strings.Join(literals, "\n")), 0o600))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		cmd := exec.Command(grep, "-c", "-F", "-f", words, logs)
		cmd.Env = append(os.Environ(), "LC_ALL=C")
		cmd.Stdout = new(bytes.Buffer) // told to write to nowhere, grep stops at the first match
		require.NoError(b, cmd.Run())
	}
}

// BenchmarkClassifyOrdinary is a line that matches nothing: the usual case.
func BenchmarkClassifyOrdinary(b *testing.B) {
	line := `10.150.1.245 - - [12/May/2026:19:39:00 +0000] "POST /api/bookings/30973 HTTP/1.1" 200 181 "-" "python-requests/2.31.0"`
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		Classify(line)
	}
}

func TestOrdinaryLinesDoNotAllocate(t *testing.T) {
	if underRace {
		t.Skip("run without -race: the detector makes allocations of its own")
	}
	for line := range strings.Lines(string(mixedLogs(t, 1<<16))) {
		if _, ok := Classify(line); ok {
			continue
		}
		require.Zero(t, testing.AllocsPerRun(10, func() { Classify(line) }), line)
	}
}
