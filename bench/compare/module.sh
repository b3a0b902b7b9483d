#!/usr/bin/env bash
# Old and new security module side by side in one run: token issues under load, and the time to open 999 registers' worth of vault.
# Usage: bench/compare/module.sh OLD_ROOT [FOLDER]   (both trees built in Release; takes under 4 minutes; prints Markdown)
set -euo pipefail
old=$1
folder=${2:-${TMPDIR:-/tmp}}
new=$(cd "$(dirname "$0")/../.." && pwd)
program() { printf '%s/artifacts/bin/OpenSts.Benchmarks/release/OpenSts.Benchmarks' "$1"; }
seconds=6

printf '## SM?VC through TCP, %s seconds a row, in turns\n\n' "$seconds"
printf '| program | connections | asked/s | answered/s | p50 ms | p99 ms | max ms | p99 ms from due | refused | module CPU | us CPU a token | generator CPU | commits/s | module MB |\n'
printf '|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n'
for row in '1 20000' '8 20000' '8 60000'; do
    for round in 1 2; do
        for name in old new; do
            root=$new
            [[ $name == old ]] && root=$old
            # shellcheck disable=SC2086
            "$(program "$root")" module "$folder" "$seconds" $row | tail -n +3 | sed "s/^|/| $name $round |/"
        done
    done
done
