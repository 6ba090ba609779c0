package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// RawResponse is the API's response, unchanged.
type RawResponse struct {
	Status int
	Header http.Header
	Body   []byte
}

// Raw makes a call that this package has no method for. The path is below the base
// URL and may have a query. Credentials, limits and redirects are handled as in every
// call. A body is sent as JSON. If the response is not 2xx, or its status is false, Raw
// returns both the response and an *Error.
func (c *Client) Raw(ctx context.Context, method, path string, body []byte) (RawResponse, error) {
	k := call{method: strings.ToUpper(method), body: body, raw: true}
	if !slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}, k.method) {
		return RawResponse{}, failure.Usagef("%q is not a method: use GET, HEAD, POST, PUT, PATCH or DELETE", failure.Clip(method, 20))
	}
	k.safe = k.method == "GET" || k.method == "HEAD"
	if len(body) == 0 {
		k.body = nil
	} else if k.safe {
		return RawResponse{}, failure.Usagef("%s cannot have a body", k.method)
	}
	if err := k.aim(path); err != nil {
		return RawResponse{}, err
	}
	a, err := c.send(ctx, k)
	if a == nil {
		return RawResponse{}, err
	}
	return RawResponse{Status: a.status, Header: a.header, Body: a.body}, err
}

// aim sets the path and the query from what the user typed. It rejects "//other/…",
// "@other" and "..", which would send the credentials elsewhere.
func (k *call) aim(typed string) error {
	bad := func() error {
		return failure.Usagef("%q is not a path below the base URL, such as /v1/inventory?page=0", failure.Clip(typed, 80))
	}
	path := "/" + strings.TrimPrefix(typed, "/")
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Fragment != "" || strings.Contains(typed, "://") && !strings.Contains(typed, "?") {
		return bad()
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "." || segment == ".." {
			return bad()
		}
	}
	k.path, k.query = u.EscapedPath(), strings.ReplaceAll(u.RawQuery, " ", "%20")
	k.open = k.path == loginPath
	// Signing in changes nothing, here as in Login.
	k.safe = k.safe || k.open
	return nil
}
