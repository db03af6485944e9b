using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Linux;

namespace Faas.Actors.Storage.Redis;

/// <summary>Which server writes to a store: the value of <see cref="StoreKeys.Owner"/>, as JSON.</summary>
/// <param name="Host">The name of its machine, for people.</param>
/// <param name="Pid">Its process id there.</param>
/// <param name="Identity">Its <see cref="ServerIdentity"/>.</param>
/// <param name="Boot">The boot id of its kernel (/proc/sys/kernel/random/boot_id).</param>
/// <param name="Token">Made at each start, so that no two starts are the same owner.</param>
internal sealed record StoreOwner(string Host, int Pid, string Identity, string Boot, string Token)
{
    private static readonly string s_boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>This server, as it starts now.</summary>
    public static StoreOwner ThisServer() =>
        new(Environment.MachineName, Environment.ProcessId, ServerIdentity.Own, s_boot, Guid.NewGuid().ToString("N"));

    /// <summary>Reads a value; null: it is none that a server wrote.</summary>
    public static StoreOwner? Parse(string value)
    {
        try
        {
            var owner = JsonSerializer.Deserialize<StoreOwner>(value, RelaxedJson.SerializerOptions);
            return owner is { Host: not null, Identity: not null } ? owner : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether it is known to have ended: it ran on this machine, in this pid namespace, and is no process any more.</summary>
    public bool HasEnded => Boot == s_boot && !ServerIdentity.IsAlive(Identity);

    /// <summary>The value.</summary>
    public string ToValue() => JsonSerializer.Serialize(this, RelaxedJson.SerializerOptions);

    /// <summary>For a person.</summary>
    public override string ToString() => $"process {Pid} on {Host}";
}
