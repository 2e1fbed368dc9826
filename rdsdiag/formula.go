package rdsdiag

import (
	"math"
	"strconv"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// EvaluateFormula computes a parameter value: a number, a formula such as {DBInstanceClassMemory/9531392}, or a
// function of them such as LEAST({DBInstanceClassMemory/9531392},5000). Variables are by name; one that is missing, and
// what is no formula, is an error of [diag.KindInvalid]. Quotients and the whole are cut to integers ("Specifying DB
// parameters", Amazon RDS User Guide); log is of base 2 and rounded, as the limits show that AWS documents for Aurora
// MySQL's instance classes.
func EvaluateFormula(formula string, variables map[string]float64) (float64, error) {
	p := &formulaParser{rest: formula, variables: variables}
	value := p.product()
	if p.skip(); p.fault == "" && p.rest != "" {
		p.fault = "unexpected " + strconv.Quote(p.rest)
	}
	if p.fault != "" || math.IsNaN(value) || math.IsInf(value, 0) {
		return 0, diag.Errorf(diag.KindInvalid, "evaluating parameter value %q: %s", formula, p.fault)
	}
	return math.Trunc(value), nil
}

// maxDepth bounds nesting, which the documented formulas need two levels of.
const maxDepth = 16

type formulaParser struct {
	rest      string
	variables map[string]float64
	depth     int
	fault     string
}

func (p *formulaParser) skip() { p.rest = strings.TrimLeft(p.rest, " \t\n") }

// take consumes the character if it comes next.
func (p *formulaParser) take(c string) bool {
	p.skip()
	rest, ok := strings.CutPrefix(p.rest, c)
	p.rest = rest
	return ok
}

func (p *formulaParser) expect(c string) {
	if !p.take(c) && p.fault == "" {
		p.fault = strconv.Quote(c) + " is missing"
	}
}

func (p *formulaParser) product() float64 {
	value := p.term()
	for p.fault == "" {
		switch {
		case p.take("*"):
			value *= p.term()
		case p.take("/"):
			value = math.Trunc(value / p.term())
		default:
			return value
		}
	}
	return value
}

func (p *formulaParser) term() float64 {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		p.fault = "nested too deep"
		return 0
	}
	for open, end := range map[string]string{"{": "}", "(": ")"} {
		if p.take(open) {
			value := p.product()
			p.expect(end)
			return value
		}
	}
	return p.atom(p.word())
}

// word consumes a number or a name.
func (p *formulaParser) word() string {
	p.skip()
	n := strings.IndexFunc(p.rest, func(r rune) bool { return strings.ContainsRune("*/(){}, \t\n", r) })
	if n < 0 {
		n = len(p.rest)
	}
	word := p.rest[:n]
	p.rest = p.rest[n:]
	return word
}

func (p *formulaParser) atom(word string) float64 {
	if number, err := strconv.ParseFloat(word, 64); err == nil {
		return number
	}
	if p.take("(") {
		arguments := []float64{p.product()}
		for p.fault == "" && p.take(",") {
			arguments = append(arguments, p.product())
		}
		p.expect(")")
		return p.call(word, arguments)
	}
	value, ok := p.variables[word]
	if !ok && p.fault == "" {
		p.fault = "the value of " + strconv.Quote(word) + " is not known"
	}
	return value
}

func (p *formulaParser) call(name string, arguments []float64) float64 {
	value := arguments[0]
	switch strings.ToUpper(name) {
	case "GREATEST":
		for _, a := range arguments {
			value = max(value, a)
		}
	case "LEAST":
		for _, a := range arguments {
			value = min(value, a)
		}
	case "SUM":
		for _, a := range arguments[1:] {
			value += a
		}
	case "LOG":
		value = math.Round(math.Log2(value))
	default:
		p.fault = "the function " + strconv.Quote(name) + " is not known"
	}
	return value
}
