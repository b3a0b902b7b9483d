using BenchmarkDotNet.Attributes;
using OpenSts.Bulk;
using OpenSts.Keys;

namespace OpenSts.Benchmarks;

/// <summary>The work of a point of sale: one token at a time, and many at once.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class TokenBenchmarks : IDisposable
{
    private const int Many = 4096;

    private readonly byte[] _digits = new byte[Many * Token66.Digits];
    private VendingKey _vendingKey = null!;
    private DecoderKeyAttributes _attributes = null!;
    private DecoderKey _key = null!;
    private BulkIssuer _issuer = null!;
    private BulkRequest[] _requests = null!;
    private Token66 _token;
    private KeyChange _change = null!;

    [Params("EA07+DKGA02", "EA07+DKGA04", "EA11+DKGA04")]
    public string Algorithms { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _attributes = Work.Attributes(Algorithms);
        _vendingKey = Hazmat.ImportVendingKey(Convert.FromHexString(Work.VendingKey(Algorithms)));
        _key = DecoderKeyGeneration.Derive(_vendingKey, _attributes);
        _issuer = new BulkIssuer(_vendingKey, _attributes);
        _requests = Work.Requests(Many);
        _token = new Token66(_key.Encrypt(_requests[0].Content.Seal()));
        var to = _attributes with { TariffIndex = TariffIndex.FromNumber(2) };
        _change = new KeyChange
        {
            From = _attributes,
            FromKey = _key,
            To = to,
            ToKey = DecoderKeyGeneration.Derive(_vendingKey, to),
            Count = KeyChangeSet.DefaultCount(_attributes.EncryptionAlgorithm),
        };
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _issuer.Dispose();
        _change.ToKey.Dispose();
        _key.Dispose();
        _vendingKey.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public Token66 IssueWithKeyAtHand() => new(_key.Encrypt(_requests[0].Content.Seal()));

    [Benchmark]
    public void IssueWithKeyDerived() => _issuer.Issue(_requests.AsSpan(0, 1), _digits);

    [Benchmark(OperationsPerInvoke = Many)]
    public void IssueInBulkWithKeysDerived() => _issuer.Issue(_requests, _digits);

    [Benchmark]
    public bool Decode() => TokenIssuer.TryOpen(_token, _key, out _);

    [Benchmark]
    public int KeyChangeSetOfTokens()
    {
        Span<Token66> tokens = stackalloc Token66[4];
        _ = KeyChangeSet.TryIssue(_change, tokens, out var count);
        return count;
    }
}
