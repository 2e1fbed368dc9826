package diag

// Nature says how a change takes effect. Zero is at once, and nothing more is known.
type Nature int

const (
	// AtStart is a change that takes effect when what reads it is started next: the value of a secret, an image under a
	// tag that was there before, a launch template, a parameter of a database that waits for a reboot.
	AtStart Nature = iota + 1
	// Restarts is a change that starts again what was there: a reboot, a forced deployment of the same. By itself it
	// changes nothing; it takes into effect what was changed before. It is what people do, too, when something is
	// wrong.
	Restarts
	// Remedy is what people do when something is wrong: more capacity, a command on a host, a stop.
	Remedy
)

var natureNames = []string{"", "at-start", "restarts", "remedy"}

// String returns at-start, restarts or remedy.
func (n Nature) String() string { return enumName(natureNames, int(n), "Nature") }

// MarshalText returns the name.
func (n Nature) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads the name.
func (n *Nature) UnmarshalText(text []byte) error {
	i, err := enumValue(natureNames, string(text), "nature of a change")
	*n = Nature(i)
	return err
}
