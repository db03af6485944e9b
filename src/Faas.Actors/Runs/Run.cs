using Akka.Actor;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs;

/// <summary>One execution of code, as the pool gets it.</summary>
/// <param name="RunId">The unique name of the run. It equals the call's id, <c>X-Call-Id</c> on the wire.</param>
/// <param name="Queue">The queue in which the run waits: the script's path, or <see cref="RunNowQueue"/>.</param>
/// <param name="Code">The code.</param>
/// <param name="Mode">Whether the code runs or is only compiled.</param>
/// <param name="Isolation">What the run may share with other runs.</param>
/// <param name="Input">The event: valid JSON in UTF-8, at most <see cref="MaxInputBytes"/>.</param>
/// <param name="Stream">True: the caller gets output as it is printed, and slows the script down when it does not read.</param>
/// <param name="Version">The version of the script; null for code that is not stored.</param>
/// <param name="WithUsage">
/// True: the reply must tell what the run cost. It then waits until the run's processes are gone, because the cost is not known before.
/// </param>
/// <param name="Owner">The name of the key whose runs alone may share a sandbox or a mother with this run; null: any caller's may.</param>
/// <param name="Handler">The name of the function that the version's author has named as its handler; null: none.</param>
/// <param name="Concurrency">How many runs of its binding key one process serves at once; above 1 at isolation <c>shared</c> only.</param>
/// <param name="WithLogs">True: the reply must have all that the run printed, also when it succeeds. It waits as for the cost.</param>
/// <param name="Settings">What its author has chosen instead of the operator's defaults; null: nothing.</param>
/// <param name="MinWarm">
/// How many sandboxes of its binding are to stay bound, though no run needs them; null: it says nothing of that, because it is not of the
/// version that calls of its path get without naming one.
/// </param>
public sealed record Run(
    string RunId,
    string Queue,
    ScriptCode Code,
    RunMode Mode,
    Isolation Isolation,
    ReadOnlyMemory<byte> Input,
    bool Stream,
    long? Version = null,
    bool WithUsage = false,
    string? Owner = null,
    string? Handler = null,
    int Concurrency = 1,
    bool WithLogs = false,
    RunSettings? Settings = null,
    int? MinWarm = null) : INoSerializationVerificationNeeded
{
    /// <summary>The largest input in bytes: what one RUN frame of runtimes/PROTOCOL.md can hold.</summary>
    public const int MaxInputBytes = 8 << 20;

    /// <summary>The deepest nesting of an input; CPython's own parser recurses, and refuses soon after.</summary>
    public const int MaxInputDepth = 512;

    /// <summary>
    /// Stands between the call's id and the run's number in a run's id. No id of a call has it, so no caller can name a run.
    /// </summary>
    public const char IdSeparator = '~';

    /// <summary>The id of its call, which several runs may share.</summary>
    public string CallId => RunId.LastIndexOf(IdSeparator) is var end and >= 0 ? RunId[..end] : RunId;

    /// <summary>The queue that all <c>/run-now</c> calls share. Not a valid script path, so no script can join it.</summary>
    public const string RunNowQueue = "/run-now";

    /// <summary>
    /// The trace that the run belongs to, as the script is told it (<c>traceparent</c> of W3C Trace Context); null: none.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>Its spans; null: they are not recorded.</summary>
    public RunTrace? Trace { get; init; }

    /// <summary>The values of the secrets that its version lists; null: it lists none, or no script of it runs.</summary>
    public RunSecrets? Secrets { get; init; }

    /// <summary>
    /// The libraries that its code declares; null: none. A run that only compiles the code has them too, because its sandbox may serve
    /// further runs.
    /// </summary>
    public LayerMount? Layer { get; init; }

    /// <summary>
    /// The trust by which the zygote of its sandbox, which outlives each run, may execute the libraries that are bundled with its code
    /// (JavaScript and TypeScript); null: it may not.
    /// </summary>
    public AheadTrust? LibrariesAhead { get; init; }

    /// <summary>
    /// Whether the zygote may do so for this run's sandbox. Where the environment has secrets, libraries would read them; and by variables
    /// of its own, an author might lead a library to other code.
    /// </summary>
    public bool MayExecuteAhead =>
        LibrariesAhead is { IsGiven: true }
        && Isolation == Isolation.Process
        && Settings is not ({ SecretsInEnv: true } or { Env: not null });

    /// <summary>The files that its call brings, for <c>/tmp/in</c>. Only a run that shares no process has some.</summary>
    public IReadOnlyList<RunFile> Files { get; init; } = [];

    /// <summary>Whether its caller takes the files that it gives back in <c>/tmp/out</c>.</summary>
    public bool GivesFiles { get; init; }

    /// <summary>Whether its caller hears what the run cost; the last event of a stream always says it.</summary>
    public bool TellsCost => WithUsage || Stream;

    /// <summary>What a sandbox must be, before it is bound, to serve this run.</summary>
    public ImageKey Image => new(Code.Runtime, Owner, Settings?.TmpBytes, Settings?.Image);

    /// <summary>
    /// Names the runs that may share a sandbox with this run: those with the same key; null: no other run may. A fresh process of the same
    /// code cannot tell which script it belongs to, so the code is the key. A shared process belongs to one version of one script.
    /// </summary>
    public string? BindingKey => Isolation switch
    {
        Isolation.Sandbox => null,
        Isolation.Process => Owner is null ? ProgramKey : $"{ProgramKey} @{Owner}",
        Isolation.Shared => Owner is null ? $"{ProgramKey} {Version} {Queue}" : $"{ProgramKey} {Version} {Queue} @{Owner}",
        _ => throw new ArgumentOutOfRangeException(nameof(Isolation), Isolation, null),
    };

    // Code is another program with another handler, and needs another sandbox with other settings. The layer needs no place in the key: the
    // lock of the libraries is part of the code.
    private string ProgramKey => Settings is { } settings ? $"{Code.Key}#{Handler}{{{settings.Key}}}"
        : Handler is null ? Code.Key : $"{Code.Key}#{Handler}";
}
