// Package redact formats requests and answers without their secrets.
package redact
