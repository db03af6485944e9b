
namespace Faas.Actors.Scripts;

/// <summary>The names that isolations have on the wire, in settings and in the store.</summary>
public static class IsolationNames
{
    /// <summary>The allowed names, for error messages.</summary>
    public const string Allowed = "sandbox, process, shared";

    /// <summary>The wire name.</summary>
    public static string ToWire(this Isolation isolation) => isolation switch
    {
        Isolation.Sandbox => "sandbox",
        Isolation.Process => "process",
        Isolation.Shared => "shared",
        _ => throw new ArgumentOutOfRangeException(nameof(isolation), isolation, null),
    };

    /// <summary>Reads a wire name; exact, lower case.</summary>
    public static bool TryParse(string? name, out Isolation isolation)
    {
        (var known, isolation) = name switch
        {
            "sandbox" => (true, Isolation.Sandbox),
            "process" => (true, Isolation.Process),
            "shared" => (true, Isolation.Shared),
            _ => (false, default),
        };
        return known;
    }
}
