namespace Faas.Actors.Scripts;

/// <summary>
/// What this node knows about scripts without asking their actors: a warm call finds its version here and sends no message.
/// A version that an uploader was told of is never missing from a script that is found here.
/// </summary>
public interface IScriptReads
{
    /// <summary>
    /// A version of the script, or its latest for null. Null: not known here, which says nothing about whether it exists; ask the registry.
    /// </summary>
    ScriptVersion? Find(string path, long? version);
}
