package diag

import (
	"encoding/json"
	"fmt"
	"time"
)

// SchemaVersion is the version of the JSON form of a [Report]. It grows when a field changes its meaning or goes.
const SchemaVersion = 1

type findingJSON struct {
	Code         Code       `json:"code"`
	Severity     Severity   `json:"severity"`
	Confidence   Confidence `json:"confidence"`
	Resource     Resource   `json:"resource"`
	Summary      string     `json:"summary"`
	Evidence     []Evidence `json:"evidence"`
	Related      []Related  `json:"related"`
	NextSteps    []Step     `json:"nextSteps"`
	Since        time.Time  `json:"since,omitzero"`
	SinceAtLeast bool       `json:"sinceAtLeast,omitempty"`
	LeadUp       time.Time  `json:"leadUp,omitzero"`
	Until        time.Time  `json:"until,omitzero"`
	Change       bool       `json:"change,omitempty"`
	Nature       Nature     `json:"nature,omitempty"`
	ExplainedBy  []Ref      `json:"explainedBy"`
}

type rootJSON struct {
	findingJSON
	Explains []rootJSON `json:"explains"`
	Doubts   []string   `json:"doubts,omitempty"`
}

type windowJSON struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// MarshalJSON writes the finding with lower-case names and without nulls.
func (f Finding) MarshalJSON() ([]byte, error) { return json.Marshal(f.json()) }

// MarshalJSON writes the finding and, under explains, what it explains.
func (r Root) MarshalJSON() ([]byte, error) { return json.Marshal(r.json()) }

// MarshalJSON writes the report in the form that [SchemaVersion] counts. Lists are never null.
func (r *Report) MarshalJSON() ([]byte, error) {
	roots := make([]rootJSON, len(r.roots))
	for i, root := range r.roots {
		roots[i] = root.json()
	}
	var focus *Resource
	if !r.Focus.IsZero() {
		focus = &r.Focus
	}
	c := r.Coverage
	c.Subjects, c.Checks, c.Actions = list(c.Subjects), list(c.Checks), list(c.Actions)
	return json.Marshal(struct {
		SchemaVersion int            `json:"schemaVersion"`
		Window        windowJSON     `json:"window"`
		Focus         *Resource      `json:"focus,omitempty"`
		Onset         time.Time      `json:"onset,omitzero"`
		Roots         []rootJSON     `json:"roots"`
		Findings      []Finding      `json:"findings"`
		Inconclusive  []Inconclusive `json:"inconclusive"`
		Events        []Event        `json:"events"`
		Links         []Link         `json:"links"`
		Settings      []Setting      `json:"settings"`
		Coverage      Coverage       `json:"coverage"`
	}{
		SchemaVersion, windowJSON{r.Window.Start.UTC(), r.Window.End.UTC()}, focus, r.Onset(), roots, list(r.Findings),
		list(r.Inconclusive), list(r.Events), list(r.Links), list(r.Settings), c,
	})
}

// UnmarshalJSON reads what MarshalJSON wrote, trees included. It refuses a schema version that it does not know.
func (r *Report) UnmarshalJSON(text []byte) error {
	type plain Report // without this method
	in := struct {
		*plain
		SchemaVersion int
		Roots         []Root
	}{plain: (*plain)(r)}
	if err := json.Unmarshal(text, &in); err != nil {
		return fmt.Errorf("reading a report: %w", err)
	}
	if in.SchemaVersion != SchemaVersion {
		return fmt.Errorf("reading a report: schema version %d: want %d", in.SchemaVersion, SchemaVersion)
	}
	r.roots = in.Roots
	return nil
}

func (f Finding) json() findingJSON {
	return findingJSON{f.Code, f.Severity, f.Confidence, f.Resource, f.Summary, list(f.Evidence), list(f.Related),
		list(f.NextSteps), f.Since, f.SinceAtLeast, f.LeadUp, f.Until, f.Change, f.Nature, list(f.ExplainedBy)}
}

func (r Root) json() rootJSON {
	j := rootJSON{findingJSON: r.Finding.json(), Explains: []rootJSON{}, Doubts: r.Doubts}
	for _, e := range r.Explains {
		j.Explains = append(j.Explains, e.json())
	}
	return j
}

func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
