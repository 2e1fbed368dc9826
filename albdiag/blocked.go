package albdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// blocked is what one rule of a web ACL blocked.
type blocked struct {
	acl, rule string
	series    metrics.Series
}

const typeWebACL = "AWS::WAFv2::WebACL"

// allRules stands for all rules of a web ACL together ("AWS WAF metrics and dimensions", AWS WAF Developer Guide).
const allRules = "ALL"

// webACLs adds to a picture what the rules of the Region's web ACLs blocked. Which of them is associated with the load
// balancer these metrics do not tell. They are read once for all load balancers.
func (lb *LoadBalancer) webACLs(ctx context.Context, p *picture) error {
	found, err := lb.directory.blocked.Get(ctx, func(ctx context.Context) ([]blocked, error) {
		all, err := lb.source.Search(ctx, "AWS/WAFV2", "BlockedRequests", "Sum", "Region", "Rule", "WebACL")
		var rules []blocked
		for _, f := range all {
			if f.Values["Rule"] != allRules {
				rules = append(rules, blocked{f.Values["WebACL"], f.Values["Rule"], f.Series})
			}
		}
		return rules, err
	})
	p.blocked = found
	return err
}

// byWebACL supports that a web ACL blocks the requests by what its rules blocked in the same time. Rules that blocked
// little of it are left out.
func byWebACL(p *picture, o outbreak) opinion {
	type count struct {
		blocked
		n float64
	}
	var counts []count
	var total float64
	for _, b := range p.blocked {
		if n := b.series.Between(o.window()).Sum(); n > 0 {
			counts = append(counts, count{b, n})
			total += n
		}
	}
	if total < o.count/2 {
		return opinion{}
	}
	slices.SortStableFunc(counts, func(a, b count) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.acl, b.acl), cmp.Compare(a.rule, b.rule))
	})
	out := opinion{verdict: supported}
	for _, c := range counts[:min(len(counts), maxNamed)] {
		if c.n < total/20 {
			break
		}
		out.facts = append(out.facts, metricFact("BlockedRequests of rule "+c.rule+" of web ACL "+c.acl,
			"%.0f in the same time", c.n))
		out.named = append(out.named, fmt.Sprintf("rule %s of web ACL %s", c.rule, c.acl))
		out.related = append(out.related, diag.Related{Resource: diag.Resource{Type: typeWebACL, ID: c.acl}, Role: "web ACL"})
	}
	return out
}

// webACLStep tells what joins a web ACL with a load balancer.
func webACLStep() diag.Step {
	return diag.Step{Text: "See that this web ACL is the load balancer's, and which requests the rule blocks: sampled requests, " +
		"or the log of the web ACL. A rule that blocks clients can count instead while you look.",
		Command: "aws wafv2 get-web-acl-for-resource --resource-arn <load-balancer-arn>"}
}

const (
	// fewerServed is the least part of what was served before that must be missing for clients to be shut out, and ofRefused
	// the least part of what is refused more that it must make up. Both are judgements: what scanners send comes on top of
	// what is served, and a lull of the day does not set in within a quarter of an hour.
	fewerServed, ofRefused = 0.15, 0.5
	// stepPeriods is how many periods after the first must show the step.
	stepPeriods = 3
)

// shutOut reports that the requests of clients are refused: when it began, what is served fell, and what is missing since
// makes up half or more of what is refused. An attack that is refused comes on top of what is served.
func shutOut(p *picture, o outbreak) diag.Severity {
	served, refused := p.counter("HTTPCode_Target_2XX_Count"), p.counter("HTTPCode_ELB_4XX_Count")
	if !o.ongoing || o.sinceAtLeast || served.Period <= 0 {
		return diag.SeverityInfo
	}
	hour := diag.Window{Start: o.first.Add(-time.Hour), End: o.first}
	before, known := served.Between(hour).Median()
	usual, _ := refused.Between(hour).Median()
	if !known || before < enoughRequests {
		return diag.SeverityInfo
	}
	second := o.first.Add(served.Period) // the first period may hold both
	for _, end := range []time.Time{second.Add(stepPeriods * served.Period), o.last} {
		span := diag.Window{Start: second, End: end}
		left, some := served.Between(span).Median()
		more, _ := refused.Between(span).Median()
		if missing := before - left; !some || missing < fewerServed*before || missing < ofRefused*(more-usual) {
			return diag.SeverityInfo
		}
	}
	return diag.SeverityWarning
}
