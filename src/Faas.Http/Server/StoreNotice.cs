using Faas.Actors.Scripts;

namespace Faas.Http.Server;

/// <summary>Says at the start what the store does not promise.</summary>
public static class StoreNotice
{
    /// <summary>The line; null: an acknowledged upload is never lost.</summary>
    public static async Task<string?> OfAsync(IStoreReport report, CancellationToken cancellation)
    {
        try
        {
            return await report.DurabilityAsync(cancellation) switch
            {
                StoreDurability.Always => null,
                var durability => $"{report.StoreName}: {Loss(durability)}",
            };
        }
        catch (StoreException silent)
        {
            return silent.Message; // it has just been reached; /readyz says how it is now
        }
    }

    private static string Loss(StoreDurability durability) => durability switch
    {
        StoreDurability.EverySecond =>
            "the uploads of the last second may be lost if its machine fails (appendfsync is everysec, not always)",
        StoreDurability.Snapshots =>
            "the uploads since it last wrote its data may be lost if it fails (neither appendfsync always nor everysec is on)",
        StoreDurability.None => "all scripts are lost when it ends (appendonly is no, and there are no snapshots)",
        _ => "it does not say whether it keeps its data on a disk",
    };
}
