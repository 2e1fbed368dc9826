// Package tracesfake is X-Ray without X-Ray. The literal is the world: a trace is its segment documents, and summaries,
// filters and the service graph follow from them.
//
//	fake := &tracesfake.Client{Traces: []tracesfake.Trace{{
//		ID: tracesfake.ID(noon, 1),
//		Segments: []string{`{"id": "a", "name": "web", "fault": true, "start_time": 1770811200, "end_time": 1770811201}`},
//	}}}
//
// It refuses as the service does: time frames of more than six hours, more than five traces at once, filters that it
// does not know. Of filter expressions it knows those that package traces writes, and service("name").
package tracesfake
