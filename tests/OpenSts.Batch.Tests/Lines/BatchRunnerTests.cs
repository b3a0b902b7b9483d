using System.Runtime.InteropServices;
using System.Text;
using OpenSts.Batch.Lines;
using OpenSts.Batch.Tokens;

namespace OpenSts.Batch.Tests.Lines;

/// <summary>Lines in, answers out: order, limits, byte order marks, and streams that fail.</summary>
public class BatchRunnerTests
{
    private const string Request =
        """{"id":"1","op":"encrypt","encryptionAlgorithm":"EA11","key":"00112233445566778899aabbccddeeff","block":"0123456789abcdef"}""";
    private const string Answer = """{"id":"1","block":"8b1da5f56ab3d07c"}""";

    [Fact]
    public async Task ReadChunkAsync_ALineWithoutEnd_TakesConstantMemory()
    {
        using var input = new EndlessLine(256L << 20, "\n"u8.ToArray());
        var (lines, chunk) = (new LineReader(input), new LineChunk());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(await lines.ReadChunkAsync(chunk, TestContext.Current.CancellationToken));
        Assert.True(chunk.IsTooLong(0));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public async Task RunAsync_ALineWithoutEnd_IsAnsweredAndTheNextOneToo()
    {
        // 256 MiB in one line, then a good request: the first gets an error, the second its token.
        using var input = new EndlessLine(256L << 20, Encoding.UTF8.GetBytes("\n" + Request + "\n"));
        using var output = new MemoryStream();
        var good = await new BatchRunner(input, output, 2, () => new TokenRequestProcessor())
            .RunAsync(TestContext.Current.CancellationToken);
        Assert.False(good);
        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("longer than", lines[0], StringComparison.Ordinal);
        Assert.Equal(Answer, lines[1]);
    }

    [Fact]
    public async Task RunAsync_ManyLines_AnswersInOrder()
    {
        var lines = Enumerable.Range(0, 50_000)
            .Select(i =>
            $$"""{"id":"{{i}}","op":"{{(i % 7 == 0 ? "nothing" : "encrypt")}}","encryptionAlgorithm":"EA07","key":"87f3ecbb2e46b48f","block":"{{i:x16}}"}""");
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Join("\r\n", lines)));
        using var output = new MemoryStream();
        Assert.False(await new BatchRunner(input, output, 4, () => new TokenRequestProcessor())
            .RunAsync(TestContext.Current.CancellationToken));
        var answers = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(50_000, answers.Length);
        for (var i = 0; i < answers.Length; i++)
            Assert.StartsWith($"{{\"id\":\"{i}\",", answers[i], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("at the start", "\uFEFFREQUEST\nREQUEST\n", 2)]
    [InlineData("at the start of a joined file", "REQUEST\n\uFEFFREQUEST", 2)]
    [InlineData("with the line ends of Windows", "\uFEFFREQUEST\r\n", 1)]
    [InlineData("alone", "\uFEFF\n\uFEFF", 0)]
    public async Task RunAsync_ByteOrderMark_IsPassedOver(string label, string input, int answers)
    {
        var (good, lines) = await RunAsync(input.Replace("REQUEST", Request, StringComparison.Ordinal));
        Assert.True(good, label);
        Assert.Equal(Enumerable.Repeat(Answer, answers), lines);
    }

    [Fact]
    public async Task RunAsync_ByteOrderMarkInsideALine_IsAnError()
    {
        var (good, lines) = await RunAsync(Request.Insert(1, "\uFEFF"));
        Assert.False(good);
        Assert.Contains("\"Format\"", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task RunAsync_OutputFails_EndsWithItsErrorAlthoughTheInputGoesOn(int workers)
    {
        // More requests than are ever on the way, and an input that never ends after them.
        var requests = string.Concat(Enumerable.Repeat(Request + "\n", 100_000));
        using var input = new UnendingInput(Encoding.UTF8.GetBytes(requests));
        var runner = new BatchRunner(input, new FullDisk(), workers, () => new TokenRequestProcessor());
        var error = await Assert.ThrowsAsync<IOException>(() => runner.RunAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(FullDisk.Message, error.Message);
    }

    [Fact]
    public async Task RunAsync_InputFails_EndsWithItsErrorAndAnswersWhatCameBefore()
    {
        using var input = new UnendingInput(Encoding.UTF8.GetBytes(Request + "\n"), failsAtEnd: true);
        using var output = new MemoryStream();
        var runner = new BatchRunner(input, output, 1, () => new TokenRequestProcessor());
        var error = await Assert.ThrowsAsync<IOException>(() => runner.RunAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(UnendingInput.Message, error.Message);
    }

    [Fact]
    public async Task RunAsync_AWorkerFails_EndsWithItsError()
    {
        using var input =
            new UnendingInput(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Request + "\n", 100_000))));
        using var output = new MemoryStream();
        var runner = new BatchRunner(input, output, 2, () => throw new InvalidOperationException("no worker"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => runner.RunAsync(
            TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsAlthoughTheInputIsQuiet()
    {
        using var input = new UnendingInput([]);
        using var output = new MemoryStream();
        using var stop = new CancellationTokenSource();
        var running = new BatchRunner(input, output, 2, () => new TokenRequestProcessor()).RunAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => running.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    private static async Task<(bool Good, string[] Answers)> RunAsync(string input)
    {
        using var requests = new MemoryStream(Encoding.UTF8.GetBytes(input));
        using var output = new MemoryStream();
        var good = await new BatchRunner(requests, output, 2, () => new TokenRequestProcessor())
            .RunAsync(TestContext.Current.CancellationToken);
        return (good, Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>
    /// Gives some octets and then nothing more for ever, as a terminal where nobody types; or fails.
    /// </summary>
    private sealed class UnendingInput(byte[] content, bool failsAtEnd = false) : MemoryStream(content)
    {
        public const string Message = "the line is down";

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer,
            CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read > 0)
                return read;
            if (failsAtEnd)
                throw new IOException(Message);
            // As a read of a pipe: no token ends it.
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            return 0;
        }
    }

    /// <summary>Fails at the first write, as a full disk does.</summary>
    private sealed class FullDisk : MemoryStream
    {
        public const string Message = "No space left on device";

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default) => throw new IOException(Message);
    }

    private sealed class EndlessLine(long length, byte[] tail) : Stream
    {
        private long _left = length;
        private int _tailAt;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_left > 0)
            {
                var filler = (int)Math.Min(_left, count);
                Array.Fill(buffer, (byte)'x', offset, filler);
                _left -= filler;
                return filler;
            }

            var rest = Math.Min(count, tail.Length - _tailAt);
            Array.Copy(tail, _tailAt, buffer, offset, rest);
            _tailAt += rest;
            return rest;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!MemoryMarshal.TryGetArray<byte>(buffer, out var array))
                throw new NotSupportedException();
            return ValueTask.FromResult(Read(array.Array!, array.Offset, array.Count));
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
