using System.CommandLine;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.SecurityModule;

/// <summary>The examples of <c>sts sm</c>, in the order of use.</summary>
internal static class SecurityModuleExamples
{
    public static Command WithSecurityModuleExamples(this Command sm) => sm.WithExamplesBelow(
        ("Make a vault that a key file opens; the key file is made too", "sts sm init VAULT --key-file vault.key"),
        ("Make a vault that two of three custodians open", "sts sm init VAULT --shares 2/3 --share-folder shares"),
        (
            "Make a vault that a key on a PKCS#11 token opens",
            "sts sm init VAULT --token-library /usr/lib/softhsm/libsofthsm2.so --token kmc "
                + "--pin-file pin"),
        (
            "Serve the keys of a vault on this machine",
            "sts sm serve --vault VAULT --key-file vault.key --tcp 127.0.0.1:5100"),
        (
            "Serve a vault to other machines, by TLS with certificates on both sides",
            "sts sm serve --vault VAULT --key-file vault.key --tcp 0.0.0.0:5100 --certificate "
                + "module.pem --certificate-key module.key --authority authority.pem"),
        (
            "Serve the registers of the public test suites, as those suites expect",
            "sts sm serve --test-registers --test-mode --tcp 127.0.0.1:5100"),
        ("Show a module on this machine", "sts sm status --tcp 127.0.0.1:5100"),
        ("Ask for the attributes of register 1", "sts sm call 'SM?GAN1~' --tcp 127.0.0.1:5100"),
        (
            "Make the key of a vending module",
            "sts sm load identity VAULT --maker OPENSTS --module-id 10000001 --root-line "
                + "root.line --out module.line --key-file vault.key"),
        (
            "Take the certificate that the root signed",
            "sts sm load certify VAULT module.signed --key-file vault.key"),
        ("Take the certificate of a centre", "sts sm load centre VAULT centre.line --key-file vault.key"),
        ("Ask centre NORTH1 for keys", "sts sm load request VAULT NORTH1 --out request --key-file vault.key"),
        (
            "Load the file that the centre made",
            "sts sm load file VAULT 10000001-00000001.klf --out confirmation --key-file "
                + "vault.key"),
        (
            "Write the confirmation once more",
            "sts sm load confirmation VAULT NORTH1 --out confirmation-again --key-file vault.key"),
        ("Show the centres of a vault", "sts sm load slots VAULT --key-file vault.key"),
        ("Erase the keys of centre NORTH1", "sts sm load forget VAULT NORTH1 --key-file vault.key"),
        (
            "Load a key for a laboratory from two component files",
            "sts sm key import VAULT --laboratory --custodian ama kofi --component-file "
                + "component-1 component-2 --register 2 --sgc 123456 --key-file vault.key"),
        ("Show the registers of a vault", "sts sm key list VAULT --key-file vault.key"),
        ("Verify the log with its seals, and print it", "sts sm log verify VAULT --show --key-file vault.key"),
        ("Verify the chain of the log alone, without what opens the vault", "sts sm log verify VAULT"));
}
