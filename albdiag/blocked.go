package albdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"

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

// shutOut reports that most requests are refused and that far fewer are served than before: then they are those of
// clients. An attack that is refused comes on top of what is served.
func shutOut(p *picture, o outbreak) diag.Severity {
	const most, half = 0.5, 0.5
	served := p.counter("HTTPCode_Target_2XX_Count")
	before, known := served.Usual(o.first)
	periods := float64(o.last.Sub(o.first) / max(served.Period, 1))
	if o.ongoing && known && before >= enoughRequests && o.share() >= most && periods > 0 &&
		served.Between(o.window()).Sum()/periods <= half*before {
		return diag.SeverityWarning
	}
	return diag.SeverityInfo
}
