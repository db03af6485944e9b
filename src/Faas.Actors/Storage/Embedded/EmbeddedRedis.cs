using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Faas.Actors.Linux;
using Faas.Actors.Storage.Redis;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.Storage.Embedded;

/// <summary>
/// The embedded store: a redis-server of our own on a Unix socket, for operators who run no Redis.
/// <para>
/// Theory of operation. One thread, which lives as long as the store, starts redis-server, waits for its end and
/// starts it again. It must be one thread: the child asks the kernel to kill it when the thread that forked it
/// ends (see <see cref="EmbeddedRedisCommand"/>). Every write is fsynced before it is acknowledged, so a kill at
/// any moment loses no acknowledged write, and a torn tail of the file is cut off when it is loaded.
/// </para>
/// </summary>
public sealed partial class EmbeddedRedis : IAsyncDisposable, IStoreDisk
{
    private const int KeptLines = 20;

    private static readonly TimeSpan s_shortestStartPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_lastWordsPatience = TimeSpan.FromMilliseconds(200); // a restart waits for it
    private static readonly TimeSpan s_reasonPatience = TimeSpan.FromSeconds(5); // a failed start is told with its reason
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(1);

    private readonly StoreOptions _options;
    private readonly ILogger<EmbeddedRedis> _log;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _lastLines = new();
    private DataFolder? _folder;
    private Process? _process;
    private bool _wasReady;

    /// <summary>Made by the host; nothing is started.</summary>
    public EmbeddedRedis(StoreOptions options, ILogger<EmbeddedRedis> log)
    {
        _options = options;
        _log = log;
    }

    /// <summary>What it is, for messages.</summary>
    public string Name => $"The embedded store in '{_options.DataDir}'";

    /// <summary>Where it listens; only after <see cref="StartAsync"/>.</summary>
    public EndPoint Socket => _folder?.Socket ?? throw new InvalidOperationException("The embedded store was not started.");

    /// <summary>The process id of redis-server; null while there is none.</summary>
    public int? ProcessId
    {
        get
        {
            lock (_gate)
            {
                return _process?.Id;
            }
        }
    }

    /// <summary>
    /// Takes the data folder, starts redis-server and returns once it accepts calls. Throws <see cref="StoreStartException"/>.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var folder = DataFolder.Take(_options.DataDir);
        try
        {
            var command = EmbeddedRedisCommand.For(_options.Executable, folder.RedisPath);
            _folder = folder;
            new Thread(() => Supervise(folder, command)) { Name = "embedded-redis", IsBackground = true }.Start();
        }
        catch (StoreStartException)
        {
            folder.Dispose();
            throw;
        }

