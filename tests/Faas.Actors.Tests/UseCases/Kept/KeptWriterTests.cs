using System.Collections.Concurrent;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Actors.Telemetry;
using Faas.Actors.Tests.Storage.Redis;
using Faas.Actors.Tests.Telemetry;
using Faas.Actors.UseCases.Kept;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Faas.Actors.Tests.UseCases.Kept;

/// <summary>Records that are written after their calls are answered, on a store in memory.</summary>
public sealed class KeptWriterTests : IAsyncLifetime
{
    private static readonly KeptRunsOptions s_options = KeptExample.Options with { PendingBytes = 5000 };
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly StoreException s_away = new("It is away.");
    private readonly KeptRunsInMemory _runs = new();
    private readonly Measured _measured = new();
    private readonly Written _log = new();
    private readonly KeptWriter _writer;

    public KeptWriterTests() =>
        _writer = new KeptWriter(_runs, new NodesOnPaper(), s_options, TimeProvider.System, _log, new KeptMeters(_measured));

    private double Lost => _measured["faas.kept.lost"].Sum();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _runs.Failure = null;
        await _writer.StopAsync(default);
        _writer.Dispose();
        _measured.Dispose();
    }

    [Fact]
    public async Task A_record_is_written_when_its_run_has_ended_and_a_reader_of_it_waits_for_that()
    {
        var end = new TaskCompletionSource<KeptOutcome>();
        Assert.True(Take("call~k1", end.Task));
        var read = _writer.WrittenAsync("call~k1", s_patience, default).AsTask();
        Assert.False(await _writer.WrittenAsync("call~k1", TimeSpan.FromMilliseconds(1), default));
        Assert.False(read.IsCompleted);
        Assert.Empty(_runs.All);
        end.SetResult(KeptExample.Ended);
        Assert.True(await read);
        Assert.Equal("call~k1", Assert.Single(_runs.All).Id);
        Assert.True(await _writer.WrittenAsync("call~of no one", TimeSpan.Zero, default));
    }

    [Fact]
    public async Task Records_wait_while_the_store_is_away_and_each_is_written_once()
    {
        _runs.Failure = s_away;
        foreach (var id in new[] { "call~k1", "call~k2", "call~k3" })
        {
            Assert.True(Take(id));
        }

        await Eventually.HoldsAsync(() => _writer.IsSilent, s_patience, () => "it does not know that the store is away");
        Assert.False(await _writer.WrittenAsync("call~k1", s_patience, default));
        _runs.Failure = null;
        foreach (var id in new[] { "call~k1", "call~k2", "call~k3" })
        {
            await Eventually.HoldsAsync(async () => await _writer.WrittenAsync(id, s_patience, default), s_patience, () => $"{id} waits");
        }

        Assert.Equal(["call~k1", "call~k2", "call~k3"], _runs.All.Select(run => run.Id).Order());
        Assert.False(_writer.IsSilent);
        Assert.Equal(["The records of kept runs wait for the store: It is away."], _log.Lines);
        Assert.Equal(0, Lost);
        _measured.Collect();
        Assert.Equal(0, _measured["faas.kept.pending"][^1]);
    }

    [Fact]
    public async Task A_record_that_finds_no_room_is_refused_counted_and_logged_and_later_ones_are_written()
    {
        _runs.Failure = s_away;
        Assert.True(Take("call~k1", input: 6000)); // one record is held in any case
        Assert.False(Take("call~k2"));
        Assert.False(Take("call~k3"));
        Assert.Equal(2, Lost);
        Assert.Single(_log.Lines, line => line.StartsWith("Runs that were to be kept and have no record", StringComparison.Ordinal));
        _runs.Failure = null;
        await Eventually.HoldsAsync(() => _runs.All.Count == 1, s_patience, () => "it is not written");
        await Eventually.HoldsAsync(() => Take("call~k4"), s_patience, () => "there is no room");
        Assert.True(await _writer.WrittenAsync("call~k4", s_patience, default));
        Assert.Equal(["call~k1", "call~k4"], _runs.All.Select(run => run.Id));
    }

    [Fact]
    public async Task A_stop_writes_what_is_held_and_what_ends_meanwhile()
    {
        _runs.Failure = s_away;
        var end = new TaskCompletionSource<KeptOutcome>();
        Assert.True(Take("call~k1"));
        Assert.True(Take("call~k2", end.Task));
        await Eventually.HoldsAsync(() => _writer.IsSilent, s_patience, () => "it does not know that the store is away");
        var stopping = _writer.StopAsync(default);
        Assert.False(stopping.IsCompleted);
        _runs.Failure = null;
        end.SetResult(KeptExample.Ended);
        await stopping;
        Assert.Equal(["call~k1", "call~k2"], _runs.All.Select(run => run.Id).Order());
        Assert.False(Take("call~k3"));
        Assert.Equal(1, Lost);
    }

    [Fact]
    public async Task A_stop_that_lasts_too_long_says_how_many_records_are_lost()
    {
        _runs.Failure = s_away;
        Assert.True(Take("call~k1"));
        Assert.True(Take("call~k2", new TaskCompletionSource<KeptOutcome>().Task));
        using var end = new CancellationTokenSource();
        var stopping = _writer.StopAsync(end.Token);
        Assert.False(stopping.IsCompleted);
        await end.CancelAsync();
        await stopping;
        Assert.Equal(2, Lost);
        Assert.Equal(2, _log.Lines.Where(line => line.StartsWith("Runs that were to be kept", StringComparison.Ordinal)).Sum(
            line => int.Parse(line.AsSpan(line.LastIndexOf(' ')), null)));
    }

    [Fact]
    public async Task An_end_that_fails_costs_its_own_record_alone()
    {
        Assert.True(Take("call~k1", Task.FromException<KeptOutcome>(new InvalidOperationException("a defect"))));
        Assert.True(Take("call~k2"));
        Assert.True(await _writer.WrittenAsync("call~k2", s_patience, default));
        Assert.True(await _writer.WrittenAsync("call~k1", s_patience, default));
        Assert.Equal("call~k2", Assert.Single(_runs.All).Id);
        Assert.Equal(1, Lost);
    }

    private bool Take(string id, Task<KeptOutcome>? end = null, int input = 2) =>
        _writer.TryTake(id, KeptExample.Call(), new byte[input], default, end ?? Task.FromResult(KeptExample.Ended));

    private sealed class Written : ILogger<KeptWriter>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }
}
