package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// signIn fixes most problems with the key and the token.
const signIn = "run `stockctl auth login`"

// builtIn is the reason why the sandbox needs neither key nor token.
const builtIn = "built in: the sandbox needs no account"

// secretless is the check of a secret that is not needed or cannot be read.
func (e exam) secretless() (check, bool) {
	switch {
	case e.config.IsSandbox():
		return fine(builtIn), true
	case e.noAccount != "" && e.wrong != nil:
		return passed(e.noAccount), true
	}
	return check{}, false
}

// key checks whether there is a merchant API key, and of which kind. It never
// shows the key.
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
	return doubtful(fmt.Sprintf("%s: the key begins with neither pk_live_ nor pk_test_", key.Origin),
		"if this is not the merchant API key, "+signIn+" to replace it")
}

// unusable is the check of a secret that cannot be read.
func (e exam) unusable(err error) check {
	c := fault(err, "see `stockctl help environment` for where secrets come from")
	c.then = func(e *exam) {
		e.noAccount = "the key and the token cannot be read"
		if errors.Is(err, config.ErrOtherHost) {
			e.noAccount = "the key and the token are for another host"
		}
	}
	return c
}

// expiring is how long before its expiry a token is reported.
const expiring = time.Hour

// token checks whether there is a token, and when it expires.
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
		return fine("stockctl signs in automatically with STOCKCTL_EMAIL")
	case token.Value == "":
		c := broken(failure.Auth, "profile "+e.config.Profile()+" is not signed in", signIn+", or set STOCKCTL_TOKEN")
		c.then = notSignedIn
		return c
	case ended:
		c := broken(failure.Auth, fmt.Sprintf("the token (%s) expired at %s", token.Origin, end.UTC().Format(time.RFC3339)), signIn)
		c.then = notSignedIn
		return c
	case end.IsZero():
		return fine("%s; its expiry is unknown", token.Origin)
	case end.Sub(now) < expiring && !onDemand:
		return doubtful(fmt.Sprintf("%s; it expires soon, at %s", token.Origin, end.UTC().Format(time.RFC3339)),
			signIn+" before a long command such as an import")
	}
	return fine("%s; it expires at %s", token.Origin, end.UTC().Format(time.RFC3339))
}

func notSignedIn(e *exam) { e.noAccount = "not signed in" }

// account checks who is signed in.
func (e exam) account(ctx context.Context) check {
	if e.noAccount != "" {
		return passed(e.noAccount)
	}
	client, err := e.app.Writer(ctx, 1) // unlike API, it does not wait for a busy server
	if err != nil {
		return e.refused(err)
	}
	who, err := client.Profile(ctx)
	var c check
	switch kind := failure.KindOf(err); {
	case err == nil:
		c = fine("%s", cmp.Or(who.Email, who.FullName, "the API does not say who is signed in"))
		if who.Role.Name != "" {
			c.Message += ", role " + who.Role.Name
		}
	case kind == failure.Permission || kind == failure.NotFound:
		c = doubtful("cannot read who is signed in: "+err.Error(), "no other command needs this; see `stockctl auth status`")
	default:
		return e.refused(err)
	}
	c.then = func(e *exam) { e.client = client }
	return c
}

// refused is the check of a call that failed in a way that would affect the
// others, too.
func (e exam) refused(err error) check {
	err = e.app.Unwritable(err) // the sandbox has its account in a file
	c := fault(err, cmp.Or(failure.HintOf(err), e.cure(failure.KindOf(err))))
	c.then = func(e *exam) { e.noAccount = "the account could not be read" }
	return c
}

// cure returns what to do about a call that failed.
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
	return "see the server's response: `stockctl doctor --debug`"
}

// inventory reads one record, which shows the permission and the dialect.
func (e exam) inventory(ctx context.Context) check {
	if e.noAccount != "" {
		return passed(e.noAccount)
	}
	dialect, err := e.client.Dialect(ctx)
	if err != nil {
		return e.unread("inventory", err)
	}
	c := fine("readable")
	c.then = func(e *exam) { e.dialect = dialect }
	return c
}

// warehouses reads the warehouses. Without permission for it, the other commands
// work, but without names and codes.
func (e exam) warehouses(ctx context.Context) check {
	if e.noAccount != "" {
		return passed(e.noAccount)
	}
	list, err := e.client.Warehouses(ctx)
	if failure.KindOf(err) == failure.Permission {
		return doubtful("no permission to read them: "+err.Error(),
			"give warehouses by id, or "+e.cure(failure.Permission))
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
		return doubtful("no warehouse is active; records need one", "create one: `stockctl warehouse create --name NAME --code CODE`")
	}
	return fine("%s, %d of them active", failure.Count(len(list), "warehouse", "warehouses"), active)
}

// unread is the check of a list that cannot be read.
func (e exam) unread(what string, err error) check {
	c := fault(err, e.cure(failure.KindOf(err)))
	if c.kind == failure.Permission {
		c.Message = "no permission to read the " + what + ": " + err.Error()
	}
	return c
}

// shape reports which dialect the API uses. stockctl reads all of them.
func (e exam) shape(context.Context) check {
	switch e.dialect {
	case "":
		if e.noAccount != "" {
			return passed(e.noAccount)
		}
		return passed("the inventory could not be read")
	case api.DialectPublished:
		return fine("lists are paginated as documented")
	case api.DialectDashboard:
		return fine("lists are paginated as for the dashboard")
	}
	return fine("lists are not paginated")
}
