package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/bayworks/stockctl/internal/api/lenient"
)

// loginPath is the path of the only call without a key and a token.
const loginPath = "/v1/auth/login"

// Session is the result of signing in.
type Session struct {
	Token   string
	Expires time.Time // by the local clock; zero if the API did not say
	User    User
}

// User is a person with access to the store.
type User struct {
	ID          string `json:"id"`
	Email       string `json:"email"`
	FullName    string `json:"fullName"`
	PhoneNumber string `json:"phoneNumber,omitempty"`
	Address     string `json:"address,omitempty"`
}

// Profile is the signed-in user, with the store and the user's role in it.
type Profile struct {
	User
	Role       Role   `json:"role"`
	TenantID   string `json:"tenantId"`
	MerchantID string `json:"merchantId"`
}

// Role names what a user may do.
type Role struct {
	Name string `json:"name"`
	Slug string `json:"slug"`
}

// userWire is a user in a response. Fields that only people read may have any type.
type userWire struct {
	ID          string        `json:"id"`
	Email       string        `json:"email"`
	FullName    lenient.Loose `json:"fullName"`
	PhoneNumber lenient.Loose `json:"phoneNumber"`
	Address     lenient.Loose `json:"address"`
}

func (w userWire) user() User {
	return User{
		ID: w.ID, Email: w.Email, FullName: string(w.FullName),
		PhoneNumber: string(w.PhoneNumber), Address: string(w.Address),
	}
}

// UnmarshalJSON reads a profile. Fields that only people read may have any type.
func (p *Profile) UnmarshalJSON(b []byte) error {
	var w struct {
		userWire
		Role       Role   `json:"role"`
		TenantID   string `json:"tenantId"`
		MerchantID string `json:"merchantId"`
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*p = Profile{User: w.user(), Role: w.Role, TenantID: w.TenantID, MerchantID: w.MerchantID}
	return nil
}

// sessionWire is the response to a login. It has no envelope.
type sessionWire struct {
	User      userWire     `json:"user"`
	Token     string       `json:"token"`
	ExpiresIn *lenient.Int `json:"expiresIn"` // milliseconds
}

// Login signs in with a password: POST /v1/auth/login. It does not use the
// Authenticator. It changes nothing at the API, so it is never in doubt.
func (c *Client) Login(ctx context.Context, email, password string) (Session, error) {
	body, err := json.Marshal(struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}{email, password})
	if err != nil {
		return Session{}, err
	}
	k := call{method: "POST", path: loginPath, body: body, safe: true, open: true}
	w, err := fetch[sessionWire](ctx, c, k)
	if err != nil {
		return Session{}, err
	}
	if w.Token == "" {
		return Session{}, k.fault(200, lenient.Wrong("contains no token"))
	}
	s := Session{Token: w.Token, User: w.User.user()}
	// A lifetime of centuries is not credible, and would overflow the clock.
	if w.ExpiresIn != nil && *w.ExpiresIn > 0 && *w.ExpiresIn <= lenient.Int(maxSession/time.Millisecond) {
		s.Expires = c.now().Add(time.Duration(*w.ExpiresIn) * time.Millisecond)
	}
	return s, nil
}

// maxSession is the longest lifetime of a token that is accepted as true.
const maxSession = 10 * 365 * 24 * time.Hour

// Profile returns who is signed in: GET /v1/users/profile.
func (c *Client) Profile(ctx context.Context) (Profile, error) {
	return read(ctx, c, "/v1/users/profile", func(p Profile) error {
		if p.ID == "" && p.Email == "" {
			return lenient.Wrong("names no user")
		}
		return nil
	})
}
