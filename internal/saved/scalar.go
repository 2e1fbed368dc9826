package saved

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
)

func (d *decoder) scalar(v reflect.Value, j any, own owner) error {
	switch {
	case v.Type() == timeType:
		return d.time(v, j)
	case v.Type() == bytesType:
		return d.blob(v, j)
	}
	switch v.Kind() {
	case reflect.String:
		return d.text(v, j, own)
	case reflect.Bool:
		b, ok := j.(bool)
		if !ok {
			return d.wrong("true or false", j)
		}
		v.SetBool(b)
		return nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, ok := integer(j)
		if !ok || v.OverflowInt(n) {
			return d.wrong("an integer of "+strconv.Itoa(v.Type().Bits())+" bits", j)
		}
		v.SetInt(n)
		return nil
	case reflect.Float32, reflect.Float64:
		f, ok := float(j)
		if !ok {
			return d.wrong("a number", j)
		}
		v.SetFloat(f)
		return nil
	}
	return d.wrong("nothing: "+v.Type().String()+" cannot be saved", j)
}

// text takes an object for a string where people write JSON in place of a string of JSON. IAM's policy documents are
// URL-encoded in the SDK, as the service sends them; every other service sends plain JSON.
func (d *decoder) text(v reflect.Value, j any, own owner) error {
	if s, ok := j.(string); ok {
		if isConsole(own.typ, own.field) {
			s = base64.StdEncoding.EncodeToString([]byte(s))
		}
		v.SetString(s)
		return nil
	}
	if _, ok := j.(map[string]any); !ok {
		return d.wrong("a string", j)
	}
	document, err := json.Marshal(j)
	if err != nil {
		return err
	}
	text := string(document)
	if isIAM(own.typ) {
		text = strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
	}
	v.SetString(text)
	return nil
}

func isIAM(t reflect.Type) bool {
	return t != nil && strings.Contains(t.PkgPath()+"/", "/service/iam/")
}

// isConsole reports the one string that the CLI decodes: "The console output, base64-encoded. If you are using a
// command line tool, the tool decodes the output for you" (EC2 API reference, GetConsoleOutput).
func isConsole(t reflect.Type, field string) bool {
	return t != nil && t.Name() == "GetConsoleOutputOutput" && field == "Output"
}

// layouts are how the CLI's versions write times ("cli_timestamp_format" of the AWS CLI user guide).
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999"}

func (d *decoder) time(v reflect.Value, j any) error {
	if s, ok := j.(string); ok {
		for _, layout := range layouts {
			if t, err := time.Parse(layout, s); err == nil {
				v.Set(reflect.ValueOf(t.UTC()))
				return nil
			}
		}
	} else if seconds, ok := float(j); ok {
		whole, part := math.Modf(seconds)
		// Services send milliseconds at most; a float64 does not hold more digits faithfully.
		t := time.Unix(int64(whole), int64(math.Round(part*1e3))*1e6).UTC()
		v.Set(reflect.ValueOf(t))
		return nil
	}
	return d.wrong("a time such as 2026-02-11T13:48:00Z or seconds since 1970", j)
}

func (d *decoder) blob(v reflect.Value, j any) error {
	if s, ok := j.(string); ok {
		if b, err := base64.StdEncoding.DecodeString(s); err == nil {
			v.SetBytes(b)
			return nil
		}
	}
	return d.wrong("base64", j)
}

func integer(j any) (int64, bool) {
	n, ok := j.(json.Number)
	if !ok {
		return 0, false
	}
	if i, err := n.Int64(); err == nil {
		return i, true
	}
	f, err := n.Float64()
	return int64(f), err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53
}

// float also takes the names of the numbers that JSON cannot write.
func float(j any) (float64, bool) {
	switch n := j.(type) {
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	case string:
		f, ok := map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}[n]
		return f, ok
	}
	return 0, false
}
