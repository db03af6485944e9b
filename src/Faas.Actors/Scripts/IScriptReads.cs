namespace Faas.Actors.Scripts;

/// <summary>
/// What this node knows about scripts without asking their actors: a warm call finds its version here and sends no message.
/// What is found here has every change that a client was told of.
/// </summary>
public interface IScriptReads
{
    /// <summary>The script. Null: not known here, which says nothing about whether it exists; ask the registry.</summary>
    ScriptState? Find(string path);
}
