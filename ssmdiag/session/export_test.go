package session

import "time"

// WaitForClose sets how long the service may take to close a session whose command has ended.
func (c *Client) WaitForClose(d time.Duration) { c.closing = d }
