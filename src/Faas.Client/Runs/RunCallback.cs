namespace Faas.Client;

/// <summary>Whom an asynchronous run tells that it has ended (docs/callbacks.md).</summary>
/// <param name="Url">Where it is sent, to a host that the server's operator permits.</param>
public sealed record RunCallback(string Url)
{
    /// <summary><c>cloudevents</c>, an event with the record of the run, or <c>plain</c>, the record; null: the event.</summary>
    public string? Format { get; init; }

    /// <summary>The ends of which it tells, <c>ok</c> and <c>failed</c>; null: every one.</summary>
    public IReadOnlyList<string>? On { get; init; }
}

/// <summary>How far the callback of a run has come.</summary>
/// <param name="Url">Where it is sent, without the query.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c>, <c>dead</c> or <c>skipped</c>.</param>
/// <param name="Attempts">How often it was sent since it became due, or was last asked for.</param>
public sealed record CallbackProgress(string Url, string State, int Attempts)
{
    /// <summary>What the receiver has answered to the last attempt; null: nothing.</summary>
    public int? LastStatus { get; init; }

    /// <summary>Why the last attempt had no answer; null: it had one, or there was none.</summary>
    public string? LastError { get; init; }

    /// <summary>When it is sent next; null: it is not, or the run has not ended.</summary>
    public DateTimeOffset? Next { get; init; }
}
