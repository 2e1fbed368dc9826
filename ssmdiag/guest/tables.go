package guest

import (
	"regexp"
	"strconv"
	"strings"
)

// lsofName is what lsof(8) prints of a socket at the end of a row: "TCP *:8080 (LISTEN)", "TCP a:1->b:2 (ESTABLISHED)".
var lsofName = regexp.MustCompile(`\b(TCP|UDP) (\S+?)(?:->(\S+))?(?: \(([A-Z_]+)\))?\s*$`)

// lsof reads a row: command, PID, user, descriptor, type, device, size, protocol, name.
func lsof(line string) (Socket, bool) {
	m := lsofName.FindStringSubmatch(line)
	fields := strings.Fields(line)
	if m == nil || len(fields) < 8 || !isNumber(fields[1]) || !endpoint.MatchString(m[2]) {
		return Socket{}, false
	}
	s := Socket{Protocol: strings.ToLower(m[1]), Local: m[2], Peer: m[3], State: states[m[4]],
		Process: fields[1] + "/" + fields[0]}
	if s.Protocol == "udp" && s.Peer == "" {
		s.State = "UNCONN"
	}
	return s, true
}

// windowsTable reads the table that Get-Process prints: processor time and memory are in columns that may be empty, so
// that id and name are counted from the end.
type windowsTable struct {
	session bool // the column SI stands between id and name
	inside  bool
}

func (t *windowsTable) header(line string) bool {
	fields := strings.Fields(line)
	if len(fields) < 4 || fields[0] != "Handles" || fields[len(fields)-1] != "ProcessName" {
		return false
	}
	t.inside, t.session = true, fields[len(fields)-2] == "SI"
	return true
}

func (t *windowsTable) row(line string) (Process, bool) {
	fields := strings.Fields(line)
	at := len(fields) - 2
	if t.session {
		at--
	}
	if !t.inside || at < 4 || !isNumber(fields[0]) {
		return Process{}, false
	}
	id, err := strconv.Atoi(fields[at])
	return Process{PID: id, Command: fields[len(fields)-1]}, err == nil
}

// iostatHeader is the first of the two lines about all processors ("iostat(1)").
var iostatHeader = regexp.MustCompile(`avg-cpu:\s+(%user.*%idle.*)$`)

// iostatCPU reads a line of numbers under that header.
func iostatCPU(header, line string) (CPUUse, bool) {
	names, values := strings.Fields(header), strings.Fields(line)
	if len(names) == 0 || len(values) != len(names) {
		return CPUUse{}, false
	}
	var c CPUUse
	of := map[string]*float64{"%user": &c.User, "%system": &c.System, "%iowait": &c.Wait, "%steal": &c.Steal,
		"%idle": &c.Idle}
	for i, name := range names {
		v, ok := decimal(values[i])
		if !ok {
			return CPUUse{}, false
		}
		if to := of[name]; to != nil {
			*to = v
		}
	}
	return c, true
}

// engineStatus is a status as docker ps prints it, where a format asked for names and statuses only.
var engineStatus = regexp.MustCompile(`^([\w.-]+)\t+((?:Up|Exited|Restarting|Created|Dead|Paused|Removal)\b.*)$`)
