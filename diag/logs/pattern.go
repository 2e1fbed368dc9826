package logs

// FilterPattern is the CloudWatch filter pattern by which a busy group is read: it lets through every line that
// [Classify] could know, and health-check requests. It is one regular expression, as only those match within words;
// parentheses and blanks are not allowed in it ("Supported regular expressions (regex) syntax", CloudWatch Logs User
// Guide). A pattern holds at most 1,024 characters.
const FilterPattern = `%[Ee]rror|ERR|[Ee]xception|[Ff]atal|FATAL|CRIT|[Pp]anic|[Ff]ail|FAIL|[Rr]efused|REFUSED|[Tt]imed|[Tt]ime.?out|TIME|` +
	`[Dd]enied|DENIED|[Rr]eset|RESET|[Cc]annot|[Cc]an.t|[Cc]ould|[Uu]nable|[Nn]ot\s|NOT_|NO[A-Z]|[Nn]o\s|[Mm]issing|MISSING|[Mm]emory|[Kk]ill|` +
	`[Tt]oo\s|[Ee]xpired|EXPIRED|[Ee]xceeded|[Rr]eserved|[Dd]eadlock|[Ii]nvalid|[Uu]nauthor|[Cc]rash|[Cc]losed|[Ll]ost|[Ll]ocked|` +
	`[Rr]efer|[Rr]equired|[Mm]ust|[Aa]lready|[Dd]uplicate|violates|[Uu]nknown|[Uu]nexpected|[Uu]ncaught|[Uu]nhandled|[Aa]bort|` +
	`[Bb]roken|[Hh]ang|[Dd]own|[Ss]yntax|[Tt]hrottl|[Rr]ate|[Ll]imit|[Qq]uota|[Uu]nhealthy|[Uu]nreach|[Uu]nsupported|SIG[A-Z]|[Ss]ignal|` +
	`[Ss]tarting\sup|[Rr]ecovery|shutdown|[Tt]raceback|Caused|E[A-Z]{4}|[Pp]assword|WARN|[^0-9][45][0-9][0-9][^0-9]|ELB-Health|REPORT%`
