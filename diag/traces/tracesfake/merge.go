package tracesfake

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/xray"
	"github.com/aws/aws-sdk-go-v2/service/xray/types"
)

// Merge adds a recorded answer to the world and reports whether it knew what to do with it. Merging an answer twice
// changes nothing.
func (c *Client) Merge(_, out any) bool {
	switch out := out.(type) {
	case *xray.GetTraceSummariesOutput:
		for _, s := range out.TraceSummaries {
			c.trace(aws.ToString(s.Id)).Summary = s
		}
	case *xray.BatchGetTracesOutput:
		for _, t := range out.Traces {
			known := c.trace(aws.ToString(t.Id))
			known.Segments, known.LimitExceeded = nil, aws.ToBool(t.LimitExceeded)
			for _, s := range t.Segments {
				known.Segments = append(known.Segments, aws.ToString(s.Document))
			}
		}
	case *xray.GetServiceGraphOutput:
		for _, s := range out.Services {
			same := func(o types.Service) bool { return aws.ToInt32(o.ReferenceId) == aws.ToInt32(s.ReferenceId) }
			if i := slices.IndexFunc(c.Services, same); i >= 0 {
				c.Services[i] = s
				continue
			}
			c.Services = append(c.Services, s)
		}
	default:
		return false
	}
	return true
}

// trace returns the trace of an id, making it at the first time.
func (c *Client) trace(id string) *Trace {
	i := slices.IndexFunc(c.Traces, func(t Trace) bool { return t.ID == id })
	if i < 0 {
		i = len(c.Traces)
		c.Traces = append(c.Traces, Trace{ID: id})
	}
	return &c.Traces[i]
}
