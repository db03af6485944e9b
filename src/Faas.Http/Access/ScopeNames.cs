using Faas.Actors.Json;

namespace Faas.Http.Access;

/// <summary>The scopes' names on the wire and in settings.</summary>
public static class ScopeNames
{
    /// <summary>Every name, as half a sentence.</summary>
    public static string Allowed { get; } = $"{string.Join(", ", WireNames.All<Scopes>().SkipLast(1))} or {WireNames.All<Scopes>()[^1]}";

    /// <summary>Every scope: where one of several suffices, this one asks for any key.</summary>
    public const Scopes Any =
        Scopes.Invoke | Scopes.Execute | Scopes.Write | Scopes.Read | Scopes.Metrics | Scopes.Runs | Scopes.Admin;

    /// <summary>Joins several names in a setting.</summary>
    public const char Separator = '+';

    /// <summary>Whether these scopes suffice where <paramref name="needed"/>, or one of several, is asked for.</summary>
    public static bool Include(this Scopes held, Scopes needed) => held.HasFlag(Scopes.Admin) || (held & needed) != Scopes.None;

    /// <summary>The name of a scope; of several, the names with spaces between them, as RFC 6750 writes them.</summary>
    public static string NamesOf(Scopes scopes) => string.Join(
        ' ', WireNames.All<Scopes>().Where(name => WireNames.TryParse<Scopes>(name, out var scope) && scopes.HasFlag(scope)));

    /// <summary>The scopes of <c>invoke+write</c>; null when a name is unknown or missing.</summary>
    public static Scopes? Parse(string names)
    {
        var scopes = Scopes.None;
        foreach (var name in names.Split(Separator))
        {
            if (!WireNames.TryParse<Scopes>(name, out var scope))
            {
                return null;
            }

            scopes |= scope;
        }

        return scopes;
    }
}
