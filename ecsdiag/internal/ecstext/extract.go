package ecstext

import (
	"regexp"
	"strconv"
	"strings"
)

// pattern finds one field. A text with none of the hints (lower case, "one|other") is not searched.
type pattern struct {
	hints string
	re    *regexp.Regexp
	set   func(f *Fields, value string)
}

func extract(text string) Fields {
	var f Fields
	lower := strings.ToLower(text)
	if strings.Contains(lower, "arn:") {
		f.addARNs(text)
	}
	for i := range patterns {
		p := &patterns[i]
		if !anyOf(lower, p.hints) {
			continue
		}
		for _, groups := range p.re.FindAllStringSubmatch(text, -1) {
			if value := firstGroup(groups); value != "" {
				p.set(&f, value)
			}
		}
	}
	f.addImage(text, lower)
	return f
}

// firstGroup returns the group that took part, without the punctuation of the sentence around it.
func firstGroup(groups []string) string {
	for _, group := range groups[1:] {
		if value := strings.Trim(group, " .,:;"); value != "" {
			return value
		}
	}
	return ""
}

func (f *Fields) addTask(id string) {
	for _, known := range f.TaskIDs {
		if known == id {
			return
		}
	}
	f.TaskIDs = append(f.TaskIDs, id)
}

func (f *Fields) setPort(digits string) {
	if n, err := strconv.Atoi(digits); err == nil && f.Port == 0 && n <= 65535 {
		f.Port = n
	}
}

func (f *Fields) setCount(digits string) {
	if n, err := strconv.Atoi(digits); err == nil && f.Count == 0 {
		f.Count = n
	}
}

func (f *Fields) setExitCode(digits string) {
	if n, err := strconv.Atoi(digits); err == nil && f.ExitCode == nil {
		f.ExitCode = &n
	}
}

// setParameter takes the names of "Invalid parameters: [/prod/db]". The SDKs say "1 validation error(s) found" and the
// like in the same place, which no parameter is called.
func (f *Fields) setParameter(name string) {
	if f.Parameter == "" && (strings.HasPrefix(name, "/") || strings.ContainsAny(name, "/-_.")) {
		f.Parameter = name
	}
}
