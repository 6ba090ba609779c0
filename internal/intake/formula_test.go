package intake_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/intake"
)

// Plain reverses Harmless for every text.
func TestPlainReversesHarmless(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "12": "12", "a=b": "a=b", "=cmd|'/c calc'!A1": "'=cmd|'/c calc'!A1", "+1": "'+1", "-1": "'-1", "@SUM(1)": "'@SUM(1)",
		"\t=1": "'\t=1", "\r=1": "'\r=1", "'=1": "''=1", "''": "''", "'": "'", "'00123": "'00123", "''+x": "'''+x",
	} {
		if got := intake.Harmless(text); got != want {
			t.Errorf("%q becomes %q, not %q", text, got, want)
		}
		if got := intake.Plain(intake.Harmless(text)); got != text {
			t.Errorf("%q comes back as %q", text, got)
		}
	}
}
