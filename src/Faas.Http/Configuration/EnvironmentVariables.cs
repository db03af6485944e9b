using Faas.Actors.Configuration;
using Faas.Actors.Json;

namespace Faas.Http.Configuration;

/// <summary>
/// The environment as settings see it: the real one, and behind it a <c>.env</c> file in the working directory. A variable that is empty
/// counts as not set.
/// </summary>
public sealed class EnvironmentVariables
{
    private const string Prefix = "FAAS_";

    // Those of the command line (docs/cli.md), which may be used in the shell that starts a server.
    private static readonly string[] s_ofClients = ["FAAS_SERVER", "FAAS_KEY"];

    private readonly IReadOnlyDictionary<string, string> _real;
    private readonly IReadOnlyDictionary<string, string> _file;
    private readonly string _path;

    private EnvironmentVariables(IReadOnlyDictionary<string, string> real, IReadOnlyDictionary<string, string> file, string path) =>
        (_real, _file, _path) = (real, file, path);

    /// <summary>Reads the file if there is one; throws <see cref="SettingException"/> when it cannot be read.</summary>
    public static EnvironmentVariables Read(string workingDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var path = Path.Combine(workingDirectory, ".env");
        return new EnvironmentVariables(environment, DotEnvFile.Read(path), path);
    }

    /// <summary>The variable's value; null: it is empty, or not set anywhere.</summary>
    public string? this[string name] =>
        (_real.TryGetValue(name, out var real) ? real : _file.GetValueOrDefault(name)) is { Length: > 0 } value ? value : null;

    /// <summary>The variables that are set and whose name begins so.</summary>
    public IReadOnlyDictionary<string, string> Starting(string prefix) => _real.Keys.Concat(_file.Keys)
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && this[name] is not null)
        .Distinct()
        .ToDictionary(name => name, name => this[name]!);

    /// <summary>Where the variable was set, as half a sentence.</summary>
    public string OriginOf(string name) => _real.ContainsKey(name) ? $"the environment variable {name}" : $"{name} in {_path}";

    /// <summary>
    /// Throws <see cref="SettingException"/> for a variable that begins as the server's own do and is none of them. Kubernetes sets
    /// variables of such names in every pod when a service is called "faas"; those are passed over, as
    /// are the variables of the command line.
    /// </summary>
    /// <param name="known">The names that the server knows.</param>
    public void RefuseUnknown(IReadOnlyCollection<string> known)
    {
        foreach (var name in _real.Keys.Concat(_file.Keys).Order(StringComparer.Ordinal))
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && !known.Contains(name) && !IsOfOthers(name))
            {
                var why = RetiredSettings.Refusal(name) is { } retired ? $"{retired}."
                    : NearestName.Of(name, known) is { } nearest ? $"no such setting; did you mean {nearest}?"
                    : "no such setting.";
                throw new SettingException($"{OriginOf(name)}: {why}");
            }
        }
    }

    private bool IsOfOthers(string name) => s_ofClients.Contains(name) || IsOfKubernetes(name);

    private bool IsOfKubernetes(string name) =>
        _real.ContainsKey("FAAS_SERVICE_HOST")
        && (name.StartsWith("FAAS_SERVICE_", StringComparison.Ordinal) || name.StartsWith("FAAS_PORT", StringComparison.Ordinal));
}
