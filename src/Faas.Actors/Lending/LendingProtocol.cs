namespace Faas.Actors.Lending;

/// <summary>A node asks for a state that it may serve from memory for a while. The reply is a <see cref="Lent"/>.</summary>
public interface IBorrow
{
    /// <summary>The revision of the state that the node has; null: none.</summary>
    long? Known { get; }

    /// <summary>When it asked, by its own clock; the reply says the same.</summary>
    long Asked { get; }
}

/// <summary>The node may serve the state for a while, counted from the moment when it asked.</summary>
/// <param name="Id">The state.</param>
/// <param name="Revision">The number of the state's last event.</param>
/// <param name="For">How long; zero: nothing was lent, or this is a new revision, which may be served for as long as the one
/// before.</param>
/// <param name="Asked">When the node asked, by its clock; 0: it did not.</param>
public abstract record Lent(string Id, long Revision, TimeSpan For, long Asked);

/// <summary>The state is about to change: the node serves it no longer, and answers with <see cref="Returned"/>.</summary>
/// <param name="Id">The state.</param>
/// <param name="Number">Numbers the recall; its answer says the same.</param>
public sealed record Recall(string Id, long Number);

/// <summary>The node does not serve the state any more, or not the revision before the one that it was sent.</summary>
/// <param name="Id">The state.</param>
/// <param name="Number">The number of the recall, or the revision that it was sent.</param>
public sealed record Returned(string Id, long Number);
