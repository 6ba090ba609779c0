package seeing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/webhook"
)

// The formats of a message.
const (
	formJSON  = "json"
	formSlack = "slack"
)

const (
	webhookVariable     = "STOCKCTL_WEBHOOK"
	webhookFileVariable = "STOCKCTL_WEBHOOK_FILE"
	maxWebhook          = 4 << 10 // bytes of a file with an address
	maxNotices          = 100     // records that one message lists
	maxName             = 80      // characters of a name in a message
)

// notifyOptions say where to send notices of low stock.
type notifyOptions struct {
	notifies    bool
	webhook     string
	webhookFile string
	form        string // blank: by the address
	state       string // blank: every item that is low is reported each time

	address webhook.URL
	sender  webhook.Sender
	memory  *memory // nil without --state
}

func (o *notifyOptions) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&o.notifies, "notify", false, "post what is shown to a webhook")
	flags.StringVar(&o.webhook, "webhook", "", "with --notify, the webhook's `address`; prefer "+webhookVariable+" or a file")
	flags.StringVar(&o.webhookFile, "webhook-file", "", "with --notify, the `file` that contains the webhook's address")
	flags.StringVar(&o.form, "webhook-form", "", "with --notify, the message `format`: json or slack (default: chosen by the address)")
	flags.StringVar(&o.state, "state", "", "with --notify, the `file` that remembers what was reported")
	cli.CompleteValues(cmd, "webhook-form", []string{formJSON, formSlack})
}

// parse checks combinations of flags.
func (o *notifyOptions) parse(given func(string) bool) error {
	for _, flag := range []string{"webhook", "webhook-file", "webhook-form", "state"} {
		if given(flag) && !o.notifies {
			return failure.Usagef("--%s requires --notify", flag)
		}
	}
	if given("webhook") && given("webhook-file") {
		return failure.Usagef("--webhook and --webhook-file cannot be used together")
	}
	if o.form != "" && o.form != formJSON && o.form != formSlack {
		return failure.Usagef("--webhook-form must be json or slack, not %q", o.form)
	}
	return nil
}

// prepare finds the webhook and reads the state, before anything else is done.
func (o *notifyOptions) prepare(a *app.App) (err error) {
	if !o.notifies {
		return nil
	}
	text, origin, err := o.find(a)
	if err != nil {
		return err
	}
	if o.address, err = webhook.Parse(text, origin); err != nil {
		return err
	}
	if o.form == "" {
		o.form = formJSON
		if o.address.IsSlack() {
			o.form = formSlack
		}
	}
	o.sender.Agent = "stockctl/" + cmp.Or(a.Build.Version, "dev")
	if o.state != "" {
		o.memory, err = openMemory(a, o.state)
	}
	return err
}

// find returns the address and where it came from.
func (o *notifyOptions) find(a *app.App) (text, origin string, err error) {
	switch {
	case o.webhook != "":
		return o.webhook, "flag --webhook", nil
	case o.webhookFile != "":
		text, err = readSmall(a.Context, o.webhookFile)
		return text, "file " + o.webhookFile, err
	}
	text, set := a.LookupEnv(webhookVariable)
	path, named := a.LookupEnv(webhookFileVariable)
	switch {
	case set && named:
		return "", "", failure.New(failure.Config, "%s and %s are both set", webhookVariable, webhookFileVariable).Hint("unset one of them")
	case set:
		return text, webhookVariable, nil
	case named:
		text, err = readSmall(a.Context, path)
		return text, webhookFileVariable, err
	}
	return "", "", failure.New(failure.Config, "--notify has no webhook to post to").
		Hint("put its address in %s or %s, or name the file with --webhook-file", webhookVariable, webhookFileVariable)
}

func readSmall(ctx context.Context, path string) (string, error) {
	text, err := await.ReadFile(ctx, path, maxWebhook)
	if err != nil {
		return "", failure.New(failure.Config, "reading the webhook's address: %w", err)
	}
	return string(text), nil
}

