package tracesfake

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/xray/types"
)

type segment struct {
	ID       string  `json:"id"`
	ParentID string  `json:"parent_id"`
	Name     string  `json:"name"`
	Start    float64 `json:"start_time"`
	End      float64 `json:"end_time"`
	Fault    bool    `json:"fault"`
	Error    bool    `json:"error"`
	Throttle bool    `json:"throttle"`
	HTTP     struct {
		Request struct {
			Method, URL string
		}
		Response struct{ Status int32 }
	}
	Subsegments []segment
}

// summary tells what the segments say, where the literal does not.
func (t Trace) summary() types.TraceSummary {
	s := t.Summary
	s.Id = cmp.Or(s.Id, aws.String(t.ID))
	for i, text := range t.Segments {
		var d segment
		if json.Unmarshal([]byte(text), &d) != nil {
			continue
		}
		if d.throttled() && s.HasThrottle == nil {
			s.HasThrottle = aws.Bool(true)
		}
		if i == 0 {
			root(&s, d)
		}
	}
	if s.StartTime == nil {
		if parts := strings.Split(t.ID, "-"); len(parts) == 3 {
			n, _ := strconv.ParseInt(parts[1], 16, 64)
			s.StartTime = aws.Time(time.Unix(n, 0).UTC())
		}
	}
	return s
}

func (d segment) throttled() bool {
	for _, s := range d.Subsegments {
		if s.throttled() {
			return true
		}
	}
	return d.Throttle
}

// root tells what the first segment says.
func root(s *types.TraceSummary, d segment) {
	s.HasFault, s.HasError = cmp.Or(s.HasFault, aws.Bool(d.Fault)), cmp.Or(s.HasError, aws.Bool(d.Error))
	if s.ResponseTime == nil && d.End > d.Start {
		s.ResponseTime = aws.Float64(d.End - d.Start)
	}
	if s.Http == nil && d.HTTP.Request.URL != "" {
		s.Http = &types.Http{HttpURL: aws.String(d.HTTP.Request.URL), HttpMethod: aws.String(d.HTTP.Request.Method),
			HttpStatus: aws.Int32(d.HTTP.Response.Status)}
	}
}

// full is the trace with its segments.
func (t Trace) full() types.Trace {
	out := types.Trace{Id: aws.String(t.ID), LimitExceeded: aws.Bool(t.LimitExceeded)}
	for _, text := range t.Segments {
		var d segment
		_ = json.Unmarshal([]byte(text), &d) // a damaged document has no id
		out.Segments = append(out.Segments, types.Segment{Id: aws.String(d.ID), Document: aws.String(text)})
	}
	return out
}

var (
	serviceTerm  = regexp.MustCompile(`^service\("([^"]+)"\)$`)
	responseTerm = regexp.MustCompile(`^responsetime > ([0-9.]+)$`)
	combined     = regexp.MustCompile(`^\((.+)\) AND \((.+)\)$`)
)

type matcher func(Trace, types.TraceSummary) bool

// compile reads a filter expression: terms joined by OR, or two groups of them joined by AND.
func compile(expression string) (matcher, error) {
	if expression == "" {
		return func(Trace, types.TraceSummary) bool { return true }, nil
	}
	if m := combined.FindStringSubmatch(expression); m != nil {
		a, err := compile(m[1])
		if err != nil {
			return nil, err
		}
		b, err := compile(m[2])
		return func(t Trace, s types.TraceSummary) bool { return a(t, s) && b(t, s) }, err
	}
	var any []matcher
	for _, text := range strings.Split(expression, " OR ") {
		m, err := term(text)
		if err != nil {
			return nil, err
		}
		any = append(any, m)
	}
	return func(t Trace, s types.TraceSummary) bool {
		for _, m := range any {
			if m(t, s) {
				return true
			}
		}
		return false
	}, nil
}

func term(text string) (matcher, error) {
	switch text {
	case "fault = true":
		return func(_ Trace, s types.TraceSummary) bool { return aws.ToBool(s.HasFault) }, nil
	case "error = true":
		return func(_ Trace, s types.TraceSummary) bool { return aws.ToBool(s.HasError) }, nil
	case "throttle = true":
		return func(_ Trace, s types.TraceSummary) bool { return aws.ToBool(s.HasThrottle) }, nil
	}
	if m := serviceTerm.FindStringSubmatch(text); m != nil {
		return func(t Trace, _ types.TraceSummary) bool {
			return strings.Contains(strings.Join(t.Segments, ""), strconv.Quote(m[1]))
		}, nil
	}
	if m := responseTerm.FindStringSubmatch(text); m != nil {
		limit, err := strconv.ParseFloat(m[1], 64)
		if err == nil {
			return func(_ Trace, s types.TraceSummary) bool { return aws.ToFloat64(s.ResponseTime) > limit }, nil
		}
	}
	return nil, invalid("The filter expression %q is not valid.", text)
}
