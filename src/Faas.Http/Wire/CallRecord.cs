using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Recent;

namespace Faas.Http.Wire;

/// <summary>
/// What is known of a request while it is answered, for its line in the log: each part adds what it knows. It never holds a script's
/// output, an input, a header's value or a key.
/// </summary>
public sealed class CallRecord
{
    /// <summary>The script's path; null: the call names none.</summary>
    public string? Path { get; set; }

    /// <summary>The version that ran or was made.</summary>
    public long? Version { get; set; }

    /// <summary>One word for how the call ended, as in a problem; null: it has no such word.</summary>
    public string? Reason { get; set; }

    /// <summary>Why the server could not do its part; null: it could.</summary>
    public string? Fault { get; set; }

    /// <summary>Where the sandbox came from; null: the call had none.</summary>
    public Warmth? Start { get; set; }

    /// <summary>What the run cost; null: nothing ran.</summary>
    public Usage? Usage { get; set; }

    /// <summary>Completes with the run's processor time and memory, where they are known only later; null: they are known.</summary>
    public Task<Usage>? Measured { get; set; }

    /// <summary>Bytes of the request's body.</summary>
    public long InputBytes { get; set; }

    /// <summary>Bytes of the answer's body.</summary>
    public long OutputBytes { get; set; }

    /// <summary>When its headers had come (a time stamp of <see cref="System.Diagnostics.Stopwatch"/>).</summary>
    public long Begun { get; set; }

    /// <summary>The call, as recent runs show it; null: it has asked for no run, or nothing is noted of runs.</summary>
    public RunCall? Run { get; set; }

    /// <summary>The request's record.</summary>
    public static CallRecord Of(HttpContext context)
    {
        if (context.Features.Get<CallRecord>() is not { } record)
        {
            record = new CallRecord();
            context.Features.Set(record);
        }

        return record;
    }

    /// <summary>Takes over how a run ended.</summary>
    public void Take(Outcome outcome)
    {
        Reason = outcome.Reason.ToWire();
        Fault = outcome.Reason is Actors.Runs.Reason.Sandbox ? outcome.Detail : null;
        Start = outcome.Warmth;
        Usage = outcome.Warmth is null ? null : outcome.Usage;
    }
}
