namespace Faas.Bench.Ways;

/// <summary>The ways of calling a function, as tables and plots name them.</summary>
internal static class WayNames
{
    /// <summary>A new sandbox and interpreter for each call, with no server.</summary>
    public const string Cold = "cold";

    /// <summary>A zygote with no server, in a sandbox that is started as the server starts its own.</summary>
    public const string Floor = "floor";

    /// <summary>The same in a sandbox that is started by exec, where the server starts its own by fork.</summary>
    public const string ExecFloor = "floor by exec";

    /// <summary>A stored script, a fresh process for each call.</summary>
    public const string Process = "process";

    /// <summary>A stored script, one process for all calls.</summary>
    public const string Shared = "shared";

    /// <summary>The same, with up to eight calls at once in the process.</summary>
    public const string Concurrent = "shared, concurrency 8";

    /// <summary>Many stored scripts, a fresh process for each call.</summary>
    public const string Many = "many";

    /// <summary>A script that is sent along and was never seen before, fresh walls for each call.</summary>
    public const string Fresh = "fresh";

    /// <summary>The same on a server that starts no sandbox ahead of demand.</summary>
    public const string FreshOnDemand = "fresh on demand";

    /// <summary>The upload of a script that was never seen before.</summary>
    public const string Upload = "upload";

    /// <summary>The same on a server that starts sandboxes by exec.</summary>
    public const string ExecUpload = "upload by exec";

    /// <summary>Google's functions-framework.</summary>
    public const string Framework = "functions-framework";

    /// <summary>A request that runs no script.</summary>
    public const string Health = "/healthz";
}
