namespace Faas.Actors.Runs.Kept;

/// <summary>What a reader of a run's output finds in the store at one moment: the run first, and then the output.</summary>
/// <param name="Run">The run, without its input and output; its value is there once it has ended.</param>
/// <param name="Pieces">The oldest pieces with lines that the reader does not know, in order.</param>
/// <param name="HasMore">Whether there are further pieces.</param>
/// <param name="IsTrimmed">Whether there were lines between those that the reader knows and the first of these, and were dropped.</param>
public sealed record KeptReading(KeptRun Run, IReadOnlyList<KeptPiece> Pieces, bool HasMore, bool IsTrimmed);
