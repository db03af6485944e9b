namespace Faas.Bench.Settings;

/// <summary>HOCON of pools that are not as shipped: the one place of <c>make bench</c> that names settings of the pool.</summary>
internal static class PoolSettings
{
    /// <summary>No sandbox is started ahead of demand.</summary>
    public const string NoSpares = "faas.pool.spares { node = 0, python = 0, max = 0 }\n";

    /// <summary>A pool that keeps this many sandboxes warm, and starts none ahead of demand.</summary>
    public static string Warm(int sandboxes) => $"{NoSpares}faas.pool {{ sandboxes = {sandboxes}, memory = 1T }}\n";
}
