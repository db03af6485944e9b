namespace Faas.Actors.Lending;

/// <summary>
/// Says for how long this node may speak for a durable state: reply from memory, show it to readers, and lend it. On a server that has its
/// store for itself that is without end. In a cluster it is as long as the lease that lets the state's actor run on this node and on no
/// other.
/// </summary>
public interface IAuthority
{
    /// <summary>How long this node may still speak for the state; zero: it may not.</summary>
    /// <param name="id">The state: the path of a script, or <c>/</c> and the name of another actor.</param>
    TimeSpan Left(string id);

    /// <summary>
    /// Numbers the term of this node: no other node has spoken for the state since the term began. It goes on while it is not certain that
    /// this node may speak for the state, if it turns out that it may. Zero: it has none.
    /// </summary>
    long Term(string id);

    /// <summary>Whether what was shown in a term may be served now.</summary>
    bool Holds(string id, long term);

    /// <summary>For how long what another node has lent for long, before this one could speak for the state, may still be out.</summary>
    TimeSpan LeftOfOthers(string id);
}

/// <summary>The authority of a server that has its store for itself.</summary>
public sealed class SoleAuthority : IAuthority
{
    /// <summary>The only instance.</summary>
    public static SoleAuthority Instance { get; } = new();

    /// <inheritdoc/>
    public TimeSpan Left(string id) => TimeSpan.MaxValue;

    /// <inheritdoc/>
    public long Term(string id) => 1;

    /// <inheritdoc/>
    public bool Holds(string id, long term) => true;

    /// <inheritdoc/>
    public TimeSpan LeftOfOthers(string id) => TimeSpan.Zero;
}
