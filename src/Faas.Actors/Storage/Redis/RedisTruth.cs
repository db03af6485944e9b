using System.Globalization;
using Faas.Actors.Scripts;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// What a Redis server says of itself, and what follows for "nothing lost". Pure. Sources: redis.conf (appendonly, appendfsync, save,
/// maxmemory-policy), the documentation of INFO.
/// </summary>
/// <param name="Durability">What an acknowledged write survives.</param>
/// <param name="Refusal">Why scripts must not be kept there, as the end of a sentence; null: they may.</param>
public sealed record RedisTruth(StoreDurability Durability, string? Refusal)
{
    /// <summary>Whether what the refusal says may pass by itself: a replica may become the server that takes the writes.</summary>
    public bool MayPass { get; init; }

    // Only these drop keys without a time to live, and the store's keys have none.
    private const string EvictsAll = "allkeys-";

    /// <summary>Reads it.</summary>
    /// <param name="info">The reply of INFO: lines of <c>name:value</c>.</param>
    /// <param name="appendFsync">The setting <c>appendfsync</c>; null: the server does not tell its settings.</param>
    /// <param name="save">The setting <c>save</c>; null: the server does not tell its settings.</param>
    public static RedisTruth Of(string info, string? appendFsync, string? save)
    {
        var fields = FieldsOf(info);
        return new RedisTruth(DurabilityOf(fields, appendFsync, save), RefusalOf(fields)) { MayPass = IsReplica(fields) };
    }

    /// <summary>The memory that the server has taken for everything that it holds, in bytes; 0: it does not say.</summary>
    public static long MemoryIn(string info) =>
        long.TryParse(FieldsOf(info).GetValueOrDefault("used_memory"), CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;

    private static Dictionary<string, string> FieldsOf(string info) => info.Split('\n')
        .Select(line => line.Trim().Split(':', 2))
        .Where(pair => pair.Length == 2)
        .GroupBy(pair => pair[0])
        .ToDictionary(group => group.Key, group => group.First()[1]);

    private static StoreDurability DurabilityOf(Dictionary<string, string> fields, string? appendFsync, string? save) =>
        fields.GetValueOrDefault("aof_enabled") switch
        {
            "1" => appendFsync switch
            {
                "always" => StoreDurability.Always,
                "everysec" => StoreDurability.EverySecond,
                "no" => StoreDurability.Snapshots,
                _ => StoreDurability.Unknown,
            },
            "0" => save switch
            {
                "" => StoreDurability.None,
                null => StoreDurability.Unknown,
                _ => StoreDurability.Snapshots,
            },
            _ => StoreDurability.Unknown,
        };

    private static bool IsReplica(Dictionary<string, string> fields) => fields.GetValueOrDefault("role") == "slave";

    private static string? RefusalOf(Dictionary<string, string> fields)
    {
        if (IsReplica(fields))
        {
            return $"is a replica of {fields.GetValueOrDefault("master_host")}:{fields.GetValueOrDefault("master_port")}; name that server";
        }

        var policy = fields.GetValueOrDefault("maxmemory_policy") ?? "";
        return policy.StartsWith(EvictsAll, StringComparison.Ordinal) && fields.GetValueOrDefault("maxmemory", "0") != "0"
            ? $"drops scripts when its memory is full (maxmemory-policy = {policy}); set it to noeviction"
            : null;
    }
}
