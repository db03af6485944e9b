using Akka.Actor;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs;

/// <summary>One run of one piece of code, as asked of the pool.</summary>
/// <param name="RunId">Unique name of the call; <c>X-Call-Id</c> on the wire.</param>
/// <param name="Queue">Whose turn it takes while waiting: the script's path, or <see cref="RunNowQueue"/>.</param>
/// <param name="Code">What to run.</param>
/// <param name="Mode">Run it, or only compile it.</param>
/// <param name="Isolation">How fresh the walls must be.</param>
/// <param name="Input">The event, UTF-8 JSON, valid.</param>
/// <param name="Stream">True: output is delivered as it is printed, with back-pressure.</param>
/// <param name="Version">Which version of the script it is; null for code that is not stored.</param>
/// <param name="WithUsage">True: the answer must say what the run cost, and waits until its processes are gone, because only then that is known.</param>
public sealed record Run(
    string RunId,
    string Queue,
    ScriptCode Code,
    RunMode Mode,
    Isolation Isolation,
    ReadOnlyMemory<byte> Input,
    bool Stream,
    long? Version = null,
    bool WithUsage = false) : INoSerializationVerificationNeeded
{
    /// <summary>The queue that all <c>/run-now</c> calls share. Not a valid script path, so no script can join it.</summary>
    public const string RunNowQueue = "/run-now";

    /// <summary>What a sandbox must be, before it is bound, to serve this run.</summary>
    public ImageKey Image => new(Code.Runtime);

    /// <summary>
    /// What a sandbox that serves this run may serve besides: runs of the same name. Null: nothing. Fresh
    /// processes of the same text cannot tell whose they are; a process that stays belongs to one version of one script.
    /// </summary>
    public string? BindingKey => Isolation switch
    {
        Isolation.Sandbox => null,
        Isolation.Process => Code.Key,
        Isolation.Shared => $"{Code.Key} {Version} {Queue}",
        _ => throw new ArgumentOutOfRangeException(nameof(Isolation), Isolation, null),
    };
}
