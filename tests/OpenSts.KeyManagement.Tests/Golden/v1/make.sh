#!/usr/bin/env bash
# Makes the golden files of version 1 with a program `sts` of version 1 (commit 8e98f74). See README.md beside this file.
# Usage: make.sh "dotnet .../sts.dll" FOLDER [POSTGRES-CONNECTION-STRING]
set -euo pipefail
sts=$1
out=$2
north=${3:-$out/north}
name() { printf '%s/%s' "$out" "$1"; }
run() { $sts "$@" >>"$out/log" 2>&1 || { echo "failed: sts $*" >&2; tail -3 "$out/log" >&2; exit 1; }; }
umask 077
mkdir -p "$out"
: >"$out/log"
key=(--key-file "$(name daily)")
alice=(--as "$(name people/officer-Alice)")
bob=(--as "$(name people/officer-Bob)")
number=0
ask() { run kmc "$@" "${key[@]}" "${alice[@]}"; number=$((number + 1)); }
change() { ask "$@"; run kmc approve "$north" $number "${key[@]}" "${bob[@]}"; }

run kmc ceremony --root "$(name root)" --centre "$north" --kmcid NORTH1 --root-shares 2/3 --shares 2/3 --share-folder "$(name people)" \
    --officer Alice --officer Bob --key-file "$(name daily)"

# Users in each state, groups, an officer who left, one who stays.
change user add "$north" --name "Town power" --contact "control room, +27 11 000 0000"
change user add "$north" --name "Harbour" --contact "harbour@example"
change user add "$north" --name "Meter works" --contact "works@example"
change user add "$north" --name "Gone" --contact "gone@example"
change user close "$north" NORTH1-0004 --reason "went away"
change group create "$north" 123456 --name "Test town" --owner NORTH1-0001
change group create "$north" 234567 --name "Harbour quarter" --owner NORTH1-0002 --cluster 1
change group create "$north" 111111 --name "Universal" --owner NORTH1-0001 --universal-default
public() { $sts kmc officer new "$1" --file "$(name people/officer-$1)" | grep -oE '\b0[23][0-9A-F]{96}\b' | head -1; }
carol=$(public Carol)
dave=$(public Dave)
change officer enrol "$north" --name Carol --public-key "$carol"
change officer remove "$north" --name Carol --reason "left"

# Keys of each type and algorithm; one replaced, one revoked, one of a laboratory.
change key generate "$north" 123456 --until 2099-12-31
change key generate "$north" 123456 --until 2098-12-31 --type VUDK --dkga DKGA02 --base-date 1993 --refresh-days 30
change key generate "$north" 123456 --until 2099-12-31 --type VCDK --dkga DKGA02 --ken 170
change key generate "$north" 123456 --until 2099-12-31 --type VDDK
change key generate "$north" 111111 --until 2099-12-31 --type VDDK
change key generate "$north" 234567 --until 2099-12-31
change key generate "$north" 234567 --until 2099-12-31 --active 2030-01-01
change key replace "$north" 123456-0002 --until 2099-06-30 --base-date 2014 --reason "grown old"
change key revoke "$north" 234567-0002 --reason "not wanted"
change key change "$north" 123456-0001 --refresh-days 60
printf '%s\n' '95200101VOE000123456789ABCDEFD5D44FF720683D0D20160101120000201602010000008255123456TEST GROUP     ' >"$(name edition1)"
ask legacy import "$north" "$(name edition1)" --laboratory --until 2099-12-31
run kmc approve "$north" $number "${key[@]}" "${bob[@]}"

# Modules: one that vends, one that manufactures, one that is revoked, and the south as a receiver.
module() {
    run sm init "$(name module-$1)" --key-file "$(name module.key)"
    run sm load identity "$(name module-$1)" --maker OpenSts --module-id "$1" --kind "$2" --root-line "$(name people/root.line)" --out "$(name smpk-$1)" --key-file "$(name module.key)"
    run kmc root sign "$(name root)" "$(name smpk-$1)" --out "$(name smpk-$1.signed)" --share-file "$(name people/root-share-1)" --share-file "$(name people/root-share-3)"
    run sm load certify "$(name module-$1)" "$(name smpk-$1.signed)" --key-file "$(name module.key)"
    run kmc module register "$north" "$(name smpk-$1.signed)" --owner "$3" "${key[@]}" "${alice[@]}"
    run sm load centre "$(name module-$1)" "$(name people/centre.line)" --key-file "$(name module.key)"
}
file() {
    run sm load request "$(name module-$1)" NORTH1 --out "$(name request-$1-$2)" --key-file "$(name module.key)"
    run kmc load-file "$north" "$(name request-$1-$2)" --out "$(name files)" "${key[@]}" "${alice[@]}"
}
load() {
    run sm load file "$(name module-$1)" "$(name files/$1-0000000$2.klf)" --out "$(name confirmation-$1-$2)" --key-file "$(name module.key)"
    run kmc confirm "$north" "$(name confirmation-$1-$2)" "${key[@]}" "${bob[@]}"
}
module 10000001 VEND NORTH1-0001
module 10000002 MANU NORTH1-0003
module 10000003 VEND NORTH1-0002
change authorise "$north" --module 10000001 --key 123456-0001 --key 123456-0002 --key 123456-0005 --units unlimited --currency 5000 --subclasses 0,1,2,4 --until 2098-12-31
change authorise "$north" --module 10000002 --key 123456-0004 --until 2098-12-31
change authorise "$north" --module 10000003 --key 234567-0001 --units 100 --subclasses 0 --until 2098-12-31
file 10000001 1
load 10000001 1
file 10000002 1
load 10000002 1
change withdraw "$north" 10000003 234567-0001 --reason "moved"
change module revoke "$north" 10000003 --reason "stolen"
# A file that waits for its confirmation, and beside it what the module would load.
file 10000001 2

