using System.Security.Cryptography;
using System.Text;

namespace Faas.Actors.Libraries.Layers;

/// <summary>The name of a layer: what is in it, and for which machine.</summary>
public static class LayerName
{
    /// <summary>Lower-case hex SHA-256. Scripts with the same lock have the same layer.</summary>
    /// <param name="lock">The lock of the libraries.</param>
    /// <param name="platform">The processor and the interpreter: compiled modules and machine code are for these alone.</param>
    public static string Of(string @lock, string platform) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{platform}\n{@lock}")));
}
