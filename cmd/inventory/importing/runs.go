package importing

import (
	"context"
	"time"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/sending"
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/output"
)

func newRunsCmd(a *app.App, run func(context.Context, *runOptions) error) *cobra.Command {
	return &cobra.Command{
		Use:   "runs",
		Short: "List the imports on this machine",
		Long: "List the imports with a journal on this machine, oldest first. The journal of a\nfinished import is deleted when it is older than the --lookback of a later one." + cli.ExitCodes(
			"0  listed, even if there are none or one is damaged",
			"3  the state folder cannot be read",
		),
		Example: "  stockctl inventory import runs",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), &runOptions{app: a})
		},
	}
}

func runRuns(_ context.Context, opts *runOptions) error {
	printer, err := app.ListPrinterFor(opts.app, importRunView())
	if err != nil {
		return err
	}
	store, err := sending.Store(opts.app)
	if err != nil {
		return err
	}
	list, err := ledger.Runs(store)
	if err != nil {
		return err
	}
	for _, info := range list {
		opts.app.Warn(info.Damaged)
	}
	if len(list) == 0 {
		opts.app.Note("no imports")
	}
	if err := output.List(printer, importRunView(), output.Items(shownRuns(list))); err != nil {
		return err
	}
	opts.app.Footer(len(list), 0, "imports")
	return nil
}

func newRunStatusCmd(a *app.App, run func(context.Context, *runOptions) error) *cobra.Command {
	return &cobra.Command{
		Use:   "status RUN",
		Short: "Show the progress of an import",
		Long: "Show the progress and the outcome of an import, from its journal. The import may\nstill be running." + cli.ExitCodes(
			"0  shown, whatever the outcome of the import",
			"6  no such run on this machine",
		),
		Example:           "  stockctl inventory import status 01KAQ6X0G0V7TQ3M",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: runNames(a, ledger.Runs),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd.Context(), &runOptions{app: a, run: args[0]})
		},
	}
}

func runRunStatus(_ context.Context, opts *runOptions) error {
	printer, err := app.PrinterFor(opts.app, importRunView())
	if err != nil {
		return err
	}
	store, err := sending.Store(opts.app)
	if err != nil {
		return err
	}
	info, err := store.Inspect(opts.run)
	if err != nil {
		return err
	}
	return output.One(printer, importRunView(), shownRuns([]journal.Info{info})[0])
}

// runStatus is the status of a run.
type runStatus = string

// The statuses of a run.
const (
	finishedRun   runStatus = "finished"   // every row has a final state
	runningRun    runStatus = "running"    // a process is working on it
	unfinishedRun runStatus = "unfinished" // resume continues it
	damagedRun    runStatus = "damaged"    // its journal cannot be read
)

// shownRun is an import run stored on this machine.
type shownRun struct {
	Run      string        `json:"run"`
	File     string        `json:"file"`
	Mode     string        `json:"mode"`
	Profile  string        `json:"profile"`
	Status   runStatus     `json:"status"`
	Rows     int64         `json:"rows"`
	Counts   ledger.Counts `json:"counts"`
	ImportID string        `json:"importId"`
	Started  time.Time     `json:"started"`
	Finished *time.Time    `json:"finished"`
	BaseURL  string        `json:"baseUrl"`
	Shard    string        `json:"shard,omitempty"`
	Undoes   string        `json:"undoes,omitempty"` // the run that this one undoes
	Left     int64         `json:"left"`             // rows not sent yet
	Rejects  []string      `json:"allRejects"`       // the files of refused rows
	Holds    []string      `json:"allHeld"`          // the files of rows on hold
}

func shownRuns(list []journal.Info) []shownRun {
	out := make([]shownRun, len(list))
	for i, info := range list {
		status := unfinishedRun
		switch {
		case info.Damaged != nil:
			status = damagedRun
		case info.Busy:
			status = runningRun
		case info.Finished != nil:
			status = finishedRun
		}
		out[i] = shownRun{
			Run: info.ID, File: info.File, Mode: info.Mode, Profile: info.Profile, Status: status, Rows: info.Rows,
			Counts: ledger.CountsOf(info.Stats), ImportID: info.ImportID, Started: info.Started, Finished: info.Finished,
		}
		// The journal shows which rows were sent and have no outcome yet.
		c := &out[i].Counts
		c.InDoubt = max(0, int64(info.Open)-c.Held)
		out[i].BaseURL, out[i].Shard, out[i].Undoes = info.BaseURL, info.Shard, info.Undoes
		out[i].Left = max(0, info.Rows-c.Applied-c.Confirmed-c.Already-c.Rejected-c.Conflict-c.Invalid-c.Skipped-c.Held)
		out[i].Rejects, out[i].Holds = append([]string{}, info.Rejects...), append([]string{}, info.Holds...)
	}
	return out
}

func importRunView() output.View[shownRun] {
	type column = output.Column[shownRun]
	return output.View[shownRun]{
		ID: func(r shownRun) string { return r.Run },
		Columns: []column{
			{Name: "run", Title: "RUN", Keep: true, Value: func(r shownRun) any { return r.Run }},
			{Name: "file", Title: "FILE", Value: func(r shownRun) any { return r.File }},
			{Name: "mode", Title: "MODE", Spare: 4, Keep: true, Value: func(r shownRun) any { return r.Mode }},
			{Name: "profile", Title: "PROFILE", Spare: 6, Value: func(r shownRun) any { return r.Profile }},
			{Name: "status", Title: "STATUS", Keep: true, Value: func(r shownRun) any { return r.Status }},
			{Name: "rows", Title: "ROWS", Spare: 3, Keep: true, Value: func(r shownRun) any { return r.Rows }},
			{Name: "applied", Title: "APPLIED", Keep: true, Value: func(r shownRun) any { return r.Counts.Applied + r.Counts.Confirmed }},
			{Name: "rejected", Title: "REJECTED", Value: func(r shownRun) any { return r.Counts.Rejected + r.Counts.Conflict }},
			{Name: "held", Title: "HELD", Spare: 5, Value: func(r shownRun) any { return r.Counts.Held }},
			{Name: "started", Title: "STARTED", Keep: true, Value: func(r shownRun) any { return r.Started }},
			{Name: "finished", Title: "FINISHED", Wide: true, Value: func(r shownRun) any { return r.Finished }},
			{Name: "importId", Title: "IMPORT ID", Wide: true, Value: func(r shownRun) any { return r.ImportID }},
		},
	}
}
