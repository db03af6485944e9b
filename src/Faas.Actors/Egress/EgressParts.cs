using Faas.Actors.Egress.Tls;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.Egress;

/// <summary>What every connection of the proxy needs.</summary>
/// <param name="Options">The limits.</param>
/// <param name="Dialer">Connects to hosts.</param>
/// <param name="Meters">Counts.</param>
/// <param name="Log">Where the audit is written.</param>
internal sealed record EgressParts(EgressOptions Options, HostDialer Dialer, EgressMeters Meters, ILogger Log)
{
    /// <summary>How the proxy ends TLS; null: it does not.</summary>
    public Interception? Interception { get; init; }
}
