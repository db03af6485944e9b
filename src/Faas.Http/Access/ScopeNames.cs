namespace Faas.Http.Access;

/// <summary>The scopes' names on the wire and in settings.</summary>
public static class ScopeNames
{
    /// <summary>Every name, as half a sentence.</summary>
    public const string Allowed = "invoke, write or admin";

    /// <summary>Joins several names in a setting.</summary>
    public const char Separator = '+';

    /// <summary>Whether these scopes suffice where <paramref name="needed"/> is asked for.</summary>
    public static bool Include(this Scopes held, Scopes needed) => held.HasFlag(Scopes.Admin) || held.HasFlag(needed);

    /// <summary>The name of one scope; throws <see cref="ArgumentOutOfRangeException"/> for none or several.</summary>
    public static string ToWire(this Scopes scope) => scope switch
    {
        Scopes.Invoke => "invoke",
        Scopes.Write => "write",
        Scopes.Admin => "admin",
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, null),
    };

    /// <summary>The scopes of <c>invoke+write</c>; null when a name is unknown or missing.</summary>
    public static Scopes? Parse(string names)
    {
        var scopes = Scopes.None;
        foreach (var name in names.Split(Separator))
        {
            var scope = name switch { "invoke" => Scopes.Invoke, "write" => Scopes.Write, "admin" => Scopes.Admin, _ => Scopes.None };
            if (scope == Scopes.None)
            {
                return null;
            }

            scopes |= scope;
        }

        return scopes;
    }
}
