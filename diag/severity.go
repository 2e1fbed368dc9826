package diag

import (
	"fmt"
	"slices"
)

// Severity orders findings by consequence. The zero value is invalid.
type Severity int

const (
	// SeverityInfo is worth knowing and needs no action.
	SeverityInfo Severity = iota + 1
	// SeverityWarning works now, but will or may not for long.
	SeverityWarning
	// SeverityError does not work now.
	SeverityError
)

var severityNames = []string{"", "info", "warning", "error"}

// String returns info, warning or error.
func (s Severity) String() string { return enumName(severityNames, int(s), "Severity") }

// MarshalText returns the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *Severity) UnmarshalText(text []byte) error {
	i, err := enumValue(severityNames, string(text), "severity")
	*s = Severity(i)
	return err
}

// Confidence says how sure a finding is. The zero value stands for "as the check's Info says", or else Certain.
type Confidence int

const (
	// Possible is one of several readings of the evidence.
	Possible Confidence = iota + 1
	// Likely is the best reading of the evidence, which does not rule out others.
	Likely
	// Certain follows from the evidence.
	Certain
)

var confidenceNames = []string{"", "possible", "likely", "certain"}

// String returns possible, likely or certain.
func (c Confidence) String() string { return enumName(confidenceNames, int(c), "Confidence") }

// MarshalText returns the name.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the name.
func (c *Confidence) UnmarshalText(text []byte) error {
	i, err := enumValue(confidenceNames, string(text), "confidence")
	*c = Confidence(i)
	return err
}

func enumName(names []string, i int, typ string) string {
	if i < 1 || i >= len(names) {
		return fmt.Sprintf("%s(%d)", typ, i)
	}
	return names[i]
}

func enumValue(names []string, name, what string) (int, error) {
	i := slices.Index(names, name)
	if i < 1 {
		return 0, fmt.Errorf("unknown %s %q: want one of %v", what, name, names[1:])
	}
	return i, nil
}
