// Package redact formats requests and responses without their secrets.
package redact
