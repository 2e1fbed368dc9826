package triage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/scaling"
)

// ways are the dependencies between resources, in both directions.
type ways struct {
	after, before map[diag.Resource][]diag.Resource
}

func newWays(links []diag.Link) ways {
	w := ways{map[diag.Resource][]diag.Resource{}, map[diag.Resource][]diag.Resource{}}
	for _, l := range links {
		if !l.Context {
			w.after[withoutARN(l.From)] = append(w.after[withoutARN(l.From)], l.To)
			w.before[withoutARN(l.To)] = append(w.before[withoutARN(l.To)], l.From)
		}
	}
	return w
}

// reach returns what the ways lead to from a resource, itself first. A way leads through no second resource of a type
// that it went through: siblings have nothing to do with each other.
func reach(ways map[diag.Resource][]diag.Resource, from diag.Resource) []diag.Resource {
	seen := map[diag.Resource]bool{withoutARN(from): true}
	list := []diag.Resource{from}
	for i := 0; i < len(list); i++ {
		for _, to := range ways[withoutARN(list[i])] {
			if !seen[withoutARN(to)] && to.Type != from.Type {
				seen[withoutARN(to)] = true
				list = append(list, to)
			}
		}
	}
	return list
}

// around returns a resource, what it depends on and what depends on it.
func (w ways) around(r diag.Resource) []diag.Resource {
	return append(reach(w.before, r), reach(w.after, r)[1:]...)
}

// front is where requests come in: a target group behind a load balancer, or a load balancer as a whole.
type front struct {
	group, balancer diag.Resource
	requests        metrics.Metric
	series          metrics.Series
}

// fronts returns where the requests to what is used up come in, as far as the walk read their metrics.
func (v *view) fronts() []front {
	var list []front
	add := func(f front) {
		series, ok := v.scene.source.Read(f.requests)
		if f.series = series; ok && !slices.ContainsFunc(list, func(o front) bool { return same(o.requests)(f.requests) }) {
			list = append(list, f)
		}
	}
	for _, l := range v.loads {
		if !l.wears {
			continue
		}
		for _, r := range reach(v.ways.before, v.found[l.at].Resource) {
			switch {
			case r.Type == typeLoadBalancer && r.ARN != "":
				name := "RequestCount"
				if strings.HasPrefix(metrics.LoadBalancerDimension(r.ARN), "net/") {
					name = "NewFlowCount"
				}
				add(front{balancer: r, requests: metrics.LoadBalancerMetric(r.ARN, name, "Sum")})
			case r.Type == typeTargetGroup && r.ARN != "":
				for _, lb := range v.ways.before[withoutARN(r)] {
					if lb.Type == typeLoadBalancer && lb.ARN != "" {
						add(front{group: r, balancer: lb,
							requests: metrics.TargetGroupMetric(lb.ARN, r.ARN, "RequestCount", "Sum")})
					}
				}
			}
		}
	}
	return list
}

// surges returns the surges of requests that explain what is used up and kept its weight: of a target group, and
// of a load balancer where no single target group of it shows it.
func (v *view) surges() []diag.Finding {
	var worn []diag.Finding
	for _, l := range v.loads {
		if f := v.found[l.at]; l.wears && f.Severity >= diag.SeverityWarning {
			worn = append(worn, f)
		}
	}
	if len(worn) == 0 {
		return nil
	}
	var list []diag.Finding
	told := map[string]int{}
	fronts := v.fronts()
	// Groups come first.
	slices.SortStableFunc(fronts, func(a, b front) int { return strings.Compare(b.group.ID, a.group.ID) })
	for _, f := range fronts {
		surge, ok := metrics.FindSurge(f.series, v.week[f.requests.String()])
		behind := v.behind(f, worn)
		if !ok || len(behind) == 0 || v.retried(f, surge) || f.group.IsZero() && told[f.balancer.ID] > 0 {
			continue
		}
		told[f.balancer.ID]++
		list = append(list, f.finding(surge, behind, stepsOf(worn, behind)))
	}
	return list
}

// behind returns the resources of what is used up behind a front.
func (v *view) behind(f front, worn []diag.Finding) []diag.Resource {
	at := f.group
	if at.IsZero() {
		at = f.balancer
	}
	all := append(reach(v.ways.after, at), f.balancer)
	var list []diag.Resource
	for _, w := range worn {
		within := slices.ContainsFunc(all, func(r diag.Resource) bool { return withoutARN(r) == withoutARN(w.Resource) })
		known := slices.ContainsFunc(list, func(r diag.Resource) bool { return withoutARN(r) == withoutARN(w.Resource) })
		if within && !known {
			list = append(list, w.Resource)
		}
	}
	return list
}

func (v *view) retried(f front, surge metrics.Surge) bool {
	var failures []metrics.Series
	for _, name := range []string{"HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"} {
		if s, ok := v.scene.source.Read(metrics.LoadBalancerMetric(f.balancer.ARN, name, "Sum")); ok {
			failures = append(failures, s)
		}
	}
	return surge.Retried(f.series, failures...)
}

// stepsOf are the steps that let what is used up grow: of the scaling behind a front, which knows its own limits.
func stepsOf(worn []diag.Finding, behind []diag.Resource) []diag.Step {
	var steps []diag.Step
	for _, w := range worn {
		if w.Resource.Type == scaling.TypeTarget && slices.Contains(behind, w.Resource) {
			steps = union(steps, w.NextSteps)
		}
	}
	return steps
}

func (f front) finding(surge metrics.Surge, behind []diag.Resource, grow []diag.Step) diag.Finding {
	out := diag.Finding{Code: metrics.TrafficSurge.Code, Resource: f.balancer, Since: surge.Start, Until: surge.End}
	where := "load balancer " + f.balancer.ID
	if !f.group.IsZero() {
		out.Resource, where = f.group, "target group "+f.group.ID+" of "+where
		out.Related = append(out.Related, diag.Related{Resource: f.balancer, Role: "load balancer"})
	}
	var names []string
	for _, r := range behind {
		if withoutARN(r) != withoutARN(out.Resource) && withoutARN(r) != withoutARN(f.balancer) {
			out.Related = append(out.Related, diag.Related{Resource: r, Role: "takes the requests"})
			if r.Type != typeLoadBalancer && r.Type != typeTargetGroup {
				names = append(names, shortName(r.ID))
			}
		}
	}
	out.Summary = fmt.Sprintf("requests through %s are %s; since %s", where, surge, surge.Start.Format("15:04 UTC"))
	if slices.Sort(names); len(names) > 0 {
		names = slices.Compact(names)
		out.Summary += "; " + strings.Join(names, ", ") + " cannot keep up"
	}
	if surge.Days == 0 {
		out.Confidence = diag.Possible
	}
	out.Evidence = []diag.Evidence{{Source: "cloudwatch:GetMetricData", At: surge.Start, Value: surge.String(),
		Field: f.requests.Namespace + " " + f.requests.Name + " " + f.requests.Stat}}
	out.NextSteps = []diag.Step{
		{Text: "See who sends them: the access log of the load balancer, by client, path and user agent.",
			Doc: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html"},
		{Text: "If they are wanted, give what takes them more capacity: raise the maximum of its scaling, and what it " +
			"depends on. If not, limit them: a rate-based rule of AWS WAF on the load balancer.", Changes: true,
			Doc: "https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html"},
	}
	out.NextSteps = append(out.NextSteps, grow...)
	return out
}
