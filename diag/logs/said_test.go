package logs

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSaid(t *testing.T) {
	for _, test := range []struct{ name, line, want string }{
		{"plain", "ERROR no such order", "ERROR no such order"},
		{"zap", `{"level":"error","ts":1770818951.7,"caller":"api/x.go:7","msg":"upload failed"}`, "upload failed"},
		{"slog", `{"time":"2026-02-11T14:09:11Z","level":"ERROR","msg":"upload failed","err":"no space left"}`,
			"upload failed: no space left"},
		{"pino, the error an object", `{"level":50,"err":{"type":"Error","stack":"x"},"msg":"boom"}`, "boom"},
		{"pino, its error's message", `{"level":50,"err":{"type":"Error","message":"no route"}}`, "no route"},
		{"error told twice", `{"message":"failed: no route","error":"no route"}`, "failed: no route"},
		{"only an error", `{"level":"error","error":"no route"}`, "no route"},
		{"Lambda", `{"timestamp":"x","level":"ERROR","errorType":"TypeError","errorMessage":"a is not a function"}`,
			"a is not a function"},
		{"spaces", `  { "msg" : "spaced" }`, "spaced"},
		{"escapes", `{"msg":"said \"no\"\nthen left"}`, "said \"no\"\nthen left"},
		{"cut short", `{"msg":"said and`, "said and"},
		{"cut at a backslash", `{"msg":"said \`, `said \`},
		{"a bad escape", `{"msg":"\q"}`, `\q`},
		{"no text", `{"msg":17,"error":null}`, `{"msg":17,"error":null}`},
		{"empty text", `{"msg":"","message":"later"}`, "later"},
		{"no object", `["msg"]`, `["msg"]`},
		{"empty", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, said(test.line)) })
	}
}

// TestTemplateOfJSON: two errors of one layout are two, however much stands before what they say.
func TestTemplateOfJSON(t *testing.T) {
	const layout = `{"level":"error","time":"2026-02-11T14:09:11.709Z","service":"orders","version":"1.17.3","host":"ip-10-0-1-7",` +
		`"requestId":"0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0","msg":"`
	assert.Equal(t, "upload failed: part * of *", Template(layout+`upload failed: part 3 of 17"}`))
	assert.Equal(t, "no such order *", Template(layout+`no such order 4711"}`))
}
