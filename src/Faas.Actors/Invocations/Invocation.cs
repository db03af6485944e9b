using Akka.Actor;

namespace Faas.Actors.Invocations;

/// <summary>One run of one piece of code, as asked of the pool.</summary>
/// <param name="CallId">Unique name of the call; <c>X-Call-Id</c> on the wire.</param>
/// <param name="Queue">Whose turn it takes while waiting: the script's path, or <see cref="RunNowQueue"/>.</param>
/// <param name="Code">What to run.</param>
/// <param name="Mode">Run it, or only compile it.</param>
/// <param name="Isolation">How fresh the walls must be.</param>
/// <param name="Input">The event, UTF-8 JSON, valid.</param>
/// <param name="Stream">True: output is delivered as it is printed, with back-pressure.</param>
public sealed record Invocation(
    string CallId,
    string Queue,
    ScriptCode Code,
    InvocationMode Mode,
    Isolation Isolation,
    ReadOnlyMemory<byte> Input,
    bool Stream) : INoSerializationVerificationNeeded
{
    /// <summary>The queue that all <c>/run-now</c> calls share. Not a valid script path, so no script can join it.</summary>
    public const string RunNowQueue = "/run-now";
}

/// <summary>What a sandbox does with the code.</summary>
public enum InvocationMode
{
    /// <summary>Run the script.</summary>
    Run,

    /// <summary>Compile it and report syntax errors; no statement of it runs.</summary>
    Check,
}

/// <summary>What an invocation shares with earlier ones.</summary>
public enum Isolation
{
    /// <summary>Nothing: a sandbox of its own, destroyed afterwards.</summary>
    Sandbox,

    /// <summary>The walls of its own version; always a fresh process.</summary>
    Process,
}
