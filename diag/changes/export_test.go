package changes

// Kinds lists every event that the tables know, as "service:EventName", with its family.
func Kinds() map[string]string {
	all := map[string]string{}
	for action, k := range kinds() {
		all[action] = k.family
	}
	return all
}

// Routine reports a call that changes nothing, whoever makes it.
func Routine(action string) bool { return routine[action] }

// Inverses returns the events that take an event back.
func Inverses() map[string][]string { return inverse }
