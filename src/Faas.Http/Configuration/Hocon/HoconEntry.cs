namespace Faas.Http.Configuration.Hocon;

/// <summary>One assignment, or one section, of a HOCON text.</summary>
/// <param name="Path">The whole key, its parts joined by dots.</param>
/// <param name="Kind">What stands behind the key.</param>
/// <param name="Texts">The text; of a list, its texts; of a variable, its name; of a section, nothing.</param>
/// <param name="Line">The line of the key, from 1.</param>
public sealed record HoconEntry(string Path, HoconKind Kind, IReadOnlyList<string> Texts, int Line)
{
    /// <summary>The first part of the key.</summary>
    public string Root => Path.Split('.', 2)[0];
}

/// <summary>What stands behind a key.</summary>
public enum HoconKind
{
    /// <summary>Braces.</summary>
    Section,

    /// <summary>A text, quoted or not.</summary>
    Text,

    /// <summary>Texts in brackets.</summary>
    List,

    /// <summary><c>${?NAME}</c>.</summary>
    Variable,
}
