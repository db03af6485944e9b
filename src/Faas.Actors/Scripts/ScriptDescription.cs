namespace Faas.Actors.Scripts;

/// <summary>What a script is, without the list of its versions, which may be long.</summary>
/// <param name="Latest">The newest version.</param>
/// <param name="Versions">How many versions it has.</param>
/// <param name="Created">When the oldest version was uploaded.</param>
/// <param name="Enabled">Whether it may be run.</param>
/// <param name="Aliases">Its aliases by name.</param>
/// <param name="Keep">Which versions are kept; null: the server says it.</param>
public sealed record ScriptDescription(
    ScriptVersion Latest,
    int Versions,
    DateTimeOffset Created,
    bool Enabled,
    IReadOnlyDictionary<string, ScriptAlias> Aliases,
    Retention? Keep = null);
