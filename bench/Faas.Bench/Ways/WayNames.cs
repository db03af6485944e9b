namespace Faas.Bench.Ways;

/// <summary>The ways of calling a function, as tables and plots name them.</summary>
internal static class WayNames
{
    /// <summary>A new sandbox and interpreter for each call, with no server.</summary>
    public const string Cold = "cold";

    /// <summary>A zygote with no server.</summary>
    public const string Floor = "floor";

    /// <summary>A stored script, a fresh process for each call.</summary>
    public const string Process = "process";

    /// <summary>A stored script, one process for all calls.</summary>
    public const string Shared = "shared";

    /// <summary>A script that is sent along, fresh walls for each call.</summary>
    public const string Sandbox = "sandbox";

    /// <summary>Google's functions-framework.</summary>
    public const string Framework = "functions-framework";

    /// <summary>A request that runs no script.</summary>
    public const string Health = "/healthz";
}
