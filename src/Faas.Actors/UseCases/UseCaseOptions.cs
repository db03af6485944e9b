using System.Runtime.CompilerServices;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Images;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>What the use cases take from the settings.</summary>
/// <param name="Isolation">What the runs of a version share when its upload did not say.</param>
/// <param name="RunPatience">How long after a run was submitted the pool's reply counts as lost.</param>
/// <param name="StorePatience">How long after a question the registry's reply counts as lost.</param>
/// <param name="KeysApart">Whether callers of different keys share no sandbox and no mother.</param>
/// <param name="MaxConcurrency">The most runs that one shared process serves at once.</param>
public sealed record UseCaseOptions(
    Isolation Isolation, TimeSpan RunPatience, TimeSpan StorePatience, bool KeysApart = false, int MaxConcurrency = 1)
{
    // Of each version that has some: a call must not make them anew.
    private readonly ConditionalWeakTable<ScriptSettings, RunSettings> _runSettings = [];

    private long _addedWait;

    /// <summary>How long after a change of keys or secrets the reply of their actor counts as lost.</summary>
    public TimeSpan SettingPatience => StorePatience + AddedPatience;

    /// <summary>
    /// How much longer a change of keys or secrets may take than one of scripts: in a cluster, after their home has failed.
    /// </summary>
    public TimeSpan AddedPatience { get; init; }

    /// <summary>
    /// How long after a question to a script's actor it is sent again; null: never, because no message between the two can be lost.
    /// </summary>
    public TimeSpan? AskAgainAfter { get; init; }

    /// <summary>The most that a version's settings may ask for.</summary>
    public SettingCeilings Ceilings { get; init; } = SettingCeilings.Shipped;

    /// <summary>The hosts that a version may ask for.</summary>
    public NetworkCeiling Network { get; init; } = NetworkCeiling.Closed;

    /// <summary>How much longer than at the start a run may wait in the pool's queue, since a reload of the settings.</summary>
    public TimeSpan AddedWait
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _addedWait));
        set => Volatile.Write(ref _addedWait, value.Ticks);
    }

    /// <summary>The size of /tmp in a sandbox whose version says nothing.</summary>
    public long DefaultTmpBytes { get; init; }

    /// <summary>The images that versions may choose from.</summary>
    public LibraryImages Images { get; init; } = LibraryImages.None;

    /// <summary>What is added to the pool's own deadlines before its reply counts as lost.</summary>
    public static TimeSpan Margin { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Follows from the other sections.</summary>
    /// <param name="pool"><c>faas.pool</c>.</param>
    /// <param name="sandbox"><c>faas.sandbox</c>.</param>
    /// <param name="scripts"><c>faas.scripts</c>.</param>
    /// <param name="storeTimeout">Of one call to the store: a script's actor makes two, to recover and to write.</param>
    public static UseCaseOptions Of(PoolOptions pool, SandboxOptions sandbox, ScriptOptions scripts, TimeSpan storeTimeout) => new(
        scripts.Isolation,
        pool.QueueTimeout + sandbox.StartTimeout + sandbox.Timeout + Margin,
        (2 * storeTimeout) + TimeSpan.FromSeconds(5),
        sandbox.Mothers.PerKey,
        scripts.MaxConcurrency)
    {
        Ceilings = scripts.Ceilings.NotBelow(sandbox.Defaults),
        DefaultTmpBytes = sandbox.TmpBytes,
        Images = sandbox.Images,
    };

    /// <summary>
    /// How many runs of a version one process serves at once. What its upload was allowed, this server may allow no longer.
    /// </summary>
    public int ConcurrencyOf(ScriptSettings settings) =>
        Math.Min(settings.Concurrency ?? 1, MostConcurrency(IsolationOf(settings.Isolation)));

    /// <summary>How many sandboxes stay bound to a version while it is the latest.</summary>
    public int MinWarmOf(ScriptSettings settings) =>
        settings.Network is null || Network.IsSupported ? Math.Min(settings.MinWarm ?? 0, Ceilings.MinWarm) : 0;

    /// <summary>The most runs of a version that one process may serve at once.</summary>
    public int MostConcurrency(Isolation isolation) => isolation == Isolation.Shared ? MaxConcurrency : 1;

    /// <summary>The isolation of a version whose author has said this of it, or nothing.</summary>
    public Isolation IsolationOf(Isolation? wanted) => wanted ?? Isolation;

    /// <summary>
    /// What the author of a version has chosen for its runs; null: nothing. What its upload was allowed, this server may allow no longer.
    /// </summary>
    public RunSettings? RunSettingsOf(ScriptSettings settings) =>
        settings.ConcernRuns
            ? _runSettings.GetValue(settings, asked => RunSettings.Of(asked, Ceilings, DefaultTmpBytes, Network.Allow))
            : null;

    /// <summary>Why code of this runtime cannot have the image that its author has chosen; null: it can, or none was chosen.</summary>
    public string? ImageRefusal(ScriptSettings settings, Runtime runtime) =>
        settings.Image is { } image ? Images.Refusal(image, runtime) : null;

    /// <summary>How long after it was submitted the pool's reply to this run counts as lost.</summary>
    public TimeSpan PatienceOf(Run run) => RunPatience + AddedWait + (run.Settings?.Timeout ?? TimeSpan.Zero);

    /// <summary>The <see cref="Runs.Run.Owner"/> of the runs of a key's callers.</summary>
    public string? OwnerOf(string? key) => KeysApart ? key : null;
}
