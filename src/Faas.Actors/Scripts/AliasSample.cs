using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Faas.Actors.Scripts;

/// <summary>Where a call stands between the two versions of an alias, from 0 to 99.</summary>
public static class AliasSample
{
    /// <summary>Anywhere, each place as probable as each other.</summary>
    public static int Random(Random random) => random.Next(AliasTarget.All);

    /// <summary>
    /// A place that depends on the value, the script and the alias alone: the same on every server and for ever. Another script puts the
    /// same users elsewhere, so that no user gets every new version first.
    /// </summary>
    public static int Of(string path, string alias, string value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{path}\n{alias}\n{value}"), hash);
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % AliasTarget.All);
    }
}
