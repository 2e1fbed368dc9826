package access

import (
	"maps"
	"strconv"
	"strings"
	"time"
)

// currentTime is the context key of the time of a request ("AWS global condition context keys"); keyEpoch has the same
// in seconds.
const (
	currentTime = "aws:currenttime"
	keyEpoch    = "aws:epochtime"
)

// dates are the condition operators of dates, by what now has to be to the limit ("IAM JSON policy elements: Condition
// operators", date condition operators).
var dates = map[string]func(now, limit time.Time) bool{
	"datelessthan":          func(now, limit time.Time) bool { return now.Before(limit) },
	"datelessthanequals":    func(now, limit time.Time) bool { return !now.After(limit) },
	"dategreaterthan":       func(now, limit time.Time) bool { return now.After(limit) },
	"dategreaterthanequals": func(now, limit time.Time) bool { return !now.Before(limit) },
}

// dated judges a condition on the time of the request.
func (c Condition) dated(fits func(now, limit time.Time) bool, context map[string]string) truth {
	key := strings.ToLower(c.Key)
	now, known := date(context[currentTime])
	if !known || key != currentTime && key != keyEpoch {
		return maybe
	}
	for _, v := range c.Values {
		limit, ok := date(v)
		if !ok {
			return maybe
		}
		if fits(now, limit) {
			return yes
		}
	}
	return no
}

// date reads a date of a policy: ISO 8601 in the forms of W3C, or seconds since 1970.
func date(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(seconds, 0).UTC(), err == nil
}

// needsTime reports that a document would not plainly allow a call whose time is not known.
func (d Document) needsTime(r Request) bool {
	r.Context = maps.Clone(r.Context)
	delete(r.Context, currentTime)
	effect, _ := d.Evaluate(r)
	return effect != Allowed
}

// ranOut returns the date until which the policies of a role allowed what they do not allow now; false where they
// do not allow it for another reason too.
func (r *Role) ranOut(q Question, policies []Policy) (until, statement, policy string, ok bool) {
	request := r.request(q)
	for _, p := range policies {
		for i, s := range p.Document.Statements {
			if s.Deny || s.applies(request) != no {
				continue
			}
			var rest []Condition
			var limit string
			for _, c := range s.Conditions {
				if isLimit(c) && c.holds(request.Context) == no {
					limit = c.Values[0]
					continue
				}
				rest = append(rest, c)
			}
			s.Conditions = rest
			if limit != "" && s.applies(request) == yes {
				return limit, nameOf(p.Document, i), p.Name, true
			}
		}
	}
	return "", "", "", false
}

// isLimit reports a condition by which a statement ends at one date.
func isLimit(c Condition) bool {
	operator := strings.TrimSuffix(strings.ToLower(c.Operator), "ifexists")
	return strings.HasPrefix(operator, "dateless") && len(c.Values) == 1
}