// notice is what a message says about a record.
type notice struct {
	ID            string   `json:"id"`
	ProductID     string   `json:"productId"`
	SKUID         string   `json:"skuId,omitempty"`
	WarehouseID   string   `json:"warehouseId"`
	WarehouseName string   `json:"warehouseName,omitempty"`
	AvailableQty  *int64   `json:"availableQty"`
	ReorderLevel  *int64   `json:"reorderLevel"`
	DaysOfCover   *float64 `json:"daysOfCover"`
	RunsOutOn     *string  `json:"runsOutOn"`
	Order         int64    `json:"order"`
	api.Named
}

func noticeOf(r api.Record, order int64) notice {
	return notice{
		ID: r.ID, ProductID: r.ProductID, SKUID: r.SKUID, WarehouseID: r.WarehouseID, WarehouseName: r.WarehouseName,
		AvailableQty: r.AvailableQty, ReorderLevel: r.ReorderLevel, Order: order, Named: r.Named,
	}
}

func lowNotices(rows []lowRecord) []notice {
	var out []notice
	for _, r := range rows {
		out = append(out, noticeOf(r.Record, r.Suggested))
	}
	return out
}

func coverNotices(rows []coverRecord) []notice {
	var out []notice
	for _, r := range rows {
		n := noticeOf(r.Record, r.Order)
		n.DaysOfCover, n.RunsOutOn = r.DaysOfCover, r.RunsOutOn
		out = append(out, n)
	}
	return out
}

// message is the JSON format.
type message struct {
	Event   string    `json:"event"`
	At      time.Time `json:"at"`
	Count   int       `json:"count"`   // how many records there are
	Records []notice  `json:"records"` // at most a hundred of them
}

// notify posts what has not been reported yet, and remembers it once the webhook has
// accepted it. A record that was examined and is not among the notices has recovered.
func (o *notifyOptions) notify(ctx context.Context, a *app.App, warehouseID string, notices []notice) error {
	if !o.notifies {
		return nil
	}
	fresh := notices
	if o.memory != nil {
		o.memory.recover(warehouseID, notices)
		fresh = slices.DeleteFunc(slices.Clone(notices), func(n notice) bool { return o.memory.knows(n.ID) })
	}
	if len(fresh) > 0 {
		if err := o.sender.Send(ctx, o.address, o.message(a.Now(), fresh)); err != nil {
			return err
		}
		a.Note("%s reported to the webhook", failure.Count(len(fresh), "record was", "records were"))
	}
	if o.memory == nil {
		return nil
	}
	o.memory.add(a.Now(), fresh)
	return o.memory.save()
}

func (o *notifyOptions) message(now time.Time, fresh []notice) any {
	shown := fresh[:min(len(fresh), maxNotices)]
	if o.form == formJSON {
		return message{Event: "low_stock", At: now.UTC(), Count: len(fresh), Records: shown}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "*%s low or running out*", failure.Count(len(fresh), "record is", "records are"))
	for _, n := range shown {
		b.WriteString("\n• " + slackLine(n))
	}
	if more := len(fresh) - len(shown); more > 0 {
		fmt.Fprintf(&b, "\n… and %d more", more)
	}
	return map[string]any{"text": b.String(), "unfurl_links": false, "unfurl_media": false}
}

func slackLine(n notice) string {
	name := show.Known(n.ProductName, n.ProductID)
	if sku := show.Known(n.SKUCode, n.SKUID); sku != "" {
		name += " " + sku
	}
	line := slackText(name) + " at " + slackText(show.Known(n.WarehouseCode, cmp.Or(n.WarehouseName, n.WarehouseID))) + ": "
	if n.AvailableQty != nil {
		line += fmt.Sprintf("%d available", *n.AvailableQty)
	}
	if n.RunsOutOn != nil {
		line += ", runs out on " + *n.RunsOutOn
	}
	if n.Order > 0 {
		line += fmt.Sprintf(", order %d", n.Order)
	}
	return line
}

// slackText escapes a name so that Slack does not read it as a link or a mention.
func slackText(s string) string {
	runes := []rune(output.Clean(s))
	if len(runes) > maxName {
		runes = append(runes[:maxName-1], '…')
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(string(runes))
}
