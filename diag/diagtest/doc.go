// Package diagtest is the contract that every check keeps, as tests.
//
// [Conform] runs a check against a healthy and a broken world of fakes and proves that it
//
//   - describes itself completely, and is silent in the one world and loud in the other;
//   - writes findings that a reader can use: one line, evidence with its source, steps that say whether they change
//     anything;
//   - calls just what it declares, and asks for each fact once;
//   - never takes a denied or throttled call, or a list that was cut short, for an all-clear;
//   - ends with its context and leaves no goroutine;
//   - knows when it was made and stands above what it broke, if it tells of a change ([diag.Info].Change);
//   - tells the same story each time, however AWS cuts its pages, and survives answers in which AWS left out what it may.
//
// A test of a check is then its two worlds:
//
//	func TestConform(t *testing.T) {
//		diagtest.Conform(t, mydiag.QueueStuck, diagtest.Worlds[*mydiag.Queue]{
//			Healthy: func() (*mydiag.Queue, []diagfake.Fake) { … },
//			Broken:  func() (*mydiag.Queue, []diagfake.Fake) { … },
//		})
//	}
//
// [Run] runs checks and returns the report; [Want] asserts on the codes found, and [Only] picks one finding out.
// [ReadOnly] proves that a client interface can do nothing but read.
package diagtest
