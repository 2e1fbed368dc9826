package guest

import (
	"regexp"
	"strconv"
	"strings"
)

// LoadAverage is what uptime, top or /proc/loadavg says, and the number of processors where it was asked for.
type LoadAverage struct {
	One, Five, Fifteen float64
	// Processors is 0 where the output does not say.
	Processors int
}

// CPUUse is what the processors do, in percent.
type CPUUse struct{ User, System, Idle, Wait, Steal float64 }

var (
	number   = `(\d+(?:[.,]\d+)?)`
	loadText = regexp.MustCompile(
		`(?i)(?:load averages?|charge moyenne|durchschnittslast|carga media|carga promedio)\s*:\s*` + number + `,?\s+` +
			number + `,?\s+` + number,
	)
	loadFile    = regexp.MustCompile(`^` + number + ` ` + number + ` ` + number + ` \d+/\d+ \d+\s*$`)
	onlyNumber  = regexp.MustCompile(`^\s*(\d{1,4})\s*$`)
	cpuRow      = regexp.MustCompile(`^\s*%?Cpu\S*\s*[::]|^\s*CPU( usage)?:`)
	cpuPortions = regexp.MustCompile(number + `\s*%?\s*([a-zA-Z]+)`)
)

// ParseLoad reads the load from uptime, top or /proc/loadavg, and from a line of its own the number of processors.
func ParseLoad(text string) (LoadAverage, bool) {
	var l LoadAverage
	found := false
	for _, line := range lines(text) {
		m := loadText.FindStringSubmatch(line)
		if m == nil {
			m = loadFile.FindStringSubmatch(line)
		}
		if m != nil && !found {
			l.One, _ = decimal(m[1])
			l.Five, _ = decimal(m[2])
			l.Fifteen, _ = decimal(m[3])
			found = true
		} else if n := onlyNumber.FindStringSubmatch(line); n != nil {
			l.Processors, _ = strconv.Atoi(n[1])
		}
	}
	return l, found
}

// ParseCPU reads the row of top about all processors, GNU or busybox, old or new, or the one of iostat.
func ParseCPU(text string) (CPUUse, bool) {
	header := ""
	for _, line := range lines(text) {
		if m := iostatHeader.FindStringSubmatch(line); m != nil {
			header = m[1]
		} else if c, ok := iostatCPU(header, line); ok {
			return c, true
		}
		if !cpuRow.MatchString(line) {
			continue
		}
		if c, ok := topCPU(line); ok {
			return c, true
		}
	}
	return CPUUse{}, false
}

// topCPU reads a row of top; it tells nothing without an idle portion.
func topCPU(line string) (c CPUUse, found bool) {
	_, rest, _ := strings.Cut(line, ":")
	for _, m := range cpuPortions.FindAllStringSubmatch(rest, -1) {
		v, _ := decimal(m[1])
		switch strings.ToLower(m[2]) {
		case "us", "usr", "user", "ut", "be":
			c.User = v
		case "sy", "sys", "system":
			c.System = v
		case "id", "idle", "in", "un":
			c.Idle, found = v, true
		case "wa", "io", "iowait":
			c.Wait = v
		case "st":
			c.Steal = v
		}
	}
	return c, found
}
