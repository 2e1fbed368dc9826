package logs

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Invocation is one invocation of a Lambda function, as its REPORT line tells it ("Using CloudWatch Logs with Lambda",
// AWS Lambda Developer Guide).
type Invocation struct {
	RequestID string
	// Entry is the line that told it, empty where [ParseReport] was given no more than a text.
	Entry Entry
	// Duration is how long the code ran; Billed is that rounded up; Init is how long a cold start took, zero if warm.
	Duration, Billed, Init time.Duration
	// MemorySize and MaxMemoryUsed are in MB.
	MemorySize, MaxMemoryUsed int
	// Status is "timeout", "error" or "failure"; empty after success.
	Status string
	// TimedOut tells that the function's time limit ended it.
	TimedOut bool
}

var (
	reportLine  = regexp.MustCompile(`REPORT RequestId: ([\w-]+)`)
	reportField = regexp.MustCompile(`(Duration|Billed Duration|Init Duration|Memory Size|Max Memory Used|` +
		`Status): (?:([\d.]+) (ms|MB)|(\w+))`)
	taskTimeout = regexp.MustCompile(`^\S+ ([\w-]{36}) Task timed out after ([\d.]+) seconds`)
)

// ParseReport reads a REPORT line, or the line that tells of a time-out. It returns false for any other line.
func ParseReport(text string) (Invocation, bool) {
	if m := taskTimeout.FindStringSubmatch(text); m != nil {
		seconds, _ := strconv.ParseFloat(m[2], 64)
		return Invocation{RequestID: m[1], Duration: time.Duration(seconds * float64(time.Second)), Status: "timeout",
			TimedOut: true}, true
	}
	head := reportLine.FindStringSubmatch(text)
	if head == nil {
		return parsePlatformReport(text)
	}
	v := Invocation{RequestID: head[1]}
	for _, m := range reportField.FindAllStringSubmatch(text, -1) {
		number, _ := strconv.ParseFloat(m[2], 64)
		v.set(m[1], number, m[4])
	}
	v.TimedOut = v.Status == "timeout"
	return v, true
}

// platformReport is a REPORT in the JSON log format ("Lambda Telemetry API Event schema reference", platform.report).
type platformReport struct {
	Type   string
	Record struct {
		RequestID string
		Status    string
		Metrics   struct {
			DurationMs, BilledDurationMs, InitDurationMs float64
			MemorySizeMB, MaxMemoryUsedMB                float64
		}
	}
}

func parsePlatformReport(text string) (Invocation, bool) {
	var r platformReport
	if !strings.Contains(text, `"platform.report"`) || json.Unmarshal([]byte(text),
		&r) != nil || r.Type != "platform.report" {
		return Invocation{}, false
	}
	v, m := Invocation{RequestID: r.Record.RequestID}, r.Record.Metrics
	v.set("Duration", m.DurationMs, "")
	v.set("Billed Duration", m.BilledDurationMs, "")
	v.set("Init Duration", m.InitDurationMs, "")
	v.set("Memory Size", m.MemorySizeMB, "")
	v.set("Max Memory Used", m.MaxMemoryUsedMB, "")
	if r.Record.Status != "success" {
		v.Status = r.Record.Status
	}
	v.TimedOut = v.Status == "timeout"
	return v, v.RequestID != ""
}

func (v *Invocation) set(field string, number float64, word string) {
	millis := time.Duration(number * float64(time.Millisecond))
	switch field {
	case "Duration":
		v.Duration = millis
	case "Billed Duration":
		v.Billed = millis
	case "Init Duration":
		v.Init = millis
	case "Memory Size":
		v.MemorySize = int(number)
	case "Max Memory Used":
		v.MaxMemoryUsed = int(number)
	case "Status":
		v.Status = word
	}
}

// nearLimit is from which part of its memory on a function is near its limit: at it, Lambda ends the function.
const nearLimit = 0.9

// NearMemoryLimit reports whether the invocation used nine tenths of the function's memory or more.
func (v Invocation) NearMemoryLimit() bool {
	return v.MemorySize > 0 && float64(v.MaxMemoryUsed) >= nearLimit*float64(v.MemorySize)
}

// Invocations returns what the REPORT lines among entries tell, and the time-outs of invocations that left no such
// line.
func Invocations(entries []Entry) []Invocation {
	var all []Invocation
	index := map[string]int{}
	for _, e := range entries {
		v, ok := ParseReport(e.Text)
		if !ok {
			continue
		}
		v.Entry = e
		if i, known := index[v.RequestID]; known {
			all[i] = merged(all[i], v)
			continue
		}
		index[v.RequestID] = len(all)
		all = append(all, v)
	}
	return all
}

// merged joins the two lines that a time-out leaves.
func merged(a, b Invocation) Invocation {
	if a.MemorySize == 0 {
		a, b = b, a
	}
	a.TimedOut = a.TimedOut || b.TimedOut
	if a.Status == "" {
		a.Status = b.Status
	}
	return a
}
