package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// signIn is the cure for most of what is wrong with key and token.
const signIn = "run `stockctl auth login`"

// builtIn is why the sandbox needs neither key nor token.
const builtIn = "built in: the sandbox needs no account"

// secretless is the check of a secret that there is no need, or no way, to ask
// for.
func (e exam) secretless() (check, bool) {
	switch {
	case e.config.IsSandbox():
		return fine(builtIn), true
	case e.noAccount != "" && e.wrong != nil:
		return passed(e.noAccount), true
	}
	return check{}, false
}

// key tells whether there is a merchant API key, and of which kind. Its value is
// never shown.
func (e exam) key(context.Context) check {
	if c, yes := e.secretless(); yes {
		return c
	}
	key, err := e.config.Secrets().MerchantKey()
	if err != nil {
		return e.unusable(err)
	}
	switch kind := key.KeyKind(); kind {
	case "missing":
		c := broken(failure.Auth, "profile "+e.config.Profile()+" has no merchant API key", signIn+", or set STOCKCTL_MERCHANT_API_KEY")
		c.then = func(e *exam) { e.noAccount = "there is no merchant API key" }
		return c
	case "live", "test":
		return fine("%s: %s", kind, key.Origin)
	}
	return doubtful(fmt.Sprintf("%s: it begins neither with pk_live_ nor with pk_test_", key.Origin),
		"if it is not the merchant API key, "+strings.TrimPrefix(signIn, "run ")+" asks for it")
}

// unusable is the check of a secret that cannot be handed out.
func (e exam) unusable(err error) check {
	c := fault(err, "mend it: `stockctl help environment` tells where secrets come from")
	c.then = func(e *exam) {
		e.noAccount = "key and token cannot be read"
		if errors.Is(err, config.ErrOtherHost) {
			e.noAccount = "key and token are for another host"
		}
	}
	return c
}

// expiring is how long before its end a token is told of.
const expiring = time.Hour

// token tells whether there is a token, and when it ends.
func (e exam) token(context.Context) check {
	if c, yes := e.secretless(); yes {
		return c
	}
	token, err := e.config.Secrets().Token()
	if err != nil {
		return e.unusable(err)
	}
	password, err := e.config.Secrets().Password()
	if err != nil {
		return e.unusable(err)
	}
	onDemand := e.config.Secrets().Email().Value != "" && password.Value != ""
	end := e.config.TokenExpires()
	now := e.app.Now()
	ended := !app.TokenLasts(now, end)
	switch {
	case (token.Value == "" || ended) && onDemand:
		return fine("stockctl signs in by itself with STOCKCTL_EMAIL")
	case token.Value == "":
		c := broken(failure.Auth, "profile "+e.config.Profile()+" is not signed in", signIn+", or set STOCKCTL_TOKEN")
		c.then = notSignedIn
		return c
	case ended:
		c := broken(failure.Auth, fmt.Sprintf("the token (%s) ended at %s", token.Origin, end.UTC().Format(time.RFC3339)), signIn)
		c.then = notSignedIn
		return c
	case end.IsZero():
		return fine("%s; it does not tell when it ends", token.Origin)
	case end.Sub(now) < expiring && !onDemand:
		return doubtful(fmt.Sprintf("%s; it ends soon, at %s", token.Origin, end.UTC().Format(time.RFC3339)),
			signIn+" before anything long, such as an import")
	}
	return fine("%s; it ends at %s", token.Origin, end.UTC().Format(time.RFC3339))
}

func notSignedIn(e *exam) { e.noAccount = "not signed in" }

// account asks who is signed in.
func (e exam) account(ctx context.Context) check {
	if e.noAccount != "" {
		return passed(e.noAccount)
	}
	client, err := e.app.Writer(ctx, 1) // one that does not wait for a busy API
	if err != nil {
		return e.refused(err)
	}
	who, err := client.Profile(ctx)
	var c check
	switch kind := failure.KindOf(err); {
	case err == nil:
		c = fine("%s", cmp.Or(who.Email, who.FullName, "the API does not tell who is signed in"))
		if who.Role.Name != "" {
			c.Message += ", role " + who.Role.Name
		}
	case kind == failure.Permission || kind == failure.NotFound:
		c = doubtful("who is signed in cannot be read: "+err.Error(), "nothing needs it but this line; see `stockctl auth status`")
	default:
		return e.refused(err)
	}
	c.then = func(e *exam) { e.client = client }
	return c
}

// refused is the check of a call that failed in a way that will meet the others,
// too.
func (e exam) refused(err error) check {
	c := fault(err, e.cure(failure.KindOf(err)))
	c.then = func(e *exam) { e.noAccount = "asking who is signed in failed" }
	return c
}

// cure is what to do about a call that failed.
func (e exam) cure(kind failure.Kind) string {
	switch kind {
	case failure.Auth:
		return signIn
	case failure.Permission:
		return "ask an administrator of the store for the permission can_read_inventory, then run `stockctl doctor` again"
	case failure.Config, failure.NotFound:
		return e.setBaseURL()
	case failure.Unavailable:
		return "try again later: `stockctl doctor`"
	}
	return "see what the server answers: `stockctl doctor --debug`"
}

// inventory asks for one record, which shows the permission and the dialect.
func (e exam) inventory(ctx context.Context) check {
	if e.noAccount != "" {
		return passed(e.noAccount)
	}
	dialect, err := e.client.Dialect(ctx)
	if err != nil {
		return e.unread("inventory", err)
	}
	c := fine("it can be read")
	c.then = func(e *exam) { e.dialect = dialect }
	return c
}

// warehouses asks for the warehouses. Where they may not be read the other
// commands go on without names and codes.
func (e exam) warehouses(ctx context.Context) check {
	if e.noAccount != "" {
		return passed(e.noAccount)
	}
	list, err := e.client.Warehouses(ctx)
	if failure.KindOf(err) == failure.Permission {
		return doubtful("they may not be read: "+err.Error(),
			"name warehouses by their id, or "+e.cure(failure.Permission))
	}
	if err != nil {
		return e.unread("warehouses", err)
	}
	active := 0
	for _, w := range list {
		if w.Active {
			active++
		}
	}
	if active == 0 {
		return doubtful("there is no active one, and records need one", "make one: `stockctl warehouse create --name NAME --code CODE`")
	}
	return fine("they can be read: %d, %d of them active", len(list), active)
}

// unread is the check of a list that cannot be read.
func (e exam) unread(what string, err error) check {
	c := fault(err, e.cure(failure.KindOf(err)))
	if c.kind == failure.Permission {
		c.Message = what + " may not be read: " + err.Error()
	}
	return c
}

// shape tells in which of its dialects the API answers. All of them are read.
func (e exam) shape(context.Context) check {
	switch e.dialect {
	case "":
		if e.noAccount != "" {
			return passed(e.noAccount)
		}
		return passed("the inventory could not be read")
	case api.DialectPublished:
		return fine("pages are as published")
	case api.DialectDashboard:
		return fine("pages are as the dashboard gets them")
	}
	return fine("lists come without pages")
}
