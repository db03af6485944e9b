using System.Globalization;
using Faas.Actors.Libraries;
using Faas.Actors.Libraries.Registry;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>Opens the registry of a build on the loopback of the build's sandbox, which has no other way out.</summary>
/// <param name="options">What the registry gives.</param>
/// <param name="client">Asks the operator's registries.</param>
/// <param name="time">Tells how old a version is.</param>
public sealed class SandboxRegistry(LibraryOptions options, RegistryClient client, TimeProvider time)
{
    private const ushort Port = 3128;
    private static readonly string s_origin = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>The settings.</summary>
    public LibraryOptions Options => options;

    /// <summary>The address of the packages of npm, inside the sandbox.</summary>
    internal static string NpmAddress => $"{s_origin}{RegistryRoute.NpmPath}";

    /// <summary>The address of Python's libraries, inside the sandbox.</summary>
    internal static string PythonAddress => $"{s_origin}{RegistryRoute.PythonPath}";

    /// <summary>
    /// Opens it, with the libraries of one ecosystem alone. Throws <see cref="IOException"/> where the server cannot listen in a sandbox.
    /// </summary>
    /// <param name="sandbox">The sandbox of the build.</param>
    /// <param name="ecosystem">Whose libraries.</param>
    /// <param name="isStored">Whether the build installs the lock of a stored version, for which the rules of names do not count.</param>
    internal async Task<RegistryServer> OpenAsync(ISandboxProcess sandbox, Ecosystem ecosystem, bool isStored = false)
    {
        var now = time.GetUtcNow();
        var registry = new BuildRegistry(
            client,
            isStored ? LibraryRules.Every : options.Rules,
            ecosystem == Ecosystem.Npm ? new FileRules(options.Npm, options.MinimumAge, now) : null,
            ecosystem == Ecosystem.PyPi ? new FileRules(options.Python, options.MinimumAge, now) : null,
            new BuildQuota(options.MaxCount, options.MaxBytes),
            s_origin);
        return new RegistryServer(await sandbox.ListenAsync(Port), registry);
    }
}
