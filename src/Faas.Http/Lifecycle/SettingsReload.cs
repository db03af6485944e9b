using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Configuration;
using Faas.Actors.Pool;
using Faas.Actors.UseCases;
using Faas.Http.Configuration;

namespace Faas.Http.Lifecycle;

/// <summary>
/// Reads the settings anew while the server runs. Theory of operation: all of them are read and checked as at the start, so one wrong
/// value leaves everything as it is. Then those that a running server can follow (<see cref="SettingChange.IsLive"/>) come into force at
/// once; the others are reported, at this reload and at each later one, until the server is started anew. Reloads take turns.
/// </summary>
public sealed partial class SettingsReload(
    FaasConfiguration start,
    SandboxRoom room,
    LogLevelInForce log,
    UseCaseOptions useCases,
    IRequiredActor<SandboxPool> pool,
    ILogger<SettingsReload> logger)
    : IDisposable
{
    // The pool's actor waits for nothing, so a longer silence is a defect.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private const string KeptConcurrency = "faas.runs.kept.concurrency";

    private readonly SemaphoreSlim _turn = new(1);
    private FaasConfiguration? _read;

    /// <summary>The settings of the start.</summary>
    public FaasConfiguration AtStart => start;

    /// <summary>
    /// The settings that were read last. Of those that a running server cannot follow, the values of the start are in force.
    /// </summary>
    public FaasConfiguration LastRead => Volatile.Read(ref _read) ?? start;

    /// <summary>Reads and applies them. Throws <see cref="SettingException"/> if one is wrong; then nothing has changed.</summary>
    public async Task<ReloadReport> ReloadAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var report = await ApplyAsync(start.ReadAgain());
            LogReloaded(report);
            return report;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The same for a signal, whose sender reads the log.</summary>
    public async Task ReloadOnSignalAsync()
    {
        try
        {
            await ReloadAsync(CancellationToken.None);
        }
        catch (SettingException wrong)
        {
            LogRefused(wrong.Message);
        }
        catch (AskTimeoutException)
        {
            LogRefused("The pool does not answer.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // From here on the caller may leave: a reload is whole or did not happen.
    private async Task<ReloadReport> ApplyAsync(FaasConfiguration read)
    {
        var live = SettingChange.Between(LastRead, read).Where(change => change.IsLive).ToList();
        var waiting = SettingChange.Between(start, read).Where(change => !change.IsLive).ToList();
        var (options, notice) = room.Of(read.Options.Pool);
        if (live.Any(change => change.IsOfPool))
        {
            var added = options.QueueTimeout - start.Options.Pool.QueueTimeout;
            useCases.AddedWait = added > TimeSpan.Zero ? added : TimeSpan.Zero;
            await pool.ActorRef.Ask<PoolChanged>(new ChangePool(options.WithImagesOf(start.Options.Pool)), s_patience);
        }

        log.Level = read.Options.Log.Level;
        Volatile.Write(ref _read, read);
        return new ReloadReport(live, waiting, [.. new[] { notice, NoticeOfKeptRuns(read, waiting) }.OfType<string>()]);
    }

    // Without a value of its own, it is half of a setting of the pool, which a server that runs does follow.
    private string? NoticeOfKeptRuns(FaasConfiguration read, List<SettingChange> waiting)
    {
        var (own, next) = (start.Options.KeptRuns.Concurrency, read.Options.KeptRuns.Concurrency);
        return own == next || waiting.Exists(change => change.Key == KeptConcurrency)
            ? null
            : $"Faas executes {own} asynchronous runs at once, and {next} from its next start on ({KeptConcurrency})";
    }

    [LoggerMessage(LogLevel.Information, "The settings were read anew; {Report}.")]
    private partial void LogReloaded(ReloadReport report);

    [LoggerMessage(LogLevel.Error, "The settings were read anew and not followed, so all stay as they were: {Why}")]
    private partial void LogRefused(string why);
}
