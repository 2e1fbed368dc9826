package traces

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/xray/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Segment is one piece of work in a trace ("AWS X-Ray segment documents", AWS X-Ray Developer Guide).
type Segment struct {
	ID   string
	Name string
	// Namespace is "aws" or "remote" for a call to something outside, "" for work of the service itself.
	Namespace string
	// Origin is the type of AWS resource that did the work, such as "AWS::ECS::Container".
	Origin string
	// Sub marks a part of another segment; Inferred one that X-Ray made up for a service that sends no segments.
	Sub, Inferred bool
	Start, End    time.Time
	// Fault, Error and Throttle stand for the statuses 5xx, 4xx and 429.
	Fault, Error, Throttle bool
	InProgress             bool
	// Status is that of the HTTP answer, zero if there was none.
	Status int
	// Operation is what was asked of an AWS service, a method with an address, or nothing.
	Operation string
	// Exceptions tell what went wrong, as "type: message".
	Exceptions []string
	// Resource is the AWS resource that was called or did the work, where the segment names one.
	Resource diag.Resource

	Parent   *Segment
	Children []*Segment
}

// Duration is how long the work took, zero if that is not known.
func (s *Segment) Duration() time.Duration {
	if s.Start.IsZero() || s.End.Before(s.Start) {
		return 0
	}
	return s.End.Sub(s.Start)
}

// Failed reports a fault, an error or a throttled request.
func (s *Segment) Failed() bool { return s.Fault || s.Error || s.Throttle }

type document struct {
	ID          string `json:"id"`
	ParentID    string `json:"parent_id"`
	Name        string `json:"name"`
	Type        string `json:"type"`
	Namespace   string `json:"namespace"`
	Origin      string `json:"origin"`
	ResourceARN string `json:"resource_arn"`
	Inferred    bool   `json:"inferred"`
	InProgress  bool   `json:"in_progress"`
	Fault       bool   `json:"fault"`
	Error       bool   `json:"error"`
	Throttle    bool   `json:"throttle"`
	// Numbers may come as strings from programs that write their segments themselves.
	StartTime json.RawMessage `json:"start_time"`
	EndTime   json.RawMessage `json:"end_time"`
	HTTP      struct {
		Request struct {
			Method string `json:"method"`
			URL    string `json:"url"`
		} `json:"request"`
		Response struct {
			Status json.RawMessage `json:"status"`
		} `json:"response"`
	} `json:"http"`
	AWS struct {
		Operation string `json:"operation"`
		TableName string `json:"table_name"`
		QueueURL  string `json:"queue_url"`
	} `json:"aws"`
	// Cause is an object, or the id of an exception that was told elsewhere.
	Cause       json.RawMessage `json:"cause"`
	Subsegments []document      `json:"subsegments"`
}

// Parse reads the segment documents of a trace and returns its roots: the segments that no other one of the trace
// called, in the order in which they began. A document that is damaged is left out, and an error of
// [diag.KindIncomplete] says so.
func Parse(trace types.Trace) ([]*Segment, error) {
	all := map[string]*Segment{}
	parents := map[*Segment]string{}
	var order []*Segment
	damaged := 0
	for _, raw := range trace.Segments {
		var d document
		if !decode(aws.ToString(raw.Document), &d) {
			damaged++
			continue
		}
		d.ID = cmp.Or(d.ID, aws.ToString(raw.Id))
		top := d.segment(nil, all, 0)
		parents[top] = d.ParentID
		order = append(order, top)
	}
	var roots []*Segment
	for _, s := range order {
		if parent := all[parents[s]]; parent != nil && !below(parent, s) {
			s.Parent = parent
			parent.Children = append(parent.Children, s)
			continue
		}
		roots = append(roots, s)
	}
	slices.SortStableFunc(roots,
		func(a, b *Segment) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID)) })
	if damaged > 0 {
		return roots, diag.Errorf(diag.KindIncomplete, "reading trace %s: %d of %d segments are damaged",
			aws.ToString(trace.Id), damaged, len(trace.Segments))
	}
	return roots, nil
}

