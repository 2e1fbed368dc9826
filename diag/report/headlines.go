package report

import (
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// headline is one of the first lines of a report that is read as a document. Without a label it is a verdict, in our
// own words alone.
type headline struct{ label, text string }

// headlines say what, why, where and since when.
func headlines(s *story) []headline {
	switch {
	case len(s.causes) > 0:
		return brokenLines(s)
	case len(s.Inconclusive) > 0:
		return []headline{{"", fmt.Sprintf("No verdict: nothing wrong was found, but %s could not see everything.",
			words.Count(blindChecks(s.Report), "check"))}}
	case len(s.Coverage.Subjects) == 0:
		return []headline{{"", "No verdict: nothing was looked at."}}
	}
	return []headline{{"", "Nothing wrong found."}}
}

func brokenLines(s *story) []headline {
	cause := s.causes[0]
	effect, reason := symptom(cause, s.Focus), why(cause)
	label := "Broken"
	if worst(cause) < diag.SeverityError {
		label = "At risk"
	}
	lines := []headline{{label, sentence(effect)}}
	if keyOf(effect.Finding) != keyOf(reason.Finding) {
		lines = append(lines, headline{"Why", doubt(reason) + sentence(reason)})
	}
	if keyOf(reason.Finding) != keyOf(cause.Finding) {
		lines = append(lines, headline{"After", cause.Summary})
	}
	lines = append(lines, headline{"Where", placed(reason.Resource)}, headline{"Since", sinceWhen(s, cause)})
	if more := remarks(s); more != "" {
		lines = append(lines, headline{"Also", more})
	}
	return lines
}

func sinceWhen(s *story, cause diag.Root) string {
	at, orEarlier := begin(cause)
	switch {
	case at.IsZero():
		return "not known (now " + stamp(s.now) + ")"
	case orEarlier:
		return fmt.Sprintf("%s or earlier, %s ago (now %s)", stamp(at), lasting(s.now.Sub(at)), stamp(s.now))
	}
	return fmt.Sprintf("%s, %s ago (now %s)", stamp(at), lasting(s.now.Sub(at)), stamp(s.now))
}
