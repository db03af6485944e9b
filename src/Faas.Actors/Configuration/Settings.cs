using System.Globalization;
using Faas.Actors.Json;

namespace Faas.Actors.Configuration;

/// <summary>
/// Reads settings by type and checks them. Each method throws <see cref="SettingException"/> for a value that is not allowed.
/// </summary>
/// <param name="values">Every setting by its whole key.</param>
public sealed class Settings(IReadOnlyDictionary<string, SettingValue> values)
{
    /// <summary>Whether the key has a value. The shipped file gives every key one, except those of images.</summary>
    public bool Has(string key) => values.ContainsKey(key);

    /// <summary>The names of a section's members, in the order in which they are written.</summary>
    /// <param name="section">The section's whole key.</param>
    public IReadOnlyList<string> MembersOf(string section) =>
    [
        .. values.Keys
            .Where(key => key.StartsWith($"{section}.", StringComparison.Ordinal))
            .Select(key => key[(section.Length + 1)..].Split('.')[0])
            .Distinct(),
    ];

    /// <summary>A text, which may be empty.</summary>
    public string Text(string key) => Raw(key);

    /// <summary>A list of texts: a HOCON list, or one line with commas. An empty list and an empty line have no texts.</summary>
    public IReadOnlyList<string> List(string key)
    {
        var list = values.TryGetValue(key, out var value) && value.IsList ? value.Texts
            : Raw(key) is { Length: > 0 } line ? line.Split(',')
            : [];
        return [.. list.Select(text => text.Trim())];
    }

    /// <summary>A text that is not empty.</summary>
    public string Name(string key) =>
        Text(key) is { Length: > 0 } name ? name : throw new SettingException(key, "", "a text that is not empty");

    /// <summary>One of the given words.</summary>
    public string OneOf(string key, params string[] words)
    {
        var value = Raw(key);
        return words.Contains(value) ? value : throw new SettingException(key, value, string.Join(" or ", words));
    }

    /// <summary>The value of an enum, by one of its <see cref="WireNames"/>.</summary>
    public T OneOf<T>(string key)
        where T : struct, Enum =>
        WireNames.TryParse<T>(OneOf(key, [.. WireNames.All<T>()]), out var value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(key), key, null);

    /// <summary>A whole number within a range, both ends included.</summary>
    public int Int(string key, int min, int max) => (int)Long(key, min, max);

    /// <summary>A whole number within a range, both ends included.</summary>
    public long Long(string key, long min, long max)
    {
        var value = Raw(key);
        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min
            && number <= max
            ? number
            : throw new SettingException(key, value, $"a whole number from {min} to {max}");
    }

    /// <summary>A decimal number within a range, both ends included.</summary>
    public double Number(string key, double min, double max)
    {
        var value = Raw(key);
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new SettingException(key, value, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"));
    }

    /// <summary>A duration (<c>250ms</c>, <c>2s</c>, <c>1m</c>, <c>1h</c>; a bare number is seconds) within a range.</summary>
    public TimeSpan Duration(string key, TimeSpan min, TimeSpan max)
    {
        var value = Raw(key);
        if (DurationText.TryParse(value, out var duration) && duration >= min && duration <= max)
        {
            return duration;
        }

        throw new SettingException(
            key, value, $"a duration from {DurationText.Of(min)} to {DurationText.Of(max)} (units ms, s, m, h; a bare number is seconds)");
    }

    /// <summary>
    /// A size (<c>512</c>, <c>64k</c>, <c>128M</c>, <c>1G</c>, <c>1T</c>; the units are powers of 1024) within a range, in bytes.
    /// </summary>
    public long Size(string key, long min, long max)
    {
        var value = Raw(key);
        if (SizeText.TryParse(value, out var bytes) && bytes >= min && bytes <= max)
        {
            return (long)bytes;
        }

        throw new SettingException(key, value, $"a size from {min} to {max} bytes (units k, M, G, T)");
    }

    private string Raw(string key) =>
        !values.TryGetValue(key, out var value) ? throw new SettingException(key, null, "to be set")
        : value.IsList ? throw new SettingException(key, $"[{string.Join(", ", value.Texts)}]", "one value, no list")
        : value.Texts[0].Trim();
}
