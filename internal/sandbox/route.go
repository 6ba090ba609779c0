package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const loginPath = "/v1/auth/login"

// route is one call of the API. In its path, {} matches an id.
type route struct {
	method     string
	path       string
	permission string // blank: any account
	open       bool   // needs neither token nor key
	handle     func(*Server, *call) (*response, error)

	segments []string
}

// routes returns all calls of the API.
func routes() []route {
	all := []route{
		{method: "POST", path: loginPath, open: true, handle: (*Server).login},
		{method: "GET", path: "/v1/users/profile", handle: (*Server).profile},

		{method: "POST", path: "/v1/inventory", permission: canManage, handle: (*Server).createRecord},
		{method: "GET", path: "/v1/inventory", permission: canRead, handle: (*Server).listRecords},
		{method: "GET", path: "/v1/inventory/product/{}", permission: canRead, handle: (*Server).productStock},
		{method: "GET", path: "/v1/inventory/product/{}/sku/{}", permission: canRead, handle: (*Server).productStock},
		{method: "GET", path: "/v1/inventory/low-stock", permission: canRead, handle: (*Server).lowStock},
		{method: "GET", path: "/v1/inventory/logs", permission: canRead, handle: (*Server).listMovements},
		{method: "PATCH", path: "/v1/inventory/{}/adjust", permission: canUpdate, handle: (*Server).adjust},
		{method: "PATCH", path: "/v1/inventory/{}/reserve", permission: canUpdate, handle: (*Server).reserve},
		{method: "PATCH", path: "/v1/inventory/{}/release", permission: canUpdate, handle: (*Server).release},

		{method: "GET", path: "/v1/warehouses", permission: canManage, handle: (*Server).listWarehouses},
		{method: "POST", path: "/v1/warehouses", permission: canManage, handle: (*Server).createWarehouse},
		{method: "PATCH", path: "/v1/warehouses/{}", permission: canManage, handle: (*Server).updateWarehouse},

		{method: "GET", path: "/v2/products", handle: (*Server).listProducts},
		{method: "GET", path: "/v2/products/{}", handle: (*Server).getProduct},
	}
	for i := range all {
		all[i].segments = strings.Split(all[i].path, "/")
	}
	return all
}

// call is a request with its route and the ids in its path, in order.
type call struct {
	*http.Request
	ids []string
}

// find returns the request's route and the ids in its path, or a refusal if the
// path or the method is unknown. For an unknown method it also returns another
// route of the path. The path is split before it is decoded, so that an id can
// contain a slash (as %2F), dots or unprintable bytes; a ServeMux would redirect
// some of those.
func (s *Server) find(r *http.Request) (*route, []string, error) {
	given := strings.Split(r.URL.EscapedPath(), "/")
	var near *route
	var allowed []string
	for i := range s.routes {
		route := &s.routes[i]
		ids, matches := match(route.segments, given)
		switch {
		case !matches:
		case route.method == r.Method, route.method == http.MethodGet && r.Method == http.MethodHead:
			return route, ids, nil
		default:
			near, allowed = route, append(allowed, route.method)
		}
	}
	if near == nil {
		return nil, nil, refuse(http.StatusNotFound, "No static resource %s", strings.TrimPrefix(r.URL.Path, "/"))
	}
	if slices.Contains(allowed, http.MethodGet) {
		allowed = append(allowed, http.MethodHead)
	}
	refused := refuse(http.StatusMethodNotAllowed, "Request method '%s' is not supported", r.Method)
	refused.header = map[string]string{"Allow": strings.Join(allowed, ", ")}
	return near, nil, refused
}

// match compares a path with that of a route, segment by segment.
func match(pattern, given []string) (ids []string, matches bool) {
	if len(pattern) != len(given) {
		return nil, false
	}
	for i, want := range pattern {
		got, err := url.PathUnescape(given[i])
		switch {
		case err != nil:
			return nil, false
		case want == "{}" && got != "":
			ids = append(ids, got)
		case want != got:
			return nil, false
		}
	}
	return ids, true
}
