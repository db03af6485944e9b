using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>What a pool has free, as other nodes of a cluster hear of it.</summary>
/// <param name="Permits">How many runs may be executed at once: <c>faas.pool.running</c>.</param>
/// <param name="Free">How many of these permits nothing has.</param>
/// <param name="Waiting">The runs that wait.</param>
/// <param name="IsDraining">Whether new runs are refused.</param>
/// <param name="Spares">The spares by the names of their images; an image without spares is absent.</param>
/// <param name="Seats">
/// For how many more runs the bound sandboxes have room, by <see cref="HashOf"/> of their binding keys; a binding without room is absent.
/// </param>
public sealed record PoolDigest(
    int Permits,
    int Free,
    int Waiting,
    bool IsDraining,
    IReadOnlyDictionary<string, int> Spares,
    IReadOnlyDictionary<long, int> Seats)
{
    /// <summary>
    /// Stands for a binding key; two keys have the same number about as often as they have the same SHA-256 by its first 64 bits.
    /// </summary>
    public static long HashOf(string bindingKey) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(bindingKey)));
}
