package guest

import (
	"regexp"
	"strconv"
	"strings"
)

// Filesystem is a line of df.
type Filesystem struct {
	Device, Type, Mount string
	// Percent is how much of it is used: of its blocks, or of its inodes where Inodes is set. -1 where df has none.
	Percent int
	Inodes  bool
	// Total and Used are as df printed them, Available what it has left.
	Total, Used, Available string
}

// Image reports a file system that is full by nature: it is read-only and as large as what is in it.
func (f Filesystem) Image() bool {
	return strings.HasPrefix(f.Device, "/dev/loop") || strings.HasPrefix(f.Device, "/dev/sr") ||
		strings.HasPrefix(f.Mount, "/snap/") || strings.HasPrefix(f.Mount, "/var/lib/snapd/snap/") ||
		f.Type == "squashfs" || f.Type == "iso9660" || f.Type == "erofs"
}

var (
	percentage = regexp.MustCompile(`^(\d{1,3})\s?%$`)
	// inodeHeader recognises df -i in the locales that its translations have.
	inodeHeader = regexp.MustCompile(`(?i)\b(inodes?|iused|ifree|iuse%|iuti%?|in[oœ]uds?|i-?nod\w*)`)
	blockHeader = regexp.MustCompile(
		`(?i)(1[kK]-|1024-|512-|blo[ck]|size|taille|größe|tama|avail|dispo|verf|use%|uti%|capacity|dimens)`,
	)
	// noteBehind is what somebody wrote behind the mount of a row: set off by more than one space, or by an arrow.
	noteBehind = regexp.MustCompile(`(%\s+/\S*)(?:\s{2,}|\s+(?:[-=]+>|<[-=]+|[←→#])).*$`)
	sizeWord   = regexp.MustCompile(`^(-|\d+(?:[.,]\d+)?[KMGTPEkmgtpe]?(?:i?[Bo]|i)?)$`)
	fsType     = regexp.MustCompile(`^[a-z][a-z0-9._]*$`)
)

// ParseFilesystems reads the output of df, with blocks (-P, -h, -T …) or inodes (-i), in any locale. Lines that are
// wrapped, after the device or before the mount, are joined.
func ParseFilesystems(text string) []Filesystem {
	var all []Filesystem
	inodes := false
	held := ""
	for _, line := range lines(text) {
		if header, ofInodes := dfHeader(line); header {
			inodes, held = ofInodes, ""
			continue
		}
		line = noteBehind.ReplaceAllString(line, "$1")
		joined := strings.TrimSpace(held + " " + line)
		if f, ok := filesystem(strings.Fields(joined)); ok {
			f.Inodes = inodes
			all, held = append(all, f), ""
			continue
		}
		if f, ok := filesystem(strings.Fields(line)); ok {
			f.Inodes = inodes
			all, held = append(all, f), ""
			continue
		}
		held = holdable(line)
	}
	return all
}

// dfHeader reports the header of df, and whether its counts are of inodes. The one of macOS has both, and goes by
// blocks.
func dfHeader(line string) (header, inodes bool) {
	if strings.Contains(line, "/") {
		return false, false
	}
	inodes, blocks := inodeHeader.MatchString(line), blockHeader.MatchString(inodeHeader.ReplaceAllString(line, ""))
	return inodes || blocks, inodes && !strings.Contains(strings.ToLower(line), "%iused")
}

// holdable returns a line that may go on in the next one: a device alone, or a row without its mount.
func holdable(line string) string {
	fields := strings.Fields(line)
	if len(fields) == 1 && (strings.ContainsAny(line, "/:-_.") || len(line) > 20) ||
		len(fields) > 3 && percentage.MatchString(fields[len(fields)-1]) {
		return line
	}
	return ""
}

// filesystem reads a row: device, perhaps a type, three sizes, a percentage and a mount. macOS has counts of inodes
// between the last two.
func filesystem(fields []string) (Filesystem, bool) {
	for i := 4; i < len(fields)-1; i++ {
		percent, ok := percentOf(fields[i])
		if !ok || !strings.HasPrefix(fields[i+1], "/") || !allSizes(fields[i-3:i]) {
			continue
		}
		f := Filesystem{
			Percent:   percent,
			Mount:     strings.Join(fields[i+1:], " "),
			Total:     fields[i-3],
			Used:      fields[i-2],
			Available: fields[i-1],
		}
		device := fields[:i-3]
		if n := len(device); n > 1 && fsType.MatchString(device[n-1]) {
			f.Type, device = device[n-1], device[:n-1]
		}
		f.Device = strings.Join(device, " ")
		return f, true
	}
	return macOS(fields)
}

// macOS reads a row with counts of inodes behind the percentage.
func macOS(fields []string) (Filesystem, bool) {
	for i := 4; i < len(fields)-4; i++ {
		percent, ok := percentOf(fields[i])
		_, second := percentOf(fields[i+3])
		if ok && second && strings.HasPrefix(fields[i+4], "/") && allSizes(fields[i-3:i]) {
			return Filesystem{
				Percent:   percent,
				Mount:     strings.Join(fields[i+4:], " "),
				Total:     fields[i-3],
				Used:      fields[i-2],
				Available: fields[i-1],
				Device:    strings.Join(fields[:i-3], " "),
			}, true
		}
	}
	return Filesystem{}, false
}

func percentOf(text string) (int, bool) {
	if text == "-" {
		return -1, true
	}
	m := percentage.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, _ := strconv.Atoi(m[1])
	return n, true
}

func allSizes(words []string) bool {
	for _, w := range words {
		if !sizeWord.MatchString(w) {
			return false
		}
	}
	return true
}
