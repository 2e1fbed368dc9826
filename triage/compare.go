package triage

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// CompareOptions change how two reports are compared. The zero value is ready.
type CompareOptions struct {
	// Pair names resources that stand for one another though nothing tells so: id of a by id of b.
	Pair map[string]string
}

// Comparison tells in what two worlds differ: two environments, two accounts, or one at two times.
type Comparison struct {
	// Differences are the settings that differ, those first that have to do with what was found.
	Differences []Difference `json:"differences"`
	// Unclear are settings that hold secrets redacted without a key: nobody can tell whether they are the same.
	Unclear []Difference `json:"unclear"`
	// OnlyA and OnlyB are resources with settings that have no counterpart.
	OnlyA []diag.Resource `json:"onlyA"`
	OnlyB []diag.Resource `json:"onlyB"`
	// Same counts settings that are equal, or differ only in the names of paired resources, accounts and regions.
	Same int `json:"same"`
	// Blind names the surveys that could not see everything, in either: what they missed is not compared.
	Blind []diag.Inconclusive `json:"blind"`

	worlds [2]string
}

// Difference is a setting that differs between two resources which play the same part.
type Difference struct {
	A diag.Resource `json:"a"`
	B diag.Resource `json:"b"`
	// Name is the setting's; ValueA and ValueB are empty where it is not set.
	Name   string `json:"name"`
	ValueA string `json:"valueA"`
	ValueB string `json:"valueB"`
	// Relation says what it has to do with what was found.
	Relation Relation `json:"relation"`
	// Findings are those that it stands closest to.
	Findings []diag.Ref `json:"findings,omitempty"`
}

// Relation ranks differences.
type Relation int

// The relations, the closest first.
const (
	// Named: a finding of the resource, or of one next to it, speaks of the setting or quotes its value.
	Named Relation = iota + 1
	// Found: something was found on the resource.
	Found
	// Near: something was found on a resource that depends on it or that it depends on.
	Near
	// Apart: nothing found has to do with it.
	Apart
)

var relationNames = map[Relation]string{Named: "named by a finding", Found: "on what is broken",
	Near: "next to what is broken", Apart: "elsewhere"}

// String returns the relation in a few words.
func (r Relation) String() string { return relationNames[r] }

// MarshalText returns the relation in a few words.
func (r Relation) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Compare tells what differs in the settings that two reports saw. Resources are matched by type and by the part they
// play, not by name: what was asked about stands for what was asked about, what it runs for what the other runs. Names
// of paired resources, accounts and regions within values do not count as differences. Values of secrets never appear:
// reports are redacted. With a keyed redactor of one key in both, see [diag.NewRedactor], equal secrets can be told
// from different ones.
func Compare(a, b *diag.Report, options CompareOptions) Comparison {
	p := pairUp(a, b, options.Pair)
	c := Comparison{worlds: [2]string{worldOf(a), worldOf(b)}}
	settingsA, settingsB := settingsOf(a), settingsOf(b)
	for _, r := range p.order {
		s := p.to[r]
		if len(settingsA[r]) == 0 || len(settingsB[s]) == 0 {
			continue
		}
		c.settings(p, r, s, settingsA[r], settingsB[s])
	}
	c.OnlyA = unpaired(settingsA, func(r diag.Resource) bool { s, ok := p.to[r]; return ok && len(settingsB[s]) > 0 })
	c.OnlyB = unpaired(settingsB, func(r diag.Resource) bool { s, ok := p.from[r]; return ok && len(settingsA[s]) > 0 })
	c.rank(a, b)
	for _, i := range slices.Concat(a.Inconclusive, b.Inconclusive) {
		if strings.HasSuffix(string(i.Code), ".settings") {
			c.Blind = append(c.Blind, i)
		}
	}
	return c
}

// worldOf tells in a few words which world a report is of.
func worldOf(r *diag.Report) string {
	text := r.Focus.String()
	if r.Focus.Account != "" {
		text += ", account " + r.Focus.Account
	}
	if r.Focus.Region != "" {
		text += ", " + r.Focus.Region
	}
	return strings.TrimPrefix(text+", "+stamp(r.Window.End), ", ")
}

