#!/usr/bin/env bash
# Compares meters of the first version with this one: memory of a meter and decisions a second, in turns in one run. Under four minutes.
# Usage: bench/compare/meter.sh OLD_ROOT [METERS]
# OLD_ROOT is a checkout of commit 8e98f74, built in Release as this one is.
set -euo pipefail
new=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
old=$(cd "${1:?usage: meter.sh OLD_ROOT [METERS]}" && pwd)
meters=${2:-1000000}
program=artifacts/bin/OpenSts.Cli/release/sts.dll
rounds=3

# Memory in bytes and decisions a second of one measurement.
measure() {
    dotnet "$1/$program" meter "$2" --load "$meters" --json |
        sed -E 's/.*"bytesPerMeter":([0-9]+).*"entriesPerSecond":([0-9]+),"wrongAnswers":([0-9]+).*/\1 \2 \3/'
}

echo "$meters meters in one process, one core; half accepted, a quarter used, a quarter wrong. $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)."
echo
echo "| round | old, bytes a meter | new, bytes a meter | old, decisions/s | new, decisions/s | wrong answers |"
echo "|---|---|---|---|---|---|"
best_old=0
best_new=0
for round in $(seq "$rounds"); do
    read -r old_bytes old_rate old_wrong < <(measure "$old" wall)
    read -r new_bytes new_rate new_wrong < <(measure "$new" fleet)
    echo "| $round | $old_bytes | $new_bytes | $old_rate | $new_rate | $((old_wrong + new_wrong)) |"
    ((old_rate > best_old)) && best_old=$old_rate
    ((new_rate > best_new)) && best_new=$new_rate
done
echo
echo "Best of each: $best_old and $best_new decisions/s, $(awk "BEGIN { printf \"%.2f\", $best_new / $best_old }") of the old."
