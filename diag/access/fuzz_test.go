package access

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// FuzzParseDenial: the parser never panics and never invents. What it returns stands in the text, unless it says that
// it concluded it.
func FuzzParseDenial(f *testing.F) {
	for _, l := range readLabelled(f, "testdata/iam_denied.jsonl") {
		f.Add(l.Text)
	}
	for _, l := range readLabelled(f, "testdata/denials_public.jsonl") {
		f.Add(l.Text)
	}
	for _, w := range wrappings {
		f.Add(strings.ReplaceAll(w.text, "%s", denied))
	}
	f.Add("is not authorized to perform: a:b on resource: ")
	f.Add("User: \xff is not authorized to perform: \"")
	f.Fuzz(func(t *testing.T, text string) {
		d, ok := ParseDenial(text)
		if !ok {
			assert.Equal(t, Denial{}, d)
			return
		}
		assert.Contains(t, DenialKinds(), d.Kind)
		for field, value := range map[string]string{"action": d.Action, "resource": d.Resource, "principal": d.Principal,
			"role":    d.Role,
			"account": d.Account, "policy": d.Policy, "encoded": d.Encoded} {
			if !strings.Contains(strings.Join(d.Derived, " "), field) {
				assert.Contains(t, text, value, field)
			}
		}
	})
}

// FuzzParseDocument: no text makes the reader or the evaluation panic.
func FuzzParseDocument(f *testing.F) {
	f.Add(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, "s3:GetObject", "arn:aws:s3:::b/k")
	f.Add(`%7B%22Statement%22%3A%5B%5D%7D`, "", "")
	f.Add(`{"Statement":[{"Effect":"Deny","NotAction":["a*","?"],"NotResource":"${x","Condition":{"Bool":{"k":true}}}]}`,
		"a:b", "*")
	f.Fuzz(func(t *testing.T, text, action, resource string) {
		d, err := ParseDocument(text)
		if err != nil {
			return
		}
		effect, by := d.Evaluate(Request{Action: action, Resource: resource})
		assert.Contains(t, Effects(), effect)
		assert.Less(t, by, max(len(d.Statements), 1))
	})
}
