package guest

import (
	"bytes"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

// shells are the real shells of this machine: sh, and busybox's where there is one.
func shells() [][]string {
	var all [][]string
	for _, argv := range [][]string{{"sh"}, {"bash"}, {"busybox", "sh"}} {
		if path, err := exec.LookPath(argv[0]); err == nil {
			all = append(all, append([]string{path}, argv[1:]...))
		}
	}
	return all
}

// arrived runs a script that prints its words, each with a NUL after it, and returns them.
func arrived(t testing.TB, argv []string, script string) []string {
	t.Helper()
	command := exec.Command(argv[0], argv[1:]...)
	command.Stdin = strings.NewReader(script) // as a script, not as an argument, so that any length will do
	var out, stderr bytes.Buffer
	command.Stdout, command.Stderr = &out, &stderr
	require.NoError(t, command.Run(), "%v: %s", argv, stderr.String())
	require.Empty(t, stderr.String())
	words := strings.Split(out.String(), "\x00")
	return words[:len(words)-1]
}

var nasty = []string{
	"", " ", "a b", "'", "''", `"`, `\`, "$(id)", "`id`", "${PATH}", "; rm -rf /", "a\nb", "*", "~", "-n",
	"{{ssm:secret}}",
	"{{{{", "'{{'", "\t", "é‘’", "!!", "# no comment", "\xff\xfe", "%s", "&& id", "| id", "> /tmp/x", "\r\n", "{'{",
}

func TestQuoteMakesOneWord(t *testing.T) {
	for _, argv := range shells() {
		t.Run(filepath.Base(argv[0]), func(t *testing.T) {
			for _, text := range nasty {
				word, err := quote(text)
				require.NoError(t, err)
				assert.Equal(t, []string{text, "end"}, arrived(t, argv, `printf '%s\000' `+word+" end"), "%q", text)
			}
		})
	}
}

func FuzzQuote(f *testing.F) {
	for _, text := range nasty {
		f.Add(text, "x")
		f.Add("y", text)
	}
	all := shells()
	f.Fuzz(func(t *testing.T, one, two string) {
		if strings.Contains(one+two, "\x00") {
			_, err := quote("a\x00")
			require.Equal(t, diag.KindInvalid, diag.KindOf(err))
			return
		}
		words, err := fill("%s %s", quote, []string{one, two})
		require.NoError(t, err)
		require.NotContains(t, words, "{{", "Systems Manager would fill it in")
		for _, argv := range all {
			require.Equal(t, []string{one, two}, arrived(t, argv, `printf '%s\000' `+words))
		}
	})
}

// FuzzCommands proves the same of whole commands: with arguments that the catalogue accepts, the script that is sent
// holds each argument as one quoted word, and what lies around the words is as the catalogue has it.
func FuzzCommands(f *testing.F) {
	for _, text := range nasty {
		f.Add(text, 5)
	}
	f.Add("db.example.com", 5432)
	f.Add("nginx.service", 10)
	f.Add("/var/log/my app.log", 10)
	f.Add("2001:db8::1", 443)
	all := shells()
	f.Fuzz(func(t *testing.T, text string, number int) {
		build := []func() (Command, error){
			func() (Command, error) { return Resolve(text) }, func() (Command, error) { return Connect(text, number) },
			func() (Command, error) { return Certificate(text, number) },
			func() (Command, error) { return Journal(text, number) },
			func() (Command, error) { return Tail(text, number) }, func() (Command, error) { return Unit(text) },
		}
		for _, b := range build {
			c, err := b()
			if err != nil {
				require.Equal(t, diag.KindInvalid, diag.KindOf(err))
				continue
			}
			require.NotContains(t, c.Script(), "{{")
			word, err := quote(text)
			require.NoError(t, err)
			withPort, err := quote(net.JoinHostPort(text, strconv.Itoa(number)))
			require.NoError(t, err)
			require.True(t, strings.Contains(c.Script(), word) || strings.Contains(c.Script(), withPort), c.Script())
			for _, argv := range all {
				sh := exec.Command(argv[0], append(argv[1:], "-n")...)
				sh.Stdin = strings.NewReader(c.Script())
				out, err := sh.CombinedOutput()
				require.NoError(t, err, "%v: %s: %s", argv, c.Script(), out)
			}
		}
	})
}

func TestQuotePowerShell(t *testing.T) {
	got, err := quotePowerShell("it's ‘so’ $(id)")
	require.NoError(t, err)
	assert.Equal(t, "'it''s ‘‘so’’ $(id)'", got)
	for _, text := range []string{"{{ssm:secret}}", "a\x00"} {
		_, err := quotePowerShell(text)
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
	}
}

func TestArgumentsAreChecked(t *testing.T) {
	bad := map[string]func() (Command, error){
		"an option for a host":   func() (Command, error) { return Resolve("-x") },
		"an empty host":          func() (Command, error) { return Resolve("") },
		"a URL":                  func() (Command, error) { return Connect("http://x", 80) },
		"port 0":                 func() (Command, error) { return Connect("x", 0) },
		"port 65536":             func() (Command, error) { return Certificate("x", 65536) },
		"a relative path":        func() (Command, error) { return Tail("etc/passwd", 1) },
		"a path of Windows":      func() (Command, error) { return Tail(`C:\log.txt`, 1) },
		"no lines":               func() (Command, error) { return Tail("/x", 0) },
		"too many lines":         func() (Command, error) { return Journal("x", 1001) },
		"an option for a unit":   func() (Command, error) { return Unit("--all") },
		"a path of Linux":        func() (Command, error) { return TailWindows("/x", 1) },
		"a host with a space":    func() (Command, error) { return ResolveWindows("a b") },
		"a port that is no port": func() (Command, error) { return ConnectWindows("a", -1) },
	}
	for name, build := range bad {
		t.Run(name, func(t *testing.T) {
			_, err := build()
			assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
		})
	}
	good, err := Connect("2001:db8::1", 443)
	require.NoError(t, err)
	assert.Contains(t, good.Script(), "'2001:db8::1' '443'")
}