// settingsOf sorts settings by resource, without the ARN, which not everybody knows.
func settingsOf(r *diag.Report) map[diag.Resource]map[string]string {
	all := map[diag.Resource]map[string]string{}
	for _, s := range r.Settings {
		k := withoutARN(s.Resource)
		if all[k] == nil {
			all[k] = map[string]string{}
		}
		all[k][s.Name] = s.Value
	}
	return all
}

func withoutARN(r diag.Resource) diag.Resource { r.ARN = ""; return r }

func unpaired(all map[diag.Resource]map[string]string, paired func(diag.Resource) bool) (rest []diag.Resource) {
	for r := range all {
		if !paired(r) {
			rest = append(rest, r)
		}
	}
	slices.SortFunc(rest, compareByName)
	return rest
}

func compareByName(a, b diag.Resource) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Account, b.Account),
		cmp.Compare(a.Region, b.Region))
}

// settings compares the settings of two resources of a pair.
func (c *Comparison) settings(p *pairs, r, s diag.Resource, a, b map[string]string) {
	names := map[string]string{} // of b, by what they are called in a
	read := p.inTermsOfA
	if one, other := onlyContainer(a), onlyContainer(b); one != "" && other != "" {
		read = func(text string) string {
			text = strings.Replace(text, "container "+other+":", "container "+one+":", 1)
			return p.inTermsOfA(text)
		}
	}
	for name := range b {
		names[read(name)] = name
	}
	for name := range a {
		if _, ok := names[name]; !ok {
			names[name] = name
		}
	}
	for name, nameB := range names {
		valueA, valueB := a[name], b[nameB]
		d := Difference{A: r, B: s, Name: name, ValueA: valueA, ValueB: valueB}
		plainA, plainB := p.plain(valueA), p.plain(p.inTermsOfA(valueB))
		switch {
		case plainA == plainB:
			c.Same++
		case numbered.ReplaceAllString(plainA, "") == numbered.ReplaceAllString(plainB, ""):
			c.Unclear = append(c.Unclear, d)
		default:
			c.Differences = append(c.Differences, d)
		}
	}
}

var container = regexp.MustCompile(`^container ([^ :]+): `)

// onlyContainer returns the name of a task definition's container, "" if there are several, or none.
func onlyContainer(settings map[string]string) string {
	only := ""
	for name := range settings {
		if m := container.FindStringSubmatch(name); m != nil {
			if only != "" && only != m[1] {
				return ""
			}
			only = m[1]
		}
	}
	return only
}

var (
	// numbered are the tokens of a redactor without a key, whose numbers mean nothing in another report.
	numbered = regexp.MustCompile(`\[redacted-\d+\]`)
	// generated are ids that AWS makes up: they differ between any two worlds and tell nothing.
	generated = regexp.MustCompile(`\b(?:sg|subnet|vpc|eni|rtb|acl|igw|nat|vpce|vol|ami|i|lt)-(?:[0-9a-f]{17}|[0-9a-f]{8})\b`)
	accountID = regexp.MustCompile(`\b\d{12}\b`)
	region    = regexp.MustCompile(`\b(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov)?-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-\d\b`)
	idTail    = regexp.MustCompile(`/[0-9a-f]{16}\b`) // of load balancers, target groups, listeners and rules
)

// plain is a value without what differs between any two accounts. Words in no order are sorted.
func (p *pairs) plain(value string) string {
	value = generated.ReplaceAllStringFunc(value, func(id string) string {
		return id[:strings.IndexByte(id,
			'-')] + "-*"
	})
	value = idTail.ReplaceAllString(region.ReplaceAllString(accountID.ReplaceAllString(value, "*"), "*"), "/*")
	if words := strings.Fields(value); len(words) > 1 && !strings.ContainsAny(value, ":,=>") {
		slices.Sort(words)
		return strings.Join(words, " ")
	}
	return value
}

// rank orders differences by what they have to do with what was found in either world.
func (c *Comparison) rank(a, b *diag.Report) {
	for _, list := range [][]Difference{c.Differences, c.Unclear} {
		for i := range list {
			list[i].relate(a, list[i].A)
			list[i].relate(b, list[i].B)
		}
		slices.SortFunc(list, func(x, y Difference) int {
			return cmp.Or(cmp.Compare(x.Relation, y.Relation), compareByName(x.A, y.A), cmp.Compare(x.Name, y.Name))
		})
	}
}

