// Package warehouse implements `stockctl warehouse`.
package warehouse

import (
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/output"
)

// New returns the `warehouse` command with its verbs.
func New(a *app.App) *cobra.Command {
	return cli.Group(&cobra.Command{
		Use:     "warehouse",
		Aliases: []string{"wh"},
		Short:   "Show and manage warehouses",
		Long:    "Show, create and change the warehouses of the store. One of them is the default.\nAn inactive warehouse accepts no new records.",
		Example: "  stockctl warehouse list\n  stockctl warehouse create --name \"Kano Depot\" --code KAN-01",
	},
		newListCmd(a, runList),
		newGetCmd(a, runGet),
		newCreateCmd(a, runCreate),
		newUpdateCmd(a, runUpdate),
	)
}

// view returns the view of warehouses.
func view() output.View[api.Warehouse] {
	type column = output.Column[api.Warehouse]
	return output.View[api.Warehouse]{
		ID: func(w api.Warehouse) string { return w.ID },
		Columns: []column{
			{Name: "id", Title: "ID", Keep: true, Value: func(w api.Warehouse) any { return w.ID }},
			{Name: "code", Title: "CODE", Keep: true, Value: func(w api.Warehouse) any { return w.Code }},
			{Name: "name", Title: "NAME", Value: func(w api.Warehouse) any { return w.Name }},
			{Name: "isDefault", Title: "DEFAULT", Spare: 1, Value: func(w api.Warehouse) any { return w.IsDefault }},
			{Name: "active", Title: "ACTIVE", Mark: activeMark, Value: func(w api.Warehouse) any { return w.Active }},
			{Name: "type", Title: "TYPE", Spare: 2, Value: func(w api.Warehouse) any { return w.Type }},
			{Name: "address", Title: "ADDRESS", Wide: true, Value: func(w api.Warehouse) any { return w.Address }},
			{Name: "createdAt", Title: "CREATED", Wide: true, Value: func(w api.Warehouse) any { return w.CreatedAt.Shown() }},
			{Name: "updatedAt", Title: "UPDATED", Wide: true, Value: func(w api.Warehouse) any { return w.UpdatedAt.Shown() }},
		},
	}
}

func activeMark(w api.Warehouse) output.Mark {
	if !w.Active {
		return output.MarkDim
	}
	return output.MarkNone
}
