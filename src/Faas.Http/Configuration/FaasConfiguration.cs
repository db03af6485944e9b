using Akka.Configuration;
using Faas.Actors.Configuration;

namespace Faas.Http.Configuration;

/// <summary>
/// Reads the server's settings. Theory of operation: the shipped <c>hocon/faas.conf</c> knows every key and its
/// default; the file named by <c>FAAS_CONFIG</c> goes over it; in both, <c>${?NAME}</c> lines take their value from
/// the environment or <c>.env</c>. The same texts are read once more with the variables' names in the place of
/// their values, so that a wrong value can say where it came from.
/// </summary>
public static class FaasConfiguration
{
    /// <summary>Names the override file.</summary>
    public const string OverrideVariable = "FAAS_CONFIG";

    private const string Shipped = "hocon/faas.conf";
    private const char OriginMark = '\u0001';

    /// <summary>Reads and checks everything; throws <see cref="SettingException"/> with one line for the operator.</summary>
    /// <param name="workingDirectory">Where <c>.env</c> lies and relative paths begin.</param>
    /// <param name="baseDirectory">Where the server's binary lies.</param>
    /// <param name="environment">The real environment.</param>
    public static FaasOptions Load(string workingDirectory, string baseDirectory, Func<string, string?> environment)
    {
        var variables = EnvironmentVariables.Read(workingDirectory, environment);
        if (RetiredSettings.FirstSet(variables) is { } retired)
        {
            throw new SettingException(
                $"{variables.OriginOf(retired)}: no such setting any more; {RetiredSettings.ReplacementOf(retired)}.");
        }

        var shipped = File.ReadAllText(Find(baseDirectory, workingDirectory));
        var over = variables[OverrideVariable] is { Length: > 0 } path
            ? ReadOverrides(Path.GetFullPath(path, workingDirectory), KnownKeys.Of(shipped), name => variables[name])
            : "";

        var values = Parse(shipped, over, name => variables[name]);
        try
        {
            return FaasOptions.From(new Settings(values));
        }
        catch (SettingException wrong) when (wrong.Key is not null)
        {
            var origins = Parse(shipped, over, name => variables[name] is null ? null : OriginMark + name);
            throw origins.GetString(wrong.Key) is [OriginMark, .. var name]
                ? new SettingException(wrong, $"It comes from {variables.OriginOf(name)}.")
                : wrong;
        }
    }

    private static string Find(params string[] starts)
    {
        foreach (var start in starts)
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var file = Path.Combine(folder.FullName, Shipped);
                if (File.Exists(file))
                {
                    return file;
                }
            }
        }

        throw new SettingException($"{Shipped} is missing: it belongs beside the server, in {starts[0]}.");
    }

    private static string ReadOverrides(string path, KnownKeys known, Func<string, string?> variable)
    {
        try
        {
            var text = File.ReadAllText(path);
            if (known.FirstUnknown(ConfigurationFactory.ParseString(EnvironmentSubstitution.Apply(text, variable))) is { } key)
            {
                throw new SettingException(RetiredSettings.ReplacementOf(key) is { } replacement
                    ? $"{key} in {path}: no such setting any more; {replacement}."
                    : $"{key} in {path}: no such setting.");
            }

            return text;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new SettingException($"{OverrideVariable} = \"{path}\": {unreadable.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static Config Parse(string shipped, string over, Func<string, string?> variable) =>
        ConfigurationFactory.ParseString(EnvironmentSubstitution.Apply(over, variable))
            .WithFallback(ConfigurationFactory.ParseString(EnvironmentSubstitution.Apply(shipped, variable)));
}
