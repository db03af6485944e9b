using System.Net;

namespace Faas.Client;

/// <summary>The server refused a call, or a run ended otherwise than well. The message is one line for a person.</summary>
/// <param name="problem">What the server said.</param>
/// <param name="retryAfter">When to try again; null: the server does not say.</param>
public sealed class FaasException(Problem problem, TimeSpan? retryAfter = null) : Exception(problem.Detail)
{
    /// <summary>All that the server said (RFC 9457).</summary>
    public Problem Problem { get; } = problem;

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status => (HttpStatusCode)Problem.Status;

    /// <summary>
    /// One word for programs, such as <c>not_found</c> or <c>timeout</c>; of an answer that is not the server's own, empty.
    /// </summary>
    public string Reason => Problem.Reason;

    /// <summary>When to try again; null: the server does not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>An answer that is not a success, as RFC 9457 writes it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Detail">One sentence for a person.</param>
public sealed record Problem(int Status, string Title, string Detail)
{
    /// <summary>The kind of problem as a URI. The server tells kinds apart by <see cref="Reason"/>.</summary>
    public string Type { get => field ?? "about:blank"; init; }

    /// <summary>One word for programs; empty: the answer is not the server's own, but a proxy's for example.</summary>
    public string Reason { get => field ?? ""; init; }

    /// <summary>Names the call, also in the server's log.</summary>
    public string? CallId { get; init; }

    /// <summary>What the script threw: the name of its class.</summary>
    public string? Name { get; init; }

    /// <summary>What the script threw: its message.</summary>
    public string? Message { get; init; }

    /// <summary>Where the script threw it.</summary>
    public string? Stack { get; init; }

    /// <summary>The source file that does not compile, of a script of several files.</summary>
    public string? File { get; init; }

    /// <summary>The line at which the script does not compile, from 1.</summary>
    public int? Line { get; init; }

    /// <summary>The column at which the script does not compile, from 1.</summary>
    public int? Column { get; init; }

    /// <summary>The script's own exit status.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that killed the script.</summary>
    public string? Signal { get; init; }

    /// <summary>The end of what the script printed; null: no script ran.</summary>
    public string? Logs { get; init; }

    /// <summary>What the run cost; null: nothing ran, or the caller did not ask.</summary>
    public RunStats? Stats { get; init; }
}
