using System.Diagnostics;
using Akka;
using Akka.Streams.Dsl;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Reply;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Wire.Events;

public sealed class BackPressureTests
{
    private const int SmallBuffer = 16 << 10;
    private static readonly byte[] s_line = [.. Enumerable.Repeat((byte)'x', 1000)];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _pulled;

    [Fact]
    public async Task A_client_that_does_not_read_stops_the_output()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.OnSubmit(Endless);
        using var client = await RawClient.ConnectAsync(faas.Address, SmallBuffer);
        await client.SendAsync(RawClient.Post("/run/math/add", """{"stream": true}"""));

        var atRest = await PulledAtRestAsync();
        // What the sockets of both ends may hold, and what the server may.
        Assert.InRange(atRest * s_line.Length, 1, 16 << 20);

        await client.ReadAwayAsync(2 * atRest * s_line.Length);
        Assert.True(Volatile.Read(ref _pulled) > atRest);
        client.Reset();
        await _cancelled.Task.WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_client_that_stalls_for_too_long_is_cut_off()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http with { StalledWriteTimeout = TimeSpan.FromMilliseconds(200) });
        faas.OnSubmit(Endless);
        using var client = await RawClient.ConnectAsync(faas.Address, SmallBuffer);
        await client.SendAsync(RawClient.Post("/run/math/add", """{"stream": true}"""));
        var run = (await faas.Pool.Next<SubmitRun>()).Run;

        await _cancelled.Task.WaitAsync(s_patience);
        Assert.Equal(run.RunId, (await faas.Pool.Next<CancelRun>()).RunId);
        await client.WaitForEndAsync();
    }

    private RunStreaming Endless(Run run)
    {
        var output = Source.From(Lines()).WatchTermination((_, done) =>
        {
            done.ContinueWith(_ => _cancelled.TrySetResult(), TaskScheduler.Default);
            return NotUsed.Instance;
        });
        return new RunStreaming(run.RunId, Warmth.Warm, output);
    }

    private IEnumerable<IReadOnlyList<OutputEvent>> Lines()
    {
        while (true)
        {
            Interlocked.Increment(ref _pulled);
            yield return [new OutputLine(OutputStream.Stdout, s_line, Partial: false)];
        }
    }

    // The count once it has not moved for a whole second.
    private async Task<long> PulledAtRestAsync()
    {
        var (last, since) = (-1L, Stopwatch.StartNew());
        await UntilAsync(() =>
        {
            var now = Volatile.Read(ref _pulled);
            if (now != last || now == 0)
            {
                (last, since) = (now, Stopwatch.StartNew());
            }

            return since.Elapsed > TimeSpan.FromSeconds(1);
        });
        return last;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
