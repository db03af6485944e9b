using System.Globalization;

namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>Where the proxy listens in each sandbox whose version asks for hosts.</summary>
public static class ProxyAddress
{
    /// <summary>The port, on the sandbox's own 127.0.0.1.</summary>
    public const ushort Port = 3128;

    /// <summary>The proxy as scripts name it.</summary>
    public static string Url { get; } = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");
}