        try
        {
            await WaitUntilReadyAsync(folder, cancellation);
            _wasReady = true;
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    /// <summary>Ends redis-server and lets go of the data folder: SIGTERM, and SIGKILL when that does not help in 5 s.</summary>
    public async Task StopAsync()
    {
        if (_folder is null)
        {
            return;
        }

        _stopping.Set();
        Signal(Posix.SigTerm);
        try
        {
            await _ended.Task.WaitAsync(s_stopPatience);
        }
        catch (TimeoutException)
        {
            LogKilled(s_stopPatience.TotalSeconds);
            Signal(Posix.SigKill);
            await _ended.Task;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private void Supervise(DataFolder folder, ProcessStartInfo command)
    {
        try
        {
            for (var delay = s_firstDelay; ; delay = Min(delay * 2, s_longestDelay))
            {
                var (exitCode, lived) = RunOnce(folder, command);
                delay = lived > s_longestDelay ? s_firstDelay : delay;
                if (_stopping.IsSet || !_wasReady)
                {
                    return;
                }

                LogDied(exitCode, lived.TotalSeconds, delay.TotalMilliseconds, LastWords());
                if (_stopping.Wait(delay))
                {
                    return;
                }
            }
        }
#pragma warning disable CA1031 // An exception that leaves this thread would end the server without a message.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogSupervisorFailed(failure);
        }
        finally
        {
            folder.Dispose();
            _ended.SetResult();
        }
    }

    private (int ExitCode, TimeSpan Lived) RunOnce(DataFolder folder, ProcessStartInfo command)
    {
        foreach (var leftover in LeftoverRedis.End(folder.KernelPath, _options.Executable))
        {
            LogLeftover(leftover);
        }

        using var process = new Process { StartInfo = command };
        var lived = Stopwatch.StartNew();
        lock (_gate)
        {
            if (_stopping.IsSet)
            {
                return (0, TimeSpan.Zero);
            }

            _lastLines.Clear();
            process.Start();
            _process = process;
        }

        process.StandardInput.Close();
        var drained = Task.WhenAll(DrainAsync(process.StandardOutput), DrainAsync(process.StandardError));
        process.WaitForExit();
        drained.Wait(_wasReady ? s_lastWordsPatience : s_reasonPatience); // a child of redis-server may hold the pipes open
        if (process.ExitCode == EmbeddedRedisCommand.LockedExitCode)
        {
            _lastLines.Enqueue("another process holds redis.lock in its folder.");
        }

        lock (_gate)
        {
            _process = null;
        }

        return (process.ExitCode, lived.Elapsed);
    }

    private void Signal(int signal)
    {
        lock (_gate)
        {
            if (_process is { HasExited: false } process)
            {
                Posix.Signal(process.Id, signal);
            }
        }
    }

    private async Task DrainAsync(StreamReader output)
    {
        var isUp = false;
        while (await output.ReadLineAsync() is { } line)
        {
            // While Redis starts and stops it warns of things that are intended; a start that fails quotes the last of them.
            // "The server is now ready to accept connections at", "Ready to accept connections unix": each version has its words.
            isUp |= line.Contains("ready to accept connections", StringComparison.OrdinalIgnoreCase);
            var isNews = isUp && !_stopping.IsSet && line.Contains(" # ", StringComparison.Ordinal);
            if (DiskWords.UnwrittenBytes(line) is { } bytes)
            {
                Interlocked.Exchange(ref _unwritten, bytes);
            }

            var told = Explained(line);
            LogLine(isNews ? LogLevel.Warning : LogLevel.Debug, told);
            _lastLines.Enqueue(line);
            while (_lastLines.Count > KeptLines)
            {
                _lastLines.TryDequeue(out _);
            }
        }
    }

    private async Task WaitUntilReadyAsync(DataFolder folder, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        var startPatience = 2 * _options.Timeout > s_shortestStartPatience ? 2 * _options.Timeout : s_shortestStartPatience;
        while (true)
        {
            var answer = await AskAsync(folder.Socket, cancellation);
            if (answer.StartsWith("+PONG", StringComparison.Ordinal))
            {
                return;
            }

            if (_ended.Task.IsCompleted)
            {
                throw new StoreStartException(
                    $"{Name} (faas.store.embedded.executable = \"{_options.Executable}\") ended while it started: {LastWords()}");
            }

            if (!answer.StartsWith("-LOADING", StringComparison.Ordinal) && waited.Elapsed > startPatience)
            {
                throw new StoreStartException($"{Name} did not answer within {startPatience.TotalSeconds} s of its start: {LastWords()}");
            }

            await Task.Delay(5, cancellation);
        }
    }

    private string LastWords() => WhyFull() is not null || _lastLines.Any(DiskWords.AreOfFullDisk)
        ? $"{FullDisk}: {LastLine()}"
        : LastLine();

    private string LastLine() =>
        _lastLines.LastOrDefault(line => line.Contains(" # ", StringComparison.Ordinal))
            ?? _lastLines.LastOrDefault()
            ?? "it printed nothing.";

    private static async Task<string> AskAsync(EndPoint endpoint, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            await socket.ConnectAsync(endpoint, deadline.Token);
            await socket.SendAsync("PING\r\n"u8.ToArray(), deadline.Token);
            var answer = new byte[64];
            return Encoding.ASCII.GetString(answer, 0, await socket.ReceiveAsync(answer, deadline.Token));
        }
        catch (Exception failure) when (failure is SocketException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return "";
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
