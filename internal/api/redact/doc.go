// Package redact shows requests and answers without their secrets.
package redact
