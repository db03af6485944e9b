using Faas.Actors.Runs;
using Faas.Actors.Scripts;

namespace Faas.Http.Wire.Problems;

/// <summary>An answer that is not a success, as RFC 9457 writes it.</summary>
/// <param name="Status">HTTP status; its phrase is the <c>title</c>.</param>
/// <param name="Reason">One word for programs.</param>
/// <param name="Detail">One sentence for a person.</param>
public sealed record Problem(int Status, string Reason, string Detail)
{
    /// <summary>
    /// Whether the server, and neither the caller nor the script, is what failed. The detail is then of the server's own words.
    /// </summary>
    public bool IsFaultOfTheServer { get; init; }

    /// <summary>When the client should try again; null: not known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How to authenticate, as <c>WWW-Authenticate</c> says it (RFC 6750, section 3); null: that is not what is wrong.</summary>
    public string? Challenge { get; init; }

    /// <summary>What the script threw, or where it does not compile.</summary>
    public ScriptError? Error { get; init; }

    /// <summary>The script's own exit status.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that killed the script.</summary>
    public string? Signal { get; init; }

    /// <summary>The end of what the script printed; null where no script ran.</summary>
    public string? Logs { get; init; }

    /// <summary>What the run cost; null: nothing ran, or the caller did not ask.</summary>
    public Usage? Stats { get; init; }
}
