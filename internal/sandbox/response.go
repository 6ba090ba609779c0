package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// response is the response to a call: a status and a value to encode as JSON.
type response struct {
	status int
	header map[string]string
	body   any
}

// envelope wraps every successful response except the login's.
type envelope struct {
	Status  bool   `json:"status"`
	Message string `json:"message,omitempty"`
	Data    any    `json:"data"`
}

// ok is the response to a successful read.
func ok(data any) *response {
	return &response{status: http.StatusOK, body: envelope{Status: true, Data: data}}
}

// done is the response to a successful write.
func done(status int, message string, data any) *response {
	return &response{status: status, body: envelope{Status: true, Message: message, Data: data}}
}

// refusal is an error that carries the response to send. Returned from a
// transaction, it rolls the transaction back.
type refusal struct {
	response
	message string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d: %s", r.status, r.message) }

// plainError is the most common error body: business rules, permissions, paths.
type plainError struct {
	Status  bool   `json:"status"`
	Message string `json:"message"`
}

// codedError is the error body for a malformed or invalid request.
type codedError struct {
	Status  bool   `json:"status"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// tokenError is the error body for an unauthenticated call.
type tokenError struct {
	Error      string `json:"error"`
	Message    string `json:"message"`
	Status     bool   `json:"status"`
	StatusCode int    `json:"statusCode"`
}

// problemError is the error body of RFC 7807, in which status is a number. Only
// login uses it.
type problemError struct {
	Type        string `json:"type"`
	Title       string `json:"title"`
	Status      int    `json:"status"`
	Detail      string `json:"detail"`
	Instance    string `json:"instance"`
	Description string `json:"description"`
}

func refuse(status int, format string, args ...any) *refusal {
	message := fmt.Sprintf(format, args...)
	return &refusal{response{status: status, body: plainError{Message: message}}, message}
}

func notFound(what string) *refusal { return refuse(http.StatusNotFound, "%s not found.", what) }

// The codes of a codedError.
const (
	validationFailed     = "VALIDATION_FAILED"
	malformedRequest     = "MALFORMED_REQUEST"
	payloadTooLarge      = "PAYLOAD_TOO_LARGE"
	unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
)

func coded(status int, code, message string) *refusal {
	return &refusal{response{status: status, body: codedError{Code: code, Message: message}}, message}
}

func invalid(message string) *refusal {
	return coded(http.StatusBadRequest, validationFailed, message)
}

func unauthenticated(message string) *refusal {
	const status = http.StatusUnauthorized
	return &refusal{response{status: status, body: tokenError{Error: "unauthenticated", Message: message, StatusCode: status}}, message}
}

func badCredentials() *refusal {
	const status, detail = http.StatusBadRequest, "Bad credentials"
	return &refusal{response{status: status, body: problemError{
		Type:        "about:blank",
		Title:       http.StatusText(status),
		Status:      status,
		Detail:      detail,
		Instance:    loginPath,
		Description: "The username or password is incorrect",
	}}, detail}
}

// failed turns an error into a response. A refusal carries its own; a cancelled
// call or a broken database becomes a server error.
func failed(err error) *response {
	var r *refusal
	if errors.As(err, &r) {
		return &r.response
	}
	status := http.StatusInternalServerError
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		status = http.StatusServiceUnavailable
	}
	return &refuse(status, "Internal server error: %v", err).response
}

// write sends a response completely or not at all.
func (s *Server) write(w http.ResponseWriter, a *response) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // the API writes & and < as they are
	if err := e.Encode(a.body); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(a.status)
	// Nothing can be done if the client has disconnected.
	_, _ = w.Write(b.Bytes())
}
