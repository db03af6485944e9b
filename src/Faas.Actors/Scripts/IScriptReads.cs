namespace Faas.Actors.Scripts;

/// <summary>
/// What this node knows about scripts without asking their actors: a warm call finds its version here and sends no message.
/// What is found here has every change that a client was told of, and no other.
/// </summary>
public interface IScriptReads
{
    /// <summary>The script. Null: not known here, which says nothing about whether it exists; ask the registry.</summary>
    ScriptState? Find(string path);

    /// <summary>
    /// The same, but only while its actor vouches for it: null also after the store has failed the actor, when a change that no client was
    /// told of may be stored all the same. What is decided by a script must be decided by this.
    /// </summary>
    ScriptState? FindCertain(string path);
}
