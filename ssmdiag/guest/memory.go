package guest

import (
	"regexp"
	"strings"
)

// MemoryUse is what free or /proc/meminfo says, in bytes.
type MemoryUse struct {
	Total, Free float64
	// Available is what programs can still have, caches given up; free of old systems does not say.
	Available    float64
	HasAvailable bool
	// Printed is the available memory, or else the free memory, as the tool printed it.
	Printed             string
	SwapTotal, SwapFree float64
}

var (
	memoryRow = regexp.MustCompile(
		`^\s*(?i:mem\.?|mém\.?|speicher|memoria|memória|mem[oó]ria|bellek|geheugen|pamięć|память|内存|記憶體)\s*[::]\s*(\S.*)$`,
	)
	swapRow = regexp.MustCompile(
		`^\s*(?i:swap|échange|partition d'échange|auslagerung|inter|intercambio|wisselbestand)\s*[::]\s*(\S.*)$`,
	)
	meminfo = regexp.MustCompile(`^\s*(MemTotal|MemFree|MemAvailable|SwapTotal|SwapFree):\s+(\d+) kB`)
	// topMemory and topPortion are the rows of top: "MiB Mem :  3933.1 total,  739.0 free", "Mem: 61712K used, 942K free".
	topMemory  = regexp.MustCompile(`^\s*(?:([KMGT])iB\s+)?(Mem|Swap)\s*:.*\b(?:total|used|free)\b`)
	topPortion = regexp.MustCompile(`(\d+(?:[.,]\d+)?[KMGkmg]?)[+ ]+(total|free|used|avail)`)
	cached     = regexp.MustCompile(`(?i)^(cached?|tampons?|puffer)$`)
)

// ParseMemory reads the output of free, old and new, GNU and busybox, or /proc/meminfo. Numbers without a unit are
// multiples of unit bytes: 1 << 10 for free, 1 << 20 for free -m.
func ParseMemory(text string, unit float64) (MemoryUse, bool) {
	var m MemoryUse
	found := false
	header := []string{}
	for _, line := range lines(text) {
		if row := topMemory.FindStringSubmatch(line); row != nil {
			found = m.top(row[1], row[2], line, unit) || found
		} else if row := memoryRow.FindStringSubmatch(line); row != nil {
			if m.memory(header, strings.Fields(row[1]), unit) {
				found = true
			}
		} else if row := swapRow.FindStringSubmatch(line); row != nil {
			m.swap(strings.Fields(row[1]), unit)
		} else if row := meminfo.FindStringSubmatch(line); row != nil {
			m.info(row[1], row[2])
			found = found || row[1] == "MemTotal"
		} else if fields := strings.Fields(line); len(fields) >= 3 && len(fields) <= 9 &&
			!strings.ContainsAny(line, "0123456789:") {
			header = fields
		}
	}
	return m, found
}

// memory reads a row of memory. The columns are total, used, free, shared, then buffers and cached, or both in one and
// then available; their order is the same in every locale.
func (m *MemoryUse) memory(header, values []string, unit float64) bool {
	if len(values) < 3 || m.Total > 0 {
		return false
	}
	var ok bool
	if m.Total, ok = size(values[0], unit); !ok {
		return false
	}
	if m.Free, ok = size(values[2], unit); !ok {
		return false
	}
	m.Printed = values[2]
	last := values[len(values)-1]
	if len(values) >= 6 && len(header) > 0 && !cached.MatchString(header[len(header)-1]) {
		m.Available, m.HasAvailable = size(last, unit)
		m.Printed = last
	}
	return true
}

func (m *MemoryUse) swap(values []string, unit float64) {
	if len(values) < 3 {
		return
	}
	m.SwapTotal, _ = size(values[0], unit)
	m.SwapFree, _ = size(values[2], unit)
}

func (m *MemoryUse) info(name, kilobytes string) {
	n, _ := size(kilobytes, 1<<10)
	switch name {
	case "MemTotal":
		m.Total = n
	case "MemFree":
		m.Free = n
		if !m.HasAvailable {
			m.Printed = kilobytes
		}
	case "MemAvailable":
		m.Available, m.HasAvailable, m.Printed = n, true, kilobytes
	case "SwapTotal":
		m.SwapTotal = n
	case "SwapFree":
		m.SwapFree = n
	}
}

// top reads a row of top. Its row of swap also holds what is available.
func (m *MemoryUse) top(prefix, row, line string, unit float64) bool {
	if prefix != "" {
		unit = sizes[prefix]
	}
	var used float64
	for _, portion := range topPortion.FindAllStringSubmatch(line, -1) {
		n, _ := size(portion[1], unit)
		switch {
		case portion[2] == "avail":
			m.Available, m.HasAvailable, m.Printed = n, true, portion[1]
		case row == "Swap" && portion[2] == "total":
			m.SwapTotal = n
		case row == "Swap" && portion[2] == "free":
			m.SwapFree = n
		case portion[2] == "total":
			m.Total = n
		case portion[2] == "free":
			m.Free = n
			if !m.HasAvailable {
				m.Printed = portion[1]
			}
		default:
			used = n
		}
	}
	if row == "Mem" && m.Total == 0 {
		m.Total = used + m.Free // busybox has no total
	}
	return row == "Mem" && m.Total > 0
}
