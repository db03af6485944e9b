namespace Faas.Actors.Runs.Kept;

/// <summary>
/// What a reader of a kept run is told. The number of an event is its place: 0 says that the run is executed, 1 and above are its lines and
/// then its end.
/// </summary>
public abstract record KeptEvent;

/// <summary>The run waits, or a server has taken it.</summary>
/// <param name="Number">0 when it is taken for the first time. Null: only a reader that is there at the time is told.</param>
/// <param name="Waits">Whether it waits.</param>
public sealed record KeptStateEvent(long? Number, bool Waits) : KeptEvent;

/// <summary>A line.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Line">The line.</param>
public sealed record KeptLineEvent(long Number, KeptLine Line) : KeptEvent;

/// <summary>Lines that are not kept.</summary>
/// <param name="Number">The last of them.</param>
/// <param name="Lines">How many.</param>
public sealed record KeptGapEvent(long Number, long Lines) : KeptEvent;

/// <summary>The run has ended: the last event.</summary>
/// <param name="Number">One more than its last line.</param>
/// <param name="Run">The run with its value.</param>
public sealed record KeptEndEvent(long Number, KeptRun Run) : KeptEvent;
