package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// read makes a call that changes nothing and decodes what the answer holds.
func read[T any](ctx context.Context, c *Client, path string) (T, error) {
	return fetch[T](ctx, c, call{method: "GET", path: path, safe: true})
}

// fetch makes a call and decodes what the answer holds.
func fetch[T any](ctx context.Context, c *Client, k call) (T, error) {
	var out T
	a, err := c.send(ctx, k)
	if err != nil {
		return out, err
	}
	if string(a.payload) == "null" {
		return out, k.fault(a.status, wrongAnswer("holds nothing"))
	}
	if err := into(a.payload, &out); err != nil {
		return out, k.fault(a.status, unfit(err, ""))
	}
	return out, nil
}

// write makes a call that changes something. What was created must come back
// with its id, or the outcome is in doubt; for a change, the API's plain yes is
// enough.
func write[T keyed](ctx context.Context, c *Client, method, path string, body any) (T, error) {
	out, _, err := writeStatus[T](ctx, c, method, path, body)
	return out, err
}

// writeStatus is write for callers that want to know which 2xx it was.
func writeStatus[T keyed](ctx context.Context, c *Client, method, path string, body any) (out T, status int, err error) {
	sent, err := json.Marshal(body)
	if err != nil {
		return out, 0, err
	}
	k := call{method: method, path: path, body: sent}
	taken := false
	if r, is := any(&out).(*Record); is {
		k.quick = func(body []byte) bool {
			taken = quickRecord(body, r)
			return taken
		}
	}
	a, err := c.send(ctx, k)
	if err != nil {
		return out, 0, err
	}
	if taken {
		return out, a.status, nil
	}
	if err := into(a.payload, &out); err != nil {
		return out, a.status, k.fault(a.status, unfit(err, ""))
	}
	if out.key() == "" && (method == "POST" || !a.accepted) {
		return out, a.status, k.fault(a.status, wrongAnswer("holds no id"))
	}
	return out, a.status, nil
}

// unfit names the field of an answer that holds the wrong type. Where says in
// which entry of a list it stands.
func unfit(err error, where string) error {
	var t *json.UnmarshalTypeError
	if !errors.As(err, &t) {
		return wrongAnswer("cannot be read: " + clean(err.Error()))
	}
	field := strings.TrimSuffix(where+t.Field, ", ")
	if field == "" {
		return wrongAnswer(fmt.Sprintf("is %s where %s belongs", clean(t.Value), kindName(t.Type)))
	}
	return wrongAnswer(fmt.Sprintf("has %s in %s, where %s belongs", clean(t.Value), field, kindName(t.Type)))
}

// kindName says what a Go type is to a reader of JSON.
func kindName(t reflect.Type) string {
	if t == reflect.TypeFor[Time]() {
		return "a date and time"
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.String:
		if t == reflect.TypeFor[json.Number]() {
			return "a number"
		}
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Map:
		return "a map of texts"
	}
	return "an object"
}
