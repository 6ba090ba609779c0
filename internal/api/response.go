package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/api/plain"
	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/failure"
)

// response is a response of the API and its content.
type response struct {
	status  int
	header  http.Header
	body    []byte
	payload json.RawMessage // the content of the envelope, or the whole body
	total   json.RawMessage // a total next to the payload
}

// envelope has every key that the API, and proxies in front of it, put around data
// or use in a refusal.
type envelope struct {
	Status      json.RawMessage `json:"status"`
	Success     json.RawMessage `json:"success"`
	StatusCode  json.RawMessage `json:"statusCode"`
	Code        json.RawMessage `json:"code"`
	Error       json.RawMessage `json:"error"`
	Message     json.RawMessage `json:"message"`
	Detail      json.RawMessage `json:"detail"`
	Description json.RawMessage `json:"description"`
	Title       json.RawMessage `json:"title"`
	Data        json.RawMessage `json:"data"`
	Elements    json.RawMessage `json:"totalElements"`
	Total       json.RawMessage `json:"total"`
}

// judge returns the error of a call that failed, or sets the payload of the response.
func (c *Client) judge(k call, a *response) *Error {
	body := bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(a.body), []byte("\xef\xbb\xbf")))
	var env envelope
	isObject := len(body) > 0 && body[0] == '{' && json.Unmarshal(body, &env) == nil
	isJSON := isObject || json.Valid(body)
	switch {
	case a.status >= 300 && a.status < 400:
		return c.redirected(k, a)
	case a.status >= 400 || a.status < 200 || isObject && env.failed():
		return c.refused(k, a, env, isObject)
	case k.raw && (isJSON || len(body) == 0 || k.safe && !plain.IsHTML(a.header, body)):
		return nil
	case len(body) == 0:
		return k.fault(a.status, &explained{text: "the API's response is empty"})
	case !isJSON:
		return k.fault(a.status, notJSON(a.header, body))
	case body[0] != '{' && body[0] != '[':
		return k.fault(a.status, lenient.Wrong("is neither an object nor a list"))
	case !jsontext.Value(body).IsValid(jsontext.AllowInvalidUTF8(true)): // encoding/json takes the last
		return k.fault(a.status, lenient.Wrong("has one field twice"))
	}
	a.payload = body
	if len(env.Data) > 0 {
		a.payload = env.Data
		a.total = env.Elements
		if a.total == nil {
			a.total = env.Total
		}
	}
	return nil
}

func notJSON(h http.Header, body []byte) error {
	if plain.IsHTML(h, body) {
		return &explained{text: "the API's response is " + plain.Describe(h, body)}
	}
	return &explained{text: "the API's response is not JSON, or was cut off"}
}

// failed reports whether the body says that the call failed, whatever the status line.
func (v envelope) failed() bool {
	return string(v.Status) == "false" || v.stated() >= 400 || v.unclear()
}

// unclear reports whether the body says so in words that the API does not use. They may
// come from something in front of it, after the work was done.
func (v envelope) unclear() bool {
	switch strings.ToLower(text(v.Status)) {
	case "false":
		return v.Status[0] == '"'
	case "fail", "failed", "failure", "error":
		return true
	}
	return string(v.Success) == "false"
}

// stated returns the status that the body states as a number, or 0.
func (v envelope) stated() int {
	for _, raw := range []json.RawMessage{v.StatusCode, v.Status} {
		if len(raw) != len("404") {
			continue
		}
		if n, err := strconv.Atoi(string(raw)); err == nil && n >= 100 && n < 600 {
			return n
		}
	}
	return 0
}

// refused returns the error of a refusal, in any form that the API or a proxy uses.
func (c *Client) refused(k call, a *response, env envelope, isObject bool) *Error {
	e := &Error{Op: k.op(), Status: a.status, RetryAfter: c.retryAfter(a.header)}
	if isObject {
		e.said = env.stated()
		e.Code, e.Message = env.words()
		e.Reason = reasonOf(e.Code, e.Message)
	} else {
		e.Message = plain.Describe(a.header, a.body)
		e.Unread = bodyDecides(a.status)
		if k.safe && bodyDecides(a.status) && plain.IsHTML(a.header, a.body) {
			e.Err = &explained{text: "received a web page instead of the API's response"}
		}
	}
	c.suspect(e, a)
	status := e.status()
	e.InDoubt = !k.safe && (status >= 500 || status == http.StatusRequestTimeout || a.status < 300 && env.unclear())
	switch {
	case a.status == http.StatusProxyAuthRequired:
		e.Err = way.ProxyFor(c.base, a.status)
	case c.base.Scheme == "http" && way.SpokePlain(a.status, a.body):
		e.Err, e.Message, e.Unread = way.ErrPlain, "", false
	}
	return e
}

// suspect marks a refusal that may not be from the API: a 401 or 403 with a web page,
// or a "not found" that does not say what was not found.
func (c *Client) suspect(e *Error, a *response) {
	switch a.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		if e.stranger = plain.IsHTML(a.header, a.body); e.stranger {
			e.Err = &explained{text: "a proxy or a firewall refused, not the API: it sent " + plain.Describe(a.header, a.body)}
			e.Message = ""
		}
	case http.StatusNotFound:
		e.stranger = e.Err == nil && e.Code == "" && saysOnlyNotFound(e.Message)
	}
}

// words returns the code and the message of a refusal. If `error` is one word, it is a
// code, and otherwise a message.
func (v envelope) words() (code, message string) {
	code = text(v.Code)
	short := text(v.Error)
	if code == "" && !strings.Contains(short, " ") {
		code, short = short, ""
	}
	for _, raw := range []json.RawMessage{v.Message, v.Detail, v.Description, v.Title} {
		if message == "" {
			message = text(raw)
		}
	}
	if message == "" {
		message = short
	}
	return failure.Clip(code, 80), message
}

// text returns a value that should be a text, cleaned.
func text(raw json.RawMessage) string {
	var l lenient.Loose
	if len(raw) == 0 || l.UnmarshalJSON(raw) != nil {
		return ""
	}
	return plain.Clean(string(l))
}

// redirected returns the error of a redirect. It names the target because the usual
// cause is a base URL without "www." or the "s" of https. Servers respond to a write with
// "See Other", so the write may have been applied.
func (c *Client) redirected(k call, a *response) *Error {
	target := "an unknown address"
	if to, err := c.base.Parse(a.header.Get("Location")); err == nil && a.header.Get("Location") != "" {
		target = failure.Clip(plain.Clean(to.Scheme+"://"+to.Host), 100)
	}
	done := !k.safe && a.status == http.StatusSeeOther
	return &Error{Op: k.op(), Status: a.status, InDoubt: done, Err: &explained{text: fmt.Sprintf(
		"%s redirects to %s, which is not followed, to protect the keys", c.base.Host, target)}}
}
