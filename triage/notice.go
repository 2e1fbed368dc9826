package triage

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Notice is what a free text says that an investigation can start from: an alert, a log line, an error message. It
// holds only what stands in the text.
type Notice struct {
	// Text is the text as it came.
	Text string
	// Resources are those that the text names, in the order of their first mention. What the text does not tell is
	// empty: a service without its cluster has its bare name as ID, an ARN of an unknown kind has no Type.
	Resources []diag.Resource
	// Kinds are the symptoms that its words speak of, the most telling first; empty if none.
	Kinds []SymptomKind
	// Statuses are the HTTP status codes in it, in order.
	Statuses []int
	// RequestIDs are request ids (UUIDs) and X-Ray trace ids, in order.
	RequestIDs []string
	// Times are the times whose zone the text tells, in UTC, earliest first.
	Times []time.Time
	// Unplaced are times without a zone or a year, as written: when that was, only their writer knows.
	Unplaced []string
}

// maxNotice is how much of a text is read, in bytes: more than any alert has.
const maxNotice = 256 << 10

// ReadNotice reads a free text. It asks nobody, and the same text gives the same notice.
func ReadNotice(text string) Notice {
	n := Notice{Text: text}
	r := newReader(text)
	n.Times, n.Unplaced = r.times()
	n.Resources = r.resources()
	n.RequestIDs = r.requestIDs()
	n.Statuses = r.statuses()
	n.Kinds = kindsIn(strings.Join(strings.Fields(text[:min(len(text), maxNotice)]), " "), n.Statuses)
	return n
}

// Since returns the earliest time in the notice, zero if it tells none.
func (n Notice) Since() time.Time {
	if len(n.Times) == 0 {
		return time.Time{}
	}
	return n.Times[0]
}

// Symptom turns the notice into a complaint: the kind that its words speak of most clearly, or else [Unknown], on the
// resource that fits it best, among equals the one that is named first. What else it names stands in the note.
//
// A notice that names no resource that an investigation starts from gives an error of [diag.KindInvalid] which says
// what is missing, with the symptom as far as it is known.
func (n Notice) Symptom() (Symptom, error) {
	s := Symptom{Kind: Unknown, Since: n.Since(), Note: n.note()}
	if len(n.Kinds) > 0 {
		s.Kind = n.Kinds[0]
	}
	if strings.TrimSpace(n.Text) == "" {
		return s, diag.Errorf(diag.KindInvalid,
			"the notice is empty: want a text that names a resource, such as an alert or a log line")
	}
	ranked := slices.Clone(n.Resources)
	slices.SortStableFunc(ranked, func(a, b diag.Resource) int {
		return cmp.Compare(rankFor(s.Kind, a.Type), rankFor(s.Kind, b.Type))
	})
	for _, r := range ranked {
		if target, typ, ok := startFrom(r); ok {
			s.Target, s.TargetType = target, typ
			return s, nil
		}
	}
	return s, n.nowhere(s.Kind)
}

// nowhere says what a notice lacks to start from.
func (n Notice) nowhere(kind SymptomKind) error {
	const want = "add the ARN, name or id of the load balancer, ECS service, instance or log group that shows the trouble"
	if len(n.Resources) == 0 {
		return diag.Errorf(diag.KindInvalid, "the notice (read as %s) names no resource: %s", kind, want)
	}
	var names []string
	for _, r := range n.Resources {
		names = append(names, r.String())
	}
	return diag.Errorf(diag.KindInvalid, "the notice (read as %s) names %s, but no check starts there: %s", kind,
		short(strings.Join(names, ", "), 200), want)
}

// note is the text on one line, as far as a reader wants it.
func (n Notice) note() string { return short(strings.Join(strings.Fields(n.Text), " "), 300) }

// short cuts text to n characters.
func short(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}

// startFrom returns the target of a symptom for a resource, if an investigation can start there.
func startFrom(r diag.Resource) (target, typ string, ok bool) {
	for _, try := range []struct{ target, typ string }{{r.ARN, ""}, {r.ID, r.Type}} {
		if try.target == "" || (try.typ == "" && !strings.HasPrefix(try.target, "arn:")) {
			continue
		}
		if _, err := parseTarget(try.target, try.typ); err == nil {
			return try.target, try.typ, true
		}
	}
	if r.Type == typeService && r.ID != "" && !strings.Contains(r.ID, "/") {
		return r.ID, "", true // the cluster is looked for
	}
	return "", "", false
}

// preferred are the types that a kind of symptom shows on, the best first.
var preferred = map[SymptomKind][]string{
	HTTP5xx: frontFirst, HTTP502: frontFirst, HTTP503: frontFirst, HTTP504: frontFirst, Slow: frontFirst,
	Unreachable:   frontFirst,
	DBUnreachable: databaseFirst, DBSlow: databaseFirst,
	InstanceUnreachable: hostFirst, SSMUnreachable: hostFirst,
	Errors: {typeLogGroup, typeService, typeLoadBalancer, typeTargetGroup},
}

const ()

var (
	frontFirst    = []string{typeLoadBalancer, typeTargetGroup, typeService}
	databaseFirst = []string{typeDBInstance, typeDBCluster, typeService, typeTaskDefinition, typeTask, typeLogGroup}
	hostFirst     = []string{typeInstance}
	serviceFirst  = []string{typeService, typeTask, typeTaskDefinition, typeCluster, typeTargetGroup, typeLoadBalancer,
		typeInstance, typeLogGroup}
)

func rankFor(kind SymptomKind, typ string) int {
	order := slices.Concat(preferred[kind], serviceFirst)
	if i := slices.Index(order, typ); i >= 0 {
		return i
	}
	return len(order)
}
