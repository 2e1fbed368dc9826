package guard

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/awsdiag/awsdiag/diag"
)

// cleaner redacts documents.
type cleaner struct{ redactor *diag.Redactor }

// value returns v with every text redacted. name is that of the member it is the value of, which may tell a secret.
// Members are visited in order, since a redactor may number what it finds.
func (c cleaner) value(name string, v any) any {
	switch v := v.(type) {
	case string:
		return c.text(name, v)
	case []any:
		for i := range v {
			v[i] = c.value(name, v[i])
		}
	case map[string]any:
		name, member := named(v)
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if key == member {
				v[key] = c.value(name, v[key])
			} else {
				v[key] = c.value(key, v[key])
			}
		}
	}
	return v
}

// named returns the name that an object with name and value gives to its value, and the member the value is in: an
// environment variable, a parameter, a tag.
func named(object map[string]any) (name, member string) {
	for _, pair := range [][2]string{
		{"name", "value"}, {"Name", "Value"}, {"Key", "Value"}, {"key", "value"}, {"ParameterName", "ParameterValue"},
	} {
		if text, ok := object[pair[0]].(string); ok && object[pair[1]] != nil {
			return text, pair[1]
		}
	}
	return "", ""
}

// text redacts a string. The redactor learns its name by reading it as the one member of a JSON object. Base64 of
// text, such as user data, is redacted within.
func (c cleaner) text(name, s string) string {
	if plain, ok := base64Text(s); ok {
		if clean := c.redactor.Redact(plain); clean != plain {
			return base64.StdEncoding.EncodeToString([]byte(clean))
		}
		return s
	}
	object, err := compact(map[string]string{name: s})
	if err != nil || name == "" {
		return c.redactor.Redact(s)
	}
	var back map[string]string
	if json.Unmarshal([]byte(c.redactor.Redact(string(object))), &back) != nil || len(back) != 1 {
		return c.redactor.Redact(s)
	}
	for _, clean := range back {
		s = clean
	}
	return c.redactor.Redact(s)
}

// base64Text decodes base64 of printable text. Shorter strings are words that happen to be base64 too.
func base64Text(s string) (string, bool) {
	const shortest = 24
	if len(s) < shortest || len(s)%4 != 0 {
		return "", false
	}
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil || !utf8.Valid(raw) {
		return "", false
	}
	text := string(raw)
	odd := func(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) }
	return text, !strings.ContainsFunc(text, odd)
}

// parse reads a JSON object without losing digits.
func parse(raw []byte) (map[string]any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var object map[string]any
	err := dec.Decode(&object)
	return object, err
}

// compact writes JSON with keys in order and with "<" as "<", as the CLI does.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}
