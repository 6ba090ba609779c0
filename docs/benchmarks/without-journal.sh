#!/usr/bin/env bash
# without-journal.sh FOLDER writes a build overlay to FOLDER and prints its path. A program
# built with it (go build -overlay, go test -overlay) imports without a journal on disk. It
# only counts rows, so that the summary is still correct. It is for measurements only and
# cannot resume anything.
set -euo pipefail

journal=$(cd "$(dirname "$0")/../../internal/ledger/journal" && pwd)
folder=$(mkdir -p "$1" && cd "$1" && pwd)
replaced=(Intend End Reread)

# The methods that the ledger calls for every row are renamed …
files=()
for method in "${replaced[@]}"; do
  file=$(grep -l "^func (r \*Run) $method(" "$journal"/*.go) || { echo "without-journal: no method $method in $journal" >&2; exit 1; }
  copy="$folder/$(basename "$file")"
  [ -e "$copy" ] || { cp "$file" "$copy"; files+=("$file"); }
  sed -i "s/^func (r \*Run) $method(/func (r *Run) kept$method(/" "$copy"
done

# … and replaced by counters.
cat >"$folder/without.go" <<'GO'
package journal

import (
	"sync"
	"sync/atomic"
)

var counts sync.Map // of *Run: its *[states]atomic.Int64

func (r *Run) counted() *[states]atomic.Int64 {
	c, _ := counts.LoadOrStore(r, new([states]atomic.Int64))
	return c.(*[states]atomic.Int64)
}

func (r *Run) Intend(Intent) error { return nil }

func (r *Run) End(o Outcome, _ bool) error {
	r.counted()[o.State].Add(1)
	return nil
}

func (r *Run) Reread() (*Replay, error) {
	p := &Replay{Open: map[int64]Intent{}, Held: map[int64]bool{}, Resent: map[string]Intent{}}
	for state := range p.Stats {
		p.Stats[state] = r.counted()[state].Load()
	}
	return p, nil
}
GO

{
  printf '{"Replace": {\n'
  for file in "${files[@]}"; do
    printf '  "%s": "%s",\n' "$file" "$folder/$(basename "$file")"
  done
  printf '  "%s": "%s"\n}}\n' "$journal/without.go" "$folder/without.go"
} >"$folder/overlay.json"
printf '%s\n' "$folder/overlay.json"
