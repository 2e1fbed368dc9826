// Package guest looks into managed nodes: it runs read-only commands on them with Run Command of Systems Manager, and
// makes facts and findings of what they print.
//
// It is of class active: it runs programs on machines. Nothing of it happens unless a [Fleet] is made, which takes a
// reason, and each command stands in the account's history with that reason.
//
//	fleet, err := guest.NewFleet(ssmClient, "ticket 42: shop is slow", window)
//	if err != nil {
//		return err
//	}
//	host := fleet.Guest("i-0123456789abcdef0")
//	report := diag.Run(ctx, diag.On(host, guest.GuestChecks()...))
//
// [Fleet.Run] runs one command on many nodes, [Fleet.RunTargets] on those with a tag:
//
//	connect, err := guest.Connect("db.internal", 5432)
//	…
//	outputs, err := fleet.Run(ctx, connect, ids...)
//	for _, o := range outputs {
//		fmt.Println(o.Node, guest.Outcomes(guest.ParseConnectivity(o.Stdout)))
//	}
//
// Commands come from this package's catalogue only. Their arguments have types, are checked and quoted: nothing a
// caller passes becomes syntax of a shell, or a reference that Systems Manager would fill in.
//
// The parsers take what the tools of Amazon Linux, Ubuntu, RHEL and busybox print, in several locales. What they do not
// understand is an error that quotes it, never a guess. They can be used alone, on outputs from elsewhere.
package guest
