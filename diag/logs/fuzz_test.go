package logs

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// FuzzClassify: no line makes the classifier panic, and one line has one class. What it reads out of a line stands in
// it.
func FuzzClassify(f *testing.F) {
	for _, s := range corpus(f) {
		f.Add(s.Text)
	}
	f.Add("")
	f.Add("\xff\x00 FATAL: \xfe")
	f.Add(`{"level":"error","msg":"`)
	f.Fuzz(func(t *testing.T, text string) {
		class, ok := Classify(text)
		again, same := Classify(text)
		assert.Equal(t, ok, same)
		assert.Equal(t, class, again)
		if !ok {
			assert.Equal(t, Class{}, class)
			return
		}
		assert.NotNil(t, class.Cause)
		for _, e := range class.Fields {
			assert.Contains(t, text, e.Value, e.Name)
		}
		if utf8.ValidString(text) {
			assert.True(t, utf8.ValidString(Template(text)))
		}
	})
}
