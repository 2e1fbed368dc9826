package albdiag

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/internal/words"
)

// HotTarget is one target that differs from the others of its group.
type HotTarget struct {
	LogShare
	// Of is how many targets its group had in the log.
	Of int
	// Why says in what it differs: "takes 71 % of the requests of 4 targets".
	Why string
}

const (
	// hotTimes is how many times the share of an equal one is too much, slowTimes how many times the time of the others.
	hotTimes, slowTimes = 2, 3
	// enoughRequests is below how many requests a target shows nothing, and enoughErrors the same of errors.
	enoughRequests, enoughErrors = 50, 10
	// noticeable is from which time on a slow target matters.
	noticeable = 500 * time.Millisecond
)

// HotTargets returns the targets that get far more than their share of requests, have most of the errors, or are far
// slower than the others of their group: what metrics of a load balancer, which know no targets, do not show. Sticky
// sessions make the first, one sick target the others.
func (l *AccessLog) HotTargets() []HotTarget {
	groups := map[string][]LogShare{}
	for _, t := range l.Targets() {
		groups[t.Group] = append(groups[t.Group], t)
	}
	var hot []HotTarget
	for _, t := range l.Targets() {
		if peers := groups[t.Group]; len(peers) > 1 && t.Requests >= enoughRequests {
			if why := unlike(t, peers); why != "" {
				hot = append(hot, HotTarget{t, len(peers), why})
			}
		}
	}
	return hot
}

// unlike says in what a target differs from its peers, itself among them; empty if it does not.
func unlike(t LogShare, peers []LogShare) string {
	var requests, errors int
	var busy time.Duration
	var timed int
	for _, p := range peers {
		requests, errors = requests+p.Requests, errors+p.Errors()
		if p.Name != t.Name {
			busy, timed = busy+p.busy, timed+p.timed
		}
	}
	n := len(peers)
	var why []string
	if share := float64(t.Requests) / float64(requests); share >= hotBound(n) {
		why = append(why, fmt.Sprintf("takes %.0f %% of the requests of %d targets", 100*share, n))
	}
	rate, rest := float64(t.Errors())/float64(t.Requests), float64(errors-t.Errors())/float64(max(1, requests-t.Requests))
	if t.Errors() >= enoughErrors && rate >= slowTimes*rest && float64(t.Errors()) >= hotBound(n)*float64(errors) {
		why = append(why, fmt.Sprintf("has %d of the %d errors of %d targets", t.Errors(), errors, n))
	}
	if timed > 0 && t.Mean() >= noticeable && t.Mean() >= slowTimes*(busy/time.Duration(timed)) {
		why = append(why, fmt.Sprintf("takes %.1f s to answer on average, the others %.2f s", t.Mean().Seconds(),
			(busy/time.Duration(timed)).Seconds()))
	}
	return strings.Join(why, ", ")
}

// hotBound is from which share of n targets on one has too much: twice an equal share, and of two targets most of it.
func hotBound(n int) float64 { return min(hotTimes/float64(n), 0.8) }

// String tells the log in a few lines: who made each error and why, the targets, paths and clients that had most of
// them, and targets unlike the others.
func (l *AccessLog) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s from %s to %s\n", words.Count(l.Lines-l.Unread, "request"), moment(l.First), moment(l.Last))
	if l.Unread > 0 {
		fmt.Fprintf(&b, "%s could not be read\n", words.Count(l.Unread, "line"))
	}
	const maxKinds = 10
	kinds := l.Errors()
	for _, k := range kinds[:min(len(kinds), maxKinds)] {
		fmt.Fprintf(&b, "%6d × %s\n", k.Count, k)
	}
	if more := len(kinds) - maxKinds; more > 0 {
		fmt.Fprintf(&b, "         and %s\n", words.Count(more, "other kind"))
	}
	for _, part := range []struct {
		of     string
		shares []LogShare
	}{{"targets", l.Targets()}, {"paths", l.Paths()}, {"clients", l.Clients()}} {
		failing := slices.DeleteFunc(part.shares, func(s LogShare) bool { return s.Errors() == 0 })
		for i, s := range failing[:min(len(failing), 3)] {
			if i == 0 {
				fmt.Fprintf(&b, "%s with most errors:\n", part.of)
			}
			fmt.Fprintf(&b, "  %s\n", s)
		}
	}
	for _, h := range l.HotTargets() {
		fmt.Fprintf(&b, "target %s of %s is unlike the others: it %s\n", h.Name, h.Group, h.Why)
	}
	return b.String()
}

// String tells the kind of error: "502 by the load balancer: the target refused the connection".
func (k LogError) String() string {
	text := fmt.Sprintf("%d by the %s", k.Status, k.Maker)
	if k.Cause != "" {
		text += ": " + k.Cause
	}
	return fmt.Sprintf("%s, %s to %s", text, moment(k.First), moment(k.Last))
}

// String tells a share in one line.
func (s LogShare) String() string {
	text := fmt.Sprintf("%s: %d of %s failed", s.Name, s.Errors(), words.Count(s.Requests, "request"))
	if s.ByTarget > 0 && s.ByBalancer > 0 {
		text += fmt.Sprintf(" (%d answered so by the target)", s.ByTarget)
	}
	if s.timed > 0 {
		text += fmt.Sprintf(", %.2f s on average, %.1f s at most", s.Mean().Seconds(), s.Slowest.Seconds())
	}
	return text
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }
