using System.CommandLine;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.KeyManagement;

/// <summary>
/// The examples of <c>sts kmc</c>, in the order of use: CENTRE and ROOT are folders, ama and kofi officers.
/// </summary>
internal static class KmcExamples
{
    public static Command WithKmcExamples(this Command kmc) => kmc.WithExamplesBelow(
        (
            "Make a root and a centre; each share goes into a file for its custodian",
            "sts kmc ceremony --root ROOT --centre CENTRE --kmcid NORTH1 --share-folder shares "
                + "--officer ama kofi --key-file daily.key"),
        (
            "Make the same and show each share on the terminal once",
            "sts kmc ceremony --root ROOT --centre CENTRE --kmcid NORTH1 --share-folder shares "
                + "--officer ama kofi --print"),
        (
            "Ask for a user",
            "sts kmc user add CENTRE --name 'Town power' --contact 'control room, +27 11 000 "
                + "0000' --key-file daily.key --as ama"),
        ("Show what waits for a second officer", "sts kmc changes CENTRE --key-file daily.key"),
        ("Approve change 1 as the second officer", "sts kmc approve CENTRE 1 --key-file daily.key --as kofi"),
        ("Refuse change 2", "sts kmc refuse CENTRE 2 --reason 'wrong name' --key-file daily.key --as kofi"),
        (
            "Ask for another contact of a user",
            "sts kmc user change CENTRE NORTH1-0001 --name 'Town power' --contact "
                + "power@town.example --key-file daily.key --as ama"),
        (
            "Ask for the suspension of a user",
            "sts kmc user suspend CENTRE 'Town power' --reason 'unpaid fees' --key-file "
                + "daily.key --as ama"),
        (
            "Ask for the end of the suspension",
            "sts kmc user resume CENTRE 'Town power' --key-file daily.key --as ama"),
        (
            "Ask for the end of a user",
            "sts kmc user close CENTRE 'Town power' --reason 'merged with the city' --key-file "
                + "daily.key --as ama"),
        ("Show the users", "sts kmc user list CENTRE --key-file daily.key"),
        ("Show one user", "sts kmc user show CENTRE 'Town power' --key-file daily.key"),
        (
            "Ask for a supply group",
            "sts kmc group create CENTRE 123456 --name 'Test town' --owner 'Town power' "
                + "--key-file daily.key --as ama"),
        (
            "Ask for another name of a group",
            "sts kmc group name CENTRE 123456 --name 'Old town' --owner 'Town power' --key-file "
                + "daily.key --as ama"),
        (
            "Ask that centre SOUTH1 becomes the home of a group",
            "sts kmc group move CENTRE 123456 --to SOUTH1 --key-file daily.key --as ama"),
        ("Show the supply groups", "sts kmc group list CENTRE --key-file daily.key"),
        (
            "Ask for a unique vending key",
            "sts kmc key generate CENTRE 123456 --until 2029-12-31 --key-file daily.key --as ama"),
        (
            "Ask for a later end of a key",
            "sts kmc key change CENTRE 123456-0001 --until 2030-12-31 --key-file daily.key --as "
                + "ama"),
        (
            "Ask for the end of a key",
            "sts kmc key revoke CENTRE 123456-0001 --reason 'key compromised' --key-file "
                + "daily.key --as ama"),
        ("Show the keys with their check values", "sts kmc key list CENTRE --key-file daily.key"),
        (
            "Sign the certificate of a module with three of the root's five custodians",
            "sts kmc root sign ROOT module.line --out module.signed --not-after 2036-12-31 "
                + "--share-file shares/root-share-1 shares/root-share-2 shares/root-share-4"),
        (
            "Make new shares of the root",
            "sts kmc root shares ROOT --shares 2/3 --share-folder new-shares --share-file "
                + "shares/root-share-1 shares/root-share-2 shares/root-share-4"),
        (
            "Register a module that a user runs",
            "sts kmc module register CENTRE module.signed --owner 'Town power' --key-file "
                + "daily.key --as ama"),
        (
            "Ask for the end of a module",
            "sts kmc module revoke CENTRE 10000001 --reason stolen --key-file daily.key --as ama"),
        ("Show the modules", "sts kmc module list CENTRE --key-file daily.key"),
        (
            "Ask that a module may sell without a limit",
            "sts kmc authorise CENTRE --module 10000001 --key 123456-0001 --units unlimited "
                + "--subclasses 0,1,2,3 --until 2029-12-31 --key-file daily.key --as ama"),
        (
            "Ask for the end of the permission",
            "sts kmc withdraw CENTRE 10000001 123456-0001 --reason 'contract ended' --key-file "
                + "daily.key --as ama"),
        (
            "Show the permissions of a module",
            "sts kmc authorisations CENTRE --module 10000001 --key-file daily.key"),
        (
            "Make the file that answers a module's request",
            "sts kmc load-file CENTRE request --out files --key-file daily.key --as ama"),
        ("Take the confirmation of a module", "sts kmc confirm CENTRE confirmation --key-file daily.key"),
        ("Show the files of a module", "sts kmc files CENTRE --module 10000001 --key-file daily.key"),
        (
            "Make a new key file for daily work",
            "sts kmc lock key-file CENTRE --new-key-file new-daily.key --second kofi --key-file "
                + "daily.key --as ama"),
        (
            "Make new shares of the centre",
            "sts kmc lock shares CENTRE --shares 2/3 --share-folder new-shares --second kofi "
                + "--key-file daily.key --as ama"),
        ("Show what opens the centre", "sts kmc lock list CENTRE --key-file daily.key"),
        (
            "Remove the passphrase",
            "sts kmc lock remove CENTRE --kind Passphrase --second kofi --key-file daily.key "
                + "--as ama"),
        (
            "Seal every key with a key on a token",
            "sts kmc seal token CENTRE --token-library /usr/lib/softhsm/libsofthsm2.so --token "
                + "kmc --pin-file pin --second kofi --key-file daily.key --as ama"),
        (
            "Seal every key with the master key alone, before the token is replaced",
            "sts kmc seal master CENTRE --token-library /usr/lib/softhsm/libsofthsm2.so --token "
                + "kmc --pin-file pin --second kofi --key-file daily.key --as ama"),
        ("Show what seals the keys", "sts kmc seal show CENTRE --key-file daily.key"),
        ("Make an officer key", "sts kmc officer new esi --file esi"),
        (
            "Ask for a new officer, with what 'officer new' printed",
            "sts kmc officer enrol CENTRE --name esi --public-key PUBLIC-KEY --key-file "
                + "daily.key --as ama"),
        (
            "Ask for the end of an officer",
            "sts kmc officer remove CENTRE --name esi --reason retired --key-file daily.key --as "
                + "ama"),
        ("Show the officers", "sts kmc officer list CENTRE --key-file daily.key"),
        (
            "Make the next centre key",
            "sts kmc centre-key new CENTRE --until 2032-12-31 --out centre-2.line --key-file "
                + "daily.key --as ama"),
        ("Take the centre key that the root signed", "sts kmc certify CENTRE centre-2.signed --key-file daily.key"),
        ("Show the centre keys", "sts kmc centre-key list CENTRE --key-file daily.key"),
        (
            "Make a further centre with two officers",
            "sts kmc init SOUTH --kmcid SOUTH1 --root-line root.line --officer ama=PUBLIC-KEY "
                + "kofi=PUBLIC-KEY --out south.line --passphrase"),
        (
            "Write the certificate that the other centre registers",
            "sts kmc peer certificate SOUTH --passphrase > south.line"),
        ("Take the certificate of another centre", "sts kmc peer take SOUTH centre.line --passphrase --as ama"),
        (
            "Ask centre NORTH1 for its groups",
            "sts kmc peer request SOUTH NORTH1 --out request --passphrase --as ama"),
        (
            "Take the file of another centre",
            "sts kmc peer import SOUTH files/95998264-00000001.klf --out confirmation "
                + "--passphrase --as ama"),
        ("Show the centres from which groups come", "sts kmc peer list SOUTH --passphrase"),
        (
            "Write a page about keys and modules",
            "sts kmc report html CENTRE --out centre.html --key-file daily.key"),
        (
            "Show the modules that need a file within a week",
            "sts kmc report refresh CENTRE --days 7 --key-file daily.key"),
        ("Show the key records of a file", "sts kmc legacy read edition1.txt"),
        (
            "Ask for the clear keys of a file, for a laboratory",
            "sts kmc legacy import CENTRE edition1.txt --laboratory --until 2027-12-31 "
                + "--key-file daily.key --as ama"),
        ("Verify the audit log and every record", "sts kmc log verify CENTRE --key-file daily.key"));
}
