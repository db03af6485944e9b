using Faas.Actors.Hosts;

namespace Faas.Actors.Egress;

/// <summary>
/// One sandbox's way out. Its socket says which sandbox asks, so nothing that a script sends can take another's rules. To dispose of it
/// closes its socket and every connection through it.
/// </summary>
public interface IEgressDoor : IAsyncDisposable
{
    /// <summary>What went through since the last <see cref="Admit"/>.</summary>
    EgressUse Use { get; }

    /// <summary>
    /// A run begins. Connections from now on are judged by its grant, and the limits of a run begin anew. A grant with
    /// <see cref="EgressRules.None"/> lets nothing through.
    /// </summary>
    /// <param name="grant">What the run may reach.</param>
    /// <param name="keepsConnections">
    /// Whether connections of earlier runs stay open, as where runs share a process. If not, or if the rules differ, they are closed.
    /// </param>
    void Admit(EgressGrant grant, bool keepsConnections);

    /// <summary>
    /// A further run begins beside those that were admitted. It adds the bytes of one run to what they may use, and its sealed secrets to
    /// theirs.
    /// </summary>
    /// <param name="more">The sealed secrets of the run.</param>
    void Extend(IReadOnlyList<SealedSecret> more);

    /// <summary>A run has ended. Its sealed secrets are worth nothing any more.</summary>
    /// <param name="ended">The sealed secrets of the run.</param>
    void Forget(IReadOnlyList<SealedSecret> ended);
}
