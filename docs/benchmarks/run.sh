#!/usr/bin/env bash
# run.sh [PART ...]: measures stockctl against other programs on the same
# machine in the same minutes, and writes the ratios into docs/benchmarks.md.
# Parts: start import latency pace journal check memory list table others. Without
# one, all. Linux only: it reads /proc and the peak memory of processes.
#
#   BENCH_SIZE=full|small|smoke   how much is measured; smoke only prints
#   BENCH_PAGE=FILE               the page that is written
#   BENCH_TOOLS=FOLDER            where programs are built and installed to, to
#                                 have hey and newman from an earlier run
#
# import, latency and others need hey, others needs newman: they are fetched.
# A measured program that fails, or does not write what it should, fails the run.
set -euo pipefail
cd "$(dirname "$0")/../.."

hey=github.com/rakyll/hey@v0.1.4
newman=newman@6.2.1

parts=("$@")
[ $# -gt 0 ] || parts=(start import latency pace journal check memory list table others)
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

# wanted PART …: is one of them asked for?
wanted() {
  local one
  for one in "$@"; do
    [[ " ${parts[*]} " == *" $one "* ]] && return
  done
  return 1
}

for part in "${parts[@]}"; do
  case $part in
    start | import | latency | pace | journal | check | memory | list | table | others) ;;
    *) echo "run.sh: no part $part" >&2; sed -n 's/^# Parts: \(.*\)\. Without$/the parts are: \1/p' "$0" >&2; exit 2 ;;
  esac
done

echo "building into $tools" >&2
release=(-trimpath -ldflags '-s -w')
if [ "$size" = smoke ]; then
  release=() # with what is compiled already: another build of everything takes minutes
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
