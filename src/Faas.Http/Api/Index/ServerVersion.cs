using System.Reflection;

namespace Faas.Http.Api.Index;

/// <summary>The server's own version: that of the build, with the commit behind a plus sign where the build knew it.</summary>
public static class ServerVersion
{
    /// <summary>For example <c>0.2.0</c>.</summary>
    public static string Text { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
