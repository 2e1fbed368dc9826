package guest

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// psNumber is a number of ConvertTo-Json, which properties of WMI classes also come as text.
type psNumber float64

// UnmarshalJSON takes a number, a number as text, or null.
func (n *psNumber) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `" `)
	if text == "" || text == "null" {
		return nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Errorf("neither a number nor a text of one: %s", raw)
	}
	*n = psNumber(v)
	return nil
}

// psList reads what ConvertTo-Json makes of a list: an array, an object alone where the list has one, and in Windows
// PowerShell 5.1 an object with "value" and "Count" around the array. What stands before the JSON is passed over.
func psList[T any](text string) ([]T, bool) {
	start := strings.IndexAny(text, "[{")
	if start < 0 {
		return nil, false
	}
	var raw json.RawMessage
	if err := json.NewDecoder(strings.NewReader(text[start:])).Decode(&raw); err != nil {
		return nil, false
	}
	var wrapped struct {
		Value json.RawMessage `json:"value"`
		Count *int
	}
	if json.Unmarshal(raw, &wrapped) == nil && wrapped.Count != nil && len(wrapped.Value) > 0 {
		raw = wrapped.Value
	}
	var list []T
	if json.Unmarshal(raw, &list) == nil {
		return list, true
	}
	var one T
	if json.Unmarshal(raw, &one) != nil {
		return nil, false
	}
	return []T{one}, true
}

// ParseDrives reads the output of [DiskWindows]. Sizes are in bytes; the percentage is of the whole drive.
func ParseDrives(text string) ([]Filesystem, bool) {
	drives, ok := psList[struct {
		DeviceID        string
		Size, FreeSpace *psNumber
	}](text)
	var all []Filesystem
	for _, d := range drives {
		if d.DeviceID == "" || d.Size == nil || d.FreeSpace == nil || *d.Size <= 0 {
			continue // a drive without a medium
		}
		used := *d.Size - *d.FreeSpace
		all = append(all, Filesystem{Device: d.DeviceID, Mount: d.DeviceID + `\`,
			Percent: int(math.Ceil(float64(used / *d.Size * 100))), Total: gibibytes(*d.Size), Used: gibibytes(used),
			Available: gibibytes(*d.FreeSpace)})
	}
	return all, ok && len(all) > 0
}

func gibibytes(n psNumber) string { return fmt.Sprintf("%.1fG", float64(n)/(1<<30)) }

// ParseMemoryWindows reads the output of [MemoryWindows], which is in multiples of 1,024 bytes.
func ParseMemoryWindows(text string) (MemoryUse, bool) {
	list, ok := psList[struct{ TotalVisibleMemorySize, FreePhysicalMemory psNumber }](text)
	if !ok || len(list) == 0 || list[0].TotalVisibleMemorySize <= 0 {
		return MemoryUse{}, false
	}
	total, free := float64(list[0].TotalVisibleMemorySize), float64(list[0].FreePhysicalMemory)
	return MemoryUse{Total: total * 1024, Free: free * 1024, Available: free * 1024, HasAvailable: true,
		Printed: strconv.FormatFloat(free, 'f', -1, 64)}, true
}

// ParseProcessesWindows reads the output of [ProcessesWindows]. Windows gives the seconds of processor time since a
// process began, which is no percentage: only names, ids and memory are kept, in the order of the output.
func ParseProcessesWindows(text string) ([]Process, bool) {
	list, ok := psList[struct {
		ID          psNumber `json:"Id"`
		ProcessName string
	}](text)
	var all []Process
	for _, p := range list {
		if p.ProcessName != "" {
			all = append(all, Process{PID: int(p.ID), Command: p.ProcessName})
		}
	}
	return all, ok && len(all) > 0
}

// ParseServicesWindows reads the output of [FailedServicesWindows]: services that start by themselves and have stopped
// with an error.
func ParseServicesWindows(text string) ([]Sign, bool) {
	if strings.TrimSpace(text) == "" || strings.TrimSpace(text) == "[]" {
		return nil, true
	}
	list, ok := psList[struct {
		Name     string
		State    string
		ExitCode psNumber
	}](text)
	var all []Sign
	for _, s := range list {
		if s.Name != "" {
			all = append(all, Sign{"unit-failed", s.Name,
				fmt.Sprintf("%s is %s, exit code %.0f", s.Name, s.State, float64(s.ExitCode))})
		}
	}
	return all, ok
}
