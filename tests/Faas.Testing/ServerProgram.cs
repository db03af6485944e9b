namespace Faas.Testing;

/// <summary>
/// The server that a test starts as a process of its own: FAAS_TEST_SERVER, which <c>make test</c> sets to the one that is shipped, whose
/// native code needs no compilation at each start; without it, the one that was built with the tests.
/// </summary>
public static class ServerProgram
{
    /// <summary>Its faas-server.dll.</summary>
    public static string File { get; } = Environment.GetEnvironmentVariable("FAAS_TEST_SERVER") is { Length: > 0 } shipped
        ? shipped
        : Path.Combine(AppContext.BaseDirectory, "faas-server.dll");
}
