using System.CommandLine;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Cosem;

/// <summary>The examples of <c>sts cosem</c>, in the order of use.</summary>
internal static class CosemExamples
{
    public static Command WithCosemExamples(this Command cosem) => cosem.WithExamplesBelow(
        (
            "Be a test meter at 127.0.0.1:4059, with the keys of the published examples",
            "sts cosem serve --laboratory --counter-file counters --new-counter-file"),
        (
            "Be a meter of suite 1 that takes new keys",
            "sts cosem serve --suite 1 --encryption-key-file gek --authentication-key-file gak "
                + "--master-key-file kek --certificates certificates --key-store store --counter-file "
                + "counters --new-counter-file"),
        ("Be a meter on a serial line", "sts cosem serve --device /dev/ttyUSB0:9600,8N1 --laboratory"),
        ("Read the credit", "sts cosem read 0-0:19.0.0.255 5 --laboratory"),
        (
            "Read every attribute of the clock, with the reading client's password",
            "sts cosem read 0-0:1.0.0.255 --password-file password"),
        ("List what the public client sees", "sts cosem list"),
        ("Enter a token", "sts cosem enter '5953 4445 9528 1771 3349' --laboratory"),
        ("Write everything a meter tells to a file", "sts cosem dump --laboratory --json > meter.jsonl"),
        (
            "Send a new global encryption key under the master key",
            "sts cosem keys transfer --new-encryption-key-file new-gek --suite 1 "
                + "--encryption-key-file gek --authentication-key-file gak --master-key-file kek"),
        (
            "Make the server make a key pair",
            "sts cosem certificate generate --suite 1 --encryption-key-file gek "
                + "--authentication-key-file gak"),
        (
            "Fetch a certificate request",
            "sts cosem certificate request --out server.csr --suite 1 --encryption-key-file gek "
                + "--authentication-key-file gak"),
        (
            "Give the server the certificate made from its request",
            "sts cosem certificate import server.crt --suite 1 --encryption-key-file gek "
                + "--authentication-key-file gak"),
        (
            "List the certificates",
            "sts cosem certificate list --suite 1 --encryption-key-file gek "
                + "--authentication-key-file gak"),
        (
            "Read the server's certificate",
            "sts cosem certificate export Server --out server.crt --suite 1 "
                + "--encryption-key-file gek --authentication-key-file gak"),
        (
            "Agree on new encryption and authentication keys",
            "sts cosem keys agree --out new --signing-key client.pem --server-certificate "
                + "server.crt --suite 1 --encryption-key-file gek --authentication-key-file gak"),
        (
            "Make the server forget a client",
            "sts cosem certificate remove Client 4F53430000000001 --suite 1 "
                + "--encryption-key-file gek --authentication-key-file gak"));
}
