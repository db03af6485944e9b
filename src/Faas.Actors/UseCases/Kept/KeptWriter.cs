using System.Collections.Concurrent;
using System.Threading.Channels;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Actors.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.UseCases.Kept;

/// <summary>
/// Writes the records of runs whose callers have their answers already. Safe from any thread.
/// <para>
/// Theory of operation. A call hands over the record when its value is known, and a task that completes with what is known later: what
/// the run has cost, and all that it has printed. A record that is complete waits a moment for others; then all are sent to the store
/// behind one another, so one synced write of Redis serves many. What the store does not take stays and is sent again after a pause; the
/// store adds a record once, however often it is sent. Records take a bounded number of bytes in memory. One that finds no room is lost:
/// its caller is told before the answer is sent, it is counted, and the log says so at most once a minute.
/// </para>
/// <para>
/// A reader that asks for such a run waits until the record is written, and the writer then waits for no further ones. At a stop, which
/// comes when all calls are answered, the writer goes on until it holds nothing or the server's time is over. A server that is killed loses
/// what it holds.
/// </para>
/// </summary>
public sealed partial class KeptWriter : IHostedService, IDisposable
{
    private const int MostAtOnce = 128;
    private const long MostBytesAtOnce = 4 << 20; // what a store takes within its time-out
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_betweenLogs = TimeSpan.FromMinutes(1);

    private readonly IKeptRuns _runs;
    private readonly IKeptNodes _nodes;
    private readonly long _most;
    private readonly TimeProvider _time;
    private readonly ILogger<KeptWriter> _log;
    private readonly KeptMeters _meters;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, PendingRecord> _pending = new(StringComparer.Ordinal);
    private readonly Channel<PendingRecord> _complete = Channel.CreateUnbounded<PendingRecord>(
        new UnboundedChannelOptions { SingleReader = true });
    private readonly KeptSignal _hurry = new(1);
    private readonly CancellationTokenSource _ended = new();
    private long _held;
    private Task? _writing; // begins with the first record
    private volatile bool _isSilent;
    private int _lost; // since the log has said it
    private long? _logged;

    /// <summary>Holds nothing yet.</summary>
    public KeptWriter(
        IKeptRuns runs, IKeptNodes nodes, KeptRunsOptions options, TimeProvider time, ILogger<KeptWriter> log, KeptMeters meters)
    {
        (_runs, _nodes, _most, _time, _log, _meters) = (runs, nodes, options.PendingBytes, time, log, meters);
        meters.Watch(() => Interlocked.Read(ref _held));
    }

    /// <summary>Whether the store did not answer when it was last asked to take a record.</summary>
    public bool IsSilent => _isSilent;

    /// <summary>Takes over a record. False: there is no room for it, and it will not be written.</summary>
    /// <param name="id">The run.</param>
    /// <param name="call">Its call.</param>
    /// <param name="input">Its input.</param>
    /// <param name="value">Its value; empty: it has none.</param>
    /// <param name="outcome">Completes with its end.</param>
    public bool TryTake(string id, KeptCall call, ReadOnlyMemory<byte> input, ReadOnlyMemory<byte> value, Task<KeptOutcome> outcome)
    {
        var record = new PendingRecord(id, call, input, PendingRecord.BytesOf(input, value));
        lock (_gate)
        {
            if (_ended.IsCancellationRequested || (_held > 0 && _held + record.Bytes > _most))
            {
                Lose(1);
                return false;
            }

            _held += record.Bytes;
            _pending[id] = record;
            _writing ??= Task.Run(WriteAllAsync);
        }

        _ = CompleteAsync(record, outcome);
        return true;
    }

    /// <summary>
    /// Waits until the store has the record of a run, if this server is to write it. False: the store does not have it yet.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="atMost">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async ValueTask<bool> WrittenAsync(string id, TimeSpan atMost, CancellationToken cancellation)
    {
        if (!_pending.TryGetValue(id, out var record))
        {
            return true;
        }

        if (_isSilent)
        {
            return false;
        }

        _hurry.Set();
        await record.Gone.WaitAsync(atMost, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return record.Gone.IsCompleted;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _hurry.Set();
        await Task.WhenAll(_pending.Values.Select(record => record.Gone))
            .WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _ended.CancelAsync();
        _complete.Writer.TryComplete();
        await (_writing ?? Task.CompletedTask);
        foreach (var record in _pending.Values)
        {
            Forget(record, isLost: true);
        }

        lock (_gate)
        {
            LogLost();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Dispose();
        _hurry.Dispose();
    }

    private async Task CompleteAsync(PendingRecord record, Task<KeptOutcome> outcome)
    {
        try
        {
            var end = await outcome;
            lock (_gate)
            {
                _held += record.End(end);
            }

            _complete.Writer.TryWrite(record);
        }
#pragma warning disable CA1031 // A defect costs this record and no other one.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            LogFailed(failed, record.Id);
            Forget(record, isLost: true);
        }
    }

    private async Task WriteAllAsync()
    {
        var batch = new List<PendingRecord>();
        try
        {
            while (batch.Count > 0 || await _complete.Reader.WaitToReadAsync(_ended.Token))
            {
                await (_isSilent ? Task.Delay(s_pause, _ended.Token) : _hurry.WaitAsync(s_moment, _ended.Token));
                Fill(batch);
                await Task.WhenAll(batch.Select(WriteAsync));
                batch.RemoveAll(record => record.Gone.IsCompleted);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private void Fill(List<PendingRecord> batch)
    {
        var bytes = batch.Sum(record => record.Bytes);
        while (batch.Count < MostAtOnce && bytes < MostBytesAtOnce && _complete.Reader.TryRead(out var record))
        {
            batch.Add(record);
            bytes += record.Bytes;
        }
    }

    private async Task WriteAsync(PendingRecord record)
    {
        try
        {
            await record.WriteAsync(_runs, _nodes.Own);
            _isSilent = false;
            Forget(record, isLost: false);
        }
        catch (StoreException away)
        {
            if (!_isSilent)
            {
                _isSilent = true;
                LogSilent(away.Message);
            }
        }
#pragma warning disable CA1031 // A defect costs this record and no other one.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            LogFailed(failed, record.Id);
            Forget(record, isLost: true);
        }
    }

    private void Forget(PendingRecord record, bool isLost)
    {
        lock (_gate)
        {
            if (_pending.TryRemove(record.Id, out _))
            {
                _held -= record.Bytes;
                Lose(isLost ? 1 : 0);
            }
        }

        record.Leave();
    }

    // Within the lock. What was lost before is also told when nothing more is.
    private void Lose(int records)
    {
        if (records > 0)
        {
            _meters.Lost(records);
            _lost += records;
        }

        if (_logged is not { } at || _time.GetElapsedTime(at) >= s_betweenLogs)
        {
            LogLost();
        }
    }

    private void LogLost()
    {
        if (_lost > 0)
        {
            LogLost(_lost);
            (_lost, _logged) = (0, _time.GetTimestamp());
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Runs that were to be kept and have no record, because the store was away for too long or the server ended: {Records}")]
    private partial void LogLost(int records);

    [LoggerMessage(LogLevel.Warning, "The records of kept runs wait for the store: {Why}")]
    private partial void LogSilent(string why);

    [LoggerMessage(LogLevel.Error, "The record of the run {RunId} could not be written.")]
    private partial void LogFailed(Exception failed, string runId);
}