# The south: takes a group, and awaits its next file.
run kmc init "$(name south)" --kmcid SOUTH1 --root-line "$(name people/root.line)" --officer "Carol=$carol" --officer "Dave=$dave" --out "$(name south.unsigned)" "${key[@]}"
run kmc root sign "$(name root)" "$(name south.unsigned)" --out "$(name south.signed)" --share-file "$(name people/root-share-1)" --share-file "$(name people/root-share-2)"
south=("${key[@]}" --as "$(name people/officer-Carol)")
run kmc certify "$(name south)" "$(name south.signed)" "${south[@]}"
$sts kmc peer certificate "$(name south)" "${south[@]}" >"$(name south.receiver)"
receiver=$(cut -d: -f3 "$(name south.receiver)")
run kmc module register "$north" "$(name south.receiver)" --owner SOUTH1 "${key[@]}" "${alice[@]}"
change authorise "$north" --module "$receiver" --key 123456 --key 234567 --until 2098-12-31
run kmc peer take "$(name south)" "$(name people/centre.line)" "${south[@]}"
run kmc peer request "$(name south)" NORTH1 --out "$(name request-south-1)" "${south[@]}"
run kmc load-file "$north" "$(name request-south-1)" --out "$(name files)" "${key[@]}" "${alice[@]}"
run kmc peer import "$(name south)" "$(name files/$receiver-00000001.klf)" --out "$(name confirmation-south-1)" "${south[@]}"
run kmc confirm "$north" "$(name confirmation-south-1)" "${key[@]}" "${bob[@]}"
change user suspend "$north" NORTH1-0002 --reason "did not pay"
change group move "$north" 234567 --to SOUTH1
run kmc peer request "$(name south)" NORTH1 --out "$(name request-south-2)" "${south[@]}"
run kmc load-file "$north" "$(name request-south-2)" --out "$(name files)" "${key[@]}" "${alice[@]}"

# A second centre key, not signed yet; a change that waits, one that was refused.
run kmc centre-key new "$north" --until 2031-12-31 --out "$(name centre-key-2)" "${key[@]}" "${alice[@]}"
ask group name "$north" 123456 --name "New town" --owner NORTH1-0001
run kmc refuse "$north" $number --reason "not agreed" "${key[@]}" "${bob[@]}"
ask user change "$north" NORTH1-0001 --name "Town power" --contact "waits for approval"
run kmc lock key-file "$north" --new-key-file "$(name daily-2)" --second "$(name people/officer-Bob)" "${key[@]}" "${alice[@]}"
run kmc log verify "$north" --witness "$(name witness)" --key-file "$(name daily-2)"
run kmc user add "$north" --name "Last" --contact "last@example" --witness "$(name witness)" --key-file "$(name daily-2)" "${alice[@]}"
$sts kmc group list "$north" --json --key-file "$(name daily-2)" >"$(name groups.json)"
$sts kmc key list "$north" --json --key-file "$(name daily-2)" >"$(name keys.json)"
$sts kmc group list "$(name south)" --json "${key[@]}" >"$(name south-groups.json)"

# The same centre with its keys sealed by a token of SoftHSM; only where the north is a folder.
if [[ $north == "$out/north" ]]; then
    mkdir "$(name tokens)"
    printf 'directories.tokendir = %s\nobjectstore.backend = file\n' "$(name tokens)" >"$(name softhsm2.conf)"
    export SOFTHSM2_CONF=$(name softhsm2.conf)
    softhsm2-util --init-token --free --label golden --pin 493817 --so-pin 82746153 >>"$out/log" 2>&1
    printf '493817\n' >"$(name pin)"
    cp -r "$(name north)" "$(name sealed)"
    run kmc seal token "$(name sealed)" --second "$(name people/officer-Bob)" --key-file "$(name daily-2)" "${alice[@]}" \
        --token-library "${SOFTHSM_LIBRARY:-/usr/lib/softhsm/libsofthsm2.so}" --token golden --pin-file "$(name pin)"
fi
