using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Channels;

namespace OpenSts.Batch.Lines;

/// <summary>
/// Answers every line of a stream: reads them, gives them to the workers, and writes the answers in the order of the
/// lines.
/// </summary>
/// <remarks>At most 16 chunks of lines are on the way, so memory does not grow with the input.</remarks>
public sealed class BatchRunner
{
    private const int ChunksOnTheWay = 16;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly int _workers;
    private readonly Func<LineProcessor> _processors;

    /// <summary>A runner for one input.</summary>
    /// <param name="input">The requests. Not disposed.</param>
    /// <param name="output">Receives the answers, flushed whenever no more are ready. Not disposed.</param>
    /// <param name="workers">How many lines are worked on at once, 1 or more.</param>
    /// <param name="processors">Makes the processor of a worker, which is disposed after the last line.</param>
    public BatchRunner(Stream input, Stream output, int workers, Func<LineProcessor> processors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(processors);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        (_input, _output, _workers, _processors) = (input, output, workers, processors);
    }

    /// <summary>Runs to the end of the input; true when no answer was an error.</summary>
    /// <exception cref="IOException">The input cannot be read or the output cannot be written. The exception of the
    /// stream comes through at once.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; what was answered by then is
    /// written.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var work = Channel.CreateBounded<Job>(new BoundedChannelOptions(ChunksOnTheWay) { SingleWriter = true });
        var inOrder = Channel.CreateBounded<Job>(
            new BoundedChannelOptions(ChunksOnTheWay) { SingleWriter = true, SingleReader = true });
        var free = new ConcurrentBag<Job>();
        var hasError = false;

        // The first stage that fails stops the others: nobody waits for a stage that is gone.
        async Task StopOthersOnFailure(Func<Task> stage)
        {
            try
            {
                await Task.Run(stage, CancellationToken.None).ConfigureAwait(false);
            }
            catch
            {
                await stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }

        List<Task> stages = [StopOthersOnFailure(() => ReadAsync(work.Writer, inOrder.Writer, free, stop.Token))];
        for (var i = 0; i < _workers; i++)
            stages.Add(StopOthersOnFailure(() => WorkAsync(work.Reader, stop.Token)));
        stages.Add(StopOthersOnFailure(async () => hasError = await WriteAsync(inOrder.Reader, free, stop.Token)
            .ConfigureAwait(false)));
        await Task.WhenAll(stages).ConfigureAwait(false);
        return !hasError;
    }

    private async Task ReadAsync(ChannelWriter<Job> work, ChannelWriter<Job> inOrder, ConcurrentBag<Job> free,
        CancellationToken stop)
    {
        var lines = new LineReader(_input);
        while (true)
        {
            var job = free.TryTake(out var used) ? used : new Job();
            job.Reset();
            if (!await lines.ReadChunkAsync(job.Lines, stop).ConfigureAwait(false))
                break;
            await inOrder.WriteAsync(job, stop).ConfigureAwait(false);
            await work.WriteAsync(job, stop).ConfigureAwait(false);
        }

        work.Complete();
        inOrder.Complete();
    }

    private async Task WorkAsync(ChannelReader<Job> jobs, CancellationToken stop)
    {
        using var processor = _processors();
        await foreach (var job in jobs.ReadAllAsync(stop).ConfigureAwait(false))
        {
            for (var i = 0; i < job.Lines.Count; i++)
            {
                if (job.Lines.IsTooLong(i))
                {
                    processor.AnswerTooLong(job.Answers);
                    job.HasError = true;
                }
                else if (!await processor.AnswerAsync(job.Lines[i], job.Answers, stop).ConfigureAwait(false))
                {
                    job.HasError = true;
                }
            }

            job.Done.SetResult();
        }
    }

    private async Task<bool> WriteAsync(ChannelReader<Job> jobs, ConcurrentBag<Job> free, CancellationToken stop)
    {
        var hasError = false;
        await foreach (var job in jobs.ReadAllAsync(stop).ConfigureAwait(false))
        {
            await job.Done.Task.WaitAsync(stop).ConfigureAwait(false);
            hasError |= job.HasError;
            await _output.WriteAsync(job.Answers.WrittenMemory, stop).ConfigureAwait(false);
            await _output.FlushAsync(stop).ConfigureAwait(false);
            free.Add(job);
        }

        return hasError;
    }

    private sealed class Job
    {
        public LineChunk Lines { get; } = new();

        public ArrayBufferWriter<byte> Answers { get; } = new(1 << 16);

        public TaskCompletionSource Done { get; private set; } = new();

        public bool HasError { get; set; }

        public void Reset()
        {
            Lines.Clear();
            Answers.ResetWrittenCount();
            Done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            HasError = false;
        }
    }
}
