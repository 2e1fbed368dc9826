package triage

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// pairs are the resources of two reports that play the same part.
type pairs struct {
	to, from map[diag.Resource]diag.Resource
	order    []diag.Resource // of a, by name

	names []rename // of b into those of a, the longest first
}

type rename struct{ b, a string }

// pairUp matches resources: those named by the caller, those of the same name, those that were asked about, and then,
// going out from pairs along links, those that stand in the same relation to them.
func pairUp(a, b *diag.Report, told map[string]string) *pairs {
	p := &pairs{to: map[diag.Resource]diag.Resource{}, from: map[diag.Resource]diag.Resource{}}
	inA, inB := resourcesIn(a), resourcesIn(b)
	for _, r := range inA {
		for _, s := range inB {
			if want, ok := told[r.ID]; ok && r.Type == s.Type && s.ID == want {
				p.add(r, s)
			}
		}
	}
	if a.Focus.Type == b.Focus.Type && !a.Focus.IsZero() {
		p.add(withoutARN(a.Focus), withoutARN(b.Focus))
	}
	p.below(inA, inB, a.Focus, b.Focus)
	p.match(inA, inB, false, func(r, s diag.Resource) bool { return r == s })
	p.match(inA, inB, false, func(r, s diag.Resource) bool { return r.ID == s.ID })
	p.spread(a, b)
	p.match(inA, inB, true, func(r, s diag.Resource) bool { return bareName(r) == bareName(s) })
	p.match(inA, inB, true, func(r, s diag.Resource) bool { return true }) // the only ones of their type that are left
	p.order = slices.SortedFunc(maps.Keys(p.to), compareByName)
	p.vocabulary()
	return p
}

// below pairs the parameters of two paths by their names below them.
func (p *pairs) below(inA, inB []diag.Resource, a, b diag.Resource) {
	pathA, isPathA := strings.CutSuffix(a.ID, "*")
	pathB, isPathB := strings.CutSuffix(b.ID, "*")
	if a.Type != typeParameter || b.Type != typeParameter || !isPathA || !isPathB {
		return
	}
	for _, r := range inA {
		for _, s := range inB {
			name, in := strings.CutPrefix(r.ID, pathA)
			if other, inB := strings.CutPrefix(s.ID, pathB); in && inB && name == other && name != "*" {
				p.add(r, s)
			}
		}
	}
}

func (p *pairs) add(r, s diag.Resource) bool {
	_, taken := p.to[r]
	_, given := p.from[s]
	if taken || given || r.Type != s.Type {
		return false
	}
	p.to[r], p.from[s] = s, r
	return true
}

// resourcesIn returns the resources of a report, each once, by name.
func resourcesIn(r *diag.Report) []diag.Resource {
	seen := map[diag.Resource]bool{}
	for _, s := range r.Settings {
		seen[withoutARN(s.Resource)] = true
	}
	for _, l := range r.Links {
		seen[withoutARN(l.From)], seen[withoutARN(l.To)] = true, true
	}
	return slices.SortedFunc(maps.Keys(seen), compareByName)
}

// match pairs resources of a type that are like one another. Where it must be plain, they are paired only if there is
// one on either side.
func (p *pairs) match(inA, inB []diag.Resource, plain bool, alike func(r, s diag.Resource) bool) {
	for _, r := range inA {
		if _, ok := p.to[r]; ok {
			continue
		}
		like := p.freeB(inB, func(s diag.Resource) bool { return r.Type == s.Type && alike(r, s) })
		rivals := 1
		if plain && len(like) == 1 {
			rivals = 0
			for _, other := range inA {
				if _, ok := p.to[other]; !ok && other.Type == r.Type && alike(other, like[0]) {
					rivals++
				}
			}
		}
		if len(like) == 1 && rivals == 1 {
			p.add(r, like[0])
		}
	}
}

func (p *pairs) freeB(inB []diag.Resource, want func(diag.Resource) bool) []diag.Resource {
	return slices.DeleteFunc(slices.Clone(inB), func(s diag.Resource) bool {
		_, taken := p.from[s]
		return taken || !want(s)
	})
}

// arm is a link as seen from one of its ends.
type arm struct {
	role, typ string
	outwards  bool
}

