package report

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// Text writes the report for a terminal. Its errors are those of w.
func Text(w io.Writer, r *diag.Report, o Options) error {
	p := newPage(o.resolve(w))
	s := sorted(r)
	p.dated(s.now)
	p.verdict(s)
	for i, c := range s.causes {
		p.cause(s, i, c)
	}
	p.unrelated(s)
	p.infos(s)
	p.timeline(s)
	p.unseen(s)
	p.coverage(s)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// story is a report, sorted by what a reader wants of it.
type story struct {
	*diag.Report
	now       time.Time
	causes    []diag.Root    // told in full
	unrelated []diag.Root    // troubles that neither break nor touch what was asked about
	infos     []diag.Finding // those that no cause explains
	told      map[key]int    // in the tree of which cause a finding was first told
}

// form writes the parts of a story for a document.
type form interface {
	verdict()
	cause(i int, c diag.Root)
	aside(title string, troubles []diag.Root)
	infoList()
	events()
	blind()
	looked()
}

// tell writes a story in the order in which the text form tells it too.
func (s *story) tell(f form) {
	f.verdict()
	for i, c := range s.causes {
		f.cause(i, c)
	}
	f.aside("Also seen, not known to be related", s.unrelated)
	f.infoList()
	f.events()
	f.blind()
	f.looked()
}

type key struct {
	code     diag.Code
	resource diag.Resource
	summary  string
}

func keyOf(f diag.Finding) key { return key{f.Code, f.Resource, f.Summary} }

func sorted(r *diag.Report) *story {
	s := &story{Report: r, now: r.Window.End, told: map[key]int{}}
	inTree := map[key]bool{}
	for i, root := range roots(r) {
		walk(root, 0, func(f diag.Root, _ int) { inTree[keyOf(f.Finding)] = true })
		if i == 0 || root.Severity >= diag.SeverityError || worst(root) >= diag.SeverityError {
			s.causes = append(s.causes, root)
		} else {
			s.unrelated = append(s.unrelated, root)
		}
	}
	for _, f := range r.Findings {
		if f.Severity < diag.SeverityWarning && !inTree[keyOf(f)] {
			s.infos = append(s.infos, f)
		}
	}
	return s
}

// roots returns the report's causes. A report that was put together by hand has none; then every finding is one.
func roots(r *diag.Report) []diag.Root {
	out := r.Roots()
	if len(out) > 0 {
		return out
	}
	for _, f := range r.Findings {
		if f.Severity >= diag.SeverityWarning {
			out = append(out, diag.Root{Finding: f})
		}
	}
	slices.SortStableFunc(out, func(a, b diag.Root) int { return -cmp.Compare(a.Severity, b.Severity) })
	return out
}

// walk visits a tree, causes before effects.
func walk(root diag.Root, depth int, visit func(r diag.Root, depth int)) {
	visit(root, depth)
	for _, e := range root.Explains {
		walk(e, depth+1, visit)
	}
}

func worst(root diag.Root) diag.Severity {
	w := root.Severity
	walk(root, 0, func(r diag.Root, _ int) { w = max(w, r.Severity) })
	return w
}

// why returns what the first lines give as the reason: the cause itself, or, where that is a change of which it is not
// sure that it did the harm, such as a release, the trouble that began after it.
func why(cause diag.Root) diag.Root {
	if cause.Change && cause.Confidence < diag.Likely {
		return trouble(cause)
	}
	return cause
}

// trouble is the first trouble that comes of a cause: itself, or what stands below a change and below the restart that
// took it into effect. A change below which none stands is its own.
func trouble(cause diag.Root) diag.Root {
	if !cause.Change {
		return cause
	}
	for _, e := range cause.Explains {
		if t := trouble(e); !t.Change {
			return t
		}
	}
	return cause
}

// begin returns the earliest known beginning in a tree, changes left aside, and whether it may lie earlier still.
func begin(root diag.Root) (at time.Time, orEarlier bool) {
	walk(root, 0, func(r diag.Root, _ int) {
		if !r.Change && !r.Since.IsZero() && (at.IsZero() || r.Since.Before(at)) {
			at, orEarlier = r.Since, r.SinceAtLeast
		}
	})
	if root.Change && !at.IsZero() && root.Since.After(at) {
		at = root.Since // a metric blurs the onset: nothing begins before the change that caused it
	}
	return at, orEarlier
}

// verdict is the first five lines: what, why, since when, where.
func (p *page) verdict(s *story) {
	switch {
	case len(s.causes) > 0:
		p.broken(s)
	case len(s.Inconclusive) > 0:
		p.noVerdict(s)
	default:
		p.healthy(s)
	}
}

func (p *page) broken(s *story) {
	cause := s.causes[0]
	reason := why(cause)
	effect, label, paint := symptom(cause, s.Focus), "Broken", red
	if worst(cause) < diag.SeverityError {
		label, paint = "At risk", yellow
	}
	if keyOf(effect.Finding) == keyOf(reason.Finding) {
		unexplained := "Nothing that was seen explains it: start here."
		if keyOf(reason.Finding) != keyOf(cause.Finding) {
			unexplained = "Possibly what was changed before it (see After): nothing else explains it."
		}
		p.headline(2, label, paint, sentence(effect))
		p.labelled(1, "Why", bold, span{unexplained, normal})
	} else {
		what, because, forWhat := p.brief(sentence(effect)), p.brief(doubt(reason)+sentence(reason)), 1
		if p.lines(what) == 2 && p.lines(because) == 1 {
			forWhat = 2
		}
		p.headline(forWhat, label, paint, what)
		p.headline(3-forWhat, "Why", bold, because)
	}
	p.labelled(0, "Since", bold, span{p.since(s, cause), normal})
	p.labelled(0, "Where", bold, span{placed(reason.Resource), normal})
	at, _ := begin(cause)
	if keyOf(reason.Finding) != keyOf(cause.Finding) {
		p.labelled(2, "After", bold, span{p.abridged(p.brief(cause.Summary)), normal})
	} else if e, ok := lastChange(s); ok && !cause.Change {
		p.labelled(2, "Change", bold, span{near(e.At, at) + " " + p.abridged(e.Text) + p.dot + lasting(at.Sub(e.At)) +
			" before", normal})
	}
	if more := remarks(s); more != "" {
		p.labelled(0, "Also", bold, span{more, normal})
	}
}

// headline is a sentence on at most n lines. Where it does not fit, its long names give way first: they stand below in
// full.
func (p *page) headline(n int, label string, s style, sentence string) {
	sentence = p.brief(sentence)
	if p.lines(sentence) > n {
		sentence = p.squeezed(sentence)
	}
	p.labelled(n, label, s, span{sentence, bold})
}

// squeezed is text with the middle of long words left out, as machines make names.
func (p *page) squeezed(text string) string {
	const most, head, tail = 32, 14, 12
	words := strings.Split(text, " ")
	for i, w := range words {
		if r := []rune(w); len(r) > most {
			words[i] = string(r[:head]) + p.more + string(r[len(r)-tail:])
		}
	}
	return strings.Join(words, " ")
}

// symptom is what the cause does in the end: on the resource that was asked about if it is there, else the far end of
// the longest chain.
func symptom(cause diag.Root, focus diag.Resource) diag.Root {
	best, rank := cause, -1
	walk(withoutResponses(cause), 0, func(r diag.Root, depth int) {
		score := depth + 1000*int(r.Severity)
		if depth > 0 && same(r.Resource, focus) {
			score += 10000
		}
		if depth > 0 && !r.Change && r.Severity >= diag.SeverityWarning && score > rank {
			best, rank = r, score
		}
	})
	return best
}

// withoutResponses is a tree without what people did about its troubles, and what came of that.
func withoutResponses(r diag.Root) diag.Root {
	change := r.Change
	var kept []diag.Root
	for _, e := range r.Explains {
		if change || !e.Change {
			kept = append(kept, withoutResponses(e))
		}
	}
	r.Explains = kept
	return r
}

func same(a, b diag.Resource) bool {
	return a.Type == b.Type && a.ID == b.ID && a.Account == b.Account && a.Region == b.Region
}

// sentence is the summary, with the resource in front of it where it does not name it.
func sentence(r diag.Root) string {
	if mentions(r.Summary, r.Resource.ID) {
		return r.Summary
	}
	if rest, ok := strings.CutPrefix(r.Summary, kindOf(r.Resource)+" "); ok {
		return named(r.Resource) + " " + rest
	}
	return named(r.Resource) + ": " + r.Summary
}

// mentions reports whether text names the id, or the last part of one that is a path.
func mentions(text, id string) bool {
	return id == "" || strings.Contains(text, id) || strings.Contains(text, id[strings.LastIndexByte(id, '/')+1:])
}

func doubt(r diag.Root) string {
	switch r.Confidence {
	case diag.Likely:
		return "Likely: "
	case diag.Possible:
		return "Possibly: "
	}
	return ""
}

func (p *page) since(s *story, cause diag.Root) string {
	at, orEarlier := begin(cause)
	if at.IsZero() {
		return "not known (now " + stamp(s.now) + ")"
	}
	text := stamp(at)
	if orEarlier {
		text += " or earlier"
	}
	return text + p.dot + lasting(s.now.Sub(at)) + " ago" + p.dot + "now " + near(s.now, at)
}

func remarks(s *story) string {
	var parts []string
	if n := len(s.causes) - 1; n > 0 {
		parts = append(parts, words.Count(n, "more cause"))
	}
	if n := len(s.unrelated); n > 0 {
		parts = append(parts, words.Count(n, "other warning"))
	}
	if n := len(blindnesses(s.Report)); n > 0 {
		parts = append(parts, words.Count(n, "thing")+" could not be seen")
	}
	return strings.Join(parts, ", ")
}
