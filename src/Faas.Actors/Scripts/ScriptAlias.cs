namespace Faas.Actors.Scripts;

/// <summary>A name for a version of a script, which can be moved to another version.</summary>
/// <param name="Target">What it names.</param>
/// <param name="Before">What it named before its last move; null: it has never been moved.</param>
/// <param name="Revision">Counts the changes of all aliases of the script, so no two states of an alias have the same one.</param>
public sealed record ScriptAlias(AliasTarget Target, AliasTarget? Before, long Revision);
