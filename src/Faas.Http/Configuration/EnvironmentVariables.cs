using dotenv.net;
using Faas.Actors.Configuration;

namespace Faas.Http.Configuration;

/// <summary>The environment as settings see it: the real one, and behind it a <c>.env</c> file in the working directory.</summary>
public sealed class EnvironmentVariables
{
    private readonly Func<string, string?> _real;
    private readonly IDictionary<string, string> _file;
    private readonly string _path;

    private EnvironmentVariables(Func<string, string?> real, IDictionary<string, string> file, string path) =>
        (_real, _file, _path) = (real, file, path);

    /// <summary>Reads the file if there is one; throws <see cref="SettingException"/> when it cannot be read.</summary>
    public static EnvironmentVariables Read(string workingDirectory, Func<string, string?> environment)
    {
        var path = Path.Combine(workingDirectory, ".env");
        try
        {
            return new EnvironmentVariables(
                environment, File.Exists(path) ? DotEnv.Read(Format(path)) : new Dictionary<string, string>(), path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            throw new SettingException($"{path}: {unreadable.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>The variable's value, the empty one included; null: not set anywhere.</summary>
    public string? this[string name] => _real(name) ?? (_file.TryGetValue(name, out var value) ? value : null);

    /// <summary>Where the variable was set, as half a sentence.</summary>
    public string OriginOf(string name) => _real(name) is null ? $"{name} in {_path}" : $"the environment variable {name}";

    private static DotEnvOptions Format(string path) => new DotEnvOptions()
        .WithExceptions()
        .WithEnvFiles(path)
        .WithTrimValues()
        .WithSupportExportSyntax()
        .WithSupportInlineComments();
}
