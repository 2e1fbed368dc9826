package diag

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Redactor replaces secrets in text by tokens. It goes by structure and never by a list of values: passwords in URLs
// and connection strings, values behind names such as "password" or "apiKey" (as JSON, key=value, key: value, command
// line flag, XML, also inside escaped JSON), Authorization headers and cookies, JSON Web Tokens, private keys,
// signatures of presigned URLs, AWS credentials, and the tokens of common services.
//
// IP addresses, ports, account ids, ARNs, times, request ids, digests and commit hashes stay: a diagnosis needs them.
// Safe for concurrent use.
type Redactor struct {
	key []byte

	mu      sync.Mutex
	numbers map[[sha256.Size]byte]int
}

// NewRedactor makes a redactor. One secret keeps one token, so that a reader sees where the same secret is used.
//
// Without a key, tokens are numbered in the order in which secrets first appear, such as [redacted-1]; the numbers hold
// for this redactor only. With a key, a token is the beginning of the secret's HMAC-SHA256, such as
// [redacted:1f3a9c20], and the same in every run with that key. Who has the key can try guesses of a secret: keep it.
func NewRedactor(key []byte) *Redactor {
	return &Redactor{key: slices.Clone(key), numbers: map[[sha256.Size]byte]int{}}
}

// Redact returns s with each secret replaced by its token. Redacting twice is the same as redacting once.
func (r *Redactor) Redact(s string) string {
	for {
		spans := secretsIn(s)
		if len(spans) == 0 {
			return s
		}
		s = r.replace(s, spans) // again: a token may have made something else a value
	}
}

// redactNamed redacts the value of something with a name, such as a setting or a field of an answer. The name may tell
// that the whole value is a secret, whatever it looks like.
func (r *Redactor) redactNamed(name, value string) string {
	if secretName(lastName(name)) && !harmless(value) {
		return r.token(value)
	}
	return r.Redact(value)
}

func (r *Redactor) replace(s string, spans []span) string {
	var out strings.Builder
	at := 0
	for _, p := range spans {
		out.WriteString(s[at:p.start])
		out.WriteString(r.token(s[p.start:p.end]))
		at = p.end
	}
	out.WriteString(s[at:])
	return out.String()
}

// A value that is just what token makes is redacted already.
var (
	anyToken     = regexp.MustCompile(`\[redacted(?:-\d+|:[0-9a-f]{8})\]`)
	tokenPattern = regexp.MustCompile(`^` + anyToken.String() + `$`)
)

func (r *Redactor) token(secret string) string {
	if len(r.key) > 0 {
		mac := hmac.New(sha256.New, r.key)
		mac.Write([]byte(secret))
		return "[redacted:" + hex.EncodeToString(mac.Sum(nil)[:4]) + "]"
	}
	sum := sha256.Sum256([]byte(secret)) // the secret itself is not kept
	r.mu.Lock()
	defer r.mu.Unlock()
	n, ok := r.numbers[sum]
	if !ok {
		n = len(r.numbers) + 1
		r.numbers[sum] = n
	}
	return "[redacted-" + strconv.Itoa(n) + "]"
}

// span is a secret's place in a text, as byte offsets.
type span struct{ start, end int }

// secretsIn returns the places of all secrets in s, in order and apart from each other.
func secretsIn(s string) []span {
	spans := wholeTokens(s, slices.Concat(formatted(s), named(s)))
	spans = slices.DeleteFunc(spans, func(p span) bool {
		return p.start >= p.end || tokenPattern.MatchString(s[p.start:p.end])
	})
	slices.SortFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	var apart []span
	for _, p := range spans {
		if n := len(apart); n > 0 && p.start < apart[n-1].end {
			apart[n-1].end = max(apart[n-1].end, p.end)
			continue
		}
		apart = append(apart, p)
	}
	return apart
}

// wholeTokens widens spans that would cut a token in two.
func wholeTokens(s string, spans []span) []span {
	if len(spans) == 0 || !strings.Contains(s, "[redacted") {
		return spans
	}
	for _, t := range anyToken.FindAllStringIndex(s, -1) {
		for i, p := range spans {
			if p.start < t[1] && t[0] < p.end {
				spans[i] = span{min(p.start, t[0]), max(p.end, t[1])}
			}
		}
	}
	return spans
}
