// Package profile implements `stockctl profile`. A profile is a named set of a base URL, a
// default warehouse, an output format and credentials.
package profile

import (
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/output"
)

// New returns the `profile` command with its verbs.
func New(a *app.App) *cobra.Command {
	return cli.Group(&cobra.Command{
		Use:   "profile",
		Short: "Manage named sets of settings",
		Long: `Manage profiles: named sets of a base URL, a default warehouse, an output format
and credentials. Commands use the current profile unless you select another with
--profile or STOCKCTL_PROFILE. Flags take precedence over the environment, and the
environment over the profile. The profile sandbox is built in.`,
		Example: `  stockctl profile set lagos --warehouse LGS-01
  stockctl profile use lagos
  stockctl profile list`,
	},
		newListCmd(a, runList),
		newUseCmd(a, runUse),
		newSetCmd(a, runSet),
		newShowCmd(a, runShow),
		newEditCmd(a, runEdit),
		newDeleteCmd(a, runDelete),
	)
}

// summary is a profile. It contains no secrets.
type summary struct {
	Name      string `json:"name"`
	Current   bool   `json:"current"`
	BaseURL   string `json:"baseUrl"`
	Warehouse string `json:"warehouse,omitempty"`
	Output    string `json:"output,omitempty"`
	Email     string `json:"email,omitempty"`
	Key       bool   `json:"key"`             // whether a merchant API key is stored
	Token     bool   `json:"token"`           // whether a token is stored
	Store     string `json:"store,omitempty"` // where they are stored; determined without opening the keyring
	Confirm   bool   `json:"confirm"`         // whether every write must be confirmed
}

func summaryOf(p config.Profile, current string) summary {
	url := p.BaseURL
	if url == "" {
		url = config.DefaultBaseURL
	}
	s := summary{
		Name: p.Name, Current: p.Name == current, BaseURL: url, Warehouse: p.Warehouse,
		Output: p.Output, Email: p.Email, Key: p.MerchantAPIKey != "", Token: p.Token != "", Confirm: p.Confirm,
	}
	switch {
	case p.Store == config.StoreKeyring: // signing in stores both
		s.Key, s.Token, s.Store = true, true, config.StoreKeyring
	case p.HasSecret():
		s.Store = config.StoreFile
	}
	return s
}

// builtIn returns the summary of the sandbox.
func builtIn(current string) summary {
	return summary{Name: config.Sandbox, Current: current == config.Sandbox, BaseURL: "the API inside stockctl"}
}

func view() output.View[summary] {
	type column = output.Column[summary]
	return output.View[summary]{
		ID: func(s summary) string { return s.Name },
		Columns: []column{
			{Name: "name", Title: "NAME", Keep: true, Value: func(s summary) any { return s.Name }},
			{Name: "current", Title: "CURRENT", Mark: currentMark, Value: func(s summary) any { return s.Current }},
			{Name: "baseUrl", Title: "BASE URL", Value: func(s summary) any { return s.BaseURL }},
			{Name: "warehouse", Title: "WAREHOUSE", Spare: 1, Value: func(s summary) any { return s.Warehouse }},
			{Name: "output", Title: "OUTPUT", Spare: 2, Value: func(s summary) any { return s.Output }},
			{Name: "email", Title: "EMAIL", Wide: true, Value: func(s summary) any { return s.Email }},
			{Name: "key", Title: "KEY", Wide: true, Value: func(s summary) any { return s.Key }},
			{Name: "token", Title: "TOKEN", Wide: true, Value: func(s summary) any { return s.Token }},
			{Name: "confirm", Title: "CONFIRM", Wide: true, Value: func(s summary) any { return s.Confirm }},
		},
	}
}

func currentMark(s summary) output.Mark {
	if s.Current {
		return output.MarkOK
	}
	return output.MarkDim
}
