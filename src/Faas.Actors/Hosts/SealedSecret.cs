using System.Security.Cryptography;

namespace Faas.Actors.Hosts;

/// <summary>
/// A secret of one run whose value the script does not get. It gets a placeholder, for which the proxy puts the value into requests to
/// the hosts that the secret is bound to.
/// </summary>
/// <param name="name">The secret.</param>
/// <param name="hosts">The hosts that get the value.</param>
/// <param name="placeholder">What the script gets; no two runs have the same.</param>
/// <param name="value">The value in UTF-8.</param>
public sealed class SealedSecret(string name, EgressRules hosts, string placeholder, byte[] value)
{
    /// <summary>The begin of each placeholder, which has letters, digits and - alone: headers and URLs take it as it is.</summary>
    public const string Mark = "faas-sealed-";

    /// <summary>The characters of each placeholder.</summary>
    public const int PlaceholderLength = 12 + (2 * RandomBytes); // the mark, and two digits for each byte

    private const int RandomBytes = 16; // no script can guess the placeholder of another run

    /// <summary>The secret.</summary>
    public string Name => name;

    /// <summary>The hosts that get the value.</summary>
    public EgressRules Hosts => hosts;

    /// <summary>What the script gets.</summary>
    public string Placeholder => placeholder;

    /// <summary>The value in UTF-8.</summary>
    public byte[] Value => value;

    /// <summary>A secret with a new placeholder.</summary>
    public static SealedSecret Create(string name, EgressRules hosts, byte[] value) =>
        new(name, hosts, $"{Mark}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}", value);

    /// <summary>Its name alone: what is printed for a person must not tell the value.</summary>
    public override string ToString() => name;
}
