package guest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// Diagnostic is one of the agent's own checks of its surroundings: metadata service, credentials, endpoints, proxy,
// service, version ("Troubleshooting managed node availability using ssm-cli").
type Diagnostic struct {
	Check string
	// Status is "Success", "Skipped" or "Failed".
	Status string
	Note   string
}

// ParseAgentDiagnostics reads the output of "ssm-cli get-diagnostics", as JSON or as a table.
func ParseAgentDiagnostics(text string) ([]Diagnostic, bool) {
	var document struct{ DiagnosticsOutput []Diagnostic }
	if start := strings.IndexByte(text, '{'); start >= 0 {
		if err := json.NewDecoder(strings.NewReader(text[start:])).Decode(&document); err == nil {
			return document.DiagnosticsOutput, len(document.DiagnosticsOutput) > 0
		}
	}
	var all []Diagnostic
	for _, line := range lines(text) {
		cells := strings.FieldsFunc(line, func(r rune) bool { return r == '|' || r == '│' })
		if len(cells) < 3 {
			continue
		}
		d := Diagnostic{strings.TrimSpace(cells[0]), strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])}
		switch {
		case d.Status == "Success" || d.Status == "Skipped" || d.Status == "Failed":
			all = append(all, d)
		case d.Check == "" && d.Status == "" && len(all) > 0: // the note goes on
			all[len(all)-1].Note = strings.TrimSpace(all[len(all)-1].Note + " " + d.Note)
		}
	}
	return all, len(all) > 0
}

// AgentDiagnostics returns what the agent finds out about its own surroundings. Agents before 3.1.501.0 have no such
// command.
func (g *Guest) AgentDiagnostics(ctx context.Context) ([]Diagnostic, error) {
	return fact(ctx, g, g.on(AgentDiagnostics, AgentDiagnosticsWindows), ParseAgentDiagnostics)
}

// AgentDiagnosticFailed reports checks of the agent's own that fail.
var AgentDiagnosticFailed = &diag.Check[*Guest]{
	Info: diag.Info{Code: "guest.agent-diagnostic-failed", Title: "The agent's own check fails",
		Severity: diag.SeverityWarning, Actions: actions,
		Doc: "The SSM agent checks its surroundings itself: metadata service, credentials, proxy, the endpoints of the " +
			"services that it uses, its service and version. A check of it fails.",
		Needs:  []diag.Mechanism{diag.NetworkPath, diag.NameResolution, diag.Permission},
		Source: "Systems Manager user guide, Troubleshooting managed node availability using ssm-cli",
		Limits: "Only a node that still takes commands can be asked."},
	Run: func(ctx context.Context, g *Guest) ([]diag.Finding, error) {
		list, err := g.AgentDiagnostics(ctx)
		var findings []diag.Finding
		for _, d := range list {
			if d.Status == "Failed" {
				findings = append(findings, diag.Finding{
					Summary:  fmt.Sprintf("the SSM agent of %s reports a failed check: %s: %s", g.id, d.Check, d.Note),
					Evidence: []diag.Evidence{g.evidence(AgentDiagnostics, d.Check+": "+d.Status+": "+d.Note)},
				})
			}
		}
		return findings, err
	},
}
