package logs

import (
	"encoding/json"
	"strings"
)

// messageKeys and errorKeys are where loggers that write JSON put what they say, and the error that it is about: zap,
// zerolog, logrus and slog for Go, pino, bunyan and winston for Node.js, Logstash's and python-json-logger's encoders, and
// Lambda's JSON format ("Configuring JSON and plain text log formats", AWS Lambda Developer Guide).
var (
	messageKeys = []string{`"msg"`, `"message"`, `"event"`, `"errorMessage"`}
	errorKeys   = []string{`"error"`, `"err"`, `"exception"`}
)

// said returns what a line says: of a JSON object its message with the error that it is about, else all of it.
func said(line string) string {
	if !strings.HasPrefix(strings.TrimLeft(line, " \t"), "{") {
		return line
	}
	message, cause := firstText(line, messageKeys), firstText(line, errorKeys)
	switch {
	case message == "" && cause == "":
		return line
	case message == "" || cause == "":
		return message + cause
	case strings.Contains(message, cause):
		return message
	}
	return message + ": " + cause
}

// firstText returns the text that stands behind the first of the keys that has one. It looks for it without reading the
// whole object, which may be cut short.
func firstText(line string, keys []string) string {
	for _, key := range keys {
		_, rest, found := strings.Cut(line, key)
		for ; found; _, rest, found = strings.Cut(rest, key) {
			value, isKey := strings.CutPrefix(strings.TrimLeft(rest, " \t"), ":") // or a value, such as a level
			value = strings.TrimLeft(value, " \t")
			if !isKey || !strings.HasPrefix(value, `"`) {
				continue
			}
			if text := strings.TrimSpace(unquoted(value)); text != "" {
				return text
			}
		}
	}
	return ""
}

// unquoted returns what the JSON string at the beginning of s says, or as much of it as there is.
func unquoted(s string) string {
	end := 1
	for end < len(s) && s[end] != '"' {
		if s[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(s) {
		return s[1:] // cut short
	}
	var text string
	if json.Unmarshal([]byte(s[:end+1]), &text) != nil {
		return s[1:end]
	}
	return text
}
