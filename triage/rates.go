package triage

import (
	"fmt"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// rates are the findings about a share of the requests to a load balancer, by the counter of what went wrong.
var rates = map[diag.Code]string{
	"alb.http-500":                 "HTTPCode_ELB_500_Count",
	"alb.http-502":                 "HTTPCode_ELB_502_Count",
	"alb.http-503":                 "HTTPCode_ELB_503_Count",
	"alb.http-504":                 "HTTPCode_ELB_504_Count",
	"alb.http-4xx":                 "HTTPCode_ELB_4XX_Count",
	"alb.http-5xx-from-targets":    "HTTPCode_Target_5XX_Count",
	"alb.target-connection-errors": "TargetConnectionErrorCount",
	"alb.target-tls-errors":        "TargetTLSNegotiationErrorCount",
	"alb.client-tls-errors":        "ClientTLSNegotiationErrorCount",
}

// rated is a finding of a rate, by its place, and the counters that make it.
type rated struct {
	at          int
	part, whole metrics.Series
}

// ratesOf returns the findings of rates that matter in a scene, as far as their counters were read.
func (v *view) ratesOf(w *walk) []rated {
	var list []rated
	for i, f := range v.found {
		name, ok := rates[f.Code]
		if !ok || f.Severity < diag.SeverityWarning || w.scene(f.Resource) != v.scene || f.Resource.ARN == "" {
			continue
		}
		part, known := v.scene.source.Read(metrics.LoadBalancerMetric(f.Resource.ARN, name, "Sum"))
		whole, counted := v.scene.source.Read(metrics.LoadBalancerMetric(f.Resource.ARN, "RequestCount", "Sum"))
		if known && counted {
			list = append(list, rated{at: i, part: part, whole: whole})
		}
	}
	return list
}

// metersOfRates are the metrics that rates are made of.
func metersOfRates(list []rated) []metrics.Metric {
	var ask []metrics.Metric
	for _, r := range list {
		for _, m := range []metrics.Metric{r.part.Metric, r.whole.Metric} {
			if !slices.ContainsFunc(ask, same(m)) {
				ask = append(ask, m)
			}
		}
	}
	return ask
}

// compareRate says of a rate of errors whether it is new or was as high on the days before. One that is nothing new
// leads nowhere: it is a warning where the question is about errors, and else information.
func (v *view) compareRate(r rated) {
	f := &v.found[r.at]
	newest, some := r.whole.Last()
	if !some {
		return
	}
	span := diag.Window{Start: f.Since, End: newest.At.Add(r.whole.Period)}
	if f.Since.IsZero() || f.Since.Before(v.scene.Window.Start) || !f.Since.Before(span.End) {
		span.Start = span.End.Add(-time.Hour)
	}
	if f.Until.After(span.Start) && f.Until.Before(span.End) {
		span.End = f.Until
	}
	c, ok := metrics.CompareShares(v.week, r.part, r.whole, span)
	if !ok {
		return
	}
	f.Evidence = append(slices.Clip(f.Evidence), diag.Evidence{Source: "cloudwatch:GetMetricData", At: span.Start,
		Field: r.part.Metric.Name + " of " + r.whole.Metric.Name + ", the days before", Value: c.String()})
	switch {
	case c.AsBefore():
		f.Summary += fmt.Sprintf("; nothing new: on %d of the %d days before it was as much at these hours (%s)", c.Alike,
			c.Days, metrics.Share(c.Usual))
		f.Severity = diag.SeverityInfo
		if v.scene.asks(HTTP5xx, HTTP502, HTTP503, HTTP504, Errors) {
			f.Severity = diag.SeverityWarning
		}
	case c.New() && c.Usual == 0:
		f.Summary += fmt.Sprintf("; new: none at these hours of the %d days before", c.Days)
	case c.New():
		f.Summary += fmt.Sprintf("; new: %s at these hours of the %d days before", metrics.Share(c.Usual), c.Days)
	}
}
