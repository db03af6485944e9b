namespace Faas.Client;

/// <summary>What an asynchronous run hands on to when it has ended (docs/asynchronous.md).</summary>
public sealed record RunThen
{
    /// <summary>The script that gets the value of a run that has returned one; null: none.</summary>
    public RunDestination? Success { get; init; }

    /// <summary>The script that is told of a run that has failed; null: none.</summary>
    public RunDestination? Failure { get; init; }
}

/// <summary>The script that the next run runs.</summary>
/// <param name="Path">The script.</param>
public sealed record RunDestination(string Path)
{
    /// <summary>A version's number or an alias; null: the latest version.</summary>
    public string? Version { get; init; }

    /// <summary>What that run hands on to; null: nothing.</summary>
    public RunThen? Then { get; init; }
}
