using System.Security.Cryptography;
using System.Text;

namespace Faas.Actors.Runs.Kept;

/// <summary>
/// Names kept runs: the call's id, <see cref="Run.IdSeparator"/>, <c>k</c> and 16 hex digits. Ids of other runs end in a number, so the
/// form of an id says whether the store or the memory of a server has the run. No two servers, and no two starts of one, give the same id
/// for two runs.
/// </summary>
public static class KeptIds
{
    private static readonly MarkedIds s_ids = new('k');

    /// <summary>A name for a run of this call.</summary>
    public static string Next(string callId) => s_ids.Next(callId);

    /// <summary>The name for the one run of a call whose id no other call has; it is the same each time.</summary>
    public static string Of(string callId) => Of(callId, callId);

    /// <summary>The name for the one run of a call that this seed stands for; it is the same each time.</summary>
    public static string Of(string callId, string seed) => s_ids.Of(callId, SHA256.HashData(Encoding.UTF8.GetBytes(seed)));

    /// <summary>Whether it is an id of this form.</summary>
    public static bool Is(string id) => s_ids.Is(id);
}