// spread goes out from pairs: what one is linked to in some role stands for what the other is linked to in that role.
func (p *pairs) spread(a, b *diag.Report) {
	armsA, armsB := armsOf(a), armsOf(b)
	queue := slices.SortedFunc(maps.Keys(p.to), compareByName)
	for len(queue) > 0 {
		r := queue[0]
		queue = queue[1:]
		s := p.to[r]
		for _, at := range slices.SortedFunc(maps.Keys(armsA[r]), compareArms) {
			left := slices.DeleteFunc(slices.Clone(armsA[r][at]), func(x diag.Resource) bool {
				_,
					ok := p.to[x]
				return ok
			})
			right := p.freeB(armsB[s][at], func(diag.Resource) bool { return true })
			before := len(p.to)
			p.match(left, right, true, func(x, y diag.Resource) bool { return bareName(x) == bareName(y) })
			p.match(left, right, true, func(x, y diag.Resource) bool { return true })
			if len(p.to) > before {
				for _, x := range left {
					if _, ok := p.to[x]; ok {
						queue = append(queue, x)
					}
				}
			}
		}
	}
}

func compareArms(a, b arm) int {
	return cmp.Or(cmp.Compare(a.typ, b.typ), cmp.Compare(a.role, b.role), cmp.Compare(bit(a.outwards), bit(b.outwards)))
}

func armsOf(r *diag.Report) map[diag.Resource]map[arm][]diag.Resource {
	arms := map[diag.Resource]map[arm][]diag.Resource{}
	put := func(at, to diag.Resource, role string, outwards bool) {
		if arms[at] == nil {
			arms[at] = map[arm][]diag.Resource{}
		}
		k := arm{role, to.Type, outwards}
		if !slices.Contains(arms[at][k], to) {
			arms[at][k] = append(arms[at][k], to)
		}
	}
	for _, l := range r.Links {
		from, to := withoutARN(l.From), withoutARN(l.To)
		put(from, to, l.Role, true)
		put(to, from, l.Role, false)
	}
	return arms
}

// The words for environments that names are made with, and what tools add to make names unique.
var (
	environment = regexp.MustCompile(`(?i)(?:^|[-_/. ])(prod|production|prd|live|uat|preprod|staging|stage|stg|qa|test|tst|dev|development|sandbox|sbx|demo|blue|green)(?:$|[-_/. ])`)
	madeUp      = regexp.MustCompile(`[-_/.][0-9a-zA-Z]*\d[0-9a-zA-Z]*$|\d+`)
)

// bareName is a resource's name without environment, revision and what a tool added.
func bareName(r diag.Resource) string {
	name := lastingID(r)
	for environment.MatchString(name) {
		name = environment.ReplaceAllString(name, "-")
	}
	name = madeUp.ReplaceAllString(name, "")
	return strings.ToLower(strings.Trim(name, "-_/. "))
}

// environmentOf returns the word for an environment in a name, "" if there is none.
func environmentOf(name string) string {
	if m := environment.FindStringSubmatch(name); m != nil {
		return strings.ToLower(m[1])
	}
	return ""
}

// vocabulary collects how names of b read in a. Short ones would be found within others.
func (p *pairs) vocabulary() {
	const least = 3
	known := map[string]bool{}
	put := func(b, a string) {
		if len(b) >= least && a != b && !known[b] && a != "" {
			known[b] = true
			p.names = append(p.names, rename{b, a})
		}
	}
	for _, r := range p.order {
		put(p.to[r].ID, r.ID)
	}
	for _, r := range p.order {
		if s := p.to[r]; r.Type == typeService && strings.Contains(r.ID, "/") && strings.Contains(s.ID, "/") {
			put(s.ID[strings.IndexByte(s.ID, '/')+1:], r.ID[strings.IndexByte(r.ID, '/')+1:])
		}
	}
	slices.SortStableFunc(p.names, func(x, y rename) int { return cmp.Compare(len(y.b), len(x.b)) })
}

// inTermsOfA puts a text of b into the names of a, each part of it once.
func (p *pairs) inTermsOfA(text string) string {
	var out strings.Builder
	for len(text) > 0 {
		i := slices.IndexFunc(p.names, func(n rename) bool {
			return strings.HasPrefix(text, n.b) &&
				!goesOn(text[len(n.b):])
		})
		if i >= 0 && (out.Len() == 0 || !wordByte(out.String()[out.Len()-1])) {
			out.WriteString(p.names[i].a)
			text = text[len(p.names[i].b):]
			continue
		}
		out.WriteByte(text[0])
		text = text[1:]
	}
	return out.String()
}

func goesOn(rest string) bool { return rest != "" && wordByte(rest[0]) }

func wordByte(b byte) bool {
	return b == '-' || b == '_' || (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z')
}
