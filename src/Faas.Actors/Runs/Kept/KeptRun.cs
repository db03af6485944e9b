using Faas.Actors.Json;
using Faas.Actors.Runs.Recent;

namespace Faas.Actors.Runs.Kept;

/// <summary>A kept run at one moment.</summary>
/// <param name="Id">Its name, a <see cref="KeptIds"/>.</param>
/// <param name="Number">Its place among all runs that were ever accepted.</param>
/// <param name="Call">What was known when it was accepted.</param>
/// <param name="Stage"><see cref="RunStage.Queued"/>, <see cref="RunStage.Running"/> or <see cref="RunStage.Ended"/>.</param>
public sealed record KeptRun(string Id, long Number, KeptCall Call, RunStage Stage)
{
    /// <summary>The server that has taken it; null: none has.</summary>
    public string? Node { get; init; }

    /// <summary>How often it was started.</summary>
    public int Attempt { get; init; }

    /// <summary>How often it was given back to the queue because it could not start.</summary>
    public int Returns { get; init; }

    /// <summary>When a server took it, by the clock of the store; null: none has.</summary>
    public DateTimeOffset? Taken { get; init; }

    /// <summary>When it was over, by the clock of the store; null: it is not.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How it ended; null: it has not.</summary>
    public KeptEnd? End { get; init; }

    /// <summary>How its last attempt ended after which it was to be started again; null: there was none.</summary>
    public KeptFailure? Failure { get; init; }

    /// <summary>Before this time the next attempt does not start; null: there was no attempt yet, or it was not to be followed.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The run that has run in its place; null: none has.</summary>
    public string? RedrivenBy { get; init; }

    /// <summary>The run that it was handed on to; null: none.</summary>
    public string? Next { get; init; }

    /// <summary>Why it was not handed on, though it should have been; null: it was, or should not.</summary>
    public string? NextRefused { get; init; }

    /// <summary>How far its callback has come; null: it has none.</summary>
    public CallbackDelivery? Callback { get; init; }

    /// <summary>Whether it is a dead letter: it failed, no caller knows, and no other run has taken its place.</summary>
    public bool IsDead => Call.Asynchronous == true && RedrivenBy is null && End is { } end
        && !end.IsOk && end.Reason != Reason.Cancelled.ToWire();

    /// <summary>The input as JSON; empty in lists.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The value as JSON; empty: there is none, it is not kept, or this is in a list.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>How many lines its attempts have printed together, as far as the store knows; 0 in lists.</summary>
    public long Lines { get; init; }

    /// <summary>What is kept of them, mostly the last; empty in lists.</summary>
    public IReadOnlyList<KeptLine> Log { get; init; } = [];

    /// <summary>The same run with what is kept of its output.</summary>
    public KeptRun With(IReadOnlyList<KeptPiece> pieces)
    {
        var (log, last) = (new List<KeptLine>(), 0L);
        foreach (var piece in pieces)
        {
            // Pieces overlap where a reply of the store was lost.
            log.AddRange(piece.Lines.Skip((int)Math.Max(0, last - piece.First + 1)));
            last = piece.Last;
        }

        return this with { Log = log, Lines = Math.Max(Lines, last) };
    }

    /// <summary>What a filter looks at.</summary>
    public RunFacts Facts => new(
        Id, Call.Path, Call.Version, Stage, End?.Reason, Call.Language, End?.Start, Call.Via, Call.Key)
    {
        IsDead = IsDead,
        Schedule = Call.Schedule,
        Callback = Callback?.State,
    };

    /// <summary>The id of its call.</summary>
    public string CallId => Id[..Id.LastIndexOf(Run.IdSeparator)];
}
