//go:build linux || darwin

package report

import (
	"syscall"
	"unsafe"
)

// terminalWidth asks the terminal for its columns (tty_ioctl(4), TIOCGWINSZ); zero if it does not tell.
func terminalWidth(fd uintptr) int {
	var size struct{ rows, columns, x, y uint16 }
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size)))
	if errno != 0 {
		return 0
	}
	return int(size.columns)
}
