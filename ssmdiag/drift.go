package ssmdiag

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// Drift compares parameters with others: of another path, account or region, or with what they are expected to be.
type Drift struct{ left, right *Parameters }

// Difference is one way in which two parameters of the same relative name differ.
type Difference struct {
	// Name is the left parameter's whole name, also where only the right one exists.
	Name string
	// Field is what differs: "exists", "type", "tier", "version" or "value". Values appear as fingerprints.
	Field string
	// Left and Right are what each side has.
	Left, Right string
}

// NewDrift compares left with right. Parameters below two paths are matched by what follows the path. With fingerprints
// on both sides values are compared, and versions are not, because equal values may have come about in different ways.
// A nil right compares with what left is told to [Expect].
func NewDrift(left, right *Parameters) *Drift { return &Drift{left, right} }

// Resource names the left side.
func (d *Drift) Resource() diag.Resource { return d.left.Resource() }

// side is one side of a comparison, by relative name.
type side map[string]facts

// facts are what parameters are compared by; empty ones are not compared.
type facts struct{ kind, tier, version, fingerprint string }

// Differences returns what differs in the parameters themselves, sorted by name: which exist, their types, tiers and
// versions. If a side was not seen in whole it returns the error alone: what is missing may only not have been seen.
func (d *Drift) Differences(ctx context.Context) ([]Difference, error) {
	return d.differences(ctx, (*Parameters).metadata)
}

// ValueDifferences returns which parameters that both sides have differ in value, by their fingerprints. Without
// fingerprints on both sides there are none.
func (d *Drift) ValueDifferences(ctx context.Context) ([]Difference, error) {
	if !d.byValue() {
		return nil, nil
	}
	return d.differences(ctx, (*Parameters).prints)
}

// byValue reports that values can be compared.
func (d *Drift) byValue() bool {
	if d.right != nil {
		return len(d.left.values.key) > 0 && len(d.right.values.key) > 0
	}
	return len(d.left.values.key) > 0 &&
		slices.ContainsFunc(d.left.expect, func(e Expected) bool { return e.Fingerprint != "" })
}

func (d *Drift) differences(
	ctx context.Context,
	gather func(*Parameters, context.Context) (side, error),
) ([]Difference, error) {
	var left, right side
	var errs [2]error
	var group sync.WaitGroup
	group.Go(func() { left, errs[0] = gather(d.left, ctx) })
	group.Go(func() {
		if d.right != nil {
			right, errs[1] = gather(d.right, ctx)
		}
	})
	group.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	if d.right == nil {
		right = d.left.expected()
		maps.DeleteFunc(left, func(name string, _ facts) bool { _, ok := right[name]; return !ok })
	}
	return d.compare(left, right), nil
}

func (p *Parameters) metadata(ctx context.Context) (side, error) {
	list, err := p.List(ctx)
	s := side{}
	for _, m := range list {
		s[p.relative(aws.ToString(m.Name))] = facts{
			kind:    string(m.Type),
			tier:    string(m.Tier),
			version: versionText(m.Version),
		}
	}
	return s, err
}

func (p *Parameters) prints(ctx context.Context) (side, error) {
	prints, err := p.Fingerprints(ctx)
	s := side{}
	for name, print := range prints {
		s[p.relative(name)] = facts{fingerprint: print}
	}
	return s, err
}

func (p *Parameters) expected() side {
	s := side{}
	for _, e := range p.expect {
		s[p.relative(e.Name)] = facts{string(e.Type), string(e.Tier), versionText(e.Version), e.Fingerprint}
	}
	return s
}

func versionText(version int64) string {
	if version == 0 {
		return ""
	}
	return strconv.FormatInt(version, 10)
}

func (d *Drift) compare(left, right side) []Difference {
	names := slices.AppendSeq(slices.Collect(maps.Keys(left)), maps.Keys(right))
	slices.Sort(names)
	var all []Difference
	for _, name := range slices.Compact(names) {
		l, inLeft := left[name]
		r, inRight := right[name]
		whole := d.whole(name)
		if inLeft != inRight {
			all = append(all, Difference{whole, "exists", strconv.FormatBool(inLeft), strconv.FormatBool(inRight)})
			continue
		}
		all = append(all, differences(whole, l, r, d.right == nil || !d.byValue())...)
	}
	return all
}

// whole returns the left side's name for a relative one.
func (d *Drift) whole(relative string) string { return cmp.Or(d.left.name, d.left.path+"/"+relative) }

func differences(name string, l, r facts, versions bool) []Difference {
	if !versions {
		l.version = ""
	}
	var all []Difference
	for _, f := range []struct{ field, left, right string }{
		{"type", l.kind, r.kind}, {"tier", l.tier, r.tier}, {"version", l.version, r.version},
		{"value", l.fingerprint, r.fingerprint},
	} {
		if f.left != "" && f.right != "" && f.left != f.right {
			all = append(all, Difference{name, f.field, f.left, f.right})
		}
	}
	return all
}

// driftRule is what the checks of drift differ in.
type driftRule struct {
	code               diag.Code
	title, doc, limits string
	actions            []string
	differ             string
	find               func(*Drift, context.Context) ([]Difference, error)
}

// The checks of drift.
var (
	// ParametersDrifted reports parameters that are missing on one side, or kept in another way.
	ParametersDrifted = driftRule{"ssm.parameters-drifted", "Parameters differ",
		"Parameters are missing on one side, or differ in type, tier or version, from those of another place or from " +
			"what they are expected to be. Where values can be compared, versions are not.",
		"It reads no values, and takes another version for a difference.",
		[]string{callParameters}, "differ from", (*Drift).Differences}.check()
	// ParameterValuesDrifted reports parameters that have other values.
	ParameterValuesDrifted = driftRule{"ssm.parameter-values-drifted", "Values of parameters differ",
		"Parameters have other values than those of another place, or than expected. Values are compared by a keyed " +
			"hash, and only where the caller gave a key and a client for values on both sides.",
		"SecureStrings are left out unless decryption was asked for.",
		[]string{callValues, callValuesByPath}, "have other values than", (*Drift).ValueDifferences}.check()
)

func (r driftRule) check() *diag.Check[*Drift] {
	return &diag.Check[*Drift]{
		Info: diag.Info{Code: r.code, Title: r.title, Doc: r.doc, Limits: r.limits, Severity: diag.SeverityWarning,
			Actions: r.actions, Source: sourceParameters},
		Run: func(ctx context.Context, d *Drift) ([]diag.Finding, error) {
			all, err := r.find(d, ctx)
			if err != nil || len(all) == 0 {
				return nil, err
			}
			return []diag.Finding{r.finding(d, all)}, nil
		},
	}
}

func (r driftRule) finding(d *Drift, all []Difference) diag.Finding {
	var f diag.Finding
	var names []string
	for _, x := range all {
		names = append(names, x.Name)
		f.Evidence = append(
			f.Evidence,
			diag.Evidence{Source: r.actions[len(r.actions)-1], Field: x.Name + " " + x.Field,
				Value: x.Left + " here, " + x.Right + " there"},
		)
	}
	names = slices.Compact(names)
	shown := strings.Join(names[:min(len(names), maxShown)], ", ")
	if len(names) > maxShown {
		shown += ", …"
	}
	f.Summary = fmt.Sprintf(
		"%d of the parameters %s %s %s: %s",
		len(names),
		d.left.Resource().ID,
		r.differ,
		d.against(),
		shown,
	)
	return f
}

// maxShown is how many names a summary holds.
const maxShown = 5

func (d *Drift) against() string {
	if d.right == nil {
		return "what is expected"
	}
	return d.right.Resource().ID
}
