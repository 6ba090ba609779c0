package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/prompt"
)

// maxOffered limits the number of products that are suggested while typing.
const maxOffered = 200

// asked reports whether to prompt for an argument: only on a terminal, and for a file
// only if the command reads it.
func asked(use, placeholder string) bool {
	if placeholder == "FILE" {
		return strings.Contains(use, "FILE|-")
	}
	return slices.Contains([]string{"RECORD", "ITEM", "PRODUCT", "WAREHOUSE", "NAME"}, placeholder)
}

// asker prompts for the arguments that are missing from a command line.
type asker struct {
	app   *app.App
	names *lookup.Names
	p     prompt.Prompter
	last  string // the answer before the user went back
}

// askArgument prompts for the value of a placeholder. last is the previous answer, if the
// user wants to change it.
func askArgument(ctx context.Context, a *app.App, placeholder, last string) (string, error) {
	p, err := a.Prompt()
	if err != nil {
		return "", err
	}
	q := asker{app: a, p: p, last: last}
	switch placeholder {
	case "FILE":
		return p.Input(ctx, prompt.Question{Title: "File", Default: last, Suggestions: tableFiles(), Validate: readable})
	case "NAME":
		return p.Input(ctx, prompt.Question{Title: "Name", Default: last, Validate: func(text string) error {
			if strings.TrimSpace(text) == "" {
				return errors.New("must not be blank")
			}
			return nil
		}})
	}
	if q.names, err = a.Names(ctx); err != nil {
		return "", err
	}
	switch placeholder {
	case "RECORD":
		return q.record(ctx)
	case "WAREHOUSE":
		return q.warehouse(ctx)
	}
	return q.item(ctx)
}

// item prompts until the answer names an item.
func (q asker) item(ctx context.Context) (string, error) {
	question := prompt.Question{Title: "Item", Help: "your own code, a barcode, an id or a product's name", Default: q.last, Suggestions: q.offered(ctx), Validate: some}
	for {
		text, err := q.p.Input(ctx, question)
		if err != nil {
			return "", err
		}
		_, err = q.names.ItemOrID(ctx, text, lookup.Read)
		if again, err := q.again(err); !again {
			return text, err
		}
	}
}

// record prompts for an item, and for the warehouse if several have it. If the user types
// or scans a whole address, it asks nothing else.
func (q asker) record(ctx context.Context) (string, error) {
	var list []api.Record
	answer := ""
	walk := &prompt.Walk{Steps: []prompt.Step{
		{Title: "Item", Ask: func(ctx context.Context) (err error) {
			answer, list, err = q.recordsOf(ctx, cmp.Or(answer, q.last))
			return err
		}},
		{Title: "Record", Ask: func(ctx context.Context) error {
			if list == nil {
				return prompt.ErrSkip
			}
			one, err := q.oneOf(ctx, list)
			if err == nil {
				answer = one
			}
			return err
		}},
	}}
	err := walk.Run(ctx)
	return answer, err
}

// recordsOf prompts until the answer names an item, and returns its records. It returns
// nil if the answer names a record.
func (q asker) recordsOf(ctx context.Context, last string) (string, []api.Record, error) {
	question := prompt.Question{Title: "Item", Help: "your own code, a barcode, an id or a name; or ITEM@WAREHOUSE", Default: last, Suggestions: q.offered(ctx), Validate: some}
	for {
		text, err := q.p.Input(ctx, question)
		if err != nil {
			return last, nil, err
		}
		list, one, err := q.names.Find(ctx, text)
		switch again, err := q.again(err); {
		case again:
			continue
		case err != nil:
			return text, nil, err
		case one:
			list = nil
		}
		return text, list, nil
	}
}

// oneOf asks which of an item's records to use, unless there is only one.
func (q asker) oneOf(ctx context.Context, list []api.Record) (string, error) {
	choice := prompt.Choice{Title: "Record"}
	for _, r := range list {
		label := q.names.Label(ctx, r)
		option := prompt.Option{Value: label, Names: []string{r.ID, r.WarehouseID}}
		if w, err := q.names.WarehouseOrID(ctx, r.WarehouseID); err == nil && len(list) > 1 {
			option.Names = append(option.Names, w.Code, w.Name)
		}
		option.Label = fmt.Sprintf("%s  %s on hand, %s available", label, show.Quantity(r.OnHandQty), show.Quantity(r.AvailableQty))
		choice.Options = append(choice.Options, option)
	}
	if len(choice.Options) == 1 {
		return choice.Options[0].Value, nil
	}
	return q.p.Select(ctx, choice)
}

func (q asker) warehouse(ctx context.Context) (string, error) {
	list, err := q.names.Warehouses(ctx)
	if err != nil {
		return "", err
	}
	choice, err := show.WarehouseChoice("Warehouse", list, q.last)
	if err != nil {
		return "", err
	}
	return q.p.Select(ctx, choice)
}

// again returns what is wrong with an answer that matches nothing or several things. Any
// other error ends the prompt.
func (q asker) again(err error) (bool, error) {
	switch failure.KindOf(err) {
	case failure.NotFound, failure.Usage:
		q.app.Note("%s", err)
		if hint := failure.HintOf(err); hint != "" {
			q.app.Note("hint: %s", hint)
		}
		return true, nil
	}
	return false, err
}

// offered returns the codes and names of the first products as suggestions. A user
// without permission to read products can still type an id.
func (q asker) offered(ctx context.Context) []string {
	var names []string
	for p, err := range q.names.Products(ctx) {
		if err != nil || len(names) >= maxOffered {
			break
		}
		names = append(names, p.Code, p.Name, p.ID)
		for _, s := range p.SKUs() {
			names = append(names, s.Code)
		}
	}
	return slices.DeleteFunc(names, func(s string) bool { return s == "" })
}

func some(text string) error {
	if text == "" || strings.TrimSpace(text) != text {
		return errors.New("must not be blank, or begin or end with a space")
	}
	return nil
}

// readable rejects anything that is not a file, before the next question.
func readable(path string) error {
	info, err := os.Stat(path)
	switch {
	case path == "":
		return errors.New("must not be blank")
	case errors.Is(err, os.ErrNotExist):
		return errors.New("there is no such file")
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("is a folder, not a file")
	}
	return nil
}

// tableFiles returns the files in the current folder that look like tables.
func tableFiles() []string {
	var out []string
	entries, _ := os.ReadDir(".") // what cannot be read is not offered
	for _, e := range entries {
		ext := strings.ToLower(filepath.Ext(strings.TrimSuffix(e.Name(), ".gz")))
		if !e.IsDir() && slices.Contains([]string{".csv", ".tsv", ".txt", ".json", ".jsonl", ".xlsx", ".yaml", ".yml"}, ext) {
			out = append(out, e.Name())
		}
	}
	return out
}
