using System.Buffers;
using System.Threading.Channels;

namespace OpenSts.Batch.Lines;

/// <summary>Moves lines from the input through the workers to the output, in order, with a bounded number of chunks on the way.</summary>
public sealed class BatchRunner(Stream input, Stream output, int workers, Func<LineProcessor> processors)
{
    private const int ChunksOnTheWay = 16;
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs to the end of the input; true when no answer was an error.</summary>
    public async Task<bool> RunAsync()
    {
        var work = Channel.CreateBounded<Job>(new BoundedChannelOptions(ChunksOnTheWay) { SingleWriter = true });
        var inOrder = Channel.CreateBounded<Job>(new BoundedChannelOptions(ChunksOnTheWay) { SingleWriter = true, SingleReader = true });
        var free = new System.Collections.Concurrent.ConcurrentBag<Job>();
        var running = Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(work.Reader))).ToArray();
        var writing = Task.Run(() => WriteAsync(inOrder.Reader, free));
        try
        {
            var lines = new LineReader(input);
            while (true)
            {
                var job = free.TryTake(out var used) ? used : new Job();
                job.Reset();
                if (!lines.TryReadChunk(job.Lines))
                    break;
                await Unless(_stop.Task, inOrder.Writer.WriteAsync(job).AsTask());
                await Unless(_stop.Task, work.Writer.WriteAsync(job).AsTask());
            }
        }
        finally
        {
            work.Writer.Complete();
            inOrder.Writer.Complete();
        }

        await Task.WhenAll(running);
        return await writing;
    }

    private static async Task Unless(Task stop, Task work) => await await Task.WhenAny(work, stop);

    private async Task WorkAsync(ChannelReader<Job> jobs)
    {
        using var processor = processors();
        await foreach (var job in jobs.ReadAllAsync())
        {
            try
            {
                for (var i = 0; i < job.Lines.Count; i++)
                {
                    if (job.Lines.IsTooLong(i))
                    {
                        processor.AnswerTooLong(job.Answers);
                        job.HasError = true;
                    }
                    else if (!processor.Answer(job.Lines[i], job.Answers))
                    {
                        job.HasError = true;
                    }
                }

                job.Done.SetResult();
            }
            catch (Exception error)
            {
                // A bug: nobody may wait for this worker any longer, neither the reader nor the writer.
                job.Done.SetException(error);
                _stop.TrySetException(error);
                throw;
            }
        }
    }

    private async Task<bool> WriteAsync(ChannelReader<Job> jobs, System.Collections.Concurrent.ConcurrentBag<Job> free)
    {
        var good = true;
        await foreach (var job in jobs.ReadAllAsync())
        {
            await job.Done.Task;
            good &= !job.HasError;
            await output.WriteAsync(job.Answers.WrittenMemory);
            await output.FlushAsync();
            free.Add(job);
        }

        return good;
    }

    private sealed class Job
    {
        public LineChunk Lines { get; } = new();

        public ArrayBufferWriter<byte> Answers { get; private set; } = new(1 << 16);

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
