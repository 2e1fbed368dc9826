package metrics

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// ruleTokens cuts a rule into names in quotes, words, and signs.
var ruleTokens = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'[^']*'|[(),]|[^\s(),"']+`)

// Held returns the alarms that hold a composite alarm in its state, by name, given the states of others: of a rule that
// is true the parts that make it true, of one that is not those that keep it from being so. A rule of a form that is
// not known gives ok false, and so do states that do not lead to the alarm's own ("Composite alarms", rule expressions,
// Amazon CloudWatch User Guide).
func (a Alarm) Held(state func(name string) types.StateValue) (holders []string, ok bool) {
	p := ruleParser{tokens: ruleTokens.FindAllString(a.Rule, -1), state: state}
	holding := p.either(0)
	if p.failed || len(p.tokens) > 0 || len(holding.by) == 0 || holding.is != a.Raised() {
		return nil, false
	}
	slices.Sort(holding.by)
	return slices.Compact(holding.by), true
}

// childrenOf returns the names of all alarms in a rule, sorted.
func childrenOf(rule string) []string {
	p := ruleParser{tokens: ruleTokens.FindAllString(rule, -1)}
	p.either(0)
	slices.Sort(p.names)
	return slices.Compact(p.names)
}

// nameInARN returns the name of an alarm that is told by its ARN; a name comes back as it is.
func nameInARN(name string) string {
	if _, after, ok := strings.Cut(name, ":alarm:"); ok && strings.HasPrefix(name, "arn:") {
		return after
	}
	return name
}

// holding is whether a part of a rule is true, and the alarms that make it so.
type holding struct {
	is bool
	by []string
}

// ruleParser reads a rule by recursive descent. Without states it gathers names only.
type ruleParser struct {
	tokens []string
	state  func(name string) types.StateValue
	names  []string
	failed bool
}

func (p *ruleParser) next() string {
	if len(p.tokens) == 0 {
		p.failed = true
		return ""
	}
	t := p.tokens[0]
	p.tokens = p.tokens[1:]
	return t
}

// take consumes a token if it stands there.
func (p *ruleParser) take(word string) bool {
	if len(p.tokens) == 0 || !strings.EqualFold(p.tokens[0], word) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *ruleParser) expect(word string) {
	if !p.take(word) {
		p.failed = true
	}
}

// maxRuleDepth bounds the parentheses that are followed; a rule has 10,240 characters at most.
const maxRuleDepth = 200

func (p *ruleParser) either(depth int) holding {
	parts := []holding{p.both(depth)}
	for p.take("OR") {
		parts = append(parts, p.both(depth))
	}
	return joinParts(parts, true)
}

func (p *ruleParser) both(depth int) holding {
	parts := []holding{p.part(depth)}
	for p.take("AND") {
		parts = append(parts, p.part(depth))
	}
	return joinParts(parts, false)
}

// joinParts joins parts of which one decides if it is as said: any that is true for OR, any that is false for AND.
func joinParts(parts []holding, decides bool) holding {
	out := holding{is: !decides}
	for _, h := range parts {
		if h.is == decides {
			out.is = decides
		}
	}
	for _, h := range parts {
		if h.is == out.is {
			out.by = append(out.by, h.by...)
		}
	}
	return out
}

func (p *ruleParser) part(depth int) holding {
	if p.failed || depth > maxRuleDepth {
		p.failed = true
		return holding{}
	}
	switch word := strings.ToUpper(p.next()); word {
	case "NOT":
		h := p.part(depth + 1)
		h.is = !h.is
		return h
	case "(":
		h := p.either(depth + 1)
		p.expect(")")
		return h
	case "TRUE", "FALSE":
		return holding{is: word == "TRUE"}
	case "AT_LEAST":
		return p.atLeast()
	case "ALARM", "OK", "INSUFFICIENT_DATA":
		p.expect("(")
		name := p.name()
		p.expect(")")
		return holding{is: p.stateOf(name) == types.StateValue(word), by: []string{name}}
	}
	p.failed = true
	return holding{}
}

// atLeast reads AT_LEAST(2, ALARM, (a, b, c)): a number or a share of alarms that are in a state, or NOT in one.
func (p *ruleParser) atLeast() holding {
	p.expect("(")
	count := unquoted(p.next())
	p.expect(",")
	not := p.take("NOT")
	state := types.StateValue(strings.ToUpper(p.next()))
	p.expect(",")
	p.expect("(")
	var in, out []string
	for n := 0; ; n++ {
		name := p.name()
		if (p.stateOf(name) == state) != not {
			in = append(in, name)
		} else {
			out = append(out, name)
		}
		if p.failed || !p.take(",") {
			break
		}
	}
	p.expect(")")
	p.expect(")")
	need, err := strconv.ParseFloat(strings.TrimSuffix(count, "%"), 64)
	if err != nil {
		p.failed = true
		return holding{}
	}
	if strings.HasSuffix(count, "%") {
		need = math.Ceil(need / 100 * float64(len(in)+len(out)))
	}
	if float64(len(in)) >= need {
		return holding{is: true, by: in}
	}
	return holding{by: out}
}

func (p *ruleParser) name() string {
	name := nameInARN(unquoted(p.next()))
	p.names = append(p.names, name)
	return name
}

func (p *ruleParser) stateOf(name string) types.StateValue {
	if p.state == nil {
		return ""
	}
	return p.state(name)
}

func unquoted(token string) string {
	if len(token) >= 2 && (token[0] == '"' || token[0] == '\'') {
		return strings.ReplaceAll(token[1:len(token)-1], `\"`, `"`)
	}
	return token
}
