package guest

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ClockState is what the time service of a machine says of its clock.
type ClockState struct {
	// Synchronised says that the clock follows a source.
	Synchronised bool
	// Offset is how far the clock is off, ahead if positive; 0 where the tool does not say.
	Offset time.Duration
	// Source is who the clock follows, "" where the tool does not say.
	Source string
	// Line is what was decisive.
	Line string
}

// The words of chronyc tracking, timedatectl and w32tm /query /status (chronyc(1); timedatectl(1); "Windows Time
// service tools and settings"). Chrony knows more than timedatectl, and goes before it.
var (
	chronyLeap   = regexp.MustCompile(`^\s*Leap status\s*: *(.+)$`)
	chronySource = regexp.MustCompile(`^\s*Reference ID\s*: *([0-9A-F]{8}|[\d.]+) *\(([^)]*)\)`)
	chronyOff    = regexp.MustCompile(`^\s*System time\s*: *([\d.]+) seconds (fast|slow) of NTP time`)
	timedatectl  = regexp.MustCompile(`(?i)\b(?:System clock|NTP) synchronized: *(yes|no)\b`)
	w32Leap      = regexp.MustCompile(`^\s*Leap Indicator: *(\d)`)
	w32Stratum   = regexp.MustCompile(`^\s*Stratum: *(\d+) *\(`)
	w32Source    = regexp.MustCompile(`^\s*Source: *(.+)$`)
	w32Off       = regexp.MustCompile(`^\s*(?:Phase Offset|Clock Offset): *([-+]?[\d.]+)s`)
	w32Stopped   = regexp.MustCompile(`0x80070426`) // the service is not started, in any language
)

// localClock is what w32tm names a clock that follows nobody.
var localClock = regexp.MustCompile(`(?i)^(?:Local CMOS Clock|Free-running System Clock)`)

// ParseClock reads the output of chronyc tracking, timedatectl or w32tm /query /status, alone or one after the other.
func ParseClock(text string) (ClockState, bool) {
	var c ClockState
	rank := 0 // of the verdict that stands
	verdict := func(of int, yes bool, line string) {
		if of >= rank && !(of == rank && !c.Synchronised) {
			rank, c.Synchronised, c.Line = of, yes, strings.TrimSpace(line)
		}
	}
	for _, line := range lines(text) {
		if m := chronyLeap.FindStringSubmatch(line); m != nil {
			verdict(2, !strings.HasPrefix(m[1], "Not synchroni"), line)
		} else if m := chronySource.FindStringSubmatch(line); m != nil {
			if c.Source = m[2]; m[1] == "00000000" {
				verdict(2, false, line)
			}
		} else if m := chronyOff.FindStringSubmatch(line); m != nil {
			c.Offset = seconds(m[1])
			if m[2] == "slow" {
				c.Offset = -c.Offset
			}
		} else if m := timedatectl.FindStringSubmatch(line); m != nil {
			verdict(1, strings.EqualFold(m[1], "yes"), line)
		} else {
			c.windows(line, verdict)
		}
	}
	return c, rank > 0
}

// windows reads a line of w32tm. Leap indicator 3 and stratum 0 say that the clock is not synchronised (RFC 5905).
func (c *ClockState) windows(line string, verdict func(int, bool, string)) {
	if m := w32Leap.FindStringSubmatch(line); m != nil {
		verdict(2, m[1] != "3", line)
	} else if m := w32Stratum.FindStringSubmatch(line); m != nil && m[1] == "0" {
		verdict(2, false, line)
	} else if m := w32Source.FindStringSubmatch(line); m != nil {
		if c.Source = strings.TrimSpace(m[1]); localClock.MatchString(c.Source) {
			verdict(2, false, line)
		}
	} else if m := w32Off.FindStringSubmatch(line); m != nil {
		c.Offset = seconds(m[1])
	} else if w32Stopped.MatchString(line) {
		verdict(2, false, line)
	}
}

func seconds(text string) time.Duration {
	v, _ := strconv.ParseFloat(text, 64)
	return time.Duration(v * float64(time.Second))
}
