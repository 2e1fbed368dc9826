package logs

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSaying(t *testing.T) {
	for text, want := range map[string]string{
		`{"level":50,"err":{"type":"TypeError","message":"m","stack":"TypeError: x is \"y\"\n    at f (a.js:1)"}}`:    `TypeError: x is "y"`,
		`{"error":{"type":"KeyError","message":"'sku'"}}`:                                                             "KeyError: 'sku'",
		"Exception in thread \"main\" a.b.OuterException: no\n\tat a.b.C\nCaused by: a.b.InnerException: why\n\tat d": "a.b.InnerException: why",
		"Traceback (most recent call last):\n  File \"a.py\", line 1\nValueError: bad\n\nRuntimeError: worse":         "RuntimeError: worse",
		"2026/01/02 panic: runtime error: index out of range [3] with length 3\n\ngoroutine 1 [running]:":             "panic: runtime error: index out of range [3] with length 3",
		"ERROR java.lang.IllegalStateException: " + strings.Repeat("é", 200):                                          "java.lang.IllegalStateException: " + strings.Repeat("é", 67) + "…",
		"AccessDenied: User: arn:aws:sts::111122223333:assumed-role/jobs/4f is not authorized to perform: s3:PutObject on " +
			"resource: \"arn:aws:s3:::out/a.csv\" because no identity-based policy allows it": "jobs may not s3:PutObject on " +
			"arn:aws:s3:::out/a.csv",
		`{"m":"User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:AssumeRole"}`: "ci may not " +
			"sts:AssumeRole",
		"all is well": "",
	} {
		assert.Equal(t, want, saying(text), text)
	}
}
