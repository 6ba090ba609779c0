package doctor

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// status is the result of a check.
type status = string

// The statuses of a check.
const (
	ok      status = "ok"
	warning status = "warning"
	failed  status = "failed"
	skipped status = "skipped" // it could not be run, or there is nothing to check
)

// check is one check and its result.
type check struct {
	Check   string `json:"check"`
	Status  status `json:"status"`
	Message string `json:"message"` // lower case, never contains a secret
	Cure    string `json:"cure"`    // a sentence with a command; blank when nothing is wrong

	kind failure.Kind // of a failed check
	then func(*exam)  // records facts for later checks; may be nil
}

func fine(format string, args ...any) check {
	return check{Status: ok, Message: fmt.Sprintf(format, args...)}
}

func passed(why string) check { return check{Status: skipped, Message: why} }

func doubtful(message, cure string) check {
	return check{Status: warning, Message: message, Cure: cure}
}

func broken(kind failure.Kind, message, cure string) check {
	return check{Status: failed, Message: message, Cure: cure, kind: kind}
}

// fault returns the check that failed with err. otherwise is the cure if the error
// has no hint.
func fault(err error, otherwise string) check {
	return broken(failure.KindOf(err), err.Error(), cmp.Or(failure.HintOf(err), otherwise))
}

// exam is one run of the checks, with the facts that later checks need from
// earlier ones.
type exam struct {
	app    *app.App
	config *config.Config
	wrong  error // why the configuration cannot be used; nil when it can

	noServer  string // why the connection to the API is not checked
	probe     *api.Probe
	noAccount string // why no authenticated call is made
	client    *api.Client
	dialect   api.Dialect

	done []check
}

// checks runs the checks in order, one for each iteration.
func (e *exam) checks(ctx context.Context) iter.Seq2[check, error] {
	return func(yield func(check, error) bool) {
		for _, one := range []struct {
			name string
			look func(exam, context.Context) check
		}{
			{"configuration", exam.configuration},
			{"permissions", exam.permissions},
			{"state-folder", exam.stateFolder},
			{"base-url", exam.baseURL},
			{"proxy", exam.proxy},
			{"dns", exam.dns},
			{"connection", exam.connection},
			{"certificate", exam.certificate},
			{"clock", exam.clock},
			{"key", exam.key},
			{"token", exam.token},
			{"account", exam.account},
			{"inventory", exam.inventory},
			{"warehouses", exam.warehouses},
			{"dialect", exam.shape},
		} {
			c := e.bounded(ctx, one.look)
			if err := context.Cause(ctx); err != nil {
				yield(check{}, err)
				return
			}
			c.Check = one.name
			if c.then != nil {
				c.then(e)
			}
			e.done = append(e.done, c)
			if !yield(c, nil) {
				return
			}
		}
	}
}

// margin is how much longer a check may take than a request, so that a request
// that times out is reported with its own error.
const margin = 500 * time.Millisecond

// bounded runs one check with a time limit. It abandons a check that exceeds it,
// such as one waiting for a locked keyring. A check that panics, say on an
// unexpected response, fails.
func (e *exam) bounded(ctx context.Context, look func(exam, context.Context) check) check {
	limited, cancel := context.WithTimeout(ctx, e.config.Timeout()+margin)
	defer cancel()
	answer, known := make(chan check, 1), *e // a copy: the check may outlive the time limit
	go func() {
		defer func() {
			if r := recover(); r != nil {
				answer <- broken(failure.Unexpected, fmt.Sprintf("the check itself failed: %v", r),
					"report this with the output of `stockctl version`")
			}
		}()
		answer <- look(known, limited)
	}()
	select {
	case c := <-answer:
		return c
	case <-limited.Done():
	}
	return broken(failure.Unavailable, fmt.Sprintf("this took longer than %s", e.config.Timeout()),
		"allow more time: `stockctl doctor --timeout 1m`")
}

func view() output.View[check] {
	type column = output.Column[check]
	return output.View[check]{
		Columns: []column{
			{Name: "status", Title: "STATUS", Keep: true, Mark: markOf, Value: func(c check) any { return c.Status }},
			{Name: "check", Title: "CHECK", Keep: true, Value: func(c check) any { return c.Check }},
			{Name: "message", Title: "MESSAGE", Value: func(c check) any { return c.Message }},
			{Name: "cure", Title: "CURE", Keep: true, Value: func(c check) any { return c.Cure }},
		},
		ID: func(c check) string { return c.Check },
	}
}

func markOf(c check) output.Mark {
	switch c.Status {
	case ok:
		return output.MarkOK
	case failed:
		return output.MarkLow
	case skipped:
		return output.MarkDim
	}
	return output.MarkNone
}
