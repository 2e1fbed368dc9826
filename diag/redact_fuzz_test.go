package diag

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// plants put a secret into a text, each in the way in which such a secret really stands there.
var plants = []func(secret string) string{
	func(s string) string { return "postgres://app:" + s + "@db:5432/x" },
	func(s string) string { return `{"password":"` + s + `"}` },
	func(s string) string { return `{"m":` + quote(`{"apiKey":`+quote(s)+`}`) + `}` },
	func(s string) string { return "DB_PASSWORD=" + s },
	func(s string) string { return "api_key: " + s },
	func(s string) string { return "app --client-secret " + s },
	func(s string) string { return "Authorization: Bearer " + s },
	func(s string) string {
		return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("u:"+s))
	},
	func(s string) string { return "Server=db;Password=" + s + ";Encrypt=true" },
	func(s string) string { return "https://b/k?X-Amz-Signature=" + s + "&x=1" },
	func(s string) string { return "-----BEGIN PRIVATE KEY-----\n" + s + "\n-----END PRIVATE KEY-----" },
	func(s string) string { return `{"name":"DB_PASSWORD","value":"` + s + `"}` },
	func(s string) string { return "ghp_0123456789abcdef" + s },
	func(s string) string { return "<Password>" + s + "</Password>" },
	func(s string) string { return "app:" + s + "@tcp(db:3306)/x" },
	func(s string) string { return "aws_secret_access_key = " + s },
}

func quote(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

func FuzzRedact(f *testing.F) {
	for i, text := range survivors {
		f.Add(text, text, []byte{byte(i)}, byte(i))
	}
	for i, tt := range redactions {
		f.Add(tt.text, tt.want, []byte(tt.name), byte(i))
	}
	f.Fuzz(func(t *testing.T, before, after string, seed []byte, plant byte) {
		secret := "S3" + strings.TrimRight(base64.RawURLEncoding.EncodeToString(seed), "-_") + "cret9"
		planted := plants[int(plant)%len(plants)](secret)
		text := before + "\n" + planted + "\n" + after
		for _, r := range []*Redactor{NewRedactor(nil), NewRedactor([]byte("key"))} {
			out := r.Redact(text)
			assert.Equal(t, out, r.Redact(out), "redacting twice")
			if !strings.Contains(before+after, secret) {
				require.NotContains(t, out, secret, "planted as %q", planted)
			}
		}
	})
}

// TestRedactTakesLinearTime feeds what would take quadratic time, and so minutes, if the scanner looked around without
// bounds.
func TestRedactTakesLinearTime(t *testing.T) {
	for _, unit := range []string{"name:", "arn:password:", "=", `\`, `password="`, "a,", "token: a ", "eyJ", "mysql ",
		"://a:", "[redacted-1]", "bearer "} {
		assert.NotEmpty(t, NewRedactor(nil).Redact(strings.Repeat(unit, (1<<18)/len(unit))))
	}
}
