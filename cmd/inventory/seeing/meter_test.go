package seeing

import (
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// A reading that takes long shows how far it is: over itself on a terminal, now
// and then elsewhere; a short one shows nothing.
func TestMeter(t *testing.T) {
	for name, test := range map[string]struct {
		tty, quiet bool
		want       string
	}{
		"terminal": {tty: true, want: "\r\x1b[Kreading the movement log: 2,000 of 5,000\r\x1b[Kreading the movement log: 3,000\r\x1b[K"},
		"pipe":     {want: "reading the movement log: 3,000\n"},
		"quiet":    {tty: true, quiet: true},
	} {
		t.Run(name, func(t *testing.T) {
			streams, _, _, stderr := iostreams.Test()
			streams.ErrTTY = test.tty
			a := app.New(streams, app.Build{})
			home := t.TempDir()
			env := map[string]string{"HOME": home}
			a.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
			a.Flags = pflag.NewFlagSet("", pflag.ContinueOnError)
			a.Flags.Bool("quiet", false, "")
			if test.quiet {
				if err := a.Flags.Set("quiet", "true"); err != nil {
					t.Fatal(err)
				}
			}
			at := today()
			a.Now = func() time.Time { return at }
			m := newMeter(a)
			m.show(1000, 5000)
			at = at.Add(2 * time.Second)
			m.show(2000, 5000)
			at = at.Add(9 * time.Second)
			m.show(3000, 0)
			m.clear()
			if stderr.String() != test.want {
				t.Errorf("%q, want %q", stderr, test.want)
			}
		})
	}
}
