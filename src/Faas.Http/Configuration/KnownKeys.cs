using Akka.Configuration;
using Akka.Configuration.Hocon;
using Faas.Actors.Configuration;

namespace Faas.Http.Configuration;

/// <summary>
/// The keys of the shipped file, and so all that exist. Without this check a misspelt key in an override would be ignored in silence.
/// </summary>
public sealed class KnownKeys
{
    private const string Root = "faas";
    private readonly HashSet<string> _keys;

    private KnownKeys(HashSet<string> keys) => _keys = keys;

    /// <summary>Every key with a value in the given HOCON text.</summary>
    public static KnownKeys Of(string shipped)
    {
        var config = ConfigurationFactory.ParseString(EnvironmentSubstitution.Apply(shipped, _ => null));
        return new KnownKeys([.. Leaves(config)]);
    }

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<string> All => _keys;

    /// <summary>The first key under <c>faas</c> that does not exist, or names a whole section; null: all are known.</summary>
    public string? FirstUnknown(Config overrides) => Leaves(overrides).FirstOrDefault(key => !_keys.Contains(key));

    private static IEnumerable<string> Leaves(Config config) =>
        config.Root is { } root && root.IsObject() && root.GetObject().Items.TryGetValue(Root, out var faas)
            ? Leaves(Root, faas)
            : [];

    private static IEnumerable<string> Leaves(string path, HoconValue value) => value.IsObject()
        ? value.GetObject().Items.SelectMany(item => Leaves($"{path}.{item.Key}", item.Value))
        : [path];
}
