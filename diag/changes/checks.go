package changes

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/awsdiag/awsdiag/diag"
)

// TouchedChecks returns one check for each of the [Families]. All of them read the same sweep. Their findings are
// changes ([diag.Info].Change) of severity info: whether a change caused a trouble is for the driver to say.
func TouchedChecks() []*diag.Check[*Touched] { return slices.Clone(touchedChecks()) }

var touchedChecks = sync.OnceValue(func() []*diag.Check[*Touched] {
	var checks []*diag.Check[*Touched]
	for _, f := range families {
		checks = append(checks, f.check())
	}
	return checks
})

const (
	limits = "CloudTrail's event history holds management events of 90 days and shows a call minutes after it was made; " +
		"events of global services stand in us-east-1 only."
	document = "CloudTrail record contents, AWS CloudTrail User Guide"
)

// check makes the check of a family.
func (f Family) check() *diag.Check[*Touched] {
	return &diag.Check[*Touched]{
		Info: diag.Info{
			Code: f.Code(), Title: f.title(), Doc: f.doc(), Severity: diag.SeverityInfo, Confidence: f.Confidence(),
			Actions: Actions(), Breaks: f.Breaks, Change: true, Limits: limits, Source: document,
		},
		Run: func(ctx context.Context, t *Touched) ([]diag.Finding, error) {
			made, err := t.Changes(ctx)
			var findings []diag.Finding
			for _, c := range made {
				if c.Code == f.Code() {
					findings = append(findings, t.findings(c)...)
				}
			}
			return findings, err
		},
	}
}

func (f Family) doc() string {
	how := "It alters or adds, and takes nothing away."
	if f.Takes {
		how = "It takes away what something else may lean on."
	}
	names := f.events()
	if len(names) == 0 {
		return fmt.Sprintf("Within the window, %s. %s", f.What, how)
	}
	return fmt.Sprintf("Within the window, %s. %s Known by the events %s.", f.What, how, strings.Join(names, ", "))
}

// events are the names of the events of the family, sorted.
func (f Family) events() []string {
	var names []string
	all := kinds()
	for _, action := range slices.Sorted(maps.Keys(all)) {
		if all[action].family == f.Name {
			names = append(names, action)
		}
	}
	return names
}
