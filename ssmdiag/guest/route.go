package guest

import (
	"net/netip"
	"strings"
)

// Route is a line of a routing table.
type Route struct {
	// Destination is "default" or a network.
	Destination string
	// Via is the gateway, "" for networks that are directly attached.
	Via string
	// Device is the interface; on Windows its address.
	Device string
}

// ParseRoutes reads the output of "ip route", "route -n", "netstat -rn" or, of Windows, "route print".
func ParseRoutes(text string) []Route {
	var all []Route
	for _, line := range lines(text) {
		fields := strings.Fields(line)
		if r, ok := ipRoute(fields); ok {
			all = append(all, r)
		} else if r, ok := tableRoute(fields); ok {
			all = append(all, r)
		}
	}
	return all
}

func ipRoute(fields []string) (Route, bool) {
	if len(fields) < 3 {
		return Route{}, false
	}
	r := Route{Destination: fields[0]}
	for i := 1; i+1 < len(fields); i++ {
		switch fields[i] {
		case "via":
			r.Via = fields[i+1]
		case "dev":
			r.Device = fields[i+1]
		}
	}
	return r, r.Device != "" && (r.Destination == "default" || isNetwork(r.Destination))
}

// tableRoute reads a row with a column for the mask: of Linux with eight, of Windows with five columns.
func tableRoute(fields []string) (Route, bool) {
	if len(fields) != 8 && len(fields) != 5 {
		return Route{}, false
	}
	destination, gateway, mask := fields[0], fields[1], fields[2]
	if len(fields) == 5 {
		gateway, mask = fields[2], fields[1]
	}
	if !(destination == "default" || isNetwork(destination)) || !isNetwork(mask) {
		return Route{}, false
	}
	r := Route{Destination: destination, Via: gateway, Device: fields[7*len(fields)/8]}
	if len(fields) == 5 {
		r.Device = fields[3]
	}
	if destination == "0.0.0.0" && mask == "0.0.0.0" {
		r.Destination = "default"
	}
	if gateway == "0.0.0.0" || gateway == "*" || gateway == "On-link" {
		r.Via = ""
	}
	return r, true
}

func isNetwork(text string) bool {
	if _, err := netip.ParsePrefix(text); err == nil {
		return true
	}
	_, err := netip.ParseAddr(text)
	return err == nil
}
