#!/usr/bin/env bash
# run.sh [PART ...] compares stockctl with other programs, measured on the same machine at
# the same time, and writes the ratios to docs/benchmarks.md.
# Parts: start import latency https pace journal check memory list table others. Without
# one, all. Linux only: it reads /proc and the peak memory of processes.
#
#   BENCH_SIZE=full|small|smoke   the amount of work; smoke only prints results
#   BENCH_PAGE=FILE               the page to write
#   BENCH_TOOLS=FOLDER            where programs are built and installed, to reuse
#                                 hey and newman from an earlier run
#
# import, latency and others need hey, and others needs newman; they are downloaded.
# The run fails if a measured program fails or does not write what it should.
set -euo pipefail
cd "$(dirname "$0")/../.."

hey=github.com/rakyll/hey@v0.1.4
newman=newman@6.2.1

parts=("$@")
[ $# -gt 0 ] || parts=(start import latency https pace journal check memory list table others)
size=${BENCH_SIZE:-full}
case $size in
  full | small) page=${BENCH_PAGE:-docs/benchmarks.md} ;;
  smoke) page=${BENCH_PAGE:-} ;;
  *) echo "run.sh: BENCH_SIZE must be full, small or smoke, not $size" >&2; exit 2 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tools=${BENCH_TOOLS:-$work/tools}
mkdir -p "$tools"

# wanted PART … succeeds if one of the parts was requested.
wanted() {
  local one
  for one in "$@"; do
    [[ " ${parts[*]} " == *" $one "* ]] && return
  done
  return 1
}

for part in "${parts[@]}"; do
  case $part in
    start | import | latency | https | pace | journal | check | memory | list | table | others) ;;
    *) echo "run.sh: no part $part" >&2; sed -n 's/^# Parts: \(.*\)\. Without$/the parts are: \1/p' "$0" >&2; exit 2 ;;
  esac
done

echo "building into $tools" >&2
release=(-trimpath -ldflags '-s -w')
if [ "$size" = smoke ]; then
  release=() # reuses the build cache, as a release build takes minutes
else
  export CGO_ENABLED=0
fi
go build "${release[@]}" -o "$tools/stockctl" .
go build "${release[@]}" -o "$tools/" ./docs/benchmarks/...
if wanted journal; then
  go build "${release[@]}" -overlay "$(docs/benchmarks/without-journal.sh "$work/overlay")" -o "$tools/stockctl-without-journal" .
fi
if wanted table; then
  go test -c -o "$tools/output.test" ./internal/output
fi
if wanted import latency others && [ ! -x "$tools/hey" ]; then
  GOBIN=$tools GOFLAGS='' go install "$hey"
fi
if wanted others && [ ! -x "$tools/node_modules/.bin/newman" ]; then
  npm install --silent --no-audit --no-fund --no-update-notifier --prefix "$tools" "$newman" >&2
fi

PYTHONDONTWRITEBYTECODE=1 python3 docs/benchmarks/measure "$tools" "$size" "$page" "${parts[@]}"
