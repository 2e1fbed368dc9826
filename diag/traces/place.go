package traces

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// place is where several traces agree that their trouble began.
type place struct {
	origin *Origin
	trees  []Tree
	// told counts what was told of the trouble there: exceptions, or statuses.
	told map[string]int
	own  []time.Duration
}

// maxExemplars bounds the traces that a finding names.
const maxExemplars = 3

// places groups traces by where their trouble began, the place of most traces first. Traces in which find finds nothing
// are left out.
func places(trees []Tree, find func([]*Segment) (*Origin, time.Duration)) []*place {
	var all []*place
	for _, t := range trees {
		o, own := find(t.Roots)
		if o == nil {
			continue
		}
		i := slices.IndexFunc(all, func(p *place) bool { return p.key() == o.key() })
		if i < 0 {
			i = len(all)
			all = append(all, &place{origin: o, told: map[string]int{}})
		}
		p := all[i]
		p.trees, p.own = append(p.trees, t), append(p.own, own)
		if text := o.told(); text != "" {
			p.told[text]++
		}
	}
	slices.SortStableFunc(all, func(a, b *place) int {
		return cmp.Or(-cmp.Compare(len(a.trees), len(b.trees)), cmp.Compare(a.key(), b.key()))
	})
	return all
}

func (p *place) key() string { return p.origin.key() }

func (o *Origin) key() string {
	return strings.Join([]string{o.Caller, o.Service, o.Segment.Name, o.Segment.asked(), o.Segment.Resource.ID}, "\x00")
}

// told is what the segment says of its trouble: its first exception or its status. X-Ray keeps the exception of a call
// with the caller, so that the segment above is asked too.
func (o *Origin) told() string {
	for s := o.Segment; s != nil && s.Failed(); s = s.Parent {
		if len(s.Exceptions) > 0 {
			return s.Exceptions[0]
		}
		if named(s) && s.Name != o.Service {
			break
		}
	}
	if o.Segment.Status != 0 {
		return fmt.Sprintf("status %d", o.Segment.Status)
	}
	return ""
}

// String tells the place: "DynamoDB PutItem (table orders), called by api".
func (o *Origin) String() string {
	s := o.Segment.String()
	if o.Service != o.Segment.Name {
		s += " in " + o.Service
	}
	if r := o.Segment.Resource; r.ID != "" && r.ID != o.Segment.Name {
		s += " (" + strings.ToLower(r.Type[strings.LastIndex(r.Type, ":")+1:]) + " " + r.ID + ")"
	}
	if o.Caller != "" {
		s += ", called by " + o.Caller
	}
	return s
}

// most is what was told most often, the first by name among equals.
func (p *place) most() string {
	best := ""
	for text, n := range p.told {
		if best == "" || n > p.told[best] || n == p.told[best] && text < best {
			best = text
		}
	}
	return best
}

// evidence names exemplary traces and what the segments say.
func (p *place) evidence(field, value string) []diag.Evidence {
	var list []diag.Evidence
	for _, t := range p.trees[:min(len(p.trees), maxExemplars)] {
		list = append(list, diag.Evidence{Source: tracesAction,
			Field: "Traces[" + t.ID + "].Segments[" + p.origin.Segment.Name + "]." + field,
			Value: value, At: t.At})
	}
	if told := p.most(); told != "" {
		list = append(list, diag.Evidence{Source: tracesAction, Field: "Segments[" + p.origin.Segment.Name + "].cause",
			Value: told})
	}
	return list
}

// at is the AWS resource at the place, if the segment names one: the finding stands there. Without one it stands on the
// traces themselves.
func (p *place) at() diag.Resource { return p.origin.Segment.Resource }

// look is the step to read one of the traces.
func (p *place) look() diag.Step {
	return diag.Step{
		Text:    "Read one of the traces in full.",
		Command: "aws xray batch-get-traces --trace-ids " + p.trees[len(p.trees)-1].ID,
	}
}

// milliseconds rounds a time for a reader.
