namespace Faas.Actors.Scripts.Registry;

/// <summary>The parent of the scripts' actors, as far as they have to know it.</summary>
/// <param name="PassivateBy">The message by which an actor asks for leave to end, with the message that is to end it.</param>
public sealed record EntityParent(Func<object, object> PassivateBy)
{
    /// <summary>The parent on a server of one node, <see cref="ScriptParent"/>.</summary>
    public static EntityParent OfOneNode { get; } = new(stop => new Passivate(stop));
}
