#!/usr/bin/env bash
# Makes the files of format version 1 with the command of version 1: make.sh STS, where STS is that command. They were made once and never change.
set -euo pipefail
cd "$(dirname "$0")"
sts=("$@")
key=abababababababab949494949494949401234567
ea07=(--pan 600727000000000009 --sgc 201457 --vending-key "$key")
ea11=("${ea07[@]}" --ea EA11)
token() { "${sts[@]}" token "$@" --random 5 | grep -oE '[0-9]{4}( [0-9]{4}){4}' | head -1; }
enter() { "${sts[@]}" meter enter "$1" "$2" || true; }
rm -f ./*.meter
# An electricity meter with units, money, a price, a power limit, a flag, a wrong token in the log.
"${sts[@]}" meter create ea07.meter --manufactured-at 2014-01-01T00:00:00Z --price 2.5 --phases 3 "${ea07[@]}"
enter ea07.meter "7063 0503 4700 2872 6114"
enter ea07.meter "7063 0503 4700 2872 6115"
enter ea07.meter "$(token power-limit --watts 2000 --at 2026-01-01T00:00:00Z "${ea07[@]}")"
enter ea07.meter "$("${sts[@]}" token credit --currency --amount 40 --at 2026-01-01T00:01:00Z "${ea07[@]}" | grep -oE '[0-9]{4}( [0-9]{4}){4}' | head -1)"
enter ea07.meter "$(token flag --index 2 --value on --at 2026-01-01T00:05:00Z "${ea07[@]}")"
# A water meter with EA11, a small memory, other settings.
"${sts[@]}" meter create ea11.meter --manufactured-at 2020-01-01T08:00:00Z --commodity water --token-memory 5 --key-change-timeout 77 \
    --lockout-scope MeterSpecificOnly --no-key-expiry-check "${ea11[@]}"
enter ea11.meter "$(token credit --service water --amount 12.3 --at 2026-01-01T00:00:00Z "${ea11[@]}")"
enter ea11.meter "5649 3153 7254 5031 3471"
for file in *.meter; do "${sts[@]}" meter show "$file" --json >"${file%.meter}.json"; done
