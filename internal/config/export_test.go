package config

import "time"

// SetPatience sets how long Edit waits for another Edit.
func (c *Config) SetPatience(d time.Duration) { c.editWait = d }
