using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Trees;

namespace Faas.Http.Api.Calls;

/// <summary>What a request's body said. Members that its route does not have keep their defaults.</summary>
public sealed record CallRequest
{
    /// <summary>The input of a call that has none.</summary>
    public static ReadOnlyMemory<byte> EmptyObject { get; } = "{}"u8.ToArray();

    /// <summary>The script's path, valid.</summary>
    public string Path { get; init; } = "";

    /// <summary>The code's language.</summary>
    public Language Language { get; init; }

    /// <summary>The code, not blank, within its limit.</summary>
    public string Code { get; init; } = "";

    /// <summary>Which of the source files is to run, as the body names it; null: it names none.</summary>
    public string? Entry { get; init; }

    /// <summary>The files of a script of several files, whose entry has the text <see cref="Code"/>; null: it is all.</summary>
    public SourceTree? Tree { get; init; }

    /// <summary>The event as UTF-8 JSON in memory of its own; <c>{}</c> when the body has none.</summary>
    public ReadOnlyMemory<byte> Input { get; init; } = EmptyObject;

    /// <summary>The files that the call brings; their names differ and are valid.</summary>
    public IReadOnlyList<RunFile> Files { get; init; } = [];

    /// <summary>What the author says about the runs, within what the operator allows.</summary>
    public ScriptSettings Settings { get; init; } = ScriptSettings.Default;

    /// <summary>Each member that the route does not have, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether code and settings of the latest version are to be a new version, too.</summary>
    public bool Force { get; init; }

    /// <summary>Whether nothing is to be stored.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether the answer is an event stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether a JSON answer has what a successful run printed.</summary>
    public bool Logs { get; init; }

    /// <summary>Whether a JSON answer says what the run cost.</summary>
    public bool Stats { get; init; }

    /// <summary>Whether the record of the run is kept; null: as the settings of the version say.</summary>
    public bool? Keep { get; init; }

    /// <summary>Of an asynchronous run: 1 to 9; null: it names none.</summary>
    public int? Priority { get; init; }

    /// <summary>Of an asynchronous run: what it hands on to; null: nothing.</summary>
    public KeptThen? Then { get; init; }

    /// <summary>Of an asynchronous run: before this time it does not start; null: it may start at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Of a run whose record is kept: whom it tells that it has ended; null: no one.</summary>
    public KeptCallback? Callback { get; init; }
}
