package main

import (
	"slices"
	"testing"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd"
)

// Every command that does something has a schema, or a reason for having none.
func TestEveryCommandHasASchemaOrAReason(t *testing.T) {
	left := sortedAnswers()
	left = slices.DeleteFunc(left, func(name string) bool { return name == errorSchema })
	reasons := silent()
	err := eachPage(cmd.Tree(), func(c *cobra.Command) error {
		path := c.CommandPath()
		i := slices.Index(left, path)
		_, excused := reasons[path]
		switch {
		case i >= 0 && excused:
			t.Errorf("%s has both a schema and a reason for having none", path)
		case i < 0 && !excused && c.Runnable() && !c.HasSubCommands():
			t.Errorf("%s has no schema: add the type of its JSON to answers, or a reason to silent", path)
		}
		if i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
		delete(reasons, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 || len(reasons) > 0 {
		t.Errorf("these are not commands: %v %v", left, reasons)
	}
}
