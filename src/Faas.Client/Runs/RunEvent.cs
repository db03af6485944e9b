using System.Text.Json;

namespace Faas.Client;

/// <summary>
/// What happens in a run that is streamed: one <see cref="RunBegan"/>, then a <see cref="RunPrinted"/> for each line, and at last one
/// <see cref="RunReturned"/> or <see cref="RunFailed"/>.
/// </summary>
public abstract record RunEvent
{
    private protected RunEvent()
    {
    }
}

/// <summary>A sandbox has the run.</summary>
/// <param name="Start">Where it runs.</param>
public sealed record RunBegan(RunStart Start) : RunEvent;

/// <summary>The script printed a line.</summary>
/// <param name="Data">The line: the JSON value that it is, else a text.</param>
/// <param name="Type">What kind of value it is.</param>
/// <param name="IsStderr">Whether it was printed to stderr.</param>
/// <param name="IsPartial">Whether the line goes on with the next event of its stream; a long line comes in pieces.</param>
public sealed record RunPrinted(JsonElement Data, string Type, bool IsStderr, bool IsPartial) : RunEvent
{
    /// <summary>The line as it was printed.</summary>
    public string Text => Type == "text" ? $"{Data}" : Data.GetRawText();
}

/// <summary>Lines of a kept run are not kept any more.</summary>
/// <param name="Lines">How many.</param>
public sealed record RunSkipped(long Lines) : RunEvent;

/// <summary>The run ended well: its last event.</summary>
/// <param name="Result">What it returned.</param>
public sealed record RunReturned(RunResult Result) : RunEvent;

/// <summary>The run ended otherwise: its last event.</summary>
/// <param name="Problem">Why, as the answer of a call that is not streamed would say it.</param>
public sealed record RunFailed(Problem Problem) : RunEvent;
