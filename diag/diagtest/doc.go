// Package diagtest is the contract that every check keeps, as tests.
//
// [Conform] runs a check against a healthy and a broken world of fakes and proves that it is silent and loud in the
// right place, calls only what it declares, never takes a denied or throttled call for an all-clear, ends with its
// context, tells the same story twice, and survives answers in which AWS left out what it may:
//
//	func TestConform(t *testing.T) {
//		diagtest.Conform(t, mydiag.QueueStuck, diagtest.Worlds[*mydiag.Queue]{
//			Healthy: func() (*mydiag.Queue, []diagfake.Fake) { … },
//			Broken:  func() (*mydiag.Queue, []diagfake.Fake) { … },
//		})
//	}
//
// [Run] runs checks and returns the report; [Want] asserts on the codes found.
package diagtest
