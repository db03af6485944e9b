namespace Faas.Actors.Scripts.Registry;

/// <summary>A script's id is its path, and its requests travel without an envelope.</summary>
public sealed class ScriptMessageExtractor : IMessageExtractor
{
    /// <inheritdoc/>
    public string? EntityId(object message) => (message as IScriptRequest)?.Path;

    /// <inheritdoc/>
    public object EntityMessage(object message) => message;
}
