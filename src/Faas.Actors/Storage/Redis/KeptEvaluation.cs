using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>Calls the scripts that begin with <see cref="KeptScripts.Common"/>.</summary>
internal static class KeptEvaluation
{
    /// <summary>Evaluates one, as long as this server owns the store.</summary>
    /// <param name="connection">The store.</param>
    /// <param name="keys">Where kept runs and schedules are in it.</param>
    /// <param name="script">The script.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    /// <param name="values">What follows the fence.</param>
    public static Task<RedisResult> EvaluateAsync(
        this RedisConnection connection, StoreKeys keys, string script, CancellationToken cancellation, params RedisValue[] values)
    {
        var fence = connection.Fence;
        RedisKey[] names = fence is null ? [keys.Kept] : [keys.Kept, fence.Key];
        RedisValue[] arguments = [fence?.Value ?? RedisValue.EmptyString, .. values];
        return connection.CallAsync(database => database.ScriptEvaluateAsync(script, names, arguments), cancellation);
    }
}
