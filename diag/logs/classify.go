package logs

import (
	"regexp"
	"strings"
	"sync"
)

// Class is what a text says went wrong.
type Class struct {
	// Cause is the entry of the table of causes; see [Causes].
	Cause *Cause
	// Fields are the particulars that the text names, in the order of the rule: variable, module, host, port, user,
	// file, …
	Fields []Field
	// Guess tells that the text itself only supposes the cause: "Perhaps out of memory?".
	Guess bool
}

// Field is one particular of a class.
type Field struct{ Name, Value string }

// Field returns the value of a field, or "".
func (c Class) Field(name string) string {
	for _, f := range c.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// rule recognises one way in which a cause is written.
type rule struct {
	cause string // stem
	// any are literals, one of which stands in every text that the rule knows. Each has at least five bytes.
	any []string
	// re must match, if set. Its named groups become fields.
	re string
	// not must not match, if set.
	not string
	// loud marks rules that are not believed in a text which says of itself that it is information, or in tests.
	loud bool
	// complaint marks rules that are believed only in a text that complains; see [complains].
	complaint bool
	// unless names literals that rule it out.
	unless []string
	// guess, in lower case, marks the texts that only suppose the cause.
	guess string
	// refine gives another cause, by what else the text says; "" rejects it.
	refine func(text string, fields []Field) string

	confirm, exclude *regexp.Regexp
	by               *Cause
}

// classifier is the rules made ready.
type classifier struct {
	rules  []rule
	filter *prefilter
	words  []string // the literals, each once
}

var ready = sync.OnceValue(func() *classifier { return compileRules(rules()) })

func compileRules(rules []rule) *classifier {
	c := &classifier{rules: rules}
	asking := map[string]bitset{}
	for i := range c.rules {
		r := &c.rules[i]
		r.by = causeOf(r.cause)
		r.confirm = regexp.MustCompile(r.pattern())
		if r.not != "" {
			r.exclude = regexp.MustCompile(r.not)
		}
		for _, literal := range r.any {
			by, known := asking[literal]
			if !known {
				c.words = append(c.words, literal)
			}
			by.set(i)
			asking[literal] = by
		}
	}
	c.filter = newPrefilter(c.words, asking)
	return c
}

// pattern returns the expression that confirms the rule. Where it has none, a literal is enough: as it is written where
// it is a name or a code, in any case where it is words.
func (r *rule) pattern() string {
	if r.re != "" {
		if strings.Contains(r.re, "[A-Z]") {
			return r.re
		}
		return "(?i)" + r.re
	}
	var all []string
	for _, literal := range r.any {
		p := regexp.QuoteMeta(literal)
		if strings.Contains(literal, " ") {
			p = "(?i:" + p + ")"
		}
		all = append(all, p)
	}
	return strings.Join(all, "|")
}

// Literals returns the literals that the classifier looks for before anything else, for `grep -F -f`.
func Literals() []string { return append([]string{}, ready().words...) }

// Classify tells what a log line, or the joined lines of a stack trace, says went wrong. It returns false for a text
// that reports no trouble, and for most of them in one pass without allocating.
//
// The rules go by mechanism and idiom: the words with which a kernel, a database, a language's runtime or a common
// library reports a cause. Where a text holds several, the more exact one is told: what an exception was caused by,
// not that one was thrown.
func Classify(text string) (Class, bool) { return ready().classify(text) }

func (c *classifier) classify(text string) (Class, bool) {
	var found bitset
	if c.filter.scan(text, &found) {
		plain := bare(text)
		if strings.Contains(plain, `\"`) || strings.Contains(plain, `\'`) {
			plain = escaped.ReplaceAllString(plain, "$1")
			found = *c.literalsOf(plain)
		}
		if class, ok := c.confirm(plain, &found); ok {
			return class, true
		}
	}
	if !strings.Contains(strings.TrimRight(text, "\n"), "\n") {
		return Class{}, false
	}
	// A terminal or a hand may have wrapped the line.
	unwrapped := strings.Join(strings.Fields(bare(text)), " ")
	return c.confirm(unwrapped, c.literalsOf(unwrapped))
}

// literalsOf returns the rules of which a text holds a literal.
func (c *classifier) literalsOf(text string) *bitset {
	var found bitset
	c.filter.scan(text, &found)
	return &found
}

// composed is what docker compose puts before each line, the container's name and a bar; or Heroku, time and dyno.
var composed = regexp.MustCompile(`(?m)^(?:[\w.-]+ +\| ?|(?:\S+ )?app\[[\w.-]+\]: )`)

// escaped is a quotation mark within a text that stands in quotation marks, as in JSON, once or several times over.
var escaped = regexp.MustCompile(`\\+(["'])`)

// bare returns a text without what docker compose or Heroku put before its lines.
func bare(text string) string {
	if !strings.Contains(text, " | ") && !strings.Contains(text, " |\n") && !strings.Contains(text, "app[") {
		return text
	}
	return composed.ReplaceAllString(text, "")
}

// confirm tries the rules of which a literal was found, in their order.
func (c *classifier) confirm(text string, found *bitset) (Class, bool) {
	tone := toneUnknown
	for i, ok := found.next(); ok; i, ok = found.next() {
		r := &c.rules[i]
		fields, ok := r.match(text)
		if !ok {
			continue
		}
		if tone == toneUnknown {
			tone = toneOf(text)
		}
		if tone == toneHarmless || (r.loud && tone == toneCalm) {
			continue
		}
		if cause := r.refined(text, fields); cause != nil {
			return Class{Cause: cause, Fields: fields, Guess: r.supposes(text)}, true
		}
	}
	return Class{}, false
}

// refined returns the cause of a text that the rule matches, nil if it is none after all.
func (r *rule) refined(text string, fields []Field) *Cause {
	if r.refine == nil {
		return r.by
	}
	return causeOf(r.refine(text, fields))
}

// supposes reports whether the text says itself that the cause is a guess.
func (r *rule) supposes(text string) bool {
	return r.guess != "" && strings.Contains(strings.ToLower(text), r.guess)
}

func (r *rule) excludes(text string) bool {
	for _, word := range r.unless {
		if strings.Contains(text, word) {
			return true
		}
	}
	return r.exclude != nil && r.exclude.MatchString(text)
}

// match confirms the rule and returns the fields that its expression names.
func (r *rule) match(text string) ([]Field, bool) {
	if r.excludes(text) || r.complaint && !complains.MatchString(text) {
		return nil, false
	}
	at := r.confirm.FindStringSubmatchIndex(text)
	if at == nil {
		return nil, false
	}
	var fields []Field
	for i, name := range r.confirm.SubexpNames() {
		if name != "" && at[2*i] >= 0 && at[2*i] < at[2*i+1] {
			fields = append(fields, Field{name, text[at[2*i]:at[2*i+1]]})
		}
	}
	return fields, true
}
