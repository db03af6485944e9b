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
    /// A run begins. Connections from now on are judged by its grant, and the limits of a run begin anew. Connections of an earlier run
    /// are closed. A grant with <see cref="Faas.Actors.Hosts.EgressRules.None"/> lets nothing through.
    /// </summary>
    void Admit(EgressGrant grant);
}
