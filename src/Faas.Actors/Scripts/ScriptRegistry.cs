namespace Faas.Actors.Scripts;

/// <summary>
/// The key under which the actor registry has the way to every script: <c>IRequiredActor&lt;ScriptRegistry&gt;</c> takes each
/// <see cref="IScriptRequest"/>. The key stays the same wherever the scripts' actors run.
/// </summary>
public sealed class ScriptRegistry
{
    /// <summary>What every script's persistence id starts with; its path follows.</summary>
    public const string PersistenceIdPrefix = "script-";

    private ScriptRegistry()
    {
    }
}
