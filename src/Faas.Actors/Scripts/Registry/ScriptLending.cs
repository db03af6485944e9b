using Faas.Actors.Lending;

namespace Faas.Actors.Scripts.Registry;

/// <summary>A node asks for a script that it may serve from memory for a while. The reply is <see cref="ScriptLent"/>.</summary>
/// <param name="Path">The script.</param>
/// <param name="Asked">When it asked, by its own clock; the reply says the same.</param>
public sealed record BorrowScript(string Path, long Asked) : IScriptRequest;

/// <summary>The node may serve the script for a while, counted from the moment when it asked.</summary>
/// <param name="Id">The script's path.</param>
/// <param name="Revision">The number of the script's last event.</param>
/// <param name="For">How long; zero: nothing was lent.</param>
/// <param name="Asked">When the node asked, by its clock.</param>
/// <param name="Versions">The versions that most calls mean (<see cref="ScriptState.ForCalls"/>), oldest first; null: nothing was
/// lent.</param>
/// <param name="Traits">What the script has beside them.</param>
public sealed record ScriptLent(
    string Id, long Revision, TimeSpan For, long Asked, IReadOnlyList<ScriptVersion>? Versions, ScriptTraits? Traits)
    : Lent(Id, Revision, For, Asked)
{
    /// <summary>The script; null: nothing was lent.</summary>
    public ScriptState? ToState() =>
        Versions is { } versions && Traits is { } traits ? new ScriptState(Id, [.. versions], traits) : null;
}
