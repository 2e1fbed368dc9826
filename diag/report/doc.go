// Package report renders a [diag.Report] for people and for programs.
//
// [Text] writes for a terminal. The first five lines say what is broken, why, where and since when; what follows is for
// the reader who wants to know how it is known, what to do next, and what could not be seen:
//
//	report := diag.Run(ctx, plans...)
//	if err := report.Text(os.Stdout, r, report.Options{}); err != nil { … }
//
// The zero [Options] do the usual thing: colour on a terminal only and never against NO_COLOR, as wide as the terminal
// or COLUMNS says, 100 columns elsewhere.
//
// [JSON] writes the versioned form that [diag.SchemaVersion] counts. [Markdown] writes for a ticket or a chat, [HTML]
// a page that stands alone, for an archive or a mail.
//
// # What customers wrote cannot steer the terminal
//
// Log lines, names and error messages come from outside. Every one of them passes one function which makes control
// codes, escape sequences, bidirectional overrides and invisible characters visible: a newline is shown as \n, an
// escape as \x1b.
//
// # Same report, same bytes
//
// Nothing here looks at a clock: every age is counted from the end of the report's window.
package report
