namespace Faas.Client;

/// <summary>How a run is called.</summary>
public sealed record RunOptions
{
    /// <summary>Which version of a stored script: its number, or an alias; null: the latest.</summary>
    public string? Version { get; init; }

    /// <summary>
    /// What the script sees as <c>event</c>, as JSON that is sent as it stands: <c>null</c>, and numbers that no type of .NET holds. It is
    /// sent in the place of the parameter <c>input</c>. A text that is no JSON is an <see cref="ArgumentException"/> of the call.
    /// </summary>
    public string? InputJson { get; init; }

    /// <summary>Files that the script finds in <c>/tmp/in</c>, such as a CSV file to make a picture of; null: none.</summary>
    public IReadOnlyList<RunFile>? Files { get; init; }

    /// <summary>Whether <see cref="RunResult.Logs"/> has what the script printed.</summary>
    public bool Logs { get; init; }

    /// <summary>Whether <see cref="RunResult.Stats"/> says what the run cost. A stream always says it.</summary>
    public bool Stats { get; init; }

    /// <summary>Names the call in the server's log: 1 to 128 letters, digits or <c>._-</c>; null: the server makes a name.</summary>
    public string? CallId { get; init; }

    /// <summary>Further headers of the request, such as the one that chooses between the versions of an alias.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>
    /// Of asynchronous runs: whom the run tells that it has ended, by a signed request (docs/callbacks.md); null: no one.
    /// </summary>
    public RunCallback? Callback { get; init; }

    /// <summary>
    /// Of code that is not stored: the files of a script of several files, in the place of the parameter <c>code</c>; null: that is all.
    /// </summary>
    public IReadOnlyList<TreeFile>? Sources { get; init; }

    /// <summary>Which of <see cref="Sources"/> runs; null: the server finds it by its name (docs/scripts.md).</summary>
    public string? Entry { get; init; }

    /// <summary>Of code that is not stored: what a version would say about its runs. Handler, limits, <c>env</c>, <c>image</c>,
    /// <c>dependencies</c>, <c>network</c> and <c>sealed</c> are allowed.</summary>
    public ScriptSettings? Settings { get; init; }
}
