package guest

import (
	"strconv"
	"strings"
)

// Process is a line of ps or top. Members that the tool did not print are zero.
type Process struct {
	User string
	PID  int
	// CPU and Memory are in percent: of one processor, of all memory.
	CPU, Memory float64
	State       string
	Command     string
}

// ParseProcesses reads the output of ps, GNU or busybox, the list of top, or the table of Get-Process: rows under a
// header with a PID.
func ParseProcesses(text string) []Process {
	var all []Process
	var at map[string]int
	width := 0
	var table windowsTable
	for _, line := range lines(text) {
		if columns := columnsOf(line); isProcessHeader(columns) {
			at, width = columns, len(strings.Fields(line))
			continue
		}
		if table.header(line) {
			continue
		}
		if p, ok := process(at, width, line); ok {
			all = append(all, p)
		} else if p, ok := table.row(line); ok {
			all = append(all, p)
		}
	}
	return all
}

func isProcessHeader(columns map[string]int) bool {
	_, pid := columns["PID"]
	_, command := columns["COMMAND"]
	_, cmd := columns["CMD"]
	_, descriptor := columns["FD"] // lsof lists files, not processes
	return pid && (command || cmd) && !descriptor
}

func process(at map[string]int, width int, line string) (Process, bool) {
	fields := strings.Fields(line)
	column := func(names ...string) string {
		for _, name := range names {
			if i, ok := at[name]; ok && i < len(fields) {
				return fields[i]
			}
		}
		return ""
	}
	pid, err := strconv.Atoi(column("PID"))
	if at == nil || err != nil || len(fields) < width-1 {
		return Process{}, false
	}
	p := Process{User: column("USER", "UID"), PID: pid, State: column("STAT", "S")}
	p.CPU, _ = decimal(strings.TrimSuffix(column("%CPU", "CPU"), "%"))
	p.Memory, _ = decimal(strings.TrimSuffix(column("%MEM", "%VSZ"), "%"))
	start := width - 1
	if len(fields) < width { // busybox leaves a column of its own empty
		start = len(fields) - 1
	}
	p.Command = strings.Join(fields[start:], " ")
	return p, true
}