// decode reads one document. A member of an unexpected type is left out; the others count.
func decode(text string, d *document) bool {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	err := decoder.Decode(d)
	var wrongType *json.UnmarshalTypeError
	return err == nil || errors.As(err, &wrongType) && d.Name != ""
}

// below reports whether s hangs below top, or is it.
func below(s, top *Segment) bool {
	for ; s != nil; s = s.Parent {
		if s == top {
			return true
		}
	}
	return false
}

// maxDepth bounds the nesting of subsegments that is followed. Documents hold at most 64 kB.
const maxDepth = 64

func (d *document) segment(parent *Segment, all map[string]*Segment, depth int) *Segment {
	s := &Segment{
		ID: d.ID, Name: cmp.Or(d.Name, "unnamed"), Namespace: d.Namespace, Origin: d.Origin, Inferred: d.Inferred,
		Sub: parent != nil || d.Type == "subsegment", InProgress: d.InProgress, Fault: d.Fault, Error: d.Error,
		Throttle: d.Throttle, Start: instant(d.StartTime), End: instant(d.EndTime), Parent: parent,
		Operation: d.operation(), Exceptions: d.exceptions(), Resource: d.resource(),
	}
	if n := number(d.HTTP.Response.Status); n >= 100 && n < 1000 {
		s.Status = int(n)
	}
	if d.ID != "" && all[d.ID] == nil {
		all[d.ID] = s
	}
	for i := range d.Subsegments {
		if depth < maxDepth {
			s.Children = append(s.Children, d.Subsegments[i].segment(s, all, depth+1))
		}
	}
	return s
}

func (d *document) operation() string {
	if d.AWS.Operation != "" {
		return d.AWS.Operation
	}
	url, _, _ := strings.Cut(d.HTTP.Request.URL, "?")
	return strings.TrimSpace(d.HTTP.Request.Method + " " + url)
}

func (d *document) exceptions() []string {
	var cause struct {
		Exceptions []struct{ Type, Message string }
	}
	if len(d.Cause) == 0 || json.Unmarshal(d.Cause, &cause) != nil {
		return nil
	}
	var told []string
	for _, e := range cause.Exceptions {
		text := strings.Join(strings.Fields(strings.TrimPrefix(e.Type+": "+e.Message, ": ")), " ")
		if text = strings.TrimSuffix(text, ":"); text != "" {
			told = append(told, text)
		}
	}
	return told
}

// resource names the AWS resource of the segment, as far as it does itself.
func (d *document) resource() diag.Resource {
	switch {
	case d.ResourceARN != "":
		id := d.ResourceARN[strings.LastIndexAny(d.ResourceARN, ":/")+1:]
		return diag.ResourceOf(cmp.Or(d.Origin, "AWS::XRay::Segment"), id, d.ResourceARN)
	case d.AWS.TableName != "":
		return diag.ResourceOf("AWS::DynamoDB::Table", d.AWS.TableName, "")
	case d.AWS.QueueURL != "":
		return diag.ResourceOf("AWS::SQS::Queue", d.AWS.QueueURL[strings.LastIndex(d.AWS.QueueURL, "/")+1:], "")
	case strings.HasPrefix(d.Origin, "AWS::Lambda::Function"):
		return diag.ResourceOf("AWS::Lambda::Function", d.Name, "")
	}
	return diag.Resource{}
}

// instant reads seconds since 1970, with fractions.
func instant(raw json.RawMessage) time.Time {
	f := number(raw)
	if f <= 0 || f > math.MaxUint32 {
		return time.Time{}
	}
	seconds, fraction := math.Modf(f)
	return time.Unix(int64(seconds), int64(math.Round(fraction*1e6))*1000).UTC()
}

// number reads a number, also one in quotes; zero for anything else.
func number(raw json.RawMessage) float64 {
	f, err := strconv.ParseFloat(strings.Trim(string(raw), `"`), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

// String tells the segment by its name and what was asked: "DynamoDB PutItem".
func (s *Segment) String() string { return strings.TrimSpace(fmt.Sprintf("%s %s", s.Name, s.asked())) }

// asked is the operation, unless it says no more than the name.
func (s *Segment) asked() string {
	if s.Namespace == "aws" || s.Resource.Type != "" {
		return s.Operation
	}
	return ""
}
