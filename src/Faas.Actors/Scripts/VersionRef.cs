using System.Globalization;

namespace Faas.Actors.Scripts;

/// <summary>How a caller names a version: by its number, by an alias, or as the latest.</summary>
/// <param name="Number">The number; null: the alias says it.</param>
/// <param name="Alias">The alias, valid by <see cref="AliasName"/>; null: there is none. With neither it is the latest version.</param>
public readonly record struct VersionRef(long? Number, string? Alias = null)
{
    /// <summary>Names the latest version in a URL.</summary>
    public const string LatestName = "latest";

    /// <summary>What a text may be, as the end of a sentence.</summary>
    public const string Allowed = $"a version's number, an alias or \"{LatestName}\"";

    /// <summary>The latest version.</summary>
    public static VersionRef Latest => default;

    /// <summary>Reads it. False: the text names no version.</summary>
    public static bool TryParse(string text, out VersionRef version)
    {
        version = Latest;
        if (text == LatestName)
        {
            return true;
        }

        if (AliasName.IsValid(text))
        {
            version = new VersionRef(Number: null, text);
            return true;
        }

        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        version = new VersionRef(number);
        return isNumber;
    }
}
