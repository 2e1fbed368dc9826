package guest

import (
	"regexp"
	"strings"
)

// VMStat is a sample of vmstat. The first one of several is the average since the start of the machine.
type VMStat struct {
	// Running is how many processes run or wait for a processor, Blocked how many wait for a disk.
	Running, Blocked int
	// Free is the free memory in bytes.
	Free float64
	// SwapIn and SwapOut are bytes a second that came from swap and went to it.
	SwapIn, SwapOut float64
	CPU             CPUUse
}

// vmstatHeader are columns that no other table has together (vmstat(8)).
var vmstatHeader = regexp.MustCompile(`\bswpd\b.*\bsi\b.*\bso\b.*\bid\b`)

// ParseVMStat reads the output of vmstat, whose sizes are in multiples of 1,024 bytes.
func ParseVMStat(text string) []VMStat {
	var all []VMStat
	var at map[string]int
	for _, line := range lines(text) {
		if vmstatHeader.MatchString(line) {
			at = columnsOf(line)
			continue
		}
		fields := strings.Fields(line)
		if at == nil || len(fields) < len(at) {
			continue
		}
		whole := true
		number := func(name string) float64 {
			i, ok := at[name]
			if !ok {
				return 0
			}
			v, isNumber := decimal(fields[i])
			whole = whole && isNumber
			return v
		}
		s := VMStat{Running: int(number("r")), Blocked: int(number("b")), Free: number("free") * 1024,
			SwapIn: number("si") * 1024, SwapOut: number("so") * 1024,
			CPU: CPUUse{User: number("us"), System: number("sy"), Idle: number("id"), Wait: number("wa"), Steal: number("st")}}
		if whole {
			all = append(all, s)
		}
	}
	return all
}
