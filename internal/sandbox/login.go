package sandbox

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/sandbox/jwt"
)

// The ids of the one user, merchant and tenant.
const (
	userID     = "usr_sandbox"
	merchantID = "mer_sandbox"
	tenantID   = "tnt_sandbox"
)

// userJSON is the account in a login response.
type userJSON struct {
	ID          string  `json:"id"`
	Email       string  `json:"email"`
	FullName    string  `json:"fullName"`
	PhoneNumber *string `json:"phoneNumber"`
	Address     *string `json:"address"`
}

// loginJSON is the login response, which has no envelope.
type loginJSON struct {
	User      userJSON `json:"user"`
	Token     string   `json:"token"`
	ExpiresIn int64    `json:"expiresIn"` // milliseconds
}

type profileJSON struct {
	userJSON
	Role       roleJSON `json:"role"`
	TenantID   string   `json:"tenantId"`
	MerchantID string   `json:"merchantId"`
}

type roleJSON struct {
	Name string `json:"name"`
	Slug string `json:"slug"`
}

func (s *Server) user() userJSON {
	return userJSON{ID: userID, Email: s.account.Email, FullName: s.account.FullName}
}

// IssueToken returns a bearer token and its expiry, 24 hours from now. The token is
// signed with the secret in the database, so every server on the same file with the
// same account accepts it.
func (s *Server) IssueToken() (string, time.Time) {
	return jwt.Issue(s.store.secret, s.account.Email, s.now())
}

// login exchanges the email and the password for a token.
func (s *Server) login(c *call) (*response, error) {
	body, err := c.fields()
	if err != nil {
		return nil, err
	}
	email, password := body.required("email"), body.required("password")
	if err := body.err(); err != nil {
		return nil, err
	}
	known := strings.EqualFold(email, s.account.Email)
	if !same(password, s.account.Password) || !known {
		return nil, badCredentials()
	}
	token, _ := s.IssueToken()
	return &response{status: http.StatusOK, body: loginJSON{
		User:      s.user(),
		Token:     token,
		ExpiresIn: jwt.Life.Milliseconds(),
	}}, nil
}

// profile returns the account that is signed in.
func (s *Server) profile(*call) (*response, error) {
	return ok(profileJSON{
		userJSON:   s.user(),
		Role:       roleJSON{Name: "Merchant Admin", Slug: "merchant_admin"},
		TenantID:   tenantID,
		MerchantID: merchantID,
	}), nil
}

// authenticate checks the token and the key of a request.
func (s *Server) authenticate(r *http.Request) error {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || !jwt.Valid(strings.TrimSpace(token), s.store.secret, s.account.Email, s.now()) {
		return unauthenticated("Full authentication is required to access this resource")
	}
	switch key := r.Header.Get("X-MerchantApiKey"); {
	case key == "":
		return unauthenticated("The merchant API key is missing: send it as X-MerchantApiKey")
	case !same(key, s.account.MerchantAPIKey):
		return unauthenticated("The merchant API key is not valid")
	}
	return nil
}

// permit checks that the account has a permission. A blank one always passes.
func (s *Server) permit(permission string) error {
	if permission == "" || slices.Contains(s.account.Permissions, permission) {
		return nil
	}
	return refuse(http.StatusForbidden, "You do not have permission to perform this action: %s is required.", permission)
}

// same compares two secrets in constant time.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
