namespace Faas.Actors.Scripts;

/// <summary>What a command leads to.</summary>
/// <param name="Events">What has to be stored, all or nothing; none: nothing changes.</param>
/// <param name="State">The script afterwards.</param>
/// <param name="Reply">The reply to the command, once that is durable.</param>
public sealed record ScriptDecision(IReadOnlyList<IScriptEvent> Events, ScriptState State, IWithScriptPath Reply);
