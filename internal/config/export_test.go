package config

import "time"

// SetPatience shortens how long Edit waits for another one.
func (c *Config) SetPatience(d time.Duration) { c.patience = d }
