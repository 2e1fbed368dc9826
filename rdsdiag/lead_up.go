package rdsdiag

import (
	"fmt"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

// led tells when a rise or fall began that ended in the trouble: a balance is spent, and memory or storage full, long
// after what uses it up began.
func led(f diag.Finding, s metrics.Series, direction metrics.Direction, to time.Time, unit string) diag.Finding {
	p, ok := s.LeadUp(direction, to)
	if !ok {
		return f
	}
	f.LeadUp = p.At.Add(s.Period)
	since, word := words.Clock(f.LeadUp), "falling"
	if p.At.Equal(s.Points[0].At) {
		f.LeadUp, since = p.At, words.Clock(p.At)+" or earlier"
	}
	if direction == metrics.Rise {
		word = "rising"
	}
	value := number(p.Value) + unit
	if unit == bytesUnit {
		value = size(p.Value)
	}
	f.Summary += fmt.Sprintf("; %s from %s since %s", word, value, since)
	if e := pointEvidence(s, p, unit); !slices.Contains(f.Evidence, e) {
		f.Evidence = append(f.Evidence, e)
	}
	return f
}

// bytesUnit is the unit of evidence in bytes.
const bytesUnit = " bytes"
