using System.Text.Json;

namespace Faas.Client;

/// <summary>
/// What happens in a batch: a <c>result</c> or an <c>error</c> for each run, in the order of their ends, and at last <c>end</c>.
/// </summary>
/// <param name="Event"><c>result</c>: a run ended well; <c>error</c>: otherwise; <c>end</c>: all have ended.</param>
/// <param name="Progress">How far the batch has come then.</param>
public sealed record BatchEvent(string Event, BatchProgress Progress)
{
    /// <summary>Which input, from 0; null: this is the end.</summary>
    public int? Index { get; init; }

    /// <summary>The id of the run; null: this is the end.</summary>
    public string? Run { get; init; }

    /// <summary>How the run ended; null: this is the end.</summary>
    public string? Reason { get; init; }

    /// <summary>The value; of an error, one line about it; of the end, how many runs ended for which reason.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>What kind of value it is.</summary>
    public string? Type { get; init; }

    /// <summary>Whether the value is longer than what is kept.</summary>
    public bool? ResultCut { get; init; }

    /// <summary>Whether the record of the run is not kept any more.</summary>
    public bool? Gone { get; init; }

    /// <summary>The name of the class of what the script threw.</summary>
    public string? Name { get; init; }

    /// <summary>The message of what the script threw.</summary>
    public string? Message { get; init; }
}

/// <summary>How far a batch has come.</summary>
/// <param name="Ended">How many of its runs have ended.</param>
/// <param name="Count">How many it has.</param>
public sealed record BatchProgress(int Ended, int Count);
