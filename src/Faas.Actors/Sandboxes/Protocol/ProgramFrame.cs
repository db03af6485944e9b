using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>What a PROGRAM frame tells a zygote: the code, and what a program can be told about its sandbox.</summary>
/// <param name="Code">The code.</param>
/// <param name="Isolation">What the runs share.</param>
public sealed record ProgramFrame(ScriptCode Code, Isolation Isolation)
{
    /// <summary>The name of the function that the script's author has named as its handler; null: none.</summary>
    public string? Handler { get; init; }

    /// <summary>How many runs one process is to serve at once.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>The sandbox's memory; null: unknown.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The sandbox's processors, which may be a fraction; null: unknown.</summary>
    public double? Cpus { get; init; }

    /// <summary>How long a run may take; null: unknown.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The environment variables beside those of every sandbox; null: none.</summary>
    public NamedTexts? Env { get; init; }

    /// <summary>How large V8's heap may be; null: as large as when node started, or it is no node.</summary>
    public long? HeapBytes { get; init; }

    /// <summary>What a run may give back in /tmp/out; null: nothing.</summary>
    public OutLimits? Out { get; init; }

    /// <summary>The proxy through which the script reaches hosts; null: it reaches none.</summary>
    public string? Proxy { get; init; }

    /// <summary>The libraries that the script sees; null: none.</summary>
    public LayerMount? Layer { get; init; }

    /// <summary>
    /// Whether the libraries may be imported before there is a run. A library may read the environment while it is imported, so that must
    /// be complete by then. And what a library that is not trusted sends to hosts must be that of a run.
    /// </summary>
    public bool ImportsAhead { get; init; } = true;

    /// <summary>Whether the zygote may execute the libraries that are bundled with the code, so that all its forks share them.</summary>
    public bool LibrariesAhead { get; init; }

    /// <summary>
    /// The file in the sandbox with the authority that signs for the proxy, which the script's runtime is to trust, too; null: it signs
    /// nothing for this program.
    /// </summary>
    public string? Authority { get; init; }

    /// <summary>The program of a run.</summary>
    public static ProgramFrame Of(Run run, SandboxOptions options) => new(run.Code, run.Isolation)
    {
        Handler = run.Handler,
        Concurrency = run.Concurrency,
        MemoryBytes = options.MemoryBytes,
        Cpus = options.Cpus,
        Timeout = options.Timeout,
        Env = run.Settings?.Network is null ? run.Settings?.Env : ProxyVariables.With(run.Settings.Env, HasAuthority(run, options)),
        Proxy = run.Settings?.Network is null ? null : ProxyAddress.Url,
        Layer = run.Layer,
        LibrariesAhead = run.MayExecuteAhead,
        ImportsAhead = run.Settings is not { SecretsInEnv: true } && (run.Settings?.Network is null || run.Layer is { IsTrusted: true }),
        Authority = HasAuthority(run, options) ? TrustFiles.AuthorityInside : null,
        Out = run.Isolation == Isolation.Shared || options.Out.Files == 0 ? null : options.Out,
        HeapBytes = run.Settings?.MemoryBytes is { } memory && run.Code.Runtime == Runtime.Node ? NodeHeap.Megabytes(memory) << 20 : null,
    };

    // The proxy ends TLS for hosts that a sealed secret is bound to, and for no others.
    private static bool HasAuthority(Run run, SandboxOptions options) =>
        options.Authority is not null && run.Settings is { Network: not null, Sealed: not null };
}
