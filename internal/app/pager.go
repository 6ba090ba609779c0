package app

import (
	"fmt"

	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/output"
)

// ListPrinterFor is PrinterFor for a list, which goes through the user's pager if it is
// longer than the terminal. Notes wait until the user has left the pager.
func ListPrinterFor[T any](a *App, view output.View[T]) (*output.Printer, error) {
	command := a.pagerCommand()
	if a.NoPager || !a.IO.OutTTY || iostreams.PagerOff(command) {
		return PrinterFor(a, view)
	}
	pager := &iostreams.Pager{Command: command, Height: a.IO.Height(), Out: a.IO.Out, Err: a.IO.Err}
	p, err := a.printer(pager)
	if err == nil {
		err = output.Check(p, view)
	}
	if err == nil {
		a.pager = pager
	}
	return p, err
}

// pagerCommand returns STOCKCTL_PAGER, else PAGER. A terminal that cannot move its cursor
// has no use for either.
func (a *App) pagerCommand() string {
	if term, _ := a.LookupEnv("TERM"); term == "dumb" {
		return ""
	}
	if command, set := a.LookupEnv("STOCKCTL_PAGER"); set {
		return command
	}
	command, _ := a.LookupEnv("PAGER")
	return command
}

// endPager waits until the user has left the pager.
func (a *App) endPager() error {
	pager := a.pager
	if a.pager = nil; pager == nil {
		return nil
	}
	if err := pager.Close(); err != nil {
		return fmt.Errorf("showing the list in the pager: %w", err)
	}
	return nil
}
