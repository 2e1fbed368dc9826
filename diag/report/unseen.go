package report

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// reasons name each kind of blindness, and what helps where the reader does not know it from the name.
var reasons = map[diag.Kind]struct{ name, advice string }{
	diag.KindDenied:      {"Not allowed", ""},
	diag.KindThrottled:   {"Throttled", "Try again in a minute, or with less at once."},
	diag.KindNotFound:    {"Does not exist", "Look whether account and region are the right ones."},
	diag.KindCanceled:    {"Ended from outside", ""},
	diag.KindBudget:      {"Budget used up", "Allow more time or calls."},
	diag.KindInvalid:     {"Question refused", ""},
	diag.KindIncomplete:  {"Only a part of the answer", ""},
	diag.KindUnreachable: {"No answer that could be read", "Look at endpoint, region and network."},
	diag.KindPanic:       {"Defect in a check", "This is no fault of your account: please report it."},
	diag.KindOther:       {"Failed", ""},
}

// blindness is what could not be seen for one reason.
type blindness struct {
	kind      diag.Kind
	action    string
	example   string
	errors    int
	codes     []string
	resources []diag.Resource
}

// unseen tells what could not be seen and what would help.
func (p *page) unseen(s *story) {
	groups := blindnesses(s.Report)
	if len(groups) == 0 {
		return
	}
	p.heading("Could not see")
	var ask []string
	for _, g := range groups {
		p.para("  ", "    ", span{g.title(), yellow}, span{p.dot + words.Count(len(g.codes), "check") + " on " + g.where(), normal})
		p.clipped(3, "    ", "    ", span{g.example, dim})
		if g.errors > 1 {
			p.para("    ", "    ", span{"and " + words.Count(g.errors-1, "error") + " like it", dim})
		}
		if help := reasons[g.kind].advice; help != "" {
			p.para("    ", "    ", span{help, normal})
		}
		if g.kind == diag.KindDenied && g.action != "" {
			ask = append(ask, g.action)
		}
	}
	slices.Sort(ask)
	if ask = slices.Compact(ask); len(ask) > 0 {
		p.para("  ", "    ", span{"Ask for permission: ", bold}, span{strings.Join(ask, ", "), normal})
	}
}

func (g *blindness) title() string {
	text := cmp.Or(reasons[g.kind].name, "Failed")
	if g.action != "" {
		text += ": " + g.action
	}
	return text
}

func (g *blindness) where() string {
	if len(g.resources) == 1 {
		return named(g.resources[0])
	}
	return fmt.Sprintf("%d resources", len(g.resources))
}

// blindnesses groups by kind and by the call that failed; where no call is named, by the error. The widest come first.
func blindnesses(r *diag.Report) []*blindness {
	type reason struct {
		kind diag.Kind
		what string
	}
	found := map[reason]*blindness{}
	seen := map[reason]map[string]bool{}
	var out []*blindness
	for _, i := range r.Inconclusive {
		action := actionIn(i.Err, r.Coverage.Actions)
		k := reason{i.Kind, cmp.Or(action, i.Err)}
		if found[k] == nil {
			found[k], seen[k] = &blindness{kind: i.Kind, action: action, example: i.Err}, map[string]bool{}
			out = append(out, found[k])
		}
		g := found[k]
		if !seen[k][i.Err] {
			seen[k][i.Err] = true
			g.errors++
		}
		for _, code := range i.Codes() {
			g.codes = appendNew(g.codes, string(code))
		}
		g.resources = appendNew(g.resources, i.Resource)
	}
	slices.SortStableFunc(out, func(a, b *blindness) int { return -cmp.Compare(len(a.codes), len(b.codes)) })
	return out
}

func appendNew[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

var (
	actionPattern    = regexp.MustCompile(`\b[a-z][a-z0-9-]+:[A-Z][A-Za-z0-9]+\b`)
	operationPattern = regexp.MustCompile(`operation error [^:]+: ([A-Z][A-Za-z0-9]+)`)
)

// actionIn returns the IAM action that an error names, as AWS does in most refusals, or that its SDK operation stands
// for; empty if there is none among those that the run may have called.
func actionIn(text string, declared []string) string {
	for _, a := range actionPattern.FindAllString(text, -1) {
		if slices.Contains(declared, a) {
			return a
		}
	}
	if m := operationPattern.FindStringSubmatch(text); m != nil {
		for _, a := range declared {
			if strings.HasSuffix(a, ":"+m[1]) {
				return a
			}
		}
	}
	return ""
}
