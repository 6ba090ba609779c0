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

// answer is what a call gives back: a status and what is written as JSON.
type answer struct {
	status int
	header map[string]string
	body   any
}

// envelope is how every success but the login's is wrapped.
type envelope struct {
	Status  bool   `json:"status"`
	Message string `json:"message,omitempty"`
	Data    any    `json:"data"`
}

// ok answers a read.
func ok(data any) *answer {
	return &answer{status: http.StatusOK, body: envelope{Status: true, Data: data}}
}

// done answers a write.
func done(status int, message string, data any) *answer {
	return &answer{status: status, body: envelope{Status: true, Message: message, Data: data}}
}

// refusal is an answer that is an error: handlers return it to end a call, and
// a transaction it is returned through is undone.
type refusal struct {
	answer
	message string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d: %s", r.status, r.message) }

// plainError is the usual shape: business rules, permissions, paths.
type plainError struct {
	Status  bool   `json:"status"`
	Message string `json:"message"`
}

// codedError is the shape of a request that does not hold together.
type codedError struct {
	Status  bool   `json:"status"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// tokenError is the shape of a call by nobody in particular.
type tokenError struct {
	Error      string `json:"error"`
	Message    string `json:"message"`
	Status     bool   `json:"status"`
	StatusCode int    `json:"statusCode"`
}

// problemError is RFC 7807, in which status is a number; login speaks it.
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
	return &refusal{answer{status: status, body: plainError{Message: message}}, message}
}

func notFound(what string) *refusal { return refuse(http.StatusNotFound, "%s not found.", what) }

// The codes of the coded shape.
const (
	validationFailed     = "VALIDATION_FAILED"
	malformedRequest     = "MALFORMED_REQUEST"
	payloadTooLarge      = "PAYLOAD_TOO_LARGE"
	unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
)

func coded(status int, code, message string) *refusal {
	return &refusal{answer{status: status, body: codedError{Code: code, Message: message}}, message}
}

func invalid(message string) *refusal {
	return coded(http.StatusBadRequest, validationFailed, message)
}

func unauthenticated(message string) *refusal {
	const status = http.StatusUnauthorized
	return &refusal{answer{status: status, body: tokenError{Error: "unauthenticated", Message: message, StatusCode: status}}, message}
}

func badCredentials() *refusal {
	const status, detail = http.StatusBadRequest, "Bad credentials"
	return &refusal{answer{status: status, body: problemError{
		Type:        "about:blank",
		Title:       http.StatusText(status),
		Status:      status,
		Detail:      detail,
		Instance:    loginPath,
		Description: "The username or password is incorrect",
	}}, detail}
}

// failed turns an error into an answer: a refusal is one already, the call's
// own end and a broken database are the server's.
func failed(err error) *answer {
	var r *refusal
	if errors.As(err, &r) {
		return &r.answer
	}
	status := http.StatusInternalServerError
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		status = http.StatusServiceUnavailable
	}
	return &refuse(status, "Internal server error: %v", err).answer
}

// write sends an answer, whole or not at all.
func (s *Server) write(w http.ResponseWriter, a *answer) {
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
	// The caller may be gone, and there is nobody else to tell.
	_, _ = w.Write(b.Bytes())
}
