using System.Text.Json.Serialization;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.Runs.Kept;

/// <summary>One printed line, or a piece of one that is longer than <see cref="LineFraming.MaxLine"/>.</summary>
/// <param name="Stream">Where it was printed.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record KeptLine(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] OutputStream Stream, string Text)
{
    /// <summary>Whether the line goes on in the next piece of its stream.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Partial { get; init; }

    /// <summary>Whether the line has begun in a piece before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Rest { get; init; }
}

/// <summary>Lines that follow one another, as they are stored together.</summary>
/// <param name="Last">The number of the last of them. A run's first line has the number 1, and a piece of a line counts as a line.</param>
/// <param name="Bytes">What they take, as <see cref="KeptTail.BytesOf"/> counts it.</param>
/// <param name="Lines">The lines; at least one.</param>
public sealed record KeptPiece(long Last, int Bytes, IReadOnlyList<KeptLine> Lines)
{
    /// <summary>The number of the first of them.</summary>
    public long First => Last - Lines.Count + 1;
}

/// <summary>What of an output is to be stored with a run's end.</summary>
/// <param name="Pieces">What is not stored yet.</param>
/// <param name="Lines">How many lines there are in all; null: as many as are stored.</param>
public sealed record KeptRest(IReadOnlyList<KeptPiece> Pieces, long? Lines)
{
    /// <summary>Nothing but what is stored already.</summary>
    public static KeptRest None { get; } = new([], null);
}
