// Package inventory has the commands for inventory records, which link a product, or
// one of its SKUs, to a warehouse with a quantity on hand.
package inventory

import (
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/counting"
	"github.com/bayworks/stockctl/cmd/inventory/exporting"
	"github.com/bayworks/stockctl/cmd/inventory/importing"
	"github.com/bayworks/stockctl/cmd/inventory/seeing"
	"github.com/bayworks/stockctl/cmd/inventory/transferring"
	"github.com/bayworks/stockctl/internal/app"
)

// New returns the `inventory` command with its subcommands.
func New(a *app.App) *cobra.Command {
	return cli.Group(&cobra.Command{
		Use:     "inventory",
		Aliases: []string{"inv"},
		Short:   "Create and show inventory records, and move stock",
		Long: `Create and show inventory records, and move their stock.

A record links a product, or one SKU of a product, to a warehouse. It has the
quantity on hand, the quantity reserved, and the reorder level. The quantity
available is on hand minus reserved.

Use create for one record, and import for thousands: it reads CSV, TSV, JSON,
JSON lines and .xlsx, and reports what happened to each row.`,
		Example: `  stockctl inventory create --sku TOTE-CANVAS --warehouse ABJ-01 --initial-qty 50
  stockctl inventory list --warehouse LGS-01
  stockctl inventory get PHONE-RED-256@LGS-01
  stockctl inventory adjust TOTE-CANVAS@LGS-01 --qty=-3 --action damaged
  stockctl inventory transfer TOTE-CANVAS --from LGS-01 --to ABJ-01 --qty 12`,
	},
		newCreateCmd(a, runCreate),
		importing.New(a),
		counting.New(a),
		exporting.New(a),
		newListCmd(a, runList),
		newGetCmd(a, runGet),
		newAdjustCmd(a, runMove),
		newReserveCmd(a, runMove),
		newReleaseCmd(a, runMove),
		transferring.New(a),
		seeing.NewLowStock(a),
		seeing.NewHistory(a),
		seeing.NewReport(a),
		newLogsCmd(a, runLogs),
	)
}