// relate looks how close the findings of one world come to a difference.
func (d *Difference) relate(r *diag.Report, own diag.Resource) {
	d.Relation = cmp.Or(d.Relation, Apart)
	for _, f := range r.Findings {
		if f.Severity < diag.SeverityWarning {
			continue
		}
		relation, on, near := Apart, touches(f, own), neighbours(r, f.Resource, own)
		switch {
		case (on || near) && d.namedBy(f):
			relation = Named
		case on:
			relation = Found
		case near:
			relation = Near
		}
		if relation < d.Relation {
			d.Relation, d.Findings = relation, nil
		}
		if ref := (diag.Ref{Code: f.Code, Resource: f.Resource}); relation == d.Relation && relation < Near &&
			!slices.Contains(d.Findings, ref) {
			d.Findings = append(d.Findings, ref)
		}
	}
}

// touches reports a finding on a resource, or one in which it plays a part.
func touches(f diag.Finding, r diag.Resource) bool {
	return withoutARN(f.Resource) == r || slices.ContainsFunc(f.Related,
		func(rel diag.Related) bool { return withoutARN(rel.Resource) == r })
}

func neighbours(r *diag.Report, a, b diag.Resource) bool {
	a = withoutARN(a)
	return slices.ContainsFunc(r.Links, func(l diag.Link) bool {
		from, to := withoutARN(l.From), withoutARN(l.To)
		return (from == a && to == b) || (from == b && to == a)
	})
}

// namedBy reports a finding that speaks of the setting: of what makes its name, or of one of the values that differ.
func (d *Difference) namedBy(f diag.Finding) bool {
	text := f.Summary
	for _, e := range f.Evidence {
		text += "\n" + e.Field + " " + e.Value
	}
	name := d.Name[strings.LastIndex(d.Name, ": ")+1:]
	if holdsWord(strings.ToLower(text), strings.ToLower(strings.TrimSpace(name))) {
		return true
	}
	onlyA, onlyB := apart(d.ValueA, d.ValueB)
	return slices.ContainsFunc(append(onlyA, onlyB...), func(w string) bool {
		w = strings.Trim(w, `"',;`)
		return telling(w) && holdsWord(text, w)
	})
}

func holdsWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 || word == "" {
			return false
		}
		i += from
		if (i == 0 || !wordByte(text[i-1])) && !goesOn(text[i+len(word):]) {
			return true
		}
		from = i + len(word)
	}
}

// telling reports a word of a value that no finding quotes by chance.
func telling(word string) bool {
	if strings.Trim(word, "0123456789") == "" {
		return len(word) >= 3
	}
	return len(word) >= 4 && !everyday[strings.ToLower(word)]
}

// everyday are values that stand in many a finding by chance.
var everyday = map[string]bool{"true": true, "false": true, "none": true, "null": true, "enabled": true,
	"disabled": true, "active": true,
	"http": true, "https": true, "default": true, "forward": true}

// apart returns the words that stand in one of two values only.
func apart(a, b string) (onlyA, onlyB []string) {
	inA, inB := strings.Fields(a), strings.Fields(b)
	onlyA = slices.DeleteFunc(slices.Clone(inA), func(w string) bool { return slices.Contains(inB, w) })
	onlyB = slices.DeleteFunc(slices.Clone(inB), func(w string) bool { return slices.Contains(inA, w) })
	return onlyA, onlyB
}

// told is a difference in words: of long values only what differs.
func (d *Difference) told() string {
	onlyA, onlyB := apart(d.ValueA, d.ValueB)
	if total := len(strings.Fields(d.ValueA)) + len(strings.Fields(d.ValueB)); total > 6 &&
		len(onlyA)+len(onlyB) < total && len(onlyA)+len(onlyB) > 0 {
		var parts []string
		if len(onlyA) > 0 {
			parts = append(parts, "only A: "+strings.Join(onlyA, " "))
		}
		if len(onlyB) > 0 {
			parts = append(parts, "only B: "+strings.Join(onlyB, " "))
		}
		return strings.Join(parts, "; ")
	}
	return fmt.Sprintf("A %s; B %s", cmp.Or(d.ValueA, "not set"), cmp.Or(d.ValueB, "not set"))
}
