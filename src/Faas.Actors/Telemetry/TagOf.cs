using Faas.Actors.Json;

namespace Faas.Actors.Telemetry;

/// <summary>The tags of an enum's values under one key, made once.</summary>
/// <param name="key">The attribute's name.</param>
internal sealed class TagOf<T>(string key)
    where T : struct, Enum
{
    private readonly Dictionary<T, KeyValuePair<string, object?>> _tags =
        Enum.GetValues<T>().ToDictionary(value => value, value => new KeyValuePair<string, object?>(key, value.ToWire()));

    /// <summary>The tag of a value.</summary>
    public KeyValuePair<string, object?> this[T value] => _tags[value];
}
