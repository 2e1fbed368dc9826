// Package plugintest runs AWS's session-manager-plugin, taken as a Go module, as a process against package
// sessiontest. What AWS's own client understands of it is AWS's dialect.
//
// It is a module of its own, so that the plugin and what it needs are nobody else's dependencies. The plugin has no
// go.mod; the version of twinj/uuid is one that it compiles with.
package plugintest
