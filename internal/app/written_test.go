package app

import (
	"testing"

	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/iostreams"
)

// A write with a live key says so; one with a test key is as before.
func TestWrittenMarksALiveKey(t *testing.T) {
	for key, want := range map[string]string{
		"pk_live_0123456789abcdef": " in profile default (LIVE)",
		"pk_test_0123456789abcdef": " in profile default",
	} {
		streams, _, _, _ := iostreams.Test()
		a := New(streams, Build{})
		env := map[string]string{"HOME": t.TempDir(), "STOCKCTL_MERCHANT_API_KEY": key}
		a.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
		a.Flags = pflag.NewFlagSet("", pflag.ContinueOnError)
		if got := a.Written(); got != want {
			t.Errorf("%s: %q, want %q", key[:7], got, want)
		}
	}
}
