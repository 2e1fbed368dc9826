package report

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// kinds whose CloudFormation name is not what people call them.
var kindNames = map[string]string{
	"AWS::EC2::NetworkInsightsPath":        "network path",
	"AWS::EC2::NetworkAcl":                 "network ACL",
	"AWS::EC2::NatGateway":                 "NAT gateway",
	"AWS::SecretsManager::Secret":          "secret",
	"AWS::CertificateManager::Certificate": "certificate",
}

// kindOf says what a resource is, in words: "AWS::EC2::SecurityGroup" is a "security group", "AWS::ECS::Service" an
// "ECS service", for "service" alone says too little.
func kindOf(r diag.Resource) string {
	if name, ok := kindNames[r.Type]; ok {
		return name
	}
	parts := strings.Split(strings.TrimPrefix(r.Type, "AWS::"), "::")
	words := splitWords(parts[len(parts)-1])
	if len(words) == 1 && len(parts) > 1 {
		words = append([]string{parts[0]}, words...)
	}
	for i, w := range words {
		if w != strings.ToUpper(w) && !(i == 0 && len(words) > 1 && w == parts[0]) {
			words[i] = strings.ToLower(w)
		}
	}
	return strings.Join(words, " ")
}

// splitWords splits at a capital that begins a word: "DBInstance" is "DB", "Instance".
func splitWords(name string) []string {
	var words []string
	runes, start := []rune(name), 0
	for i := 1; i < len(runes); i++ {
		begins := unicode.IsUpper(runes[i]) && (unicode.IsLower(runes[i-1]) ||
			(i+1 < len(runes) && unicode.IsLower(runes[i+1])))
		if begins {
			words = append(words, string(runes[start:i]))
			start = i
		}
	}
	return append(words, string(runes[start:]))
}

// named is the kind and the id: "ECS service prod/api".
func named(r diag.Resource) string {
	return strings.TrimSpace(kindOf(r) + " " + cmp.Or(r.ID, r.ARN))
}

// placed is named with region and account.
func placed(r diag.Resource) string {
	text := named(r)
	if r.Region != "" && !strings.HasPrefix(r.Type, "AWS::IAM::") { // global: the region is the one it was read from
		text += ", " + r.Region
	}
	if r.Account != "" {
		text += ", account " + r.Account
	}
	return text
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") + " UTC" }

// near is the time alone where the day is the day of the report, and with its date otherwise.
func near(t, now time.Time) string {
	if t.UTC().Format(time.DateOnly) == now.UTC().Format(time.DateOnly) {
		return t.UTC().Format("15:04:05")
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

// lasting is a span of time to the minute, and to the second below one.
func lasting(d time.Duration) string {
	if d >= time.Minute {
		d = d.Round(time.Minute)
	}
	return words.Span(d)
}

// listed joins items and keeps at most n.
func listed(items []string, n int) string {
	if len(items) > n {
		items = append(append([]string{}, items[:n]...), fmt.Sprintf("and %d more", len(items)-n))
	}
	return strings.Join(items, ", ")
}
