namespace Faas.Actors.Invocations;

/// <summary>What an invocation shares with earlier ones of the same version.</summary>
public enum Isolation
{
    /// <summary>Nothing: a sandbox of its own, destroyed afterwards.</summary>
    Sandbox,

    /// <summary>The walls; always a fresh process.</summary>
    Process,

    /// <summary>The process: its globals, modules and files stay from call to call.</summary>
    Shared,
}

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
