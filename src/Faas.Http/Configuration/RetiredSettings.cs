namespace Faas.Http.Configuration;

/// <summary>
/// Settings that the server had once. They are refused, because a server that ignored one would run within other bounds than its
/// operator believes; and the refusal says what replaces them.
/// </summary>
public static class RetiredSettings
{
    private const string PoolSize =
        "faas.pool.running (FAAS_POOL_RUNNING) bounds the runs at once, faas.pool.sandboxes and faas.pool.memory the sandboxes alive";

    private static readonly Dictionary<string, string> s_replacements = new()
    {
        ["faas.pool.size"] = PoolSize,
        ["FAAS_POOL_SIZE"] = PoolSize,
    };

    /// <summary>
    /// Why this key or environment variable is refused, and what replaces it, as the end of a sentence; null: it never existed, or still
    /// does.
    /// </summary>
    public static string? Refusal(string name) =>
        s_replacements.TryGetValue(name, out var replacement) ? $"no such setting any more; {replacement}" : null;
}
