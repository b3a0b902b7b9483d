#!/usr/bin/env bash
# Makes the golden files of version 1 with a program `sts` of version 1 (commit 8e98f74). See README.md beside this file.
# Usage: make.sh "dotnet .../sts.dll" FOLDER
set -euo pipefail
sts=$1
out=$2
umask 077
mkdir -p "$out"
run() { $sts "$@" >>"$out/output" 2>&1 || { echo "failed: sts $*" >&2; tail -3 "$out/output" >&2; exit 1; }; }

printf 'abababababababab949494949494949401234567\n' >"$out/component-1"
printf '0000000000000000000000000000000000000000\n' >"$out/component-2"
printf 'golden passphrase of version 1\n' >"$out/passphrase"
printf '493817\n' >"$out/pin"
mkdir "$out/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\n' "$out/tokens" >"$out/softhsm2.conf"
export SOFTHSM2_CONF=$out/softhsm2.conf
softhsm2-util --init-token --free --label golden --pin 493817 --so-pin 82746153 >>"$out/output" 2>&1
token=(--token-library "${SOFTHSM_LIBRARY:-/usr/lib/softhsm/libsofthsm2.so}" --token golden --pin-file "$out/pin")

import() { # vault register sgc, then the options that open it
    run sm key import "$out/$1" --laboratory --custodian Alice --custodian Bob --component-file "$out/component-1" --component-file "$out/component-2" \
        --register "$2" --sgc "$3" "${@:4}"
}

# Serves a vault, makes tokens of each kind, stops.
sell() { # vault, then the options that open it
    local socket=$out/socket server
    $sts sm serve --vault "$out/$1" --unix "$socket" --test-mode "${@:2}" >>"$out/output" 2>&1 &
    server=$!
    for _ in $(seq 100); do [[ -S $socket ]] && break; sleep 0.2; done
    run sm call --unix "$socket" 'SM?VCN1~P600727000000000009~N1~N7~N1~N0~H0001~H014EEC~'
    run sm call --unix "$socket" 'SM?VCN1~P600727000000000009~N1~N11~N2~N0~H00FF~H014EED~'
    run sm call --unix "$socket" 'SM?VCN1~P600727000000000009~N1~N11~N2~N4~H0060AA~H6D6F51~'
    run sm call --unix "$socket" 'SM?VMN1~P600727000000000009~N1~N11~N2~N1~HFFFF~H522A0B~'
    kill -TERM $server
    wait $server
}

# Each kind of lock; two keys, tokens made, so that counters and log are there.
run sm init "$out/by-passphrase" --passphrase-file "$out/passphrase"
run sm init "$out/by-key-file" --key-file "$out/key" --witness "$out/witness"
run sm init "$out/by-shares" --shares 2/3 --share-folder "$out/shares"
run sm init "$out/by-token" "${token[@]}"
lock_by_passphrase=(--passphrase-file "$out/passphrase")
lock_by_key_file=(--key-file "$out/key" --witness "$out/witness")
lock_by_shares=(--share-file "$out/shares/share-1" --share-file "$out/shares/share-3")
lock_by_token=("${token[@]}")
for vault in by-passphrase by-key-file by-shares by-token; do
    declare -n lock=lock_${vault//-/_}
    import $vault 1 201457 "${lock[@]}"
    import $vault 999 201460 --krn 7 --ken 85 --key-type 3 --base-date 1993 "${lock[@]}"
    sell $vault "${lock[@]}"
done
import by-token 2 201461 --on-token golden-key "${token[@]}"
$sts sm key list "$out/by-key-file" --json "${lock_by_key_file[@]}" >"$out/registers.json"
$sts sm log verify "$out/by-key-file" --show "${lock_by_key_file[@]}" >"$out/log.txt"
rm -f "$out/output" "$out/softhsm2.conf"
